"""Fixtures: one embedded engine and one real Neo4j per session, a wiped database per test."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from graph.constraints import migrate
from graph.driver import Database, connect
from graph.engine import Engine, embedded
from tests import engines


def pytest_configure() -> None:
    """Whoever starts the tests in the background hands on that SIGINT is to be ignored; commands under test obey it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest_asyncio.fixture(scope="session")
async def embedded_engine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    """ArcadeDB in a folder of this session's own."""
    async with embedded(tmp_path_factory.mktemp("embedded"), heap="768m") as engine:
        yield engine


@pytest_asyncio.fixture(scope="session")
async def neo4j_engine() -> AsyncIterator[Engine]:
    """A real Neo4j. Without one the tests that need it are skipped, loudly; with CI=true they fail."""
    try:
        server = engines.neo4j()
    except engines.NoNeo4j as missing:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"No real Neo4j: {missing}.")
        pytest.skip(f"NOT TESTED ON REAL NEO4J: {missing}.")
    async with server as engine:
        yield engine


@pytest.fixture(scope="session", params=["embedded", "neo4j"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest_asyncio.fixture(scope="session")
async def migrated(engine: Engine) -> AsyncIterator[Database]:
    """The engine's database with the schema in place. Tests want ``database``."""
    async with connect(engine.uri, engine.auth, engine.database, timeout=30.0) as database:
        await migrate(database)
        yield database


@pytest_asyncio.fixture
async def database(migrated: Database) -> Database:
    """An empty, migrated database."""
    await engines.wipe(migrated)
    return migrated


@pytest.fixture(scope="module")
def short_lived() -> Iterator[None]:
    """For engines that live for seconds: the code that a JVM makes for a long life would not be worth its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
        yield
