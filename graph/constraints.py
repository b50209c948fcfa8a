"""The schema in the database: versioned migrations, harmless to repeat and to run from two processes at once.

``graph/migrations/NNN_name.cypher`` brings a database of version NNN - 1 to version NNN. Its statements run one by
one, each committed alone. The version is recorded after the last of them: a start that was interrupted is repeated.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog
from neo4j.exceptions import DriverError, Neo4jError

from graph.driver import Database
from graph.errors import is_transient, translate
from graph.queries import Statement, statement
from signals.errors import StartupError
from signals.world import FOLD

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
SECONDS = 120.0
"""For everything. Indexes over much data take their time."""
PAUSE = 0.05
TRIES = 8

VERSION = statement("schema_version")
INDEXES = statement("schema_indexes")
RECORD = statement("schema_record")

T = TypeVar("T")


async def migrate(database: Database) -> int:
    """Bring the database to this code's schema version, and return it.

    Raises Unavailable when the database is gone, and StartupError when the database is newer than this code or refuses
    a statement.
    """
    wanted, found = latest(), await version(database)
    if found > wanted:
        raise StartupError(
            f"The database has schema version {found} and this release knows versions up to {wanted}. "
            "It was used by a newer release: run that one."
        )
    if found == wanted:
        return found
    try:
        async with asyncio.timeout(SECONDS):
            for number, file in _files():
                if number > found:
                    await _apply(database, file)
            await _online(database)
            await again(partial(_record, database, wanted))
    except (Neo4jError, DriverError, TimeoutError) as error:
        raise translate(error) from error
    log.info("schema migrated", was=found, now=wanted)
    return wanted


async def version(database: Database) -> int:
    """The version of the schema in the database; 0 when there is none."""
    record = await database.single(VERSION)
    return 0 if record is None else int(record["version"] or 0)


def latest() -> int:
    """The version this code needs."""
    return max(number for number, _ in _files())


def statements(file: Path) -> list[Statement]:
    """The statements of one migration, named by their place in it."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("//")]
    texts = [text.strip() for text in "\n".join(lines).split(";\n")]
    return [Statement(f"{file.stem}:{place}", text.rstrip(";")) for place, text in enumerate(texts, 1) if text]


def _files() -> list[tuple[int, Path]]:
    return [(int(file.name.partition("_")[0]), file) for file in sorted(MIGRATIONS.glob("*.cypher"))]


async def _apply(database: Database, file: Path) -> None:
    parameters = {"dummy": f"\x00{uuid.uuid4()}"}
    for each in statements(file):
        await again(partial(database.autocommit, each, parameters))


async def again(action: Callable[[], Awaitable[T]]) -> T:
    """``action``, tried again while something passing is in its way.

    Another process may be doing the same: what it wins we find done at the next try.
    """
    for attempt in range(TRIES - 1):
        try:
            return await action()
        except (Neo4jError, DriverError) as error:
            if not is_transient(error) and not _race(error):
                raise
            log.debug("tried again", error=type(error).__name__)
        await asyncio.sleep(PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 (a pause, not a secret)
    return await action()


def _race(error: Neo4jError | DriverError) -> bool:
    return isinstance(error, Neo4jError) and (error.code or "").startswith(("Neo.ClientError.Schema.", "Neo.DatabaseE"))


async def _record(database: Database, wanted: int) -> None:
    async with database.transaction(name=RECORD.name) as transaction:
        await transaction.run(RECORD, {"version": wanted, "fold": FOLD, "salt": secrets.token_hex(32)})


async def _online(database: Database) -> None:
    while True:
        states = {record["state"] for record in await database.read(INDEXES)}
        if "FAILED" in states:
            raise StartupError("The database could not build an index; its own log says why.")
        if states <= {"ONLINE"}:
            return
        await asyncio.sleep(PAUSE)
