"""One engine from the empty database to the last figure: load, alternated rounds, a large import."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
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
from benchmarks.service import Service, resident, serving, used
from benchmarks.works import BATCH_SIZE, WORKS

PARTS = ("latest", "single", "batch", "raw", "large")
"""What may be left out; the import is what the others stand on."""
CELLS = (("latest", 1), ("latest", 32), ("single", 1), ("single", 32), ("batch", 1))
RAW_SIZES = (1, BATCH_SIZE)


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds`` of each work in each of ``rounds``; ``parts`` of PARTS to do. ``reads``: of the reads, those whose
    names hold one of these; all where there are none."""

    seconds: float = 4.0
    rounds: int = 5
    parts: tuple[str, ...] = PARTS
    reads: tuple[str, ...] = ()

    def asks(self, read: str) -> bool:
        """Whether this read is to be measured."""
        return not self.reads or any(each in read for each in self.reads)


@dataclass(slots=True)
class Figures:
    """What was measured on one engine. ``rounds``: every generator run and raw run; ``memory_mb``: by moment."""

    engine: str
    imports: dict[str, dict[str, float]] = field(default_factory=dict)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    memory_mb: dict[str, dict[str, int]] = field(default_factory=dict)

    def median(self, work: str, clients: int, *figure: str) -> float | None:
        """The median over the rounds of what stands under ``figure``, or None where nothing was measured."""
        found = [r for r in self.rounds if (r["work"], r["clients"]) == (work, clients)]
        values = [value for row in found if (value := _under(row, figure)) is not None]
        return statistics.median(values) if values else None

    @property
    def bad(self) -> int:
        """Answers that were not right, in all rounds."""
        return sum(r["bad"] for r in self.rounds)


def _under(row: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        row = row.get(name) if row else None
    return row


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

    async def measured(self, order: Order, processes: Mapping[str, int]) -> dict[str, Any]:
        """What the generator measured, with the processor time (ms) that each process took for a request."""
        before = {name: used(pid) for name, pid in processes.items()}
        report = await self.run(order)
        taken = {name: used(pid) - before[name] for name, pid in processes.items()}
        return report | {"cpu_ms": {name: round(s * 1000 / report["sent"], 2) for name, s in taken.items()}}


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything a round needs. ``processes``: process ids by name."""

    port: int
    processes: Mapping[str, int]
    generator: Generator
    raw: Raw

    async def round(self, plan: Plan) -> AsyncIterator[dict[str, Any]]:
        """Each work once, one after the other."""
        for work, clients in CELLS:
            if work in plan.parts:
                order = Order(work, clients, plan.seconds, self.port, warm=WORKS[work].warm)
                yield await self.generator.measured(order, self.processes)
        for size in RAW_SIZES if "raw" in plan.parts else ():
            yield _raw_row(size, await self.raw.measure(size, plan.seconds / 2))


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
        processes = {"API": service.pid, **({"engine": running.pid} if running.pid else {})}
        _weigh(figures, "at the start", processes)
        say(f"importing {sample.file.name}")
        figures.imports["import"] = await _import(service, sample.file)
        _weigh(figures, "after the import", processes)
        bench = Bench(service.port, processes, generator, Raw(driver, running.engine.database, sample))
        for number in range(1, plan.rounds + 1):
            say(f"round {number} of {plan.rounds}")
            figures.rounds += [{"round": number, **row} async for row in bench.round(plan)]
        _weigh(figures, "after the rounds", processes)
        if "large" in plan.parts and MATHOVERFLOW.exists():
            say(f"importing {MATHOVERFLOW.name}")
            figures.imports["large"] = await _import(service, MATHOVERFLOW, MATHOVERFLOW_TYPES)
            _weigh(figures, "after the large import", processes)
    return figures


def _weigh(figures: Figures, moment: str, processes: Mapping[str, int]) -> None:
    figures.memory_mb[moment] = {name: resident(pid) for name, pid in processes.items()}


async def _import(service: Service, file: Path, foreign: tuple[str, ...] = ()) -> dict[str, float]:
    before = await service.events()
    seconds = await service.load(file, foreign)
    events = await service.events() - before
    return {"events": events, "seconds": round(seconds, 1), "events_per_s": round(events / seconds)}


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
