"""Where a read's time goes: the same calls as the API makes, in this process, with a clock around the database."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import neo4j
from neo4j import Record

from benchmarks.reads import Read, Variables
from graph.driver import DRIVER, Database
from graph.engine import Engine
from graph.nodes import NodeReader
from graph.queries import Statement
from resolvers.standpoint import Standpoint
from signals.clock import whole_ms
from signals.vocabulary import Vocabulary
from signals.weights import standard

Call = tuple[str, dict[str, Any]]


class Timed(Database):
    """A database that knows how long somebody waited for it, and takes down what was sent."""

    def __init__(self, driver: neo4j.AsyncDriver, name: str) -> None:
        super().__init__(driver, name, timeout=60.0, slow_ms=float("inf"))
        self._clear()

    def _clear(self) -> None:
        self._waiting, self._since, self._seconds = 0, 0.0, 0.0
        self._calls: list[Call] = []

    def taken(self) -> tuple[float, list[Call]]:
        """Seconds in which at least one read was under way, and the reads; then begin anew."""
        taken = self._seconds, self._calls
        self._clear()
        return taken

    async def read(
        self, statement: Statement, parameters: Mapping[str, Any] | None = None, *, timeout: float | None = None
    ) -> list[Record]:
        self._calls.append((statement.text, dict(parameters or {})))
        with self._clocked():
            return await super().read(statement, parameters, timeout=timeout)

    @contextmanager
    def _clocked(self) -> Iterator[None]:
        if not self._waiting:
            self._since = time.perf_counter()
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._seconds += time.perf_counter() - self._since


@dataclass(frozen=True, slots=True)
class Inside:
    """Runs reads without GraphQL and HTTP."""

    database: Timed
    driver: neo4j.AsyncDriver
    vocabulary: Vocabulary

    async def split(self, read: Read, asked: Sequence[Variables], *, cold: bool) -> dict[str, float]:
        """Medians (ms) over the requests of one pass: all of a call, the database's part of it and the rest.

        ``cold``: nothing is remembered from one request to the next; else everything is, from a pass before.
        """
        nodes = self._reader()
        if not cold:
            for variables in asked:
                await read.call(self._standpoint(nodes), variables)
        total, database = [], []
        statements = 0
        for variables in asked:
            standpoint = self._standpoint(self._reader() if cold else nodes)
            self.database.taken()
            started = time.perf_counter()
            await read.call(standpoint, variables)
            total.append(time.perf_counter() - started)
            seconds, calls = self.database.taken()
            database.append(seconds)
            statements += len(calls)
        python = [whole - part for whole, part in zip(total, database, strict=True)]
        figures = {"call_ms": _ms(total), "database_ms": _ms(database), "python_ms": _ms(python)}
        return figures | {"statements": round(statements / len(asked), 1)}

    async def raw(self, read: Read, asked: Sequence[Variables], clients: int) -> dict[str, float]:
        """The statements of warm requests straight through the driver: median (ms) of a request, and requests/s."""
        nodes = self._reader()
        for variables in asked:
            await read.call(self._standpoint(nodes), variables)
        self.database.taken()
        requests = []
        for variables in asked:
            await read.call(self._standpoint(nodes), variables)
            requests.append(self.database.taken()[1])
        times: list[float] = []
        started = time.perf_counter()
        await asyncio.gather(*(self._replay(requests[k::clients], times) for k in range(clients)))
        wall = time.perf_counter() - started
        return {"p50_ms": _ms(times), "rate": round(len(times) / wall, 1)}

    async def _replay(self, requests: Sequence[list[Call]], times: list[float]) -> None:
        for calls in requests:
            started = time.perf_counter()
            for text, parameters in calls:
                async with self.driver.session(
                    database=self.database.name, default_access_mode=neo4j.READ_ACCESS
                ) as session:
                    await (await session.run(text, parameters)).to_eager_result()
            times.append(time.perf_counter() - started)

    def _reader(self) -> NodeReader:
        return NodeReader(self.database, self.vocabulary)

    def _standpoint(self, nodes: NodeReader) -> Standpoint:
        return Standpoint(nodes.view(), standard(), self.vocabulary, whole_ms(datetime.now(UTC)))


def _ms(seconds: Sequence[float]) -> float:
    return round(statistics.median(seconds) * 1000, 2)


@asynccontextmanager
async def inside(engine: Engine) -> AsyncIterator[Inside]:
    """Calls on ``engine``, with a connection pool of their own."""
    async with neo4j.AsyncGraphDatabase.driver(engine.uri, auth=engine.auth, **DRIVER) as driver:
        yield Inside(Timed(driver, engine.database), driver, Vocabulary.load())
