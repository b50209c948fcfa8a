"""Which users and contents were written since this process last looked, by whatever process.

The log says it: an event names everything that its transaction writes. What is written without a new event (something
is taken back, registered, erased) is noted beside the log's length, the latest few notes. So one look, which is one
row, vouches for everything that is remembered, and what has changed is known by name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

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
LINE = "\n"


class Changes:
    """``tick`` counts the looks that found something: what was read at a tick is as it was unless it changed later."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.tick = 1
        self._floor = 1
        self._changed: dict[str, int] = {}
        self._seq = 0
        self._id: str | None = None
        self._holder: str | None = None
        self._marks = 0
        self._under_way: asyncio.Task[None] | None = None
        self._waiting: asyncio.Task[None] | None = None

    def since(self, ticks: Mapping[str, int]) -> set[str]:
        """Which users (by id) and contents (by key) may have changed since what was read of each at its tick."""
        floor, changed = self._floor, self._changed.get
        return {key for key, tick in ticks.items() if tick < floor or changed(key, 0) > tick}

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
        await self._look()

    async def _look(self) -> None:
        row = await self._database.single(CHANGES_VALUE, {"marks": self._marks})
        if row is None:
            self._forget()
            return
        value, holder, marks, marked = row["value"], row["holder"], row["marks"], row["marked"]
        if holder == self._holder and value == self._seq and marks == self._marks:
            return
        first = max(1, self._seq)
        if value < self._seq or value - self._seq > MANY or marks < self._marks or marks - self._marks > len(marked):
            self._forget()
            first = max(1, value)
        events = await self._events(first, value)
        self._take(first, events, marked[: max(0, marks - self._marks)])
        self._seq, self._id = value, events.get(value, (None,))[0]
        self._marks, self._holder = marks, holder

    async def _events(self, first: int, last: int) -> dict[int, tuple[Any, ...]]:
        row = await self._database.single(CHANGES_EVENTS, {"first": first, "last": last})
        return {} if row is None else {seq: (id, *names) for seq, id, *names in row["rows"]}

    def _take(self, first: int, events: dict[int, tuple[Any, ...]], marked: Iterable[str]) -> None:
        """The event looked at last is still the same and tells nothing new, or this is another log."""
        if first == self._seq and events.get(first, (None,))[0] != self._id:
            self._forget()
        self.tick += 1
        for seq, (_, *names) in events.items():
            if seq > self._seq:
                self._name(names)
        for note in marked:
            if not note:
                self._forget()
            self._name(note.split(LINE))
        if len(self._changed) > REMEMBERED:
            self._forget()

    def _name(self, names: Iterable[str | None]) -> None:
        for name in names:
            if name is not None:
                self._changed.update(dict.fromkeys(name.split(SEPARATOR), self.tick))

    def _forget(self) -> None:
        """From now on, everything is asked about once."""
        self.tick += 1
        self._floor = self.tick
        self._changed.clear()


async def mark(tx: Transaction, keys: Iterable[str]) -> None:
    """Note the users (by id) and contents (by key) that ``tx`` writes, deletes or makes without an event of theirs."""
    named = sorted(set(keys))
    if named:
        await tx.run(CHANGES_MARK, {"keys": LINE.join(named) if len(named) <= NAMED else "", "most": NOTES})
