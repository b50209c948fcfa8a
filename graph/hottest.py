"""The contents with the most first touches lately, by ``Item.hot``, a score whose order does not age.

An engine that sorts all contents takes longer with every content there is. So a floor is found above which there are
just enough of them: once by bisection, then from the last answer. A floor says where to look, never what is answered.
"""

from __future__ import annotations

import time
from typing import TypeAlias

from cachetools import LRUCache

from graph.driver import Database
from graph.queries import statement
from signals.decay import UNIT_MS

HOTTEST = statement("hottest")
HOTTEST_COUNT = statement("hottest_count")
HOTTEST_OF_TYPE = statement("hottest_of_type")

Hot: TypeAlias = tuple[str, float]
"""A content's key and how hot it is."""

RARE = 1000
"""A type with at most so many contents is sorted as a whole."""
SPARE = 4
CLOSE = 1e-6
BOTTOM = -1e9
"""Colder than anything that can be recorded."""
DOUBLINGS = 64
REMEMBERED = 1000


def order(content: Hot) -> tuple[float, str]:
    """Hottest first, then by key."""
    key, hot = content
    return -hot, key


class Hottest:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._floors: LRUCache[tuple[str | None, int], float] = LRUCache(REMEMBERED)
        self._frequent: set[str] = set()

    async def keys(self, type: str | None, first: int) -> list[str]:
        """Keys of the ``first`` hottest contents of the type, or of all; hottest first, then by key."""
        found = await self._all(type) if type is not None and type not in self._frequent else None
        found = await self._above(type, first) if found is None else found
        return [key for key, _ in found[:first]]

    async def _all(self, type: str) -> list[Hot] | None:
        """All of a rare type, in order; None where there are too many."""
        row = await self._database.single(HOTTEST_OF_TYPE, {"prefix": f"{type}:", "limit": RARE + 1})
        rows = [] if row is None else row["rows"]
        if len(rows) > RARE:
            self._frequent.add(type)
            return None
        return sorted(((key, hot) for key, hot in rows if hot is not None), key=order)

    async def _above(self, type: str | None, first: int) -> list[Hot]:
        floor = self._floors.get((type, first))
        rows = [] if floor is None else await self._rows(type, floor, first)
        if len(rows) < first:
            rows = await self._rows(type, await self._floor(type, first), first)
        if len(rows) == first:
            self._floors[type, first] = rows[-1][1]
        return rows

    async def _floor(self, type: str | None, first: int) -> float:
        """A floor with ``first`` contents above it, and not many more; BOTTOM where there are fewer in all."""
        low, high = 0.0, float(time.time() * 1000 / UNIT_MS + DOUBLINGS)
        if await self._count(type, low, first) < first:
            return BOTTOM
        while high - low > CLOSE:
            middle = (low + high) / 2
            n = await self._count(type, middle, SPARE * first)
            if first <= n < SPARE * first:
                return middle
            low, high = (low, middle) if n < first else (middle, high)
        return low

    async def _count(self, type: str | None, floor: float, most: int) -> int:
        row = await self._database.single(HOTTEST_COUNT, {"type": type, "floor": floor, "limit": most})
        return 0 if row is None else int(row["n"])

    async def _rows(self, type: str | None, floor: float, first: int) -> list[Hot]:
        row = await self._database.single(HOTTEST, {"type": type, "floor": floor, "limit": first})
        return [] if row is None else [(key, hot) for key, hot in row["rows"]]
