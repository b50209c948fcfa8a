"""Where somebody was at each event, and the date that the calendar showed there.

The zone of an event is its own, else that of the latest earlier event of the same person by (at, id) that carries one,
else UTC. Dates that a zone skipped (Samoa never had 30 December 2011) do not exist there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from signals.calendar import day_start

DAY = timedelta(days=1)
GREENWICH = ZoneInfo("UTC")


class Timed(Protocol):
    """An event with a time (epoch ms) and, maybe, the name of a zone."""

    @property
    def at(self) -> int: ...

    @property
    def time_zone(self) -> str | None: ...


@cache
def zone_of(name: str | None) -> ZoneInfo:
    """The zone of this name; UTC for None, and for a name that no longer is one."""
    if name is None:
        return GREENWICH
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return GREENWICH


def local_date(at: int, zone: ZoneInfo) -> date:
    """The date there at ``at``, epoch ms."""
    return datetime.fromtimestamp(at // 1000, zone).date()


def zones(events: Iterable[Timed], before: str | None = None) -> list[ZoneInfo]:
    """The zone of each event of one person, oldest first. ``before``: the name of the zone until the first says one."""
    zone, found = zone_of(before), []
    for event in events:
        if event.time_zone is not None:
            zone = zone_of(event.time_zone)
        found.append(zone)
    return found


def dates(events: Iterable[Timed], before: str | None = None) -> list[date]:
    """The local date of each event of one person, oldest first. ``before``: as for ``zones``."""
    events = list(events)
    return [local_date(event.at, zone) for event, zone in zip(events, zones(events, before), strict=True)]


@lru_cache(maxsize=4096)
def exists(zone: ZoneInfo, day: date) -> bool:
    """Whether the calendar ever showed that date there."""
    return day_start(zone, day) < day_start(zone, day + DAY)


def distance(zone: ZoneInfo, first: date, last: date) -> int:
    """How many dates of that zone it is from the first to the last; below 0 when it goes back."""
    if last < first:
        return -distance(zone, last, first)
    return sum(exists(zone, first + DAY * step) for step in range(1, (last - first).days + 1))


def later(zone: ZoneInfo, day: date, count: int) -> date:
    """So many dates of that zone later."""
    while count:
        day += DAY
        count -= exists(zone, day)
    return day


def at_hour(zone: ZoneInfo, day: date, hour: int) -> int:
    """Epoch ms of the full hour on that date there; of an hour that is skipped, an hour later by the clock."""
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC).timestamp()) * 1000
