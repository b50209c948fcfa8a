"""The writer: concurrent requests share one transaction, and an answer is given only after the commit that holds it.

One transaction is under way at a time in a process; what arrives meanwhile waits in a bounded queue and goes together
in the next. Several processes take turns through the lock that every write transaction begins with.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import structlog

from graph import recording, registering, retracting
from graph.driver import Database, Transaction
from graph.errors import DATABASE_ERRORS, is_transient, translate
from graph.queries import statement
from graph.standings import Standings
from signals.content import Content, Registration
from signals.errors import Unavailable
from signals.events import Event
from signals.outcomes import InvalidInput, Overloaded, Problem, RetractOutcome, TrackOutcome
from signals.standing import Declaration, Standing
from signals.vocabulary import Vocabulary

log = structlog.get_logger(__name__)

T = TypeVar("T")

LOCK = statement("lock")
MIN_TRIES = 10
PAUSE_S = 0.002
MAX_DOUBLINGS = 6


@dataclass(slots=True, eq=False)
class Submission:
    """Events of one request, waiting for the outcome of each; ``deadline`` on the monotonic clock."""

    events: Sequence[Event]
    deadline: float
    done: asyncio.Future[list[TrackOutcome]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Writer:
    """Implements ``resolvers.ports.Recorder``. ``standings``: what decides whether an event may be recorded.

    ``capacity``: events that may wait; ``deadline``: seconds until an answer is given whatever the database does;
    ``batch_limit``: events in one transaction.
    """

    def __init__(
        self,
        database: Database,
        vocabulary: Vocabulary,
        *,
        standings: Standings | None = None,
        capacity: int = 20_000,
        deadline: float = 10.0,
        batch_limit: int = 1000,
    ) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._standings = standings or Standings(database)
        self._capacity = capacity
        self._deadline = deadline
        self._batch_limit = batch_limit
        self._queue: deque[Submission] = deque()
        self._waiting = 0
        self._arrived = asyncio.Event()
        self._turn = asyncio.Lock()
        self._worker: asyncio.Task[None] | None = None
        self._stopping = False
        self._pace_s = 0.02

    async def start(self) -> None:
        self._stopping = False
        self._worker = asyncio.create_task(self._work(), name="writer")

    async def stop(self) -> None:
        """Write what is queued, then stop."""
        self._stopping = True
        self._arrived.set()
        if self._worker is not None:
            await self._worker
            self._worker = None

    @property
    def waiting(self) -> int:
        """Events in the queue."""
        return self._waiting

    async def ready(self) -> bool:
        """Whether a write would succeed now: takes the lock and commits."""
        try:
            async with self._turn, self._database.transaction(timeout=self._deadline) as tx:
                await tx.run(LOCK, {"holder": "ready"})
        except DATABASE_ERRORS as error:
            log.warning("not ready", reason=str(translate(error)))
            return False
        return True

    async def record(self, events: Sequence[Event]) -> list[TrackOutcome]:
        """One outcome per event, in order, after the commit that holds them."""
        if not events:
            return []
        if self._stopping or self._waiting + len(events) > self._capacity:
            return [Overloaded(self._retry_after_ms())] * len(events)
        submission = Submission(events, time.monotonic() + self._deadline)
        self._queue.append(submission)
        self._waiting += len(events)
        self._arrived.set()
        return await submission.done

    async def retract(self, event_id: str, reason: str | None, at: datetime) -> RetractOutcome:
        """Take one event back, with everything derived from it."""
        try:
            async with self._turn:
                return await self._retried(
                    lambda tx: retracting.retract(tx, event_id, reason, at, self._vocabulary), self._now_plus_deadline()
                )
        except Unavailable:
            return Overloaded(self._retry_after_ms())

    async def register(self, registrations: Sequence[Registration]) -> list[Content] | Overloaded:
        """Remember facts about content; one answer per registration, in order."""
        try:
            async with self._turn:
                return await self._retried(
                    lambda tx: registering.register(tx, registrations), self._now_plus_deadline()
                )
        except Unavailable:
            return Overloaded(self._retry_after_ms())

    async def declare(self, user_id: str, said: Declaration) -> Standing | Overloaded:
        """Declare something about somebody; what is recorded afterwards, by whichever process, goes by it."""
        try:
            async with self._turn:
                return await self._retried(
                    lambda tx: self._standings.declare(tx, user_id, said), self._now_plus_deadline()
                )
        except Unavailable:
            return Overloaded(self._retry_after_ms())

    def _now_plus_deadline(self) -> float:
        return time.monotonic() + self._deadline

    def _retry_after_ms(self) -> int:
        """How long the queue should need, from the pace of late."""
        batches = 1 + self._waiting // self._batch_limit
        return max(50, min(10_000, round(1000 * self._pace_s * batches)))

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                await self._answered(self._next())
            if self._stopping:
                return

    def _next(self) -> list[Submission]:
        """Whole submissions up to the batch limit, at least one."""
        batch = [self._queue.popleft()]
        size = len(batch[0].events)
        while self._queue and size + len(self._queue[0].events) <= self._batch_limit:
            batch.append(self._queue.popleft())
            size += len(batch[-1].events)
        self._waiting -= size
        return batch

    async def _answered(self, batch: list[Submission]) -> None:
        """Every submission gets an answer, and the writer goes on, whatever happens."""
        try:
            await self._commit(batch)
        except Exception:
            log.exception("a batch was not answered as it should be")
            for submission in batch:
                if not submission.done.done():
                    submission.done.set_result([Overloaded(self._retry_after_ms())] * len(submission.events))

    async def _commit(self, batch: list[Submission]) -> None:
        """Record a batch and answer each of its submissions."""
        events = [event for submission in batch for event in submission.events]
        started = time.monotonic()
        async with self._turn:
            outcomes = await self._record(events, max(s.deadline for s in batch))
        took = time.monotonic() - started
        self._pace_s += 0.2 * (took - self._pace_s)
        position = 0
        for submission in batch:
            if not submission.done.done():
                submission.done.set_result(outcomes[position : position + len(submission.events)])
            position += len(submission.events)
        self._database.meter.wrote(len(events), took)

    async def _record(self, events: Sequence[Event], deadline: float) -> list[TrackOutcome]:
        """The outcomes of ``events``; where the database refuses them, the halves are tried apart."""
        try:
            return list(await self._retried(lambda tx: self._recorded(tx, events), deadline))
        except Unavailable as error:
            log.warning("not recorded", events=len(events), reason=str(error))
            return [Overloaded(self._retry_after_ms())] * len(events)
        except Exception:
            if len(events) == 1:
                log.exception("the database refused an event", event_id=events[0].id)
                return [InvalidInput((Problem((), "The database refused this event; it cannot be recorded."),))]
        middle = len(events) // 2
        first = await self._record(events[:middle], deadline)
        return first + await self._record(events[middle:], deadline)

    async def _recorded(self, tx: Transaction, events: Sequence[Event]) -> list[recording.Recorded]:
        return await recording.record(tx, events, self._vocabulary, self._standings)

    async def _retried(self, work: Callable[[Transaction], Awaitable[T]], deadline: float) -> T:
        """``work`` in a transaction, again after a transient error until ``deadline``; then Unavailable."""
        tries = 0
        while True:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise Unavailable
            try:
                async with self._database.transaction(timeout=remaining) as tx:
                    return await work(tx)
            except DATABASE_ERRORS as error:
                tries += 1
                if not is_transient(error):
                    raise _known(error) from error
                self._database.meter.retried("write")
                pause = random.uniform(0, PAUSE_S * 2 ** min(tries, MAX_DOUBLINGS))  # noqa: S311 -- jitter, no secret
                if tries >= MIN_TRIES and time.monotonic() + pause >= deadline:
                    raise translate(error) from error
                await asyncio.sleep(pause)


def _known(error: Exception) -> Exception:
    """Our own word for an outage; anything else as it is."""
    failure = translate(error)
    return failure if isinstance(failure, Unavailable) else error
