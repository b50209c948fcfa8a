"""Sending a long run of events: batches, several under way at once, until every item is taken or refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Protocol, TypeAlias

from resolvers.ports import Recorder
from resolvers.recording import track_batch
from signals.errors import Unavailable
from signals.intake import Intake
from signals.limits import BATCH
from signals.outcomes import IdConflict, InvalidInput, Overloaded, Problem, Refused, Tracked, TrackOutcome
from signals.rows import REGISTER, Raw

IN_FLIGHT = 3
"""Batches under way at once: one being written, one waiting for it, one being checked."""
PATIENCE_S = 120.0
"""How long a sink may take nothing at all before the run is given up."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to send, or what is wrong with it, and where it came from."""

    line: int
    """In its file, from 1; the last one where it spans several."""
    raw: Raw | InvalidInput
    source: Sequence[str] = ()
    """The cells it was read from."""


@dataclass(slots=True)
class Receipt:
    """What became of a batch; what is neither refused nor overloaded is recorded, some of it as duplicates.

    ``refused``: reasons by position. ``overloaded``: positions to send again after ``retry_after_ms``.
    """

    tracked: int = 0
    refused: dict[int, str] = field(default_factory=dict)
    overloaded: list[int] = field(default_factory=list)
    retry_after_ms: int = 0


@dataclass(slots=True)
class Tally:
    """How far a run has come, in items. ``registered``: pieces of content, which are not among the other numbers."""

    tracked: int = 0
    duplicates: int = 0
    rejected: int = 0
    registered: int = 0

    @property
    def rows(self) -> int:
        return self.tracked + self.duplicates + self.rejected + self.registered


class Sink(Protocol):
    """Where events go. Raises Unavailable when it is gone for good."""

    async def track(self, events: Sequence[Raw]) -> Receipt:
        """Record EventInputs, at most 1000."""
        ...

    async def register(self, contents: Sequence[Raw]) -> Receipt:
        """Register RegisterContentInputs, at most 1000."""
        ...


Send: TypeAlias = Callable[[Sequence[Raw]], Awaitable[Receipt]]


class Delivery:
    """One run into ``sink``. ``reject`` hears of each item that was refused, and why; ``progress`` of each batch."""

    def __init__(
        self,
        sink: Sink,
        *,
        reject: Callable[[Item, str], None],
        progress: Callable[[Tally], None],
        patience: float = PATIENCE_S,
    ) -> None:
        self._sink, self._reject, self._progress, self._patience = sink, reject, progress, patience
        self._taken_at = time.monotonic()
        self.tally = Tally()

    async def send(self, items: Iterable[Item]) -> Tally:
        """Send everything. Raises what the sink and ``items`` raise.

        ``items`` may take its time, it is read in a thread; no further ahead than what is under way.
        """
        free, batches = asyncio.Semaphore(IN_FLIGHT), _batches(items)
        try:
            async with asyncio.TaskGroup() as group:
                while batch := await asyncio.to_thread(next, batches, None):
                    await free.acquire()
                    group.create_task(self._send(batch)).add_done_callback(lambda _: free.release())
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures
        return self.tally

    async def _send(self, batch: Sequence[Item]) -> None:
        contents, events = [], []
        for item in batch:
            if isinstance(item.raw, InvalidInput):
                self._refuse(item, reason(item.raw.problems))
            elif REGISTER in item.raw:
                contents.append((item, item.raw[REGISTER]))
            else:
                events.append((item, item.raw))
        if contents:
            tracked, repeated = await self._until_taken(contents, self._sink.register)
            self.tally.registered += tracked + repeated
        if events:
            tracked, repeated = await self._until_taken(events, self._sink.track)
            self.tally.tracked += tracked
            self.tally.duplicates += repeated
        self._progress(self.tally)

    async def _until_taken(self, waiting: list[tuple[Item, Raw]], send: Send) -> tuple[int, int]:
        """Send until nothing is overloaded; how many were new and how many were there already."""
        tracked = repeated = 0
        while waiting:
            answer = await send([raw for _, raw in waiting])
            for position, why in answer.refused.items():
                self._refuse(waiting[position][0], why)
            tracked += answer.tracked
            repeated += len(waiting) - answer.tracked - len(answer.refused) - len(answer.overloaded)
            await self._wait_after(answer, len(waiting))
            waiting = [waiting[position] for position in answer.overloaded]
        return tracked, repeated

    async def _wait_after(self, answer: Receipt, sent: int) -> None:
        if len(answer.overloaded) < sent:
            self._taken_at = time.monotonic()
        elif time.monotonic() - self._taken_at > self._patience:
            raise Unavailable(f"The database has taken nothing for {self._patience:.0f} seconds.")
        if answer.overloaded:
            await asyncio.sleep(answer.retry_after_ms / 1000)

    def _refuse(self, item: Item, why: str) -> None:
        self.tally.rejected += 1
        self._reject(item, why)


class Direct:
    """The sink that is this process: events go straight to the recorder there is at the time."""

    def __init__(self, recorder: Callable[[], Recorder], intake: Intake, now: Callable[[], datetime]) -> None:
        self._recorder, self._intake, self._now = recorder, intake, now

    async def track(self, events: Sequence[Raw]) -> Receipt:
        return receipt_of((await track_batch(self._recorder(), self._intake, events, self._now())).results)

    async def register(self, contents: Sequence[Raw]) -> Receipt:
        checked = [self._intake.registration(raw) for raw in contents]
        refused = {n: reason(each.problems) for n, each in enumerate(checked) if isinstance(each, InvalidInput)}
        good = [each for each in checked if not isinstance(each, InvalidInput)]
        answer = await self._recorder().register(good) if good else []
        if isinstance(answer, Overloaded):
            again = [n for n in range(len(contents)) if n not in refused]
            return Receipt(refused=refused, overloaded=again, retry_after_ms=answer.retry_after_ms)
        return Receipt(tracked=len(good), refused=refused)


def receipt_of(outcomes: Sequence[TrackOutcome]) -> Receipt:
    """The receipt for a batch's outcomes."""
    receipt = Receipt()
    for position, outcome in enumerate(outcomes):
        match outcome:
            case Tracked():
                receipt.tracked += not outcome.duplicate
            case InvalidInput():
                receipt.refused[position] = reason(without_place(outcome.problems))
            case IdConflict() | Refused():
                receipt.refused[position] = outcome.message
            case Overloaded():
                receipt.overloaded.append(position)
                receipt.retry_after_ms = max(receipt.retry_after_ms, outcome.retry_after_ms)
    return receipt


def reason(problems: Iterable[Problem]) -> str:
    """Everything that is wrong with an item, on one line."""
    return "; ".join(": ".join(filter(None, (".".join(p.path), p.message))) for p in problems)


def without_place(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Paths that begin at the event: its place in a batch means nothing to the reader of a file."""
    return (Problem(p.path[2:] if p.path[:1] == ("events",) else p.path, p.message) for p in problems)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
