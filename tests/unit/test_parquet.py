"""The file of training rows: typed, described, and there only when it is whole."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from schema.commands import parquet
from signals.clock import to_ms
from signals.errors import StartupError
from signals.labels import Label
from signals.training import Example, columns
from tests.factories import VOCABULARY, at, did
from tests.unit.test_training import CANDIDATE

TABLE = columns(VOCABULARY)
ROW = Example(
    impression=did("IMPRESSION", "ada", impression_id="i", position=4),
    as_of=to_ms(at(0)),
    signals=CANDIDATE,
    card=None,
    label=Label(to_ms(at(9)), "post:like", 3.0),
)


def test_rows_come_back_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 3)
    path = tmp_path / "a.parquet"
    with parquet.written(path, TABLE, {"from": "impression"}) as rows:
        for place in range(7):
            rows.add(replace(ROW, impression=replace(ROW.impression, position=place)))
    file = pq.ParquetFile(path)
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [3, 3, 1]
    read = file.read().to_pylist()
    assert [row["position"] for row in read] == list(range(7))
    assert (read[0]["label_at"], read[0]["hidden_because"], read[0]["gain"]) == (at(9), None, 3.0)
    assert (rows.count, rows.engaged) == (7, 7)


def test_the_file_says_what_its_columns_are(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with parquet.written(path, TABLE, {"from": "view"}):
        pass
    schema = pq.read_schema(path)
    assert schema.names == [column.name for column in TABLE]
    assert schema.metadata[b"from"] == b"view"
    fields = {field.name: field for field in schema}
    assert fields["score"].metadata[b"role"] == b"feature"
    assert fields["engaged"].metadata[b"description"] == b"Whether an interaction followed."
    assert (str(fields["shown_at"].type), fields["seen"].nullable) == ("timestamp[ms, tz=UTC]", False)
    assert pq.read_metadata(path).num_rows == 0


def test_what_is_stopped_leaves_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_text("older")

    def stopped() -> None:
        with parquet.written(path, TABLE, {}) as rows:
            rows.add(ROW)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a.parquet", "older")]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "a", tmp_path):
        with pytest.raises(StartupError, match="cannot be written"), parquet.written(path, TABLE, {}):
            pass
    assert list(tmp_path.iterdir()) == []


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(StartupError, match=r"pip install 'sociograph\[training\]'"):
        parquet.arrow()
