"""The quarters of an hour of UTC days, folded: remembered with the stamp of the day's node.

What is remembered is never used without asking whether that is still the stamp of its day.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeAlias

from cachetools import LRUCache

from graph.driver import Database
from graph.queries import statement
from graph.stamps import settled
from signals.slots import SLOT_MS, Dimension, unpack_slots
from signals.trend_parts import of_dimension, of_slots
from signals.trends import Part, number

STAMPS_OF_DAYS = statement("stamps_of_days")
TREND_SLOTS = statement("trend_slots")

PART_BYTES, NAME_BYTES = 600, 100
"""What a remembered part takes, and each name in it, about."""
AT_ONCE = 50
"""Days in a statement."""
BREATH = 8
"""So many days are unpacked before others have their turn."""
PATIENCE_S = 30.0
"""For a statement."""
COUNTED = 4000
"""Days of which the number of events in each slot is remembered."""
CACHE_BYTES = 64_000_000
NONE: tuple[str | None, dict[int, int]] = (None, {})

Slice: TypeAlias = tuple[int, int]
"""The slots from the first to before the last."""
Slices: TypeAlias = Mapping[Slice, Mapping[str, Part]]


@dataclass(slots=True)
class Day:
    """What slices of a day add up to, by value of one dimension, while the day's node has this stamp."""

    stamp: str | None
    slices: dict[Slice, dict[str, Part]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes, roughly."""
        parts = list(chain.from_iterable(some.values() for some in self.slices.values()))
        names = sum(number(part.users) + number(part.sessions) for part in parts)
        return PART_BYTES * (1 + len(parts)) + NAME_BYTES * names


class SlotDays:
    """``cache``: bytes, roughly, for what slots of past days add up to."""

    def __init__(self, database: Database, cache: int = CACHE_BYTES) -> None:
        self._database = database
        self._days: LRUCache[tuple[Dimension, int], Day] = LRUCache(cache, lambda day: day.size)
        self._counts: LRUCache[int, tuple[str | None, dict[int, int]]] = LRUCache(COUNTED)

    async def slices(
        self, dimension: Dimension, wanted: Mapping[int, Sequence[Slice]], stamps: Mapping[int, str | None]
    ) -> dict[int, Slices]:
        """The wanted slices of days, by day. ``stamps``: those of the days' nodes, read before this call."""
        stamps = {day: settled(stamp) for day, stamp in stamps.items()}
        known = {day: self._known(dimension, day, slices, stamps[day]) for day, slices in wanted.items()}
        found: dict[int, Slices] = {day: entry.slices for day, entry in known.items() if entry is not None}
        unknown = [day for day, entry in known.items() if entry is None]
        async for day, segments in self._segments(unknown):
            found[day] = self._folded(dimension, day, wanted[day], segments, stamps[day])
        return found

    async def counts(self, since: int, until: int) -> dict[int, int]:
        """How many events each slot of the UTC days [since, until) has, by its start."""
        rows = await self._database.read(STAMPS_OF_DAYS, {"from": since, "until": until})
        stamps: dict[int, str | None] = {row["at"]: settled(row["stamp"]) for row in rows}
        unknown = [day for day, stamp in stamps.items() if stamp is None or self._counts.get(day, NONE)[0] != stamp]
        found = {day: self._counts[day][1] for day in stamps.keys() - set(unknown)}
        async for day, segments in self._segments(unknown):
            found[day] = _counts(segments)
            self._counts[day] = stamps[day], found[day]
        return {day + slot * SLOT_MS: n for day, slots in found.items() for slot, n in slots.items()}

    async def _segments(self, days: Sequence[int]) -> AsyncIterator[tuple[int, list[str]]]:
        """The texts of the days' slots; others have their turn now and then."""
        for start in range(0, len(days), AT_ONCE):
            some = days[start : start + AT_ONCE]
            record = await self._database.single(TREND_SLOTS, {"p": {"days": some}}, timeout=PATIENCE_S)
            segments: dict[int, list[str]] = {day: [] for day in some}
            for day, slots in () if record is None else record["rows"]:
                segments[day].append(slots or "")
            for place, day in enumerate(some, start=1):
                yield day, segments[day]
                if place % BREATH == 0:
                    await asyncio.sleep(0)

    def _known(self, dimension: Dimension, day: int, slices: Iterable[Slice], stamp: str | None) -> Day | None:
        entry = self._days.get((dimension, day))
        if entry is None or stamp is None or entry.stamp != stamp:
            return None
        return entry if all(span in entry.slices for span in slices) else None

    def _folded(
        self, dimension: Dimension, day: int, wanted: Iterable[Slice], segments: Iterable[str], stamp: str | None
    ) -> Slices:
        cells = unpack_slots([of_dimension(segment, dimension) for segment in segments])
        entry = Day(stamp, {span: of_slots(cells, dimension, *span) for span in wanted})
        before = self._days.get((dimension, day))
        if before is not None and before.stamp == stamp:
            entry.slices = {**before.slices, **entry.slices}
        if stamp is not None and entry.size <= self._days.maxsize:
            self._days[dimension, day] = entry
        return entry.slices


def _counts(segments: Iterable[str]) -> dict[int, int]:
    found = Counter[int]()
    for (slot, dimension, _), cell in unpack_slots([of_dimension(s, Dimension.TYPE) for s in segments]).items():
        if dimension is Dimension.TYPE:
            found[slot] += cell.n
    return dict(found)
