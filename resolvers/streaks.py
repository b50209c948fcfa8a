"""Somebody's streak. What follows from their events is kept at hand for as long as nothing changed about them."""

from __future__ import annotations

from cachetools import LRUCache

from resolvers.ports import Diaries
from signals.rewards import StreakRules
from signals.streaks import Streaks, follow

DATES = 200_000
"""Active dates that are kept at hand, of all users together."""


class StreakKeeper:
    """Reads streaks. What it keeps only saves work: the user's mark is read each time, and decides."""

    def __init__(self, diaries: Diaries, rules: StreakRules, *, dates: int = DATES) -> None:
        self._diaries = diaries
        self._rules = rules
        self._kept: LRUCache[tuple[str, str], Streaks] = LRUCache(dates, getsizeof=_size)

    async def of(self, user_id: str) -> Streaks:
        """All that follows from the user's events."""
        changed = await self._diaries.changed(user_id)
        if changed is None:
            return await self._read(user_id)
        found = self._kept.get((user_id, changed))
        if found is None:
            found = await self._read(user_id)
            if _size(found) <= self._kept.maxsize:
                self._kept[user_id, changed] = found
        return found

    async def _read(self, user_id: str) -> Streaks:
        return follow(await self._diaries.moments(user_id), self._rules.freezes)


def _size(streaks: Streaks) -> int:
    return 1 + len(streaks.days) + sum(len(run.dates) for run in streaks.runs)
