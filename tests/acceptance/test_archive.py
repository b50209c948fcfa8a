"""``sociograph export --events`` and the import of what it wrote: beside a server, without one, in every packing."""

from __future__ import annotations

import gzip
import json
import stat
from pathlib import Path
from typing import Any

import pytest
import zstandard

from schema.commands import archives
from signals.errors import StartupError
from tests.acceptance.command import sociograph
from tests.acceptance.conftest import served

SAMPLE = Path(__file__).parents[2] / "sample" / "activity.csv"
EVENTS = (
    "{ events(first: 500) { edges { node { id type occurredAt receivedAt retractedAt retractReason metadata } } } }"
)
RETRACT = 'mutation R($id: ID!) { retract(eventId: $id, reason: "by mistake") { __typename } }'
OBJECT = 'mutation { setConsent(userId: "gone-quiet", analytics: false) { __typename } }'


def plain(path: Path) -> list[Any]:
    """The lines of an archive, unpacked by its name."""
    stored = path.read_bytes()
    if path.suffix == ".gz":
        stored = gzip.decompress(stored)
    if path.suffix == ".zst":
        stored = zstandard.ZstdDecompressor().stream_reader(stored).read()
    return [json.loads(line) for line in stored.splitlines()]


async def test_the_log_moves_to_another_folder(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    async with served(data=old) as client:
        assert (await sociograph("import", SAMPLE, data=old)).status == 0
        first = (await client.ask(EVENTS))["events"]["edges"][0]["node"]["id"]
        await client.ask(RETRACT, id=first)
        await client.ask(OBJECT)
        expected = await client.ask(EVENTS)
        beside = await sociograph("export", "--events", tmp_path / "log.ndjson.gz", data=old)
        assert (beside.status, beside.err) == (0, ""), beside
        assert "472 events" in beside.out
        assert "1 declarations" in beside.out
    alone = await sociograph("export", "--events", tmp_path / "log.zst", data=old)
    assert alone.status == 0, alone
    lines = plain(tmp_path / "log.zst")
    assert lines == plain(tmp_path / "log.ndjson.gz")
    assert [line["event"]["retractReason"] for line in lines if "retractedAt" in line.get("event", ())] == [
        "by mistake"
    ]
    there = await sociograph("import", tmp_path / "log.zst", data=new)
    assert (there.status, there.out.partition(", in ")[0].partition(": ")[2]) == (
        0,
        f"{len(lines) - 2} records stand, 0 refused",
    ), there
    async with served(data=new) as client:
        assert await client.ask(EVENTS) == expected
        again = await sociograph("import", tmp_path / "log.ndjson.gz", data=new)
        assert again.status == 0, again
        assert await client.ask(EVENTS) == expected
        refused = await client.track("activity", userId="gone-quiet", activity="LOGIN")
        assert refused["__typename"] == "Refused"
        bad = tmp_path / "bad.ndjson"
        broken = [*lines[:-1], {"event": {"id": "x"}}, lines[-1] | {"end": lines[-1]["end"] | {"event": 473}}]
        bad.write_text("".join(f"{json.dumps(line)}\n" for line in broken))
        mended = await sociograph("import", bad, data=new)
        assert mended.status == 1, mended
        assert f"line {len(broken) - 1}: event.face: is missing" in mended.err


def archive(path: Path, *records: dict[str, Any]) -> Path:
    with archives.written(path) as file:
        for record in records:
            file.add(record)
    return path


@pytest.mark.parametrize("name", ["log", "log.gz", "log.zst", "log.ndjson"])
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / name, {"event": {"n": 1}}, {"content": {}}, {"event": {"n": 2}})
    assert archives.is_archive(path)
    assert [*archives.records(path)] == [{"event": {"n": 1}}, {"content": {}}, {"event": {"n": 2}}]
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = archive(tmp_path / "log", {"event": {}})
    with pytest.raises(ZeroDivisionError), archives.written(path) as file:
        file.add({"event": {"n": 1 // len([*archives.records(path)][1:])}})
    assert [*archives.records(path)] == [{"event": {}}]
    assert [file.name for file in tmp_path.iterdir()] == ["log"]


@pytest.mark.parametrize("name", ["log", "log.gz", "log.zst"])
def test_half_a_file_says_so(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / name, *({"event": {"n": n * 7919 % 1000}} for n in range(1000)))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(StartupError, match=r"not whole|cannot be read|no archive|line 100\d"):
        list(archives.records(path))


def test_a_missing_record_is_noticed(tmp_path: Path) -> None:
    path = archive(tmp_path / "log", {"event": {"n": 1}}, {"event": {"n": 2}})
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], lines[1], lines[3]]))
    with pytest.raises(StartupError, match="not whole"):
        list(archives.records(path))


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "no archive"), ("{}\n", "no archive"), ('{"archive": 99}\n', "format 99"), ('{"id": 1}\n', "no archive")],
)
def test_other_files_are_no_archives(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "other"
    path.write_text(text)
    with pytest.raises(StartupError, match=message):
        list(archives.records(path))
    assert archives.is_archive(path) is ("99" in text)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="cannot be written"), archives.written(tmp_path / "none" / "log"):
        pass
