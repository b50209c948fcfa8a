"""One engine from the empty database to the last figure: load, alternated rounds, a large import."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import neo4j
import orjson

from benchmarks.data import MATHOVERFLOW, MATHOVERFLOW_TYPES, Sample
from benchmarks.engines import Running
from benchmarks.generator import Order
from benchmarks.raw import Raw
from benchmarks.service import Service, resident, serving
from benchmarks.works import BATCH_SIZE, WORKS

PARTS = ("latest", "single", "batch", "raw", "large")
"""What may be left out; the import is what the others stand on."""
CELLS = (("latest", 1), ("latest", 32), ("single", 1), ("single", 32), ("batch", 1))
RAW_SIZES = (1, BATCH_SIZE)


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds`` of each work in each of ``rounds``; ``parts`` of PARTS to do."""

    seconds: float = 4.0
    rounds: int = 5
    parts: tuple[str, ...] = PARTS


@dataclass(slots=True)
class Figures:
    """What was measured on one engine. ``rounds``: every generator run and raw run; ``memory_mb``: by moment."""

    engine: str
    imports: dict[str, dict[str, float]] = field(default_factory=dict)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    memory_mb: dict[str, dict[str, int]] = field(default_factory=dict)

    def median(self, work: str, clients: int, figure: str) -> float | None:
        """The median over the rounds, or None where nothing was measured."""
        found = (r[figure] for r in self.rounds if (r["work"], r["clients"]) == (work, clients))
        values = [value for value in found if value is not None]
        return statistics.median(values) if values else None

    @property
    def bad(self) -> int:
        """Answers that were not right, in all rounds."""
        return sum(r["bad"] for r in self.rounds)


class Generator:
    """The load generator's process: one order at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def run(self, order: Order) -> dict[str, Any]:
        """What the generator measured. Raises RuntimeError when it ended."""
        orders, answers = self._process.stdin, self._process.stdout
        if orders is None or answers is None:
            raise RuntimeError("the generator has no pipes")
        orders.write(orjson.dumps(asdict(order)) + b"\n")
        await orders.drain()
        if not (line := await answers.readline()):
            raise RuntimeError("the generator ended")
        report: dict[str, Any] = orjson.loads(line)
        return report


@asynccontextmanager
async def generating(folder: Path) -> AsyncIterator[Generator]:
    """A generator process that uses the sample in ``folder``."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.generator", str(folder), stdin=pipe, stdout=pipe
    )
    try:
        yield Generator(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def measure(running: Running, sample: Sample, folder: Path, plan: Plan, say: Callable[[str], None]) -> Figures:
    """All of ``plan`` on an engine that is empty."""
    figures = Figures(running.engine.description)
    auth = running.engine.auth
    async with (
        serving(running.engine, folder) as service,
        generating(folder.parent) as generator,
        neo4j.AsyncGraphDatabase.driver(running.engine.uri, auth=auth) as driver,
    ):
        _weigh(figures, "at the start", service, running)
        say(f"importing {sample.file.name}")
        figures.imports["import"] = await _import(service, sample.file)
        _weigh(figures, "after the import", service, running)
        await _rounds(figures, service.port, generator, Raw(driver, running.engine.database, sample), plan, say)
        _weigh(figures, "after the rounds", service, running)
        if "large" in plan.parts and MATHOVERFLOW.exists():
            say(f"importing {MATHOVERFLOW.name}")
            figures.imports["large"] = await _import(service, MATHOVERFLOW, MATHOVERFLOW_TYPES)
            _weigh(figures, "after the large import", service, running)
    return figures


def _weigh(figures: Figures, moment: str, service: Service, running: Running) -> None:
    processes = {"API": service.pid, "engine": running.pid}
    figures.memory_mb[moment] = {name: resident(pid) for name, pid in processes.items() if pid is not None}


async def _import(service: Service, file: Path, foreign: tuple[str, ...] = ()) -> dict[str, float]:
    before = await service.events()
    seconds = await service.load(file, foreign)
    events = await service.events() - before
    return {"events": events, "seconds": round(seconds, 1), "events_per_s": round(events / seconds)}


async def _rounds(
    figures: Figures, port: int, generator: Generator, raw: Raw, plan: Plan, say: Callable[[str], None]
) -> None:
    cells = [(work, clients) for work, clients in CELLS if work in plan.parts]
    for number in range(1, plan.rounds + 1):
        say(f"round {number} of {plan.rounds}")
        for work, clients in cells:
            order = Order(work, clients, plan.seconds, port, warm=0.5 if WORKS[work].events <= 1 else 0.0)
            figures.rounds.append({"round": number, **await generator.run(order)})
        if "raw" in plan.parts:
            for size in RAW_SIZES:
                times = await raw.measure(size, plan.seconds / 2)
                figures.rounds.append({"round": number, **_raw_row(size, times)})


def _raw_row(size: int, times: Iterable[float]) -> dict[str, Any]:
    ordered = sorted(times)
    return {
        "work": f"raw {size}",
        "clients": 1,
        "rate": round(len(ordered) / sum(ordered), 1),
        "events": round(size * len(ordered) / sum(ordered), 1),
        "p50_ms": round(statistics.median(ordered) * 1000, 2),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 2),
        "good": len(ordered),
        "bad": 0,
    }
