"""A backup that is made while events come in holds every event that was acknowledged before, and no half of any."""

from __future__ import annotations

import asyncio
import json
import random
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from graph.backups import MANIFEST, Backup, Backups, restore
from graph.constraints import migrate
from graph.driver import connect
from graph.engine import Engine, embedded, remote
from graph.queries import Statement
from signals.errors import DataFolderInUse, InvalidArgument, StartupError, Unavailable
from signals.events import Event
from signals.outcomes import Tracked
from tests.contract.stage import Stage, ids, staged
from tests.contract.test_same_graph import graph
from tests.factories import busy
from tests.reads import play, same
from tests.strategies import Record

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PLACES = Statement("places", "// Every place in commit order.\nMATCH (e:Event) RETURN e.seq AS seq")
VALUE = Statement("value", "// The last place given.\nMATCH (s:Sequence {id: 'event'}) RETURN s.value AS value")


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Engine, Stage]]:
    async with (
        embedded(folder, heap="512m") as engine,
        connect(engine.uri, engine.auth, engine.database, timeout=60.0) as database,
    ):
        await migrate(database)
        async with staged(database, deadline=60.0) as stage:
            yield engine, stage


async def record(stage: Stage, events: list[Event], acknowledged: list[Event]) -> None:
    """In batches; each is noted when it is acknowledged."""
    for start in range(0, len(events), 20):
        batch = events[start : start + 20]
        outcomes = await stage.writer.record(batch)
        assert all(isinstance(outcome, Tracked) for outcome in outcomes)
        acknowledged += batch


async def test_it_is_consistent_while_events_come_in(tmp_path: Path) -> None:
    events, acknowledged = busy(random.Random(5), 900), list[Event]()
    files: list[tuple[Backup, set[str]]] = []
    async with opened(tmp_path / "one") as (engine, stage):
        await record(stage, events[:100], acknowledged)
        recording = asyncio.create_task(record(stage, events[100:], acknowledged))
        while not recording.done():
            before = ids(acknowledged)
            made = await Backups(engine, tmp_path / "one", "0.1.0").make(datetime.now(UTC))
            if len(acknowledged) > len(before):
                files = [*files, (made, before)][-2:]
        await recording
    assert files, "no backup was made while something was recorded"
    for n, (made, before) in enumerate(files):
        path = tmp_path / "one" / made.file
        assert path.stat().st_size == made.bytes
        await restore(path, tmp_path / f"restored-{n}", replace=False)
        async with opened(tmp_path / f"restored-{n}") as (_, stage):
            found = await stage.consistent()
            assert before <= ids(found) <= ids(events)
            places = sorted(row["seq"] for row in await stage.database.read(PLACES))
            [value] = [row["value"] for row in await stage.database.read(VALUE)]
            assert places == [*range(1, value + 1)]
            stands = await graph(stage.database)
            outcomes = await stage.writer.record(events[:100])
            assert all(isinstance(outcome, Tracked) and outcome.duplicate for outcome in outcomes)
            await stage.wipe()
            await play(stage.ports, [Record(tuple(found))])
            same(await graph(stage.database), stands)


async def test_nothing_is_put_over_a_database_unless_it_is_asked_for(tmp_path: Path) -> None:
    events = busy(random.Random(6), 60)
    async with opened(tmp_path / "one") as (engine, stage):
        await stage.writer.record(events[:40])
        made = await Backups(engine, tmp_path / "one", "0.1.0").make(NOW)
        await stage.writer.record(events[40:])
        with pytest.raises(DataFolderInUse):
            await restore(tmp_path / "one" / made.file, tmp_path / "one", replace=True)
    path = tmp_path / "one" / made.file
    with pytest.raises(StartupError, match="--replace"):
        await restore(path, tmp_path / "one", replace=False)
    restored = await restore(path, tmp_path / "one", replace=True)
    assert (restored.made_at, restored.release) == (NOW.isoformat(), "0.1.0")
    assert restored.kept is not None
    assert [*restored.kept.iterdir()]
    async with opened(tmp_path / "one") as (_, stage):
        assert ids(await stage.recorded()) == ids(events[:40])


@pytest.mark.parametrize(
    ("manifest", "also", "message"),
    [
        (None, None, "is no backup"),
        ({"format": 99, "schema": 1, "release": "9.9"}, None, r"newer release \(9.9\)"),
        ({"format": 1, "schema": 99, "release": "9.9"}, None, r"newer release \(9.9\)"),
        ({"format": 1, "schema": 1, "release": "0.1"}, "../evil", "is no backup"),
    ],
)
async def test_other_files_are_no_backups(
    tmp_path: Path, manifest: dict[str, object] | None, also: str | None, message: str
) -> None:
    with zipfile.ZipFile(tmp_path / "file", "w") as archive:
        archive.writestr(also or "x", "y")
        if manifest:
            archive.writestr(MANIFEST, json.dumps(manifest))
    with pytest.raises(StartupError, match=message):
        await restore(tmp_path / "file", tmp_path / "data", replace=False)
    with pytest.raises(StartupError, match="is no backup"):
        await restore(tmp_path / "none", tmp_path / "data", replace=False)


async def test_a_damaged_backup_leaves_the_folder_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "important")
        archive.writestr(MANIFEST, json.dumps({"format": 1, "schema": 1, "release": "0.1", "madeAt": ""}))
    path.write_bytes(path.read_bytes().replace(b"important", b"impotrant"))
    with pytest.raises(StartupError, match="cannot be restored"):
        await restore(path, tmp_path / "data", replace=False)
    assert not (tmp_path / "data" / "restoring").exists()
    assert not (tmp_path / "data" / "engine" / "databases").exists()


async def test_neo4j_has_tools_of_its_own(tmp_path: Path) -> None:
    async with remote("bolt://127.0.0.1:1", "", "", "neo4j") as engine:
        with pytest.raises(InvalidArgument, match="neo4j-admin"):
            await Backups(engine, tmp_path, "0.1.0").make(NOW)


async def test_a_failure_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    async def failing(path: Path) -> None:
        await asyncio.to_thread(path.write_bytes, b"half")
        raise Unavailable("The backup failed: no.")

    engine = Engine(name="embedded", uri="", database="", description="", auth=None, back_up=failing)
    with pytest.raises(Unavailable, match="no"):
        await Backups(engine, tmp_path, "0.1.0").make(NOW)
    assert [*(tmp_path / "backups").iterdir()] == []
