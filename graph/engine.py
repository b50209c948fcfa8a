"""The engines: a graph database in a process of our own, or one that runs somewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from graph.data_folder import opened
from graph.embedded import supervised

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

EMBEDDED_DATABASE = "sociograph"
EMBEDDED_USER = "root"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Where the database is. ``name``: embedded or neo4j; ``description``: one line for logs and the status command."""

    name: str
    uri: str
    database: str
    description: str
    auth: tuple[str, str] | None = field(repr=False)
    back_up: Callable[[Path], Awaitable[None]] | None = None
    """Writes a consistent copy to a file that is not there yet; None where the database has tools of its own."""


@asynccontextmanager
async def embedded(data_folder: Path, heap: str = "1g") -> AsyncIterator[Engine]:
    """ArcadeDB in a child process that keeps its data in ``data_folder``, on a free loopback port.

    The process is watched: when it dies it is started again, on the same port. ``heap`` is its JVM's, such as "1g".
    Raises DataFolderInUse when another process has the folder; StartupError when the engine does not start or would
    not keep what it acknowledged.
    """
    async with (
        opened(data_folder) as folder,
        supervised(folder, folder.password(), EMBEDDED_DATABASE, heap) as supervisor,
    ):
        version, flush = supervisor.child.report["version"], supervisor.child.report["flush"]
        log.info("the embedded engine is durable", wal=True, flush=flush, checked="in a transaction")
        yield Engine(
            name="embedded",
            uri=f"bolt://127.0.0.1:{supervisor.launch.port}",
            auth=(EMBEDDED_USER, supervisor.launch.password),
            database=EMBEDDED_DATABASE,
            description=f"ArcadeDB {version}, embedded, durable (WAL flush {flush}), data in {folder.path}",
            back_up=lambda path: supervisor.child.back_up(path),
        )


@asynccontextmanager
async def remote(uri: str, user: str, password: str, database: str) -> AsyncIterator[Engine]:
    """A Neo4j server at ``uri`` (bolt://, neo4j://, neo4j+s://, ...). Without a ``user`` no credentials are sent.

    Nothing is sent from here: whether the server is there shows at the first statement, and it may come later.
    """
    yield Engine(
        name="neo4j",
        uri=uri,
        auth=(user, password) if user else None,
        database=database,
        description=f"Neo4j at {uri}, database {database}",
    )
