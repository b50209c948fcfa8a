"""Files of activity and their reject files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from resolvers.importing import Item
from schema.commands import files, rejects
from signals.errors import StartupError
from signals.outcomes import InvalidInput
from signals.rows import Rows
from signals.vocabulary import Vocabulary

ROWS = Rows(Vocabulary.load())
HEADER = "id,type,actor_id,target_type,target_id,occurred_at\n"
ROW = "1,VIEW,a,POST,p,2026-01-01T00:00:00Z\n"
EVENT = {"social": {"id": "1", "userId": "a", "occurredAt": "2026-01-01T00:00:00Z"}}


def read(path: Path) -> list[Item]:
    with files.opened(str(path)) as file:
        return list(file.items(ROWS))


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def wrong(item: Item) -> str:
    assert isinstance(item.raw, InvalidInput)
    return item.raw.message


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_csv(tmp_path: Path, name: str) -> None:
    content = ("\ufeff" + HEADER + ROW + "\n" + ROW).encode()
    items = read(written(tmp_path, name, gzip.compress(content) if name.endswith("gz") else content))
    assert [item.line for item in items] == [2, 4]
    assert all(not isinstance(item.raw, InvalidInput) for item in items)


@pytest.mark.parametrize("name", ["a.ndjson", "a.ndjson.gz"])
def test_ndjson(tmp_path: Path, name: str) -> None:
    row = {"id": 1, "type": "VIEW", "actor_id": -5, "target_type": "POST", "target_id": 7, "occurred_at": "2026-01-01"}
    content = "\n".join([json.dumps(EVENT), "", json.dumps(row), "{nope}", "[1]"]).encode()
    items = read(written(tmp_path, name, gzip.compress(content) if name.endswith("gz") else content))
    assert [item.line for item in items] == [1, 3, 4, 5]
    assert items[0].raw == EVENT
    assert wrong(items[2]).startswith("row: is no JSON:")
    assert wrong(items[3]) == "row: is no JSON object"


def test_rows_of_another_width(tmp_path: Path) -> None:
    items = read(written(tmp_path, "a.csv", (HEADER + "1,VIEW\n" + ROW).encode()))
    assert wrong(items[0]) == "row: has 2 cells; the header has 6"
    assert not isinstance(items[1].raw, InvalidInput)


def test_an_open_quote_swallows_no_more_than_a_field(tmp_path: Path) -> None:
    items = read(written(tmp_path, "a.csv", (HEADER + '"' + ROW * 10_000).encode()))
    assert wrong(items[0]).startswith("row: is no CSV: field larger")
    assert sum(not isinstance(item.raw, InvalidInput) for item in items) > 5000


def test_a_line_that_is_too_long(tmp_path: Path) -> None:
    long = json.dumps({"social": {"id": "x" * 3_000_000}})
    items = read(written(tmp_path, "a.ndjson", f"{long}\n{json.dumps(EVENT)}\n".encode()))
    assert "is longer than" in wrong(items[0])
    assert (items[1].line, items[1].raw) == (2, EVENT)


def test_a_file_must_say_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="no id, type, actor_id, occurred_at"):
        read(written(tmp_path, "a.csv", b"one,two\n1,2\n"))
    with pytest.raises(StartupError, match="no id"):
        read(written(tmp_path, "empty.csv", b""))
    with pytest.raises(StartupError, match="No such file"):
        read(tmp_path / "absent.csv")


def test_a_file_that_was_cut_off(tmp_path: Path) -> None:
    whole = gzip.compress((HEADER + "".join(ROW.replace("1", str(n), 1) for n in range(5000))).encode())
    with pytest.raises(StartupError, match="cannot be read to its end"):
        read(written(tmp_path, "a.csv.gz", whole[:-2000]))


def test_columns_without_a_meaning_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", b"line,reason,colour," + HEADER.encode())
    with files.opened(str(path)) as file:
        assert file.ignored == ["colour"]


def test_rejects_can_be_mended_and_imported(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", (HEADER + ROW.replace("VIEW", "STARE") + "1,VIEW\n").encode())
    with files.opened(str(path)) as file, rejects.kept(tmp_path / "r.csv", file.header) as kept:
        for item in file.items(ROWS):
            kept.add(item, wrong(item))
    lines = (tmp_path / "r.csv").read_text().splitlines()
    assert lines[0] == "line,reason," + HEADER.strip()
    assert lines[1].startswith("2,type: 'STARE' is nothing")
    assert lines[2] == "3,row: has 2 cells; the header has 6,1,VIEW"
    mended = written(tmp_path, "r.csv", "\n".join(lines[:2]).replace("STARE,", "VIEW,").encode())
    assert [isinstance(item.raw, InvalidInput) for item in read(mended)] == [False]


def test_without_rejects_there_is_no_file(tmp_path: Path) -> None:
    old = written(tmp_path, "r.csv", b"of an earlier run")
    with rejects.kept(old, ("id",)):
        pass
    assert not old.exists()
