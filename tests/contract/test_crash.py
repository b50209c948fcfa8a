"""kill -9 in mid-write: what was acknowledged is there, and a request is there as a whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from graph.constraints import migrate
from graph.driver import connect
from graph.engine import Engine, embedded
from signals.errors import Unavailable
from tests import engines
from tests.contract.crashing import KEPT, LANES, SENDING, write
from tests.contract.stage import Stage, connected, ids

WAIT_S = 120.0

pytestmark = pytest.mark.usefixtures("short_lived")


@dataclass
class Story:
    """What a writer said, until it was killed."""

    sent: list[list[str]] = field(default_factory=list)
    kept: list[list[str]] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, word: str, said: Sequence[str]) -> None:
        if word in (SENDING, KEPT):
            (self.sent if word == SENDING else self.kept).append(list(said))
            self.heard.set()

    async def goes_on(self, more: int) -> None:
        """Until so many more requests are acknowledged."""
        wanted = len(self.kept) + more
        async with asyncio.timeout(WAIT_S):
            while len(self.kept) < wanted:
                self.heard.clear()
                await self.heard.wait()

    def holds(self, found: set[str]) -> None:
        """Everything acknowledged is there; every request is whole or absent; nothing else is there."""
        for request in self.kept:
            assert set(request) <= found
        for request in self.sent:
            assert set(request) <= found or not set(request) & found
        assert found <= {id for request in self.sent for id in request}


@asynccontextmanager
async def writing(told: dict[str, Any]) -> AsyncIterator[tuple[Process, Story]]:
    """A process that writes, and what it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.crashing", stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(told).encode() + b"\n")
    story = Story()
    listener = asyncio.create_task(_listen(process, story))
    try:
        yield process, story
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await listener


async def _listen(process: Process, story: Story) -> None:
    """To the last whole line; what was cut short was not said."""
    assert process.stdout is not None
    async for line in process.stdout:
        if line.endswith(b"\n"):
            word, *said = line.decode().split()
            story.say(word, said)


async def test_a_killed_writer_leaves_whole_requests(engine: Engine, stage: Stage) -> None:
    told = {"uri": engine.uri, "auth": engine.auth, "database": engine.database}
    async with writing(told) as (process, story):
        await story.goes_on(60)
        process.kill()
    assert await stage.writer.ready()
    story.holds(ids(await stage.consistent()))


@pytest.mark.parametrize("victims", ["server", "engine", "both"])
async def test_a_killed_server_or_engine_loses_nothing_acknowledged(tmp_path: Path, victims: str) -> None:
    async with writing({"folder": str(tmp_path)}) as (server, story):
        await story.goes_on(60)
        if victims != "server":
            os.kill(engine_pid(tmp_path), signal.SIGKILL)
        if victims == "engine":
            await story.goes_on(20)
        server.kill()
    async with embedded(tmp_path, "512m") as engine, connected(engine) as stage:
        story.holds(ids(await stage.consistent()))


def engine_pid(folder: Path) -> int:
    """The process id of the embedded engine that has ``folder`` open."""
    return int((folder / "engine.lock").read_text().split()[1])


class Community:
    """A Neo4j of this test's own, to be killed and started again on the same files."""

    def __init__(self, home: Path) -> None:
        port = engines.free_port()
        self.command = engines._command(engines._fetched(), home, port)
        self.engine = Engine(name="neo4j", uri=f"bolt://127.0.0.1:{port}", database="neo4j", description="", auth=None)
        self.process: Process | None = None

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(*self.command, stdout=DEVNULL, stderr=DEVNULL)
        async with connect(self.engine.uri, None, "neo4j") as database, asyncio.timeout(WAIT_S):
            while True:
                with contextlib.suppress(Unavailable):
                    return await database.verify(timeout=20.0)

    async def kill(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()


@pytest_asyncio.fixture
async def community(neo4j_engine: Engine, tmp_path: Path) -> AsyncIterator[Community]:
    """Started; only where the suite's Neo4j comes from the jars, because a server of somebody else is not killed."""
    server = await asyncio.to_thread(Community, tmp_path)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()


async def test_a_killed_neo4j_loses_nothing_acknowledged(community: Community) -> None:
    async with connected(community.engine, deadline=5.0) as stage:
        await migrate(stage.database)
        story = Story()
        lanes = [asyncio.create_task(write(stage, lane, story.say)) for lane in range(LANES)]
        await story.goes_on(60)
        await community.kill()
        await community.start()
        await story.goes_on(20)
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        assert await stage.writer.ready()
        story.holds(ids(await stage.consistent()))
