"""The schema in the database, on every engine."""

from __future__ import annotations

import asyncio

import pytest

from graph.constraints import latest, migrate, version
from graph.driver import Database, connect
from graph.engine import Engine
from graph.queries import Statement
from signals.errors import StartupError

FORGET = Statement("forget", "// As if no migration had run.\nMATCH (s:Schema) DELETE s")
FUTURE = Statement("future", "// As if a newer release had run.\nMATCH (s:Schema) SET s.version = 1000")
PRESENT = Statement("present", "// As it was.\nMATCH (s:Schema) SET s.version = $version")
SEQUENCES = Statement("sequences", "// All sequences.\nMATCH (s:Sequence) RETURN s.id AS id, s.value AS value")
NAMES = Statement(
    "names",
    "// What is unique; ArcadeDB shows the type of an index's keys as a constraint, too.\n"
    "SHOW CONSTRAINTS YIELD name, type WHERE type CONTAINS 'UNIQUE' RETURN name",
)
LEFTOVERS = Statement("leftovers", "// Anything but schema.\nMATCH (n) WHERE NOT n:Schema AND NOT n:Sequence RETURN n")
DUPLICATE = Statement("duplicate", "// Two of one.\nUNWIND [1, 2] AS i CREATE (:User {id: 'u1'})")


async def run(database: Database, statement: Statement, **parameters: int) -> None:
    async with database.transaction() as transaction:
        await transaction.run(statement, parameters)


async def test_repeating_changes_nothing(database: Database) -> None:
    assert await version(database) == latest()
    assert await migrate(database) == latest()


async def test_an_interrupted_migration_is_repeated(database: Database) -> None:
    await run(database, FORGET)
    assert await version(database) == 0
    assert await migrate(database) == latest()
    assert [(r["id"], r["value"]) for r in await database.read(SEQUENCES)] == [("event", 0)]
    assert await database.read(LEFTOVERS) == []


async def test_two_processes_at_the_same_moment(database: Database, engine: Engine) -> None:
    names = {record["name"] for record in await database.read(NAMES)}
    for name in names:
        await database.autocommit(Statement("drop", f"DROP CONSTRAINT {name} IF EXISTS"))
    assert await database.read(NAMES) == []
    await run(database, FORGET)
    async with connect(engine.uri, engine.auth, engine.database, timeout=30.0) as other:
        assert set(await asyncio.gather(migrate(database), migrate(other), migrate(database))) == {latest()}
    assert {record["name"] for record in await database.read(NAMES)} == names
    assert len(await database.read(SEQUENCES)) == 1
    assert await database.read(LEFTOVERS) == []
    assert await version(database) == latest()


async def test_a_newer_database_is_left_alone(database: Database) -> None:
    await run(database, FUTURE)
    try:
        with pytest.raises(StartupError, match=r"schema version 1000 .* newer release"):
            await migrate(database)
    finally:
        await run(database, PRESENT, version=latest())


async def test_uniqueness_is_enforced(database: Database) -> None:
    with pytest.raises(Exception, match="ConstraintValidationFailed"):
        await run(database, DUPLICATE)
