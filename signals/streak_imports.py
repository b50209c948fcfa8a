"""Streaks that an older system kept, as the event STREAK_IMPORTED tells them.

Its metadata: ``current`` days up to ``lastDate``, and the ``longest`` ever. The latest that says so sensibly holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeGuard

import orjson

from signals.diary import Moment
from signals.local_days import DAY

IMPORTED = "STREAK_IMPORTED"
MOST_DAYS = 40_000
"""A century: nobody was active for longer."""
FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(9000, 1, 1)


class Import(NamedTuple):
    """What was told, when (epoch ms). ``last`` may be None where ``current`` is 0."""

    at: int
    current: int
    longest: int
    last: date | None

    @property
    def dates(self) -> Iterator[date]:
        """The active ones."""
        if self.last is not None:
            yield from (self.last - DAY * back for back in range(self.current))


def latest(moments: Sequence[Moment]) -> Import | None:
    """The import that holds."""
    return next(_imports(reversed(moments)), None)


def _imports(moments: Iterable[Moment]) -> Iterator[Import]:
    for moment in moments:
        if moment.import_ is not None:
            told = read(orjson.loads(moment.import_))
            if told is not None:
                yield Import(moment.at, *told)


def read(metadata: object) -> tuple[int, int, date | None] | None:
    """(current, longest, last date) of such metadata; None where it makes no sense."""
    if not isinstance(metadata, Mapping):
        return None
    current, longest = metadata.get("current"), metadata.get("longest")
    if not _whole(current) or not _whole(longest) or not 0 <= current <= longest <= MOST_DAYS:
        return None
    last = _date(metadata.get("lastDate"))
    return None if current and last is None else (current, longest, last)


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _date(value: object) -> date | None:
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and FIRST_DATE <= found <= LAST_DATE else None
