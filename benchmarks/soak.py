"""``make soak``: a steady mixed load for a while. Nothing may fail, memory stays flat, and the counts are exact.

Callers send single events, batches, pings, registrations and retractions, some of them twice, and read in between; the
people and contents are always the same ones, so that whatever grows for ever is a leak. Exits with 1 where a promise
is broken.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated, Any

import httpx
import psutil
import typer
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks import engines
from benchmarks.engines import Running
from benchmarks.report import RESULTS, machine
from benchmarks.service import MEGABYTE, Service, serving
from graph.engine import embedded

HEAP = "512m"
CLIENTS = 8
PEOPLE, CONTENTS = 500, 300
BATCH = 20
SAMPLE_S = 1.0
REPEATED = 0.1
"""So many requests are sent a second time, as by a client that lost the answer."""
MAY_GROW = {"API": 0.10, "engine": 0.15}
"""By how much resident memory may grow from the middle of a run to its end: a JVM fills its heap before it tidies."""
MAY_OPEN = 20
"""So many more files and connections than in the middle may be open at the end."""

INPUT = "ContentInteractionInput!"
SINGLE = f"mutation S($input: {INPUT}) {{ it: trackContentInteraction(input: $input) {{ __typename }} }}"
MANY = (
    "mutation B($events: [EventInput!]!) { it: trackBatch(events: $events) { tracked duplicates overloaded invalid } }"
)
PINGED = "mutation P($user: ID!) { it: pingActivity(userId: $user) { __typename ... on Pinged { recorded } } }"
TAKEN_BACK = "mutation R($id: ID!) { it: retract(eventId: $id) { __typename } }"
REGISTERED = "mutation C($input: RegisterContentInput!) { it: registerContent(input: $input) { __typename } }"
REFUSALS = ("InvalidInput", "IdConflict", "Refused", "NotFound")
READS = (
    "query Q($user: ID!) { user(id: $user) { id streak { current } engagementScore { value } } }",
    "query Q($user: ID!) { events(filter: {userId: $user}, first: 50) { edges { node { id type } } } }",
    "query Q($user: ID!) { suggestedUsers(viewerId: $user, first: 10) { user { id } } }",
    "query Q($user: ID!) { activitySummary(filter: {userId: $user}) { totalEvents sessions } }",
)

console = Console(width=max(Console().width, 100))


@dataclass(slots=True)
class Sample:
    """Megabytes and open files of the two processes, ``at`` seconds after the start."""

    at: float
    api_mb: float
    engine_mb: float
    open_files: int


@dataclass(slots=True)
class Tally:
    """What happened: requests by kind, milliseconds of each, what went wrong, how many events there must be.

    ``doubtful``: pings that were postponed; whether the next one finds an event of theirs cannot be told from outside.
    """

    requests: Counter[str] = field(default_factory=Counter)
    ms: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    overloaded: int = 0
    events: int = 0
    doubtful: int = 0


class Caller:
    """One client: a request, and the next one when it is due."""

    def __init__(self, number: int, http: httpx.AsyncClient, url: str, tally: Tally) -> None:
        self.chance = random.Random(number)
        self.name, self.http, self.url, self.tally = f"soak-{number}", http, url, tally
        self.sent = 0
        self.recent: list[str] = []

    async def go_on(self, until: float, every: float) -> None:
        """Requests ``every`` so many seconds, until the monotonic clock says ``until``."""
        due = time.monotonic() + self.chance.uniform(0, every)
        works: tuple[tuple[str, Callable[[], Awaitable[None]], int], ...] = (
            ("single", self.single, 40),
            ("batch", self.batch, 10),
            ("read", self.read, 40),
            ("ping", self.ping, 4),
            ("retract", self.retract, 3),
            ("register", self.register, 3),
        )
        while (now := time.monotonic()) < until:
            await asyncio.sleep(max(0.0, due - now))
            due = max(due + every, time.monotonic() - every)
            [(name, work, _)] = self.chance.choices(works, [weight for *_, weight in works])
            self.tally.requests[name] += 1
            await work()

    async def single(self) -> None:
        event = self._event()
        await self._until_taken(SINGLE, {"input": event}, 1)
        self.recent = [*self.recent[-20:], event["id"]]

    async def batch(self) -> None:
        await self._until_taken(MANY, {"events": [{"content": self._event()} for _ in range(BATCH)]}, BATCH)

    async def ping(self) -> None:
        found = await self._ask(PINGED, {"user": self._user()})
        self.tally.events += bool(found and found.get("recorded"))
        self.tally.doubtful += bool(found and found["__typename"] == "Overloaded")

    async def retract(self) -> None:
        if self.recent:
            await self._until_taken(TAKEN_BACK, {"id": self.recent.pop(0)}, -1)

    async def register(self) -> None:
        await self._ask(REGISTERED, {"input": {"content": self._content(), "authorId": self._user()}})

    async def read(self) -> None:
        await self._ask(self.chance.choice(READS), {"user": self._user()})

    async def _until_taken(self, query: str, variables: dict[str, Any], events: int) -> None:
        """A write, sent again while it is postponed, and sometimes for no reason."""
        postponed = True
        while postponed:
            found = await self._ask(query, variables)
            postponed = bool(found and (found.get("overloaded") or found.get("__typename") == "Overloaded"))
            self.tally.overloaded += postponed
        if found is None or found.get("invalid") or found.get("__typename") in REFUSALS:
            self.tally.errors[f"refused: {found}"] += 1
            return
        self.tally.events += events
        if self.chance.random() < REPEATED:
            await self._ask(query, variables)

    async def _ask(self, query: str, variables: dict[str, Any]) -> dict[str, Any] | None:
        started = time.perf_counter()
        try:
            response = await self.http.post(self.url, json={"query": query, "variables": variables})
            answer = response.json()
            if response.status_code != httpx.codes.OK or "errors" in answer:
                self.tally.errors[f"{response.status_code} {json.dumps(answer)[:200]}"] += 1
                return None
        except (httpx.HTTPError, ValueError) as error:
            self.tally.errors[repr(error)] += 1
            return None
        finally:
            self.tally.ms.append(1000 * (time.perf_counter() - started))
        found: dict[str, Any] | None = answer["data"].get("it")
        return found

    def _event(self) -> dict[str, Any]:
        self.sent += 1
        return {
            "id": f"{self.name}-{self.sent}",
            "userId": self._user(),
            "interaction": self.chance.choice(("VIEW", "VIEW", "VIEW", "LIKE", "SAVE", "COMMENT")),
            "content": self._content(),
        }

    def _user(self) -> str:
        return f"person-{int(PEOPLE * self.chance.random() ** 2)}"

    def _content(self) -> dict[str, str]:
        return {"type": "POST", "id": f"post-{int(CONTENTS * self.chance.random() ** 2)}"}


@asynccontextmanager
async def small(folder: Path) -> AsyncIterator[Running]:
    """The embedded engine with little memory, so that it has all of it before long."""
    async with embedded(folder, HEAP) as engine:
        yield Running(engine, int((folder / "engine.lock").read_text().split()[1]))


async def soaked(engine: str, seconds: float, rate: float) -> tuple[Tally, list[Sample], int]:
    """Run it: what happened, what memory was used, and how many events the API counts in the end."""
    with tempfile.TemporaryDirectory(prefix="sociograph-soak-") as temporary:
        folder = Path(temporary)
        opening = small(folder / "engine") if engine == "embedded" else engines.ENGINES[engine](folder)
        async with opening as running, serving(running.engine, folder) as service:
            tally, samples = await _loaded(running, service, seconds, rate)
            return tally, samples, await service.events()


async def _loaded(running: Running, service: Service, seconds: float, rate: float) -> tuple[Tally, list[Sample]]:
    tally, samples = Tally(), list[Sample]()
    url = f"http://127.0.0.1:{service.port}/graphql"
    started = time.monotonic()

    async def watch() -> None:
        while True:
            samples.append(_sampled(time.monotonic() - started, service.pid, running.pid))
            await asyncio.sleep(SAMPLE_S)

    async with httpx.AsyncClient(timeout=30.0) as http:
        watching = asyncio.create_task(watch())
        callers = (Caller(number, http, url, tally) for number in range(CLIENTS))
        await asyncio.gather(*(caller.go_on(started + seconds, CLIENTS / rate) for caller in callers))
        watching.cancel()
    return tally, samples


def _sampled(at: float, api: int, engine: int | None) -> Sample:
    processes = [psutil.Process(pid) for pid in (api, engine) if pid is not None]
    sizes = [process.memory_info().rss / MEGABYTE for process in processes]
    return Sample(round(at, 1), round(sizes[0], 1), round(sizes[-1], 1), sum(p.num_fds() for p in processes))


def middle_and_end(values: list[float]) -> tuple[float, float]:
    """Medians of the sixth that follows the first half, and of the last sixth."""
    sixth = max(1, len(values) // 6)
    return median(values[len(values) // 2 :][:sixth]), median(values[-sixth:])


def broken(tally: Tally, samples: list[Sample], counted: int) -> list[str]:
    """The promises that were not kept."""
    found = [f"{times} times {error}" for error, times in tally.errors.items()]
    if not 0 <= counted - tally.events <= tally.doubtful:
        found.append(f"there are {counted} events and {tally.events} were acknowledged")
    sizes = {"API": [sample.api_mb for sample in samples], "engine": [sample.engine_mb for sample in samples]}
    for name, values in sizes.items():
        middle, end = middle_and_end(values)
        if end > middle * (1 + MAY_GROW[name]):
            found.append(f"the memory of the {name} went from {middle:.0f} to {end:.0f} MB")
    middle, end = middle_and_end([float(sample.open_files) for sample in samples])
    if end > middle + MAY_OPEN:
        found.append(f"open files went from {middle:.0f} to {end:.0f}")
    return found


def run(
    seconds: Annotated[float, typer.Option(help="How long.")] = float(os.environ.get("SOAK_SECONDS") or 600),
    rate: Annotated[float, typer.Option(help="Requests per second.")] = float(os.environ.get("SOAK_RATE") or 40),
    engine: Annotated[str, typer.Option(help=f"One of {', '.join(engines.ENGINES)}.")] = "embedded",
) -> None:
    """A steady mixed load; table on the terminal, figures in benchmarks/results."""
    console.print(f"Machine: {machine()}\n{seconds:.0f} s of {rate:.0f} requests a second on {engine}", markup=False)
    tally, samples, counted = uvloop.run(soaked(engine, seconds, rate))
    faults = broken(tally, samples, counted)
    console.print(table(tally, samples, counted))
    figures = {
        "engine": engine,
        "seconds": seconds,
        "rate": rate,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "counted": counted,
        "broken": faults,
        "samples": [asdict(sample) for sample in samples[:: max(1, len(samples) // 120)]],
        "requests": dict(tally.requests),
        "errors": dict(tally.errors),
        "overloaded": tally.overloaded,
        "acknowledged": tally.events,
        "doubtful": tally.doubtful,
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"soak-{engine}.json"
    file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    console.print(f"Kept in {file}")
    for fault in faults:
        console.print(f"BROKEN: {fault}", markup=False, style="bold red")
    raise typer.Exit(1 if faults else 0)


def table(tally: Tally, samples: list[Sample], counted: int) -> Table:
    """The figures for people."""
    found = Table("", "middle", "end", title="soak")
    for name, values in (
        ("API, MB", [sample.api_mb for sample in samples]),
        ("engine, MB", [sample.engine_mb for sample in samples]),
        ("open files", [float(sample.open_files) for sample in samples]),
    ):
        found.add_row(name, *(f"{value:.0f}" for value in middle_and_end(values)))
    cuts = quantiles(tally.ms, n=100)
    found.add_section()
    for name, value in (
        ("requests", sum(tally.requests.values())),
        ("p50, p99 ms", f"{cuts[49]:.0f}, {cuts[98]:.0f}"),
        ("errors", sum(tally.errors.values())),
        ("postponed", tally.overloaded),
        ("events acknowledged", tally.events),
        ("events counted", counted),
    ):
        found.add_row(name, "", str(value))
    return found


if __name__ == "__main__":
    typer.run(run)
