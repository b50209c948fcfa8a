"""What is measured, running: an API process on an engine, and the commands that work beside it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from graph.engine import Engine
from schema.instance import find

SOCIOGRAPH = Path(sys.executable).with_name("sociograph")
START_SECONDS = 120.0
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Service:
    """A running API: its port, its process, and the environment that its commands share."""

    port: int
    pid: int
    environment: dict[str, str]

    async def load(self, file: Path, foreign: tuple[str, ...] = ()) -> float:
        """``sociograph import`` of ``file``; the seconds it took. Raises RuntimeError when it fails."""
        options = [word for pair in foreign for word in ("--map", pair)]
        started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            SOCIOGRAPH, "import", str(file), *options, env=self.environment, stdout=asyncio.subprocess.DEVNULL
        )
        if await process.wait():
            raise RuntimeError(f"the import of {file.name} ended with status {process.returncode}")
        return time.perf_counter() - started

    async def events(self) -> int:
        """How many events the API says there are."""
        query = {"query": "{ activitySummary { totalEvents } }"}
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.post(f"http://127.0.0.1:{self.port}/graphql", json=query)
        total: int = answer.json()["data"]["activitySummary"]["totalEvents"]
        return total


def resident(pid: int) -> int:
    """Resident memory of a process and what it started, in megabytes."""
    return round(sum(process.memory_info().rss for process in _family(pid)) / MEGABYTE)


def used(pid: int) -> float:
    """Processor time that a process and what it started have taken so far, in seconds."""
    return sum(times.user + times.system for times in (process.cpu_times() for process in _family(pid)))


def _family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


@asynccontextmanager
async def serving(engine: Engine, folder: Path) -> AsyncIterator[Service]:
    """An API process on ``engine`` that would take a write; its output goes to ``folder/api.log``."""
    environment = _environment(engine, folder / "api")
    with (folder / "api.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(SOCIOGRAPH, "serve", env=environment, stdout=log, stderr=log)
    try:
        port = await _ready(process, folder / "api")
        yield Service(port, process.pid, environment)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _environment(engine: Engine, data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOCIOGRAPH_")}
    user, password = engine.auth or ("neo4j", "")
    return kept | {
        "SOCIOGRAPH_PORT": "0",
        "SOCIOGRAPH_DATA": str(data),
        "SOCIOGRAPH_NEO4J_URI": engine.uri,
        "SOCIOGRAPH_NEO4J_USER": user,
        "SOCIOGRAPH_NEO4J_PASSWORD": password,
        "SOCIOGRAPH_NEO4J_DATABASE": engine.database,
        "SOCIOGRAPH_LOG_LEVEL": "warning",
    }


async def _ready(process: asyncio.subprocess.Process, data: Path) -> int:
    """The port, once a write would succeed. Raises RuntimeError when that does not come about."""
    until = time.monotonic() + START_SECONDS
    async with httpx.AsyncClient(timeout=10) as client:
        while time.monotonic() < until and process.returncode is None:
            instance = find(data)
            try:
                if instance and (await client.get(f"{instance.url}/health/ready")).is_success:
                    return int(instance.url.rpartition(":")[2])
            except httpx.TransportError:
                pass  # not listening yet
            await asyncio.sleep(0.2)
    raise RuntimeError(f"the API did not get ready; see {data.with_suffix('.log')}")
