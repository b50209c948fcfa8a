"""Which users and contents were written since this process last looked, by whatever process.

The log says it: an event names everything that its transaction writes. What is written without a new event (something
is taken back, registered, erased) is noted beside the log's length, the latest few notes. So one look, which is one
row, vouches for everything that is remembered, and what has changed is known by name.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Mapping, Sequence
from time import monotonic
from typing import Any

from graph import stamps
from graph.driver import Database, Transaction
from graph.queries import statement
from signals.packing import SEPARATOR

CHANGES_EVENTS = statement("changes_events")
CHANGES_MARK = statement("changes_mark")
CHANGES_VALUE = statement("changes_value")

NOTES = 64
"""So many notes are kept: who comes later than that has to ask about everything."""
NAMED = 50
"""A note that would name more names nothing, which stands for everything."""
MANY = 1000
"""Events that are looked through; after more of them everything is asked about."""
REMEMBERED = 200_000
"""Changed keys that are remembered."""
NEVER = -math.inf
LINE = "\n"


class Changes:
    """Times are those of the monotonic clock. ``tick``: when the last look began; what is read after it is as new.

    A transaction that commits becomes visible part by part: the log's length before the events, an index after the
    nodes, one property of a node before another. So an event that is missing is looked for again, and what was read
    within ``stamps.APPLIED_S`` of its being named is read once more.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.tick = 0.0
        self._floor = NEVER
        self._changed: dict[str, float] = {}
        self._seen: tuple[int, str | None, int] | None = None
        self._seq = 0
        self._id: str | None = None
        self._missed_at: float | None = None
        self._marks = 0
        self._marked_at = 0.0
        self._under_way: asyncio.Task[None] | None = None
        self._waiting: asyncio.Task[None] | None = None

    def trusted(self, key: str) -> float:
        """The tick of the first look after which what was read of a user (by id) or a content (by key) is still so."""
        return max(self._floor, self._changed.get(key, NEVER)) + stamps.APPLIED_S

    def since(self, ticks: Mapping[str, float]) -> set[str]:
        """Which users (by id) and contents (by key) may be others than was read of each after the look at its tick."""
        floor, changed = self._floor + stamps.APPLIED_S, self._changed.get
        return {key for key, tick in ticks.items() if tick < floor or changed(key, NEVER) + stamps.APPLIED_S > tick}

    def vouched(self, key: str, tick: float) -> bool:
        """Whether what was read after the look at ``tick`` belongs together for sure: stamp and values."""
        return self.trusted(key) - 2 * stamps.APPLIED_S >= tick

    async def look(self) -> None:
        """See what has been written until now. Who comes while a look is under way shares the next one.

        Raises Unavailable.
        """
        if self._waiting is None:
            self._waiting = asyncio.create_task(self._in_turn(self._under_way), name="changes")
        await asyncio.shield(self._waiting)

    async def _in_turn(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        self._under_way, self._waiting = self._waiting, None
        began = monotonic()
        await self._look(began)
        self.tick = began

    async def _look(self, began: float) -> None:
        row = await self._database.single(CHANGES_VALUE, {"marks": self._marks})
        if row is None:
            self._forget(began)
            return
        value, marks, seen = row["value"], row["marks"], (row["value"], row["holder"], row["marks"])
        if seen == self._seen and self._missed_at is None and marks == self._marks:
            return
        self._take_notes(began, marks, row["marked"], news=self._seen is None or marks != self._seen[2])
        if seen != self._seen or self._missed_at is not None:
            if value < self._seq or value - self._seq > MANY:
                if self._seen is not None:
                    self._forget(began)
                self._seq, self._id = max(0, value - MANY), None
            self._take_events(began, value, await self._events(max(1, self._seq), value))
            self._seen = seen
        if len(self._changed) > REMEMBERED:
            self._forget(began)

    async def _events(self, first: int, last: int) -> dict[int, tuple[Any, ...]]:
        row = await self._database.single(CHANGES_EVENTS, {"first": first, "last": last})
        return {} if row is None else {seq: (id, *names) for seq, id, *names in row["rows"]}

    def _take_events(self, began: float, value: int, events: Mapping[int, tuple[Any, ...]]) -> None:
        """The event looked at last is still the same and tells nothing new, or this is another log.

        What is missing comes soon, or is gone for good.
        """
        if self._seq and self._id is not None and events.get(self._seq, (None,))[0] != self._id:
            self._forget(began)
        for seq, (_, *names) in events.items():
            if seq > self._seq:
                self._name(began, names)
        missing = next((seq for seq in range(self._seq + 1, value + 1) if seq not in events), None)
        if missing is None or (self._missed_at is not None and began - self._missed_at > stamps.APPLIED_S):
            self._missed_at, self._seq = None, value
        else:
            self._missed_at, self._seq = self._missed_at or began, missing - 1
        self._id = events.get(self._seq, (None,))[0]

    def _take_notes(self, began: float, marks: int, marked: Sequence[str], *, news: bool) -> None:
        """Notes are taken again for a while: their number may be seen before them."""
        if self._seen is None:
            self._marks = marks - min(marks, len(marked))
        count = marks - self._marks
        if count < 0 or count > len(marked):
            self._forget(began)
        for note in marked[: max(0, count)]:
            if not note:
                self._forget(began)
            self._name(began, note.split(LINE))
        if news:
            self._marked_at = began
        if count < 0 or began - self._marked_at >= stamps.APPLIED_S:
            self._marks = marks

    def _name(self, began: float, names: Iterable[str | None]) -> None:
        for name in names:
            if name is not None:
                self._changed.update(dict.fromkeys(name.split(SEPARATOR), began))

    def _forget(self, began: float) -> None:
        """From now on, everything is asked about once."""
        self._floor = began
        self._changed.clear()


async def mark(tx: Transaction, keys: Iterable[str]) -> None:
    """Note the users (by id) and contents (by key) that ``tx`` writes, deletes or makes without an event of theirs."""
    named = sorted(set(keys))
    if named:
        await tx.run(CHANGES_MARK, {"keys": LINE.join(named) if len(named) <= NAMED else "", "most": NOTES})
