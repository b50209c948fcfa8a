"""The load generator: a process of its own that takes orders as JSON lines and answers each with what it measured.

Closed loop: every client waits for its answer before it sends the next request. Every answer is checked.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson
import uvloop

from benchmarks.connection import Connection, connect
from benchmarks.data import Sample, sample
from benchmarks.works import WORKS, Work, written

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Order:
    """Run ``work`` with ``clients`` connections for ``seconds``, after ``warm`` seconds that do not count.

    ``work``: one of WORKS, or a name of its own for the requests in ``file``, a JSON body in each line, which are
    cycled; every good answer to those holds ``must``.
    """

    work: str
    clients: int
    seconds: float
    port: int
    warm: float
    file: str | None = None
    must: str = ""


@dataclass(slots=True)
class Tally:
    """What came back: latencies of the good answers in seconds, and what was wrong with the others."""

    must: bytes
    latencies: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, seconds: float, status: int, body: bytes) -> None:
        if status == 200 and self.must in body and b'"errors"' not in body:
            self.latencies.append(seconds)
        else:
            self.faults[f"{status} {body[:160].decode(errors='replace')}"] += 1

    @property
    def count(self) -> int:
        return len(self.latencies) + self.faults.total()

    def quantile(self, share: float) -> float | None:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2) if ordered else None


@dataclass(frozen=True, slots=True)
class Run:
    """One order's figures: ``rate`` in requests, ``events`` in events a second; ``core``: the share of one we took."""

    work: str
    clients: int
    rate: float
    events: float
    p50_ms: float | None
    p99_ms: float | None
    good: int
    bad: int
    sent: int
    """With those of the warm-up."""
    core: float
    faults: dict[str, int]


async def client(connection: Connection, requests: Iterator[bytes], tally: Tally, until: float, least: int) -> None:
    """One client's loop; ends when the time is up and ``least`` requests are answered, or there are no more."""
    clock = time.perf_counter
    while ((sent := clock()) < until or tally.count < least) and (request := next(requests, None)) is not None:
        status, body = await connection.send(request)
        tally.add(clock() - sent, status, body)
    connection.transport.close()


async def phase(
    order: Order, work: Work, requests: Iterator[bytes], seconds: float, least: int = 0
) -> tuple[Tally, float]:
    """All clients for ``seconds``, and for ``least`` requests; answers with the tally and the wall time it took."""
    connections = [await connect(HOST, order.port) for _ in range(order.clients)]
    tally = Tally(work.must)
    start = time.perf_counter()
    await asyncio.gather(*(client(c, requests, tally, start + seconds, least) for c in connections))
    return tally, time.perf_counter() - start


async def run(order: Order, sample: Sample) -> Run:
    """Encode the requests, warm up, measure."""
    work = WORKS[order.work] if order.file is None else written(Path(order.file), order.must)
    count = int((order.seconds + order.warm) * work.most) + work.different + order.clients
    requests = iter(list(work.requests(f"{HOST}:{order.port}", sample, count)))
    warm, _ = await phase(order, work, requests, order.warm, work.different)
    before = resource.getrusage(resource.RUSAGE_SELF)
    tally, wall = await phase(order, work, requests, order.seconds)
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    good = len(tally.latencies)
    return Run(
        work=order.work,
        clients=order.clients,
        rate=round(good / wall, 1),
        events=round(good * work.events / wall, 1),
        p50_ms=tally.quantile(0.5),
        p99_ms=tally.quantile(0.99),
        good=good,
        bad=tally.faults.total(),
        sent=warm.count + tally.count,
        core=round(used / wall, 3),
        faults=dict(tally.faults.most_common(5)),
    )


def main(folder: Path) -> None:
    """Serve orders until standard input ends."""
    data = sample(folder)
    for line in sys.stdin:
        report = uvloop.run(run(Order(**orjson.loads(line)), data))
        print(orjson.dumps(asdict(report)).decode(), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
