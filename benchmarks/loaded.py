"""An API on an engine that holds a world, and requests to put to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from benchmarks.engines import Running
from benchmarks.generator import Order
from benchmarks.reads import Question, Variables
from benchmarks.rounds import Generator, Plan, generating
from benchmarks.service import Service, resident, serving, used
from benchmarks.world import World, an_hour_ago
from graph.engine import Engine

WARM_SECONDS = 1.0
LOADED = "loaded.json"
"""Stands in a folder whose engine holds a whole world: until when, and how the import went."""
QUIET = 0.1
"""Seconds of processor time in a second that nobody has asked for."""
QUIET_FOR_S, QUIET_WITHIN_S = 3, 120
"""Seconds of quiet that are waited for, and how long at most."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One read with its requests, as variables and as a file for the generator."""

    name: str
    question: Question
    asked: Sequence[Variables]
    file: Path

    @classmethod
    def of(cls, name: str, question: Question, world: World, folder: Path) -> Asking:
        """Draw the requests and write them down."""
        asked = question.requests(world)
        file = folder / f"{''.join(filter(str.isalnum, name))}.jsonl"
        file.write_bytes(b"\n".join(orjson.dumps({"query": question.query, "variables": v}) for v in asked))
        return cls(name, question, asked, file)

    def order(self, clients: int, seconds: float, port: int) -> Order:
        """What the generator is to do; it warms up with the same requests."""
        must = self.question.must.decode()
        return Order(self.name, clients, seconds, port, min(seconds, WARM_SECONDS), str(self.file), must)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is asked, and who asks. ``load``: events, seconds, events/s; ``processes``: process ids by name."""

    engine: Engine
    world: World
    folder: Path
    service: Service
    generator: Generator
    processes: Mapping[str, int]
    load: Mapping[str, float]

    def askings(self, questions: Mapping[str, Question], plan: Plan) -> list[Asking]:
        """Those that the plan asks and the world has people for."""
        return [
            Asking.of(name, question, self.world, self.folder)
            for name, question in questions.items()
            if plan.asks(name) and (self.world.heavy is not None or not question.heavy)
        ]

    async def over_http(self, asking: Asking, clients: Sequence[int], seconds: float) -> list[dict[str, Any]]:
        """What the generator measured, at each number of clients."""
        orders = [asking.order(number, seconds, self.service.port) for number in clients]
        return [await self.generator.measured(order, self.processes) for order in orders]

    def memory(self) -> dict[str, int]:
        """Resident, in megabytes, by process."""
        return {name: resident(pid) for name, pid in self.processes.items()}


@asynccontextmanager
async def loaded(running: Running, world: World, folder: Path, say: Callable[[str], None]) -> AsyncIterator[Loaded]:
    """Import ``world`` through an API that then goes on serving, unless it was loaded from this folder before."""
    async with serving(running.engine, folder) as service, generating(folder) as generator:
        processes = {"API": service.pid, **({"engine": running.pid} if running.pid else {})}
        noted = _before(folder)
        if noted is None:
            say(f"importing {world.events} events")
            noted = {"until": world.until.isoformat(), "load": await _load(service, world)}
            (folder / LOADED).write_bytes(orjson.dumps(noted))
        say("waiting until everybody is done with the import")
        await _quiet(processes.values())
        yield Loaded(running.engine, world, folder, service, generator, processes, noted["load"])


def ending(folder: Path) -> datetime:
    """When the world that this folder is for ends: as before where it is loaded already, else an hour ago."""
    before = _before(folder)
    return an_hour_ago() if before is None else datetime.fromisoformat(before["until"])


def _before(folder: Path) -> dict[str, Any] | None:
    """What is noted of the world that was loaded here."""
    file = folder / LOADED
    noted: dict[str, Any] | None = orjson.loads(file.read_bytes()) if file.exists() else None
    return noted


async def _quiet(processes: Iterable[int]) -> None:
    """Wait until none of them works any more by itself: engines go on for a while after an import."""
    pids, before, since = list(processes), 0.0, 0
    for _ in range(QUIET_WITHIN_S):
        now = sum(map(used, pids))
        since = since + 1 if now - before < QUIET else 0
        if since == QUIET_FOR_S:
            return
        before = now
        await asyncio.sleep(1)


async def _load(service: Service, world: World) -> dict[str, float]:
    seconds = 0.0
    for file in world.files:
        seconds += await service.load(file)
    events = await service.events()
    return {"events": events, "seconds": round(seconds, 1), "events_per_s": round(events / seconds)}
