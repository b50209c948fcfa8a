"""The calendar of a time zone: where its hours, days, weeks and months begin. Times are epoch ms.

A day may have 23 or 25 hours, and may begin at 01:00 where midnight is skipped: a period begins at the first instant
that belongs to it, and ends where the next one begins.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from signals.clock import DAY_MS, HOUR_MS, MILLISECOND, from_ms, to_ms


class Granularity(StrEnum):
    """How long a period is."""

    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


class Period(NamedTuple):
    """From ``start`` on and before ``end``."""

    start: int
    end: int


LONGEST_MS = {
    Granularity.HOUR: 2 * HOUR_MS,
    Granularity.DAY: 2 * DAY_MS,
    Granularity.WEEK: 8 * DAY_MS,
    Granularity.MONTH: 32 * DAY_MS,
}
"""Longer than any period of that kind: so many at least are in a span of time."""

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def local(zone: ZoneInfo, at: int) -> datetime:
    """What clock and calendar show there."""
    return from_ms(at).astimezone(zone)


def day_start(zone: ZoneInfo, day: date) -> int:
    """The first instant of a local date; of a date that was skipped, that of the next one."""
    midnight = datetime.combine(day, time(), zone)
    at = to_ms(midnight)
    if local(zone, at).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return at
    before = to_ms(midnight.replace(fold=1))
    return before + bisect_left(range(before, at), True, key=lambda t: local(zone, t).date() >= day)


@lru_cache(maxsize=256)
def periods(zone: ZoneInfo, granularity: Granularity, since: int, until: int) -> tuple[Period, ...]:
    """The periods that overlap [since, until), oldest first. Raises OverflowError beyond the year 9999."""
    if granularity is Granularity.HOUR:
        starts = _hours(zone, since, until)
    else:
        starts = _dates(zone, granularity, local(zone, since).date(), local(zone, until).date())
    found = [Period(start, end) for start, end in pairwise(starts) if start < end]
    return tuple(period for period in found if period.end > since and period.start < until)


def _dates(zone: ZoneInfo, granularity: Granularity, first: date, last: date) -> tuple[int, ...]:
    """Starts, from before ``first`` to after ``last``."""
    day = _begin(granularity, first - DAY)
    starts = [day_start(zone, day)]
    while day <= last:
        day = _next(granularity, day)
        starts.append(day_start(zone, day))
    return tuple(starts)


def _begin(granularity: Granularity, day: date) -> date:
    match granularity:
        case Granularity.WEEK:
            return day - timedelta(days=day.weekday())
        case Granularity.MONTH:
            return day.replace(day=1)
        case _:
            return day


def _next(granularity: Granularity, day: date) -> date:
    match granularity:
        case Granularity.WEEK:
            return day + WEEK
        case Granularity.MONTH:
            return (day + timedelta(days=31)).replace(day=1)
        case _:
            return day + DAY


def _hours(zone: ZoneInfo, since: int, until: int) -> tuple[int, ...]:
    """Starts, from before ``since`` to ``until`` or after it."""
    starts = [_next_hour(zone, since - 3 * HOUR_MS)]
    while starts[-1] < until:
        starts.append(_next_hour(zone, starts[-1]))
    return tuple(starts)


def _next_hour(zone: ZoneInfo, at: int) -> int:
    """The next instant after ``at`` at which the clock shows minute 0."""
    ahead = offset(zone, at)
    found = at + HOUR_MS - (at + ahead) % HOUR_MS
    changed = offset(zone, found)
    if changed == ahead:
        return found
    later = range(at + 1, found)
    change = at + 1 + bisect_left(later, True, key=lambda t: offset(zone, t) != ahead)
    return change + -(change + changed) % HOUR_MS


def offset(zone: ZoneInfo, at: int) -> int:
    """How many ms the clock there is ahead of UTC."""
    return (local(zone, at).utcoffset() or timedelta()) // MILLISECOND
