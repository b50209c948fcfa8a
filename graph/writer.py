"""The writer: concurrent requests share one transaction, and an answer is given only after the commit that holds it.

One transaction is under way at a time in a process; what arrives meanwhile waits in a bounded queue and goes together
in the next. Several processes take turns through the lock that every write transaction begins with.

An answer is given within the deadline, whatever the database does. A transaction that has begun by then is not given
up with it, or a slow machine would never get done with a large one: it goes on for a while, and the same call again
finds everything recorded.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import structlog

from graph import recording, registering, retracting
from graph.driver import Database, Transaction
from graph.errors import DATABASE_ERRORS, cause_of, is_at_commit, is_fault, is_transient, translate
from graph.queries import statement
from graph.sharing import Share, Shared
from graph.standings import Standings
from signals.content import Content, Registration
from signals.errors import SociographError, Unavailable
from signals.events import Event
from signals.outcomes import InvalidInput, Overloaded, Problem, RetractOutcome, TrackOutcome
from signals.standing import Declaration, Standing
from signals.vocabulary import Vocabulary

log = structlog.get_logger(__name__)

T = TypeVar("T")

LOCK = statement("lock")
PATIENCE_S = 10.0
"""How long a transaction may take that nobody waits for any more; a connection that hangs is given up then."""
PAUSE_S = 0.002
MAX_DOUBLINGS = 6
SHORTEST_WAIT_MS, LONGEST_WAIT_MS = 50, 10_000


@dataclass(slots=True, eq=False)
class Submission:
    """Events of one request, waiting for the outcome of each; ``deadline`` on the monotonic clock."""

    events: Sequence[Event]
    deadline: float
    context: Context = field(default_factory=copy_context)
    """Of the request: what is said and timed on its behalf belongs to it."""
    done: asyncio.Future[list[TrackOutcome]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Writer:
    """Implements ``resolvers.ports.Recorder``. ``standings``: what decides whether an event may be recorded.

    ``capacity``: events that may wait; ``deadline``: seconds until an answer is given whatever the database does;
    ``patience``: seconds that a transaction may take; ``batch_limit``: events in one transaction.
    """

    def __init__(
        self,
        database: Database,
        vocabulary: Vocabulary,
        *,
        standings: Standings | None = None,
        capacity: int = 20_000,
        deadline: float = 2.0,
        patience: float = PATIENCE_S,
        batch_limit: int = 1000,
    ) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._standings = standings or Standings(database)
        self._capacity = capacity
        self._deadline = deadline
        self._patience = max(patience, deadline)
        self._batch_limit = batch_limit
        self._queue: deque[Submission] = deque()
        self._registrations = Shared[Registration, Content](batch_limit)
        self._waiting = 0
        self._arrived = asyncio.Event()
        self._turn = asyncio.Lock()
        self._worker: asyncio.Task[None] | None = None
        self._stopping = False
        self._pace_s = 0.02
        self._begun_at: float | None = None

    async def start(self) -> None:
        self._stopping = False
        self._worker = asyncio.create_task(self._work(), name="writer")

    async def stop(self) -> None:
        """Write what is queued, finish what is under way, then stop."""
        self._stopping = True
        self._arrived.set()
        if self._worker is not None:
            await self._worker
            self._worker = None
        async with self._turn:
            return

    @property
    def waiting(self) -> int:
        """Events in the queue."""
        return self._waiting

    async def ready(self) -> bool:
        """Whether a write would succeed now."""
        async with self._turn:
            return await self._takes_writes()

    async def record(self, events: Sequence[Event]) -> list[TrackOutcome]:
        """One outcome per event, in order, after the commit that holds them, or Overloaded at the deadline."""
        if not events:
            return []
        if self._stopping or self._waiting + len(events) > self._capacity:
            return [Overloaded(self._retry_after_ms())] * len(events)
        submission = Submission(events, time.monotonic() + self._deadline)
        self._queue.append(submission)
        self._waiting += len(events)
        self._arrived.set()
        try:
            async with asyncio.timeout(self._deadline):
                return await submission.done
        except TimeoutError:
            self._forget()
            return [Overloaded(self._retry_after_ms())] * len(events)

    async def retract(self, event_id: str, reason: str | None, at: datetime) -> RetractOutcome:
        """Take one event back, with everything derived from it."""
        work = partial(retracting.retract, event_id=event_id, reason=reason, at=at, vocabulary=self._vocabulary)
        return await self._promptly(partial(self._retried, work))

    async def register(self, registrations: Sequence[Registration]) -> list[Content] | Overloaded:
        """Remember facts about content; one answer per registration, in order. Those that wait share a transaction."""
        with self._registrations.waiting(registrations) as share:
            return await self._promptly(partial(self._registered, share))

    async def declare(self, user_id: str, said: Declaration) -> Standing | Overloaded:
        """Declare something about somebody; what is recorded afterwards, by whichever process, goes by it."""
        return await self._promptly(
            partial(self._retried, partial(self._standings.declare, user_id=user_id, said=said))
        )

    async def in_turn(self, work: Callable[[Transaction], Awaitable[T]], patience_s: float) -> T:
        """What ``work`` answers, in a transaction of its own between those of batches; what passes is tried again.

        Raises Unavailable after ``patience_s`` seconds.
        """
        async with self._turn:
            return await self._retried(work, time.monotonic() + patience_s)

    async def _promptly(self, act: Callable[[float], Awaitable[T]]) -> T | Overloaded:
        """What ``act``, told the deadline, answers in its turn, or Overloaded at the deadline; what has its turn by
        then is finished all the same."""
        deadline = time.monotonic() + self._deadline
        try:
            async with asyncio.timeout(self._deadline):
                await self._turn.acquire()
                task = asyncio.create_task(self._finished(act, deadline), name="write")
                task.add_done_callback(_heard)
                return await asyncio.shield(task)
        except TimeoutError:
            return Overloaded(self._retry_after_ms())

    async def _finished(self, act: Callable[[float], Awaitable[T]], deadline: float) -> T | Overloaded:
        """What ``act`` answers; the turn, which is ours, is given back."""
        try:
            return await act(deadline)
        except (Unavailable, *DATABASE_ERRORS) as error:
            if not isinstance(translate(error), Unavailable):
                raise
            log.warning("not written", reason=str(translate(error)), cause=type(error).__name__)
            return Overloaded(self._retry_after_ms())
        finally:
            self._turn.release()

    async def _registered(self, share: Share[Registration, Content], deadline: float) -> list[Content]:
        async def work(registrations: Sequence[Registration]) -> list[Content]:
            register = partial(registering.register, registrations=registrations, standings=self._standings)
            return await self._retried(register, deadline)

        return await self._registrations.answer(share, work)

    def _retry_after_ms(self) -> int:
        """How long the queue should need, from the pace of late, and no less than what is under way has taken."""
        batches = 1 + self._waiting // self._batch_limit
        under_way = 0.0 if self._begun_at is None else time.monotonic() - self._begun_at
        return max(SHORTEST_WAIT_MS, min(LONGEST_WAIT_MS, round(1000 * max(self._pace_s * batches, under_way))))

    def _forget(self) -> None:
        """Drop what waits in front and was answered at its deadline."""
        while self._queue and self._queue[0].done.done():
            self._waiting -= len(self._queue.popleft().events)

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while batch := self._next():
                await asyncio.create_task(self._answered(batch), name="batch", context=batch[0].context)
            if self._stopping:
                return

    def _next(self) -> list[Submission]:
        """Whole submissions up to the batch limit, at least one where somebody waits."""
        batch: list[Submission] = []
        size = 0
        while self._queue and (not size or size + len(self._queue[0].events) <= self._batch_limit):
            submission = self._queue.popleft()
            self._waiting -= len(submission.events)
            if not submission.done.done():
                batch.append(submission)
                size += len(submission.events)
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
        self._begun_at = started = time.monotonic()
        try:
            async with self._turn:
                outcomes = await self._recorded(events, max(s.deadline for s in batch))
        finally:
            self._begun_at = None
        took = time.monotonic() - started
        self._pace_s += 0.2 * (took - self._pace_s)
        position = 0
        for submission in batch:
            if not submission.done.done():
                submission.done.set_result(outcomes[position : position + len(submission.events)])
            position += len(submission.events)
        self._database.meter.wrote(len(events), took)

    async def _recorded(self, events: Sequence[Event], deadline: float) -> list[TrackOutcome]:
        """The outcomes of ``events``; where the database refuses them, the halves are tried apart.

        Where it refuses anything else as well it has failed, and the events are none the worse for it.
        """
        try:
            return list(await self._retried(lambda tx: self._record(tx, events), deadline))
        except Unavailable as error:
            return self._postponed(events, error)
        except Exception as error:  # noqa: BLE001 -- whatever one event does, it must not sink the others
            if is_fault(error) and not await self._takes_writes():
                return self._postponed(events, error)
            if len(events) == 1:
                return self._refused(events, error)
        middle = len(events) // 2
        first = await self._recorded(events[:middle], deadline)
        return first + await self._recorded(events[middle:], deadline)

    async def _record(self, tx: Transaction, events: Sequence[Event]) -> list[recording.Recorded]:
        return await recording.record(tx, events, self._vocabulary, self._standings)

    def _postponed(self, events: Sequence[Event], error: Exception) -> list[TrackOutcome]:
        log.warning("not recorded", events=len(events), reason=str(translate(error)), cause=type(error).__name__)
        return [Overloaded(self._retry_after_ms())] * len(events)

    def _refused(self, events: Sequence[Event], error: Exception) -> list[TrackOutcome]:
        """A single event that the database does not take. It is called wrong only where its statements were."""
        if is_at_commit(error):
            return self._postponed(events, error)
        ours = not isinstance(error, DATABASE_ERRORS)
        log.error("the database refused an event", code=getattr(error, "code", None), exc_info=error if ours else None)
        return [InvalidInput((Problem((), "The database refused this event; it cannot be recorded."),))]

    async def _takes_writes(self) -> bool:
        """Whether the database takes anything at all: takes the lock and commits."""
        try:
            async with self._database.transaction(timeout=self._patience) as tx:
                await tx.run(LOCK, {"holder": uuid4().hex})
        except DATABASE_ERRORS as error:
            log.warning("the database takes no writes", reason=str(translate(error)), cause=cause_of(error))
            return False
        return True

    async def _retried(self, work: Callable[[Transaction], Awaitable[T]], deadline: float) -> T:
        """``work`` in a transaction, again after a transient error until ``deadline``; then Unavailable."""
        tries = 0
        obstacle: SociographError = Unavailable()
        while time.monotonic() < deadline:
            try:
                async with self._database.transaction(timeout=self._patience) as tx:
                    return await work(tx)
            except DATABASE_ERRORS as error:
                if not is_transient(error):
                    raise _known(error) from error
                obstacle = translate(error)
            tries += 1
            self._database.meter.retried("write")
            pause = random.uniform(0, PAUSE_S * 2 ** min(tries, MAX_DOUBLINGS))  # noqa: S311 -- jitter, no secret
            await asyncio.sleep(pause)
        raise obstacle


def _heard(task: asyncio.Task[Any]) -> None:
    """Somebody looks at how a write ended whose caller was answered before."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("a write failed", error=type(error).__name__, code=getattr(error, "code", None))


def _known(error: Exception) -> Exception:
    """Our own word for an outage; anything else as it is."""
    failure = translate(error)
    return failure if isinstance(failure, Unavailable) and not is_fault(error) else error
