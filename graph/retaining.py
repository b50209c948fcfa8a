"""Retention: what was kept long enough loses what no aggregate is made of, or is taken out of everything.

A run goes in steps of bounded work, and a step in bounded transactions between those of the writer. Nothing of a run is
kept but what the last whole one covered: one that was stopped is begun again, and finds done what was done.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog

from graph.driver import Database, Transaction
from graph.errors import DATABASE_ERRORS
from graph.expiring import Row, strip, take_out
from graph.history import windows
from graph.queries import Statement, statement
from signals.calendar import Period
from signals.clock import from_ms, to_ms
from signals.errors import InvalidCursor, SociographError
from signals.packing import SEPARATOR, joined
from signals.retention import AGGREGATES, NOTHING, Expired, Expiry, Keep, Retention
from signals.rollups import EVERYTHING, day_of
from signals.vocabulary import Vocabulary

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

DAYS_OF_SUBJECT = statement("days_of_subject")
HABITS_SEQ = statement("habits_seq")
RETAIN_LATE = statement("retain_late")
RETAIN_MARK = statement("retain_mark")
RETAIN_SPAN = statement("retain_span")
RETAIN_STAGE = statement("retain_stage")

STRIPPED_AT_ONCE = 200
TAKEN_OUT_AT_ONCE = 50
"""Events in one transaction, which the writer waits for."""
LATE_AT_ONCE = 3000
"""Places in commit order that are looked at in one statement."""
STEP_S = 2.0
"""For a step, about: it ends with the transaction that is under way."""
PATIENCE_S = 60.0
"""For a statement or a transaction."""
PAUSE_S = 60.0
"""Between two looks at whether a run is due."""
MANY_DAYS = 1_000_000

T = TypeVar("T")


class Turns(Protocol):
    """What lets a transaction have its turn among those of the writer."""

    async def in_turn(self, work: Callable[[Transaction], Awaitable[T]], patience_s: float) -> T: ...


@dataclass(frozen=True, slots=True)
class Place:
    """How far a run has come. ``now``: when it began, epoch ms; ``value``: of the sequence then; ``table``: its print.

    ``at``: what happened before is done; ``seq``: late events are done up to this place in commit order, None before
    the first of them.
    """

    now: int
    value: int
    table: str
    at: int = 0
    seq: int | None = None

    def cursor(self) -> str:
        seq = "" if self.seq is None else str(self.seq)
        return base64.urlsafe_b64encode(
            joined(str(self.now), str(self.value), self.table, str(self.at), seq).encode()
        ).decode()

    @classmethod
    def of(cls, cursor: str) -> Place:
        """Raises InvalidCursor."""
        try:
            now, value, table, at, seq = base64.urlsafe_b64decode(cursor.encode()).decode().split(SEPARATOR)
            return cls(int(now), int(value), table, int(at), int(seq) if seq else None)
        except (binascii.Error, ValueError) as error:
            raise InvalidCursor from error


@dataclass(frozen=True, slots=True)
class Covered:
    """What the last whole run by the same table left nothing of: up to which time, and which place in commit order."""

    to: int
    seq: int


@dataclass(slots=True)
class _Step:
    """What a step has come to, and when it is to end (monotonic)."""

    ends: float
    found: Counter[tuple[str, Keep]] = field(default_factory=Counter)

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.ends

    def add(self, keep: Keep, types: Counter[str]) -> None:
        for type, events in types.items():
            self.found[type, keep] += events

    def expiry(self, rest: Place | None) -> Expiry:
        rows = (Expired(type, keep, events) for (type, keep), events in self.found.items() if events)
        return Expiry(
            tuple(sorted(rows, key=lambda row: (-row.events, row.type))), None if rest is None else rest.cursor()
        )


class Retainer:
    """Implements ``resolvers.ports.Retaining``."""

    def __init__(self, database: Database, turns: Turns, vocabulary: Vocabulary, table: Retention) -> None:
        self._database = database
        self._turns = turns
        self._vocabulary = vocabulary
        self._table = table

    async def step(
        self, now: datetime, *, days: int | None = None, after: str | None = None, dry_run: bool = False
    ) -> Expiry:
        """Let go of what is old enough, for about two seconds. ``days``: instead of the table's default.

        ``after``: where the step before ended; without it a run begins. ``dry_run``: count only. Raises InvalidCursor.
        """
        table = self._table.within(days)
        place = await self._begun(table, now) if after is None else Place.of(after)
        if place.table != table.print:
            raise InvalidCursor("This run was begun by another table. Start without a cursor.")
        step, covered = _Step(time.monotonic() + STEP_S), await self._covered(table)
        async for rows, reached in self._portions(table, place, covered):
            if not await self._let_go(table, rows, place.now, step, dry_run):
                return step.expiry(place)
            place = reached
            if step.over:
                return step.expiry(place)
        if not dry_run and days is None:
            await self._mark(place)
        return step.expiry(None)

    async def run(self, now: datetime) -> int:
        """A whole run; the number of events that were let go of."""
        expiry = await self.step(now)
        events = expiry.events
        while expiry.next is not None:
            expiry = await self.step(now, after=expiry.next)
            events += expiry.events
        return events

    async def keep(self, now: Callable[[], datetime], every: timedelta) -> None:
        """Run whenever the last whole run is longer ago than ``every``, until cancelled."""
        while True:
            try:
                stage = await self._database.single(RETAIN_STAGE)
                last = None if stage is None or stage["to"] is None else from_ms(stage["to"])
                if last is None or now() - last >= every:
                    log.info("old events have expired", events=await self.run(now()))
            except (SociographError, *DATABASE_ERRORS) as error:
                log.warning("old events expire later", cause=type(error).__name__)
            await asyncio.sleep(PAUSE_S)

    async def _begun(self, table: Retention, now: datetime) -> Place:
        row = await self._database.single(HABITS_SEQ)
        return Place(to_ms(now), 0 if row is None else row["value"], table.print)

    async def _covered(self, table: Retention) -> Covered | None:
        row = await self._database.single(RETAIN_STAGE)
        return None if row is None or row["table"] != table.print else Covered(row["to"], row["seq"])

    async def _mark(self, place: Place) -> None:
        parameters = {"to": place.now, "seq": place.value, "table": place.table}

        async def mark(tx: Transaction) -> None:
            await tx.run(RETAIN_MARK, parameters)

        await self._turns.in_turn(mark, PATIENCE_S)

    async def _portions(
        self, table: Retention, place: Place, covered: Covered | None
    ) -> AsyncIterator[tuple[list[Row], Place]]:
        """What there is to look at from ``place`` on, and how far each portion reaches."""
        spans = table.spans(place.now, None if covered is None else covered.to)
        if place.seq is None:
            for span in spans:
                for low, high in await self._windows(Period(max(span.start, place.at), span.end)):
                    parameters = {"from": low, "until": high, "all": table.takes_out}
                    yield await self._rows(RETAIN_SPAN, parameters), replace(place, at=high)
        if covered is None:
            return
        for first in range((place.seq or covered.seq) + 1, place.value + 1, LATE_AT_ONCE):
            last = min(first + LATE_AT_ONCE - 1, place.value)
            rows = await self._rows(RETAIN_LATE, {"first": first, "last": last, "until": place.now})
            yield [row for row in rows if not _within(row.at, spans)], replace(place, seq=last)

    async def _windows(self, span: Period) -> list[tuple[int, int]]:
        """The span in parts of a few thousand events, oldest first."""
        if span.start >= span.end:
            return []
        parameters = {"subject": EVERYTHING, "from": day_of(span.start), "to": span.end, "limit": MANY_DAYS}
        days = await self._database.read(DAYS_OF_SUBJECT, parameters, timeout=PATIENCE_S)
        parts = windows([(row["at"], row["n"]) for row in days], span.end)
        clipped = ((max(low, span.start), min(high, span.end)) for low, high in parts)
        return [(low, high) for low, high in clipped if low < high]

    async def _rows(self, read: Statement, parameters: dict[str, Any]) -> list[Row]:
        record = await self._database.single(read, parameters, timeout=PATIENCE_S)
        return [] if record is None else list(map(Row._make, record["rows"]))

    async def _let_go(self, table: Retention, rows: Iterable[Row], now: int, step: _Step, dry_run: bool) -> bool:
        """Whether all of the rows that are old enough are done; else the step is over."""
        due = _due(table, rows, now)
        if dry_run:
            for keep, some in due.items():
                step.add(keep, Counter(row.type for row in some))
            return True
        return await self._strip(due[AGGREGATES], now, step) and await self._take_out(due[NOTHING], now, step)

    async def _strip(self, rows: Sequence[Row], now: int, step: _Step) -> bool:
        ids = [row.id for row in rows]
        for start in range(0, len(ids), STRIPPED_AT_ONCE):
            if step.over:
                return False
            some = ids[start : start + STRIPPED_AT_ONCE]
            step.add(AGGREGATES, await self._turns.in_turn(partial(strip, ids=some, at=now), PATIENCE_S))
        return True

    async def _take_out(self, rows: Sequence[Row], now: int, step: _Step) -> bool:
        ids = [row.id for row in sorted(rows, key=lambda row: (row.actor_id, row.pair or ""))]
        for start in range(0, len(ids), TAKEN_OUT_AT_ONCE):
            if step.over:
                return False
            some = ids[start : start + TAKEN_OUT_AT_ONCE]
            work = partial(take_out, ids=some, at=now, vocabulary=self._vocabulary)
            step.add(NOTHING, await self._turns.in_turn(work, PATIENCE_S))
        return True


def _due(table: Retention, rows: Iterable[Row], now: int) -> dict[Keep, list[Row]]:
    """What is old enough and has not expired; of what nothing is to stay also what has."""
    found: dict[Keep, list[Row]] = {AGGREGATES: [], NOTHING: []}
    for row in rows:
        keep = table.due(row.type, row.at, now)
        if keep is not None and not (row.gone and keep == AGGREGATES):
            found[keep].append(row)
    return found


def _within(at: int, spans: Iterable[Period]) -> bool:
    return any(span.start <= at < span.end for span in spans)
