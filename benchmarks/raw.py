"""The limit: the statements of our own batches, with the same rows, straight through the driver."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import neo4j
from neo4j import AsyncDriver, AsyncTransaction, Record

from benchmarks.data import Sample
from graph.driver import Database, Transaction, Watch
from graph.meter import Unmetered
from graph.queries import Statement
from graph.recording import record
from graph.standings import Standings
from signals.events import Event
from signals.intake import Intake
from signals.vocabulary import Vocabulary


class Tape(Transaction):
    """A transaction that takes down what is sent through it."""

    def __init__(self, transaction: AsyncTransaction) -> None:
        super().__init__(transaction, Watch(float("inf"), Unmetered()))
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def run(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> list[Record]:
        self.calls.append((statement.text, dict(parameters or {})))
        return await super().run(statement, parameters)


class Raw:
    """Records batches of new events without HTTP, GraphQL, validation or a fold in the time that is measured."""

    def __init__(self, driver: AsyncDriver, database: str, sample: Sample) -> None:
        self._driver = driver
        self._database = database
        self._standings = Standings(Database(driver, database))
        self._vocabulary = Vocabulary.load()
        self._intake = Intake(self._vocabulary)
        self._inputs = sample.inputs(20_000, seed=11)
        self._next = 0

    async def measure(self, size: int, seconds: float) -> list[float]:
        """Seconds of each transaction of ``size`` new events, until they add up to ``seconds``."""
        times: list[float] = []
        while sum(times) < seconds:
            calls = await self._prepared(self._events(size))
            times.append(await self._sent(calls))
        return times

    def _events(self, size: int) -> list[Event]:
        now, prefix, events = datetime.now(UTC), uuid4().hex, []
        for k in range(size):
            given = self._inputs[self._next % len(self._inputs)]
            self._next += 1
            event = self._intake.one_of({"content": {"id": f"{prefix}-{k}", **given}}, now)
            if not isinstance(event, Event):
                raise TypeError(event.message)
            events.append(event)
        return events

    async def _prepared(self, events: list[Event]) -> list[tuple[str, dict[str, Any]]]:
        """The statements and parameters that recording ``events`` takes now; nothing stays recorded."""
        async with self._session() as session, await session.begin_transaction() as transaction:
            tape = Tape(transaction)
            await record(tape, events, self._vocabulary, self._standings)
            await transaction.rollback()
        return tape.calls

    async def _sent(self, calls: list[tuple[str, dict[str, Any]]]) -> float:
        """Send and commit them; the seconds that took."""
        async with self._session() as session:
            started = time.perf_counter()
            async with await session.begin_transaction() as transaction:
                for text, parameters in calls:
                    await (await transaction.run(text, parameters)).to_eager_result()
                await transaction.commit()
            return time.perf_counter() - started

    def _session(self) -> neo4j.AsyncSession:
        return self._driver.session(database=self._database)
