"""Who is active: people by local date, over the last 7 and 30 dates, and who came, stayed, came back or left."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from signals.calendar import Granularity, day_start, local, periods
from signals.clock import from_ms

WEEK, MONTH = 7, 30
"""Dates that ``wau`` and ``mau`` look at, the one itself included."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Consecutive local dates: ``days``, where each starts in epoch ms, and where the last ends.

    The first of them only lead up to those that are answered, which begin at ``shown``.
    """

    days: tuple[date, ...]
    bounds: tuple[int, ...]
    shown: int

    @classmethod
    def of(cls, zone: ZoneInfo, since: int, until: int) -> Dates:
        """The dates that overlap [since, until), with the 30 before the first. A date that was skipped is none of them.

        Raises OverflowError beyond the calendar's ends.
        """
        asked = periods(zone, Granularity.DAY, since, until)
        before = day_start(zone, local(zone, asked[0].start).date() - timedelta(days=MONTH))
        every = [*periods(zone, Granularity.DAY, before, asked[0].start), *asked]
        days = tuple(local(zone, period.start).date() for period in every)
        return cls(days, (*(period.start for period in every), every[-1].end), len(every) - len(asked))

    def place(self, at: int) -> int:
        """Which date an instant between the bounds is on."""
        return bisect_right(self.bounds, at) - 1


@dataclass(frozen=True, slots=True)
class Presence:
    """By date: who was active, under any names, and for how many that was the first time ever.

    ``earlier``: how many were active before all of the dates.
    """

    people: Sequence[Set[str]]
    new: Sequence[int]
    earlier: int

    @classmethod
    def of(cls, dates: Dates, acts: Iterable[tuple[int, str]], firsts: Mapping[str, int]) -> Presence:
        """From what some people did: (at, who) within the dates, and when each did anything for the first time."""
        people: list[set[str]] = [set() for _ in dates.days]
        new = [0] * len(dates.days)
        for at, who in acts:
            people[dates.place(at)].add(who)
        for first in firsts.values():
            if dates.bounds[0] <= first < dates.bounds[-1]:
                new[dates.place(first)] += 1
        return cls(people, new, sum(first < dates.bounds[0] for first in firsts.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveDate:
    """One local date. ``start``: its first instant. Numbers are of distinct people.

    ``dau``, ``wau``, ``mau``: active on this date, on it or the 6 before, on it or the 29 before; ``stickiness``:
    dau / mau, 0 where nobody was. Of those active on it: ``new`` did the first thing ever; ``returning`` are not new
    and were active on one of the 30 dates before; ``resurrected`` are the others. ``dormant``: was active once and is
    not among ``mau``.
    """

    date: date
    start: datetime
    dau: int
    wau: int
    mau: int
    stickiness: float
    new: int
    returning: int
    resurrected: int
    dormant: int
    withheld: bool = False
    """See ``signals.withholding``."""


def active_dates(dates: Dates, presence: Presence) -> Iterator[ActiveDate]:
    """The dates from ``dates.shown`` on."""
    last: dict[str, int] = {}
    latest = Counter[int]()
    ever = presence.earlier
    for place, (day, people, new) in enumerate(zip(dates.days, presence.people, presence.new, strict=True)):
        today = day.toordinal()
        returning = _came(today, people, last, latest)
        ever += new
        if place >= dates.shown:
            dau, mau = len(people), _latest(latest, today, MONTH)
            yield ActiveDate(
                date=day,
                start=from_ms(dates.bounds[place]),
                dau=dau,
                wau=_latest(latest, today, WEEK),
                mau=mau,
                stickiness=dau / mau if mau else 0.0,
                new=new,
                returning=returning,
                resurrected=dau - new - returning,
                dormant=ever - mau,
            )


def _came(today: int, people: Set[str], last: dict[str, int], latest: Counter[int]) -> int:
    """Note who was active ``today``; how many of them had been on one of the 30 dates before.

    Dates are ordinals. ``last``: when each was active last; ``latest``: how many were so on each date.
    """
    returning = 0
    for who in people:
        before = last.get(who)
        if before is not None:
            latest[before] -= 1
            returning += before >= today - MONTH
        last[who] = today
    latest[today] = len(people)
    return returning


def _latest(latest: Counter[int], today: int, dates: int) -> int:
    """How many were active last on one of so many dates up to ``today``."""
    return sum(latest[day] for day in range(today - dates + 1, today + 1))
