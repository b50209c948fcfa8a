"""Servers to be hurt: the whole service over an engine of its own, whose process may be stopped, starved or killed."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.conftest import Client, engine_pid, served
from tests.contract.test_crash import Community
from tests.faults.crowd import DEADLINE_S

A_PAGE = 4096


@dataclass(frozen=True)
class Patient:
    """A service and the process of its engine. ``restart``: where an engine does not get over a full disk by itself."""

    client: Client
    engine: Callable[[], int]
    restart: Callable[[], Awaitable[None]] | None = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The engine stands still for the time of the block."""
        pid = self.engine()
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    @contextmanager
    def full(self) -> Iterator[None]:
        """No file of the engine's may grow for the time of the block: what a full disk or a spent quota looks like."""
        pid = self.engine()
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (A_PAGE, before[1]))
        try:
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[Patient]:
    """Over the embedded engine."""
    async with served(data=folder, write_deadline=DEADLINE_S) as client:
        yield Patient(client, lambda: engine_pid(folder))


@asynccontextmanager
async def neo4j(folder: Path, server: Community) -> AsyncIterator[Patient]:
    """Over a Neo4j of the test's own."""

    async def again() -> None:
        await server.kill()
        await server.start()

    async with served(data=folder, neo4j_uri=server.engine.uri, write_deadline=DEADLINE_S) as client:
        yield Patient(client, lambda: server.process.pid if server.process else 0, again)
