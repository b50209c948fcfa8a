"""The ranking part: what a feed ranker asks, over HTTP and inside, beside the statements alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from benchmarks import tables
from benchmarks.engines import Running
from benchmarks.generator import Order
from benchmarks.inside import Inside, inside
from benchmarks.reads import READS, Question, Read, Variables
from benchmarks.rounds import Generator, Plan, generating
from benchmarks.service import Service, resident, serving
from benchmarks.world import World

CLIENTS = (1, 16)
WARM_SECONDS = 1.0


@dataclass(slots=True)
class Ranking:
    """What was measured on one engine. ``rounds``: every generator run; ``splits``: every pass inside, by read."""

    engine: str
    events: int
    load: dict[str, float] = field(default_factory=dict)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    splits: list[dict[str, Any]] = field(default_factory=list)
    memory_mb: dict[str, int] = field(default_factory=dict)

    def median(self, read: str, clients: int, figure: str) -> float | None:
        """Over the rounds; None where nothing was measured."""
        return tables.median(self.rounds, figure, work=read, clients=clients)

    def inner(self, read: str, part: str, figure: str) -> float | None:
        """Over the rounds, of what was measured inside: ``part`` is warm, cold, raw 1 or raw 16."""
        return tables.median(self.splits, figure, read=read, part=part)

    @property
    def bad(self) -> int:
        """Answers that were not right, in all rounds."""
        return sum(row["bad"] for row in self.rounds)


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


async def load(service: Service, world: World) -> dict[str, float]:
    """Import the world's files; events, seconds, events/s."""
    seconds = 0.0
    for file in world.files:
        seconds += await service.load(file)
    events = await service.events()
    return {"events": events, "seconds": round(seconds, 1), "events_per_s": round(events / seconds)}


async def measure(
    running: Running, world: World, folder: Path, plan: Plan, say: Callable[[str], None], names: Sequence[str] = ()
) -> Ranking:
    """All of it on an engine that is empty. ``names``: of READS; default: every one that the world has people for."""
    figures = Ranking(running.engine.description, world.events)
    askings = [
        Asking.of(name, READS[name].question, world, folder)
        for name in names or READS
        if world.heavy is not None or not READS[name].question.heavy
    ]
    async with (
        serving(running.engine, folder) as service,
        generating(folder.parent) as generator,
        inside(running.engine) as within,
    ):
        processes = {"API": service.pid, **({"engine": running.pid} if running.pid else {})}
        say(f"importing {world.events} events")
        figures.load = await load(service, world)
        for number in range(1, plan.rounds + 1):
            for asking in askings:
                say(f"round {number} of {plan.rounds}: {asking.name}")
                for row in await outside(asking, generator, plan.seconds, service.port, processes):
                    figures.rounds.append({"round": number, **row})
                for row in await parts(asking, READS[asking.name], within):
                    figures.splits.append({"round": number, **row})
        figures.memory_mb = {name: resident(pid) for name, pid in processes.items()}
    return figures


async def outside(
    asking: Asking, generator: Generator, seconds: float, port: int, processes: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Over HTTP, at each number of clients."""
    orders = [asking.order(clients, seconds, port) for clients in CLIENTS]
    return [await generator.measured(order, processes) for order in orders]


async def parts(asking: Asking, read: Read, within: Inside) -> list[dict[str, Any]]:
    """Inside: with everything remembered and with nothing; and the statements alone."""
    found = {
        "warm": await within.split(read, asking.asked, cold=False),
        "cold": await within.split(read, asking.asked, cold=True),
    }
    found |= {f"raw {clients}": await within.raw(read, asking.asked, clients) for clients in CLIENTS}
    return [{"read": asking.name, "part": part, **figures} for part, figures in found.items()]


HEADINGS = [
    *("read", "p50 ms", "p99 ms", "16 clients: per second", "p50 ms", "p99 ms"),
    *("statements", "alone, ms", "alone, 16: per second"),
    *("database ms", "Python ms", "GraphQL, HTTP ms", "cold: database ms", "cold: Python ms"),
]


def rows(figures: Ranking) -> list[list[str]]:
    """A row of text per read, under HEADINGS."""
    return [_row(figures, name) for name in READS if figures.median(name, 1, "p50_ms") is not None]


def _row(figures: Ranking, name: str) -> list[str]:
    whole, call = figures.median(name, 1, "p50_ms"), figures.inner(name, "warm", "call_ms")
    rest = None if whole is None or call is None else max(0.0, whole - call)
    measured = [
        whole,
        figures.median(name, 1, "p99_ms"),
        *(figures.median(name, 16, figure) for figure in ("rate", "p50_ms", "p99_ms")),
        figures.inner(name, "warm", "statements"),
        figures.inner(name, "raw 1", "p50_ms"),
        figures.inner(name, "raw 16", "rate"),
        figures.inner(name, "warm", "database_ms"),
        figures.inner(name, "warm", "python_ms"),
        rest,
        figures.inner(name, "cold", "database_ms"),
        figures.inner(name, "cold", "python_ms"),
    ]
    return [name, *tables.cells(measured)]


def remarks(figures: Ranking) -> list[str]:
    """What stands below the table."""
    memory = ", ".join(f"{name} {size} MB" for name, size in figures.memory_mb.items())
    events, pace = figures.load["events"], figures.load["events_per_s"]
    return [f"{events:,.0f} events, imported at {pace:,.0f} a second. Memory at the end: {memory}."]


def markdown(name: str, figures: Ranking) -> str:
    """One engine's table for a document."""
    return tables.document(f"Ranking, {name}", HEADINGS, rows(figures), remarks(figures))
