"""The hottest contents as of a cut, from what people had done with them by then.

Day roll-ups say which contents had how many events on which day, which bounds from above how hot each can have been.
Contents are folded from the log in the order of that bound, until the coldest of those found is hotter than what any
other can be. At most MOST contents are folded: beyond that the answer is the best of those.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from graph.driver import Database
from graph.hottest import Hot, order
from graph.past import Past
from graph.queries import statement
from signals.clock import DAY_MS, to_ms
from signals.cut import Cut
from signals.decay import UNIT_MS
from signals.items import Item
from signals.packing import joined
from signals.rollups import EVERYTHING, day_of

PAST_CONTENTS = statement("past_contents")
PAST_SIZES = statement("past_sizes")

MOST = 2000
AT_ONCE = 64
NEVER = -math.inf


class HottestThen:
    def __init__(self, database: Database, past: Past) -> None:
        self._database = database
        self._past = past

    async def keys(self, type: str | None, first: int, cut: Cut) -> list[str]:
        """As ``Hottest.keys``, as of the cut."""
        as_of = to_ms(cut.as_of)
        most: dict[str, float] = {}
        folded: dict[str, float | None] = {}
        for since, until in reaches(as_of):
            await self._add(most, type, since, until, as_of)
            unseen = at_most(await self._events(since - 1), since)
            if await self._settled(most, folded, first, unseen, cut):
                break
        return [key for key, _ in ranked(folded)[:first]]

    async def _events(self, until: int) -> int:
        """How many events there are on the days up to then."""
        rows = await self._database.read(PAST_SIZES, {"subjects": [EVERYTHING], "until": until})
        return sum(row["n"] for row in rows)

    async def _add(self, most: dict[str, float], type: str | None, since: int, until: int, as_of: int) -> None:
        """Raise the bounds in ``most`` by what happened on the days of [since, until)."""
        prefix = joined("c", "" if type is None else f"{type}:")
        row = await self._database.single(PAST_CONTENTS, {"from": since, "until": until, "prefix": prefix})
        for subject, day, n in [] if row is None else row["rows"]:
            key = subject[2:]
            most[key] = _sum(most.get(key, NEVER), at_most(n, min(day + DAY_MS, as_of)))

    async def _settled(
        self, most: dict[str, float], folded: dict[str, float | None], first: int, unseen: float, cut: Cut
    ) -> bool:
        """Fold until nothing left can be among the first. Whether neither what is unseen can."""
        waiting = sorted(((key, hot) for key, hot in most.items() if key not in folded), key=order)
        for start in range(0, len(waiting), AT_ONCE):
            if _coldest(folded, first) > _sum(waiting[start][1], unseen) or len(folded) >= MOST:
                break
            keys = [key for key, _ in waiting[start : start + AT_ONCE]]
            cards = await self._past.cards(keys, cut)
            folded.update((key, Item(touches=cards[key].touches).hot if key in cards else None) for key in keys)
        return unseen == NEVER or _coldest(folded, first) > unseen or len(folded) >= MOST


def reaches(as_of: int) -> Iterator[tuple[int, int]]:
    """[since, until) backwards from the day of ``as_of``, in whole days, each reach four times as long."""
    until, days = day_of(as_of) + DAY_MS, 2
    while until > 0:
        since = max(0, until - days * DAY_MS)
        yield since, until
        until, days = since, 4 * days


def at_most(n: int, by: int) -> float:
    """How hot ``n`` events can make a content, the last of them at ``by`` (epoch ms)."""
    return math.log2(n) + by / UNIT_MS if n > 0 else NEVER


def ranked(folded: dict[str, float | None]) -> list[Hot]:
    return sorted(((key, hot) for key, hot in folded.items() if hot is not None), key=order)


def _coldest(folded: dict[str, float | None], first: int) -> float:
    """How hot the last of the first is, as far as is known; NEVER where there are fewer."""
    known = ranked(folded)
    return known[first - 1][1] if len(known) >= first else NEVER


def _sum(one: float, other: float) -> float:
    """Of two logarithms, that of the sum of what they stand for."""
    low, high = sorted((one, other))
    return high if low == NEVER else high + math.log2(1 + 2 ** (low - high))
