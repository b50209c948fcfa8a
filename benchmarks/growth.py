"""Cost against history: the same reads with ever more events behind them, each size in a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import tables
from benchmarks.engines import Running
from benchmarks.history import history
from benchmarks.insights import LATELY
from benchmarks.loaded import ending, loaded
from benchmarks.plot import short, svg
from benchmarks.reads import READS, Question
from benchmarks.rounds import Plan

SIZES = (50_000, 500_000, 2_000_000)
RANKING = (
    "feedSignals, 200 candidates",
    "affinities, 200 people",
    "suggestedUsers",
    "recommendedContent",
    "trending",
    "user.ties",
    "pathBetween",
)
QUESTIONS: Mapping[str, Question] = {
    **{name: READS[name].question for name in RANKING},
    **LATELY,
}


@dataclass(slots=True)
class Growth:
    """What was measured on one engine: ``rounds``: every generator run, with the ``size`` it belongs to."""

    engine: str = ""
    loads: dict[int, dict[str, float]] = field(default_factory=dict)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    memory_mb: dict[int, dict[str, int]] = field(default_factory=dict)

    def median(self, read: str, size: int, figure: str) -> float | None:
        """Over the rounds; None where nothing was measured."""
        return tables.median(self.rounds, figure, work=read, size=size)

    @property
    def bad(self) -> int:
        """Answers that were not right."""
        return sum(row["bad"] for row in self.rounds)


async def measure(
    running: Running, size: int, folder: Path, plan: Plan, say: Callable[[str], None], into: Growth
) -> None:
    """Load ``size`` events into an engine that has none yet, ask every read with one client, and add the figures."""
    into.engine = running.engine.description
    say(f"making {size} events")
    world = history(folder, size, ending(folder))
    async with loaded(running, world, folder, say) as ready:
        into.loads[size] = dict(ready.load)
        askings = ready.askings(QUESTIONS, plan)
        for number in range(1, plan.rounds + 1):
            for asking in askings:
                say(f"{size} events, round {number} of {plan.rounds}: {asking.name}")
                for row in await ready.over_http(asking, (1,), plan.seconds):
                    into.rounds.append({"round": number, "size": size, **row})
        into.memory_mb[size] = ready.memory()


def headings(sizes: Sequence[int]) -> list[str]:
    """Of the table; p50 and p99 of each size."""
    return ["read, one client", *(f"{short(size)} events: p50 (p99) ms" for size in sizes)]


def rows(figures: Growth) -> list[list[str]]:
    """A row of text per read, and one of how fast each size was imported."""
    table = [[name, *(_cell(figures, name, size) for size in figures.loads)] for name in QUESTIONS]
    paces = (load.get("events_per_s") for load in figures.loads.values())
    return [*table, ["import, events/s", *("" if pace is None else f"{pace:,.0f}" for pace in paces)]]


def _cell(figures: Growth, name: str, size: int) -> str:
    p50, p99 = (figures.median(name, size, figure) for figure in ("p50_ms", "p99_ms"))
    return "" if p50 is None or p99 is None else f"{p50:,.1f} ({p99:,.1f})"


def remarks(figures: Growth) -> list[str]:
    """What stands below the table."""
    return [
        f"Memory with {short(size)} events: {', '.join(f'{name} {mb} MB' for name, mb in memory.items())}."
        for size, memory in figures.memory_mb.items()
    ]


def markdown(name: str, figures: Growth) -> str:
    """One engine's table for a document."""
    head = headings(list(figures.loads))
    return tables.document(f"Cost against history, {name}", head, rows(figures), remarks(figures))


def plot(name: str, figures: Growth) -> str:
    """The medians as SVG."""
    lines: Mapping[str, list[tuple[float, float]]] = {
        read: [(size, p50) for size in figures.loads if (p50 := figures.median(read, size, "p50_ms")) is not None]
        for read in QUESTIONS
    }
    drawn = {read: points for read, points in lines.items() if points}
    return svg(f"Cost against history, {name}, one client", "events recorded", "median, ms", drawn)
