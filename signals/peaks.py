"""When people are active by the clock and the calendar of a time zone. Times are epoch ms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from signals.calendar import offset
from signals.clock import DAY_MS, EPOCH, HOUR_MS

PEAKS = 3
FIRST_DAY = EPOCH.toordinal()


@dataclass(frozen=True, slots=True)
class Peaks:
    """``hours``: (hour of the day, events) of the three with most events, most first, then by hour; ``day``: the date
    with most events, of equal ones the earliest, as ISO text; None without events."""

    hours: tuple[tuple[int, int], ...] = ()
    day: str | None = None


def peaks(zone: ZoneInfo, counts: Mapping[int, int], step: int) -> Peaks | None:
    """From the events of each stretch of ``step`` ms, by its start. None: an hour there begins within a stretch."""
    hours, days = Counter[int](), Counter[int]()
    for at, n in counts.items():
        ahead = _ahead(zone, at)
        if ahead is None:
            ahead = offset(zone, at)
            if offset(zone, at + step - 1) != ahead:
                return None
        shown = at + ahead
        if shown % HOUR_MS + step > HOUR_MS:
            return None
        hours[shown % DAY_MS // HOUR_MS] += n
        days[shown // DAY_MS] += n
    most = sorted(hours.items(), key=lambda row: (-row[1], row[0]))[:PEAKS]
    busiest = min(days, key=lambda day: (-days[day], day), default=None)
    return Peaks(tuple(most), None if busiest is None else date.fromordinal(FIRST_DAY + busiest).isoformat())


def _ahead(zone: ZoneInfo, at: int) -> int | None:
    """How far the clock is ahead of UTC, where that is the same on all of the UTC day."""
    return _day_ahead(zone, at // DAY_MS)


@lru_cache(maxsize=4096)
def _day_ahead(zone: ZoneInfo, day: int) -> int | None:
    ahead = offset(zone, day * DAY_MS)
    return ahead if offset(zone, (day + 1) * DAY_MS) == ahead else None
