"""The Bolt driver, narrowed to what is needed: named statements, explicit transactions, deadlines, a slow log."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import structlog
from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncTransaction,
    NotificationMinimumSeverity,
    Query,
    Record,
)
from neo4j.api import AsyncBookmarkManager

from graph.errors import DATABASE_ERRORS, is_fault, is_transient, translate
from graph.meter import Meter, Unmetered
from graph.queries import Statement, statement
from graph.singles import single

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PING = statement("ping")
DRIVER: Mapping[str, Any] = {
    "telemetry_disabled": True,
    "notifications_min_severity": NotificationMinimumSeverity.OFF,
    "user_agent": "sociograph",
    "fetch_size": -1,
    "max_connection_pool_size": 100,
    "connection_timeout": 5.0,
    "connection_acquisition_timeout": 10.0,
    "liveness_check_timeout": 15.0,
    "max_transaction_retry_time": 0.0,
}
"""Times in seconds. The driver's own retries, which start after a whole second, are off: see ``Database.read``."""

FIRST_PAUSE = 0.002
LONGEST_PAUSE = 0.128


@asynccontextmanager
async def connect(
    uri: str,
    auth: tuple[str, str] | None,
    database: str,
    *,
    timeout: float = 5.0,
    slow_ms: float = 500.0,
    meter: Meter | None = None,
    carried: Callable[[], Mapping[str, str]] | None = None,
) -> AsyncIterator[Database]:
    """A ``Database`` over a connection pool, closed at the end. Nothing is sent until the first statement.

    Over ``neo4j://`` (a cluster, maybe) a read waits for the writes this process has committed. What is ``carried`` at
    the time of a transaction stands in its metadata, which the database's own log shows.
    """
    bookmarks = AsyncGraphDatabase.bookmark_manager() if uri.startswith("neo4j") else None
    async with AsyncGraphDatabase.driver(uri, auth=auth, **DRIVER) as driver:
        yield Database(
            driver, database, timeout=timeout, slow_ms=slow_ms, bookmarks=bookmarks, meter=meter, carried=carried
        )


def nothing() -> Mapping[str, str]:
    """What is carried where nobody follows requests."""
    return {}


class Watch:
    """Times statements: tells the meter of all, and the log of those that take more than ``slow_ms``."""

    def __init__(self, slow_ms: float, meter: Meter) -> None:
        self._slow_ms = slow_ms
        self.meter = meter

    @contextmanager
    def over(self, name: str) -> Iterator[None]:
        """Times what is done in the block."""
        started = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - started
            self.meter.ran(name, seconds)
            if seconds * 1000 > self._slow_ms:
                log.warning("slow statement", statement=name, ms=round(seconds * 1000, 1))


class Transaction:
    """Statements that take effect together."""

    def __init__(self, transaction: AsyncTransaction, watch: Watch) -> None:
        self._transaction = transaction
        self._watch = watch

    async def run(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> list[Record]:
        """All records of one statement. The driver's errors pass through: they decide about the whole transaction."""
        with self._watch.over(statement.name):
            result = await self._transaction.run(statement.text, dict(parameters or {}))
            return (await result.to_eager_result()).records


class Database:
    """One database behind a driver. ``timeout``: seconds a call may take; ``slow_ms``: what is logged as slow."""

    def __init__(
        self,
        driver: AsyncDriver,
        name: str,
        *,
        timeout: float = 5.0,
        slow_ms: float = 500.0,
        bookmarks: AsyncBookmarkManager | None = None,
        meter: Meter | None = None,
        carried: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        self._driver = driver
        self.name = name
        self._timeout = timeout
        self._watch = Watch(slow_ms, meter or Unmetered())
        self._bookmarks = bookmarks
        self._carried = carried or nothing

    @property
    def meter(self) -> Meter:
        """Who is told what happens."""
        return self._watch.meter

    def patient(self, timeout: float) -> Database:
        """The same database with ``timeout`` seconds for a call and nothing logged as slow: for preparations."""
        return Database(
            self._driver,
            self.name,
            timeout=timeout,
            slow_ms=math.inf,
            bookmarks=self._bookmarks,
            meter=self.meter,
            carried=self._carried,
        )

    async def read(
        self, statement: Statement, parameters: Mapping[str, Any] | None = None, *, timeout: float | None = None
    ) -> list[Record]:
        """All records of one statement, in a read transaction of its own; transient errors are tried again.

        Raises Unavailable when the database is gone or did not answer within ``timeout`` seconds.
        """
        limit = self._timeout if timeout is None else timeout
        with self._watch.over(statement.name), _translated():
            retried = partial(self.meter.retried, "read")
            return await _retried(partial(self._once, statement, parameters or {}, limit), limit, retried)

    async def single(
        self, statement: Statement, parameters: Mapping[str, Any] | None = None, *, timeout: float | None = None
    ) -> Record | None:
        """As ``read``, for a statement that promises one result at most."""
        return single(await self.read(statement, parameters, timeout=timeout), statement)

    @asynccontextmanager
    async def transaction(self, *, name: str = "write", timeout: float | None = None) -> AsyncIterator[Transaction]:
        """A write transaction: commits on a clean exit, rolls back on an error or a cancellation.

        ``name`` is what the database's own log and transaction list show. The driver's errors pass through, and
        TimeoutError after ``timeout`` seconds, when nobody can say whether the commit took place.
        """
        limit = self._timeout if timeout is None else timeout
        async with (
            asyncio.timeout(limit),
            self._driver.session(
                database=self.name, default_access_mode=WRITE_ACCESS, bookmark_manager=self._bookmarks
            ) as session,
            await session.begin_transaction(metadata={"query": name, **self._carried()}, timeout=limit) as transaction,
        ):
            yield Transaction(transaction, self._watch)
            with self._watch.over(f"{name}: commit"):
                await transaction.commit()

    async def autocommit(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> list[Record]:
        """One statement outside any explicit transaction: what schema changes need, and nothing else should use."""
        query = Query(statement.text, metadata={"query": statement.name, **self._carried()})
        async with self._driver.session(database=self.name, default_access_mode=WRITE_ACCESS) as session:
            result = await session.run(query, dict(parameters or {}))
            return (await result.to_eager_result()).records

    async def verify(self, *, timeout: float | None = None) -> None:
        """Return when the database answers. Raises Unavailable, with the reason, when it does not."""
        limit = self._timeout if timeout is None else timeout
        with _translated():
            async with asyncio.timeout(limit):
                await self._once(PING, {}, limit)

    async def _once(self, statement: Statement, parameters: Mapping[str, Any], limit: float) -> list[Record]:
        """A statement by itself is one round trip; a transaction around it, as the driver makes one, would be three."""
        query = Query(statement.text, metadata={"query": statement.name, **self._carried()}, timeout=limit)
        async with self._driver.session(
            database=self.name, default_access_mode=READ_ACCESS, bookmark_manager=self._bookmarks
        ) as session:
            result = await session.run(query, dict(parameters))
            return (await result.to_eager_result()).records


async def _retried(
    attempt: Callable[[], Awaitable[list[Record]]], limit: float, retried: Callable[[], None]
) -> list[Record]:
    """The first answer within ``limit`` seconds; without one, what stood in its way. ``retried``: called each time."""
    pause, obstacle = FIRST_PAUSE, None
    try:
        async with asyncio.timeout(limit):
            while True:
                try:
                    return await attempt()
                except DATABASE_ERRORS as error:
                    if not is_transient(error):
                        raise
                    obstacle = error
                retried()
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
    except TimeoutError as late:
        raise obstacle or late from None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DATABASE_ERRORS as error:
        if is_fault(error):
            log.error("the database failed", code=getattr(error, "code", None))
        raise translate(error) from error
