"""Who was active when: implements ``resolvers.ports.Actives``.

Roll-ups say it by quarters of an hour. Only where a local date begins within one (offsets such as 44:30 minutes, before
1980) its events are looked at one by one.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from cachetools import LRUCache

from graph.driver import Database
from graph.entries import EntryReader
from graph.queries import Statement, statement
from graph.stamps import settled
from signals.active import Dates, Presence
from signals.calendar import Period
from signals.clock import DAY_MS
from signals.events import EventFilter
from signals.rollups import EVERYTHING, day_of
from signals.slots import SLOT_MS, Dimension, changes_of, token

FIRSTS_OF_USERS = statement("firsts_of_users")
NEW_PEOPLE = statement("new_people")
STAMPS_OF_DAYS = statement("stamps_of_days")
TREND_SLOTS = statement("trend_slots")

Edges: TypeAlias = tuple[int, ...]
"""Slots of a day, ascending, from 0 to the one after the last."""

SLOTS = DAY_MS // SLOT_MS
NAMED = (Dimension.CONTENT_TYPE, Dimension.NEW)
"""The dimension with the fewest rows that have everybody, and that of who came."""
PATIENCE_S = 30.0
"""For a statement."""
AT_ONCE = 64
"""Days of everything in a statement."""
PEOPLE = 1000
"""Users in a statement."""
CACHE_BYTES = 32_000_000
PART_BYTES, NAME_BYTES = 400, 100
"""What a remembered part of a day takes, and each name in it, about."""


class Part(NamedTuple):
    """What is known of the slots [first, last) of a day: who was active, by tokens, and for how many that was new."""

    first: int
    last: int
    people: frozenset[str]
    new: int


@dataclass(frozen=True, slots=True)
class Day:
    """A UTC day in parts, while its node has this stamp."""

    stamp: str | None
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Bytes, roughly."""
        return sum(PART_BYTES + NAME_BYTES * len(part.people) for part in self.parts)


class ActiveReader:
    """``cache``: bytes, roughly, for who was active on past days; not used without asking whether their stamp holds."""

    def __init__(self, database: Database, *, cache: int = CACHE_BYTES) -> None:
        self._database = database
        self._entries = EntryReader(database)
        self._days: LRUCache[tuple[int, Edges], Day] = LRUCache(cache, lambda day: day.size)

    async def presence(self, dates: Dates) -> Presence:
        """Everybody's, by tokens."""
        found = Finding(dates)
        found.earlier += await self._before(found.days.start)
        for start in range(0, len(found.days), AT_ONCE):
            await self._read(found, found.days[start : start + AT_ONCE])
        for at in found.cuts:
            await self._look(found, at)
        return Presence(found.people, found.new, found.earlier)

    async def firsts(self, user_ids: Sequence[str]) -> dict[str, int]:
        """When each did anything for the first time, epoch ms; those who never did are left out."""
        found: dict[str, int] = {}
        for start in range(0, len(user_ids), PEOPLE):
            ids = list(user_ids[start : start + PEOPLE])
            found.update((id, first) for id, first in await self._rows(FIRSTS_OF_USERS, {"p": {"ids": ids}}))
        return found

    async def _before(self, day: int) -> int:
        """How many people were active before a UTC day."""
        row = await self._database.single(NEW_PEOPLE, {"subject": EVERYTHING, "until": day})
        return 0 if row is None else row["n"]

    async def _read(self, found: Finding, days: range) -> None:
        """These days, from their roll-ups."""
        rows = await self._database.read(STAMPS_OF_DAYS, {"from": days.start, "until": days.stop})
        stamps: dict[int, str | None] = {row["at"]: settled(row["stamp"]) for row in rows}
        known: dict[int, Day] = {}
        for at, stamp in stamps.items():
            kept = self._days.get((at, found.edges(at)))
            if kept is not None and kept.stamp == stamp:
                known[at] = kept
        unknown = {at: stamp for at, stamp in stamps.items() if at not in known}
        if unknown:
            known |= await self._unpacked(found, unknown)
        for at, day in known.items():
            found.add(at, day.parts)

    async def _unpacked(self, found: Finding, stamps: Mapping[int, str | None]) -> dict[int, Day]:
        """Days by their start; ``stamps`` were read before, so that what is kept is never newer than it says."""
        segments: dict[int, list[str]] = {at: [] for at in stamps}
        for at, slots in await self._rows(TREND_SLOTS, {"p": {"days": list(stamps)}}):
            segments[at].append(slots)
        days: dict[int, Day] = {}
        for at, stamp in stamps.items():
            edges = found.edges(at)
            days[at] = day = Day(stamp, tuple(parts_of(segments[at], edges)))
            if stamp is not None and day.size <= self._days.maxsize:
                self._days[at, edges] = day
            await asyncio.sleep(0)
        return days

    async def _rows(self, statement: Statement, parameters: Mapping[str, Any]) -> list[list[Any]]:
        row = await self._database.single(statement, parameters, timeout=PATIENCE_S)
        return [] if row is None else row["rows"]

    async def _look(self, found: Finding, at: int) -> None:
        """The slot that begins at ``at``, event by event."""
        entries = await self._entries.found(EventFilter(), Period(at, at + SLOT_MS))
        firsts = await self.firsts(sorted({entry.actor_id for entry in entries}))
        for entry in entries:
            found.saw(entry.at, token(entry.actor_id))
        for first in firsts.values():
            if at <= first < at + SLOT_MS:
                found.came(first, 1)


class Finding:
    """Who was active on each of some dates, as far as that has been found."""

    def __init__(self, dates: Dates) -> None:
        self._dates = dates
        self._start, self._end = dates.bounds[0], dates.bounds[-1]
        self.days = range(day_of(self._start), self._end, DAY_MS)
        self.people: list[set[str]] = [set() for _ in dates.days]
        self.new = [0] * len(dates.days)
        self.earlier = 0
        self.cuts = sorted({bound - bound % SLOT_MS for bound in dates.bounds if bound % SLOT_MS})
        self._edges: dict[int, set[int]] = {}
        for bound in dates.bounds:
            edges = self._edges.setdefault(day_of(bound), set())
            edges |= {bound % DAY_MS // SLOT_MS, -(-(bound % DAY_MS) // SLOT_MS)}

    def edges(self, day: int) -> Edges:
        """The slots of a day at which something else begins."""
        return tuple(sorted({0, SLOTS, *self._edges.get(day, ())}))

    def add(self, day: int, parts: Iterable[Part]) -> None:
        """What is known of a day, but of the slots that are looked at event by event."""
        for part in parts:
            at = day + part.first * SLOT_MS
            if at in self.cuts:
                continue
            self.came(at, part.new)
            if self._start <= at < self._end:
                self.people[self._dates.place(at)] |= part.people

    def saw(self, at: int, who: str) -> None:
        if self._start <= at < self._end:
            self.people[self._dates.place(at)].add(who)

    def came(self, at: int, new: int) -> None:
        """So many did the first thing ever."""
        if at < self._start:
            self.earlier += new
        elif at < self._end:
            self.new[self._dates.place(at)] += new


def parts_of(segments: Iterable[str], edges: Edges) -> Iterator[Part]:
    """A day's slots, put together between the edges.

    Whoever came to more of a part's rows than were left again is there: a row has everybody once.
    """
    rows = [Counter[str]() for _ in edges]
    new = [0 for _ in edges]
    for change in changes_of(segments, NAMED):
        place = bisect_right(edges, change.slot) - 1
        if change.dimension == Dimension.NEW:
            new[place] += change.n
        else:
            rows[place].update(change.users)
            if change.gone:
                rows[place].subtract(change.gone)
    for place, (first, last) in enumerate(pairwise(edges)):
        people = frozenset(name for name, n in rows[place].items() if n > 0)
        yield Part(first, last, people, new[place])
