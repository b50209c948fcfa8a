"""The ranking part: what a feed ranker asks, over HTTP and inside, beside the statements alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks import tables
from benchmarks.inside import Inside, inside
from benchmarks.loaded import Asking, Loaded
from benchmarks.reads import READS, Read
from benchmarks.rounds import Plan

CLIENTS = (1, 16)


@dataclass(slots=True)
class Ranking:
    """What was measured on one engine. ``rounds``: every generator run; ``splits``: every pass inside, by read."""

    engine: str
    events: int
    load: Mapping[str, float]
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


async def measure(loaded: Loaded, plan: Plan, say: Callable[[str], None]) -> Ranking:
    """Every read of READS that the world has people for."""
    figures = Ranking(loaded.engine.description, loaded.world.events, loaded.load)
    askings = loaded.askings({name: read.question for name, read in READS.items()}, plan)
    async with inside(loaded.engine) as within:
        for number in range(1, plan.rounds + 1):
            for asking in askings:
                say(f"round {number} of {plan.rounds}: {asking.name}")
                for row in await loaded.over_http(asking, CLIENTS, plan.seconds):
                    figures.rounds.append({"round": number, **row})
                for row in await parts(asking, READS[asking.name], within):
                    figures.splits.append({"round": number, **row})
    figures.memory_mb = loaded.memory()
    return figures


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
