"""A graph that an older release folded: everything is derived anew from the log, whatever comes in between."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from graph import deriving
from graph.deriving import derive, outdated
from graph.driver import Database, connect
from graph.engine import Engine
from graph.queries import Statement
from signals.content import Registration
from signals.errors import StartupError
from signals.world import FOLD
from tests.contract.stage import Stage
from tests.contract.test_same_graph import graph
from tests.factories import ARTICLE, POST, RECEIVED, VOCABULARY, at, busy, met
from tests.reads import same

SCHEMA = Statement("schema", "// The schema's node.\nMATCH (s:Schema) RETURN properties(s) AS schema")
FACTS = Statement(
    "facts", "// Registered facts.\nMATCH (c:Content {key: $key}) RETURN c.authorId AS author, c.tags AS tags"
)
PRESENT = Statement(
    "present", "// As it was.\nMATCH (s:Schema) SET s.fold = $fold, s.folding = null, s.foldedTo = null"
)
FUTURE = Statement("future", "// As if a newer release had folded.\nMATCH (s:Schema) SET s.fold = 1000")
SPOILT = Statement(
    "spoilt",
    """// As an older release left it: no word of the fold, other properties, packed otherwise.
    MATCH (s:Schema) REMOVE s.fold RETURN count(*) AS n
    UNION ALL
    MATCH (u:User) SET u = {id: u.id, done: u.done, receivedN: 1, received: $heat, times: '5 4', touched: $row}
    RETURN count(*) AS n
    UNION ALL
    MATCH (c:Content) SET c.touches = $heat, c.users = 7, c.first = null, c.reporters = null, c.changed = null
    RETURN count(*) AS n
    UNION ALL
    MATCH ()-[t:TIE]->() SET t.heat = $heat, t.spoke = null RETURN count(*) AS n
    """,
)
OLD = {"heat": "3\t5\t1\t1\t1\t1\t1\t1\t1", "row": "POST:1\t5\t"}


@pytest_asyncio.fixture
async def left(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[dict[str, Any]]:
    """A world as an older release left it, to be derived in small steps; what it should become."""
    monkeypatch.setattr(deriving, "AT_ONCE", 7)
    events = busy(random.Random(11), 60)
    answers = [met("CONNECTION_REQUEST", "d", "a", 1), met("CONNECTION_DECLINE", "a", "d", 2)]
    await stage.ports.recorder.record([*events, *answers])
    for event in events[::9]:
        await stage.ports.recorder.retract(event.id, None, at(0))
    tagged = Registration(content=POST, author_id="author", created_at=RECEIVED, tags=("x", "y"), language="pt")
    await stage.ports.recorder.register([tagged, Registration(content=ARTICLE, author_id="author")])
    expected = await graph(stage.database)
    await spoil(stage.database)
    yield expected
    async with stage.database.transaction() as transaction:
        await transaction.run(PRESENT, {"fold": FOLD})


async def spoil(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.run(SPOILT, OLD)


async def steps(database: Database, count: int) -> None:
    """So many steps, and nothing after them: as far as a killed process came."""
    for _ in range(count):
        async with database.transaction(timeout=30.0) as transaction:
            await deriving._step(transaction, VOCABULARY)


async def is_as(expected: dict[str, Any], database: Database) -> None:
    same(expected, await graph(database))
    [row] = await database.read(SCHEMA)
    assert row["schema"]["fold"] == FOLD
    assert not {"folding", "foldedTo"} & row["schema"].keys()
    for key, author in ((POST.key, "author"), (ARTICLE.key, "author")):
        [facts] = await database.read(FACTS, {"key": key})
        assert facts["author"] == author


async def test_it_becomes_what_this_release_folds(stage: Stage, left: dict[str, Any]) -> None:
    assert await outdated(stage.database)
    await derive(stage.database, VOCABULARY)
    assert not await outdated(stage.database)
    await is_as(left, stage.database)


@pytest.mark.parametrize("count", [1, 4, 8, 11])
async def test_what_was_stopped_goes_on(stage: Stage, left: dict[str, Any], count: int) -> None:
    await steps(stage.database, count)
    assert await outdated(stage.database)
    await derive(stage.database, VOCABULARY)
    await is_as(left, stage.database)


async def test_a_step_that_fails_leaves_nothing(
    stage: Stage, left: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*told: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(deriving, "refold", fails)
        with pytest.raises(ZeroDivisionError):
            await derive(stage.database, VOCABULARY)
    await derive(stage.database, VOCABULARY)
    await is_as(left, stage.database)


async def test_two_processes_take_turns(stage: Stage, left: dict[str, Any], engine: Engine) -> None:
    async with connect(engine.uri, engine.auth, engine.database, timeout=30.0) as other:
        await asyncio.gather(derive(stage.database, VOCABULARY), derive(other, VOCABULARY))
    await is_as(left, stage.database)


async def test_recording_goes_on_after_it(stage: Stage, left: dict[str, Any]) -> None:
    await derive(stage.database, VOCABULARY)
    await stage.ports.recorder.record(busy(random.Random(12), 20))
    recorded = await graph(stage.database)
    assert recorded != left
    await spoil(stage.database)
    await derive(stage.database, VOCABULARY)
    await is_as(recorded, stage.database)


async def test_a_newer_fold_is_left_alone(stage: Stage) -> None:
    async with stage.database.transaction() as transaction:
        await transaction.run(FUTURE)
    try:
        with pytest.raises(StartupError, match="newer release"):
            await derive(stage.database, VOCABULARY)
    finally:
        async with stage.database.transaction() as transaction:
            await transaction.run(PRESENT, {"fold": FOLD})


async def test_a_new_database_is_of_this_fold(database: Database) -> None:
    assert not await outdated(database)
