"""Runs of days on which somebody did something, by the calendar of where they were.

Everything follows from the set of events: one that comes late fills its day, one that is taken back empties it. Two
active dates follow each other when no date lies between them: by the calendar itself, or by that of the place where
the traveller came from or went to. So nobody loses or gains a day by crossing a time zone or the date line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from signals.calendar import day_start
from signals.clock import from_ms
from signals.diary import Moment
from signals.local_days import GREENWICH, distance, later, local_date, zone_of
from signals.streak_imports import IMPORTED, Import, latest

SKIPPED = 2
"""More dates than any zone ever skipped at once."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Where somebody stands. ``at_risk_at``: when it breaks, None where nothing runs."""

    current: int
    longest: int
    last_active_date: date | None
    at_risk_at: datetime | None
    freezes_left: int


class Placed(NamedTuple):
    """An event's time, epoch ms, and its zone."""

    at: int
    zone: ZoneInfo


@dataclass(slots=True)
class Day:
    """The first and the last event of an active date, by (at, id)."""

    first: Placed
    last: Placed


@dataclass(slots=True)
class Run:
    """Dates that follow each other, and what was frozen between them."""

    dates: list[date]
    frozen: set[date] = field(default_factory=set)
    used: int = 0
    """Freezes."""


class Milestone(NamedTuple):
    """The time of the event that reached it, epoch ms, and its date."""

    at: int
    day: date


@dataclass(frozen=True, slots=True)
class Streaks:
    """All that follows from somebody's events, whatever the time is. ``runs``: oldest first."""

    runs: Sequence[Run]
    days: Mapping[date, Day]
    """Those with events; what was imported is in the runs only."""
    moves: Sequence[Placed]
    """Since when which zone was the latest known one."""
    imported: Import | None
    freezes: int

    @property
    def zone(self) -> ZoneInfo:
        """The zone of now: of the latest event that carries one."""
        return self.moves[-1].zone if self.moves else GREENWICH

    @property
    def longest(self) -> int:
        """Dates of the longest run, one of an older system among them."""
        told = self.imported.longest if self.imported else 0
        return max([told, *(len(run.dates) for run in self.runs)])

    def streak(self, now: int) -> Streak:
        """Where it stands at ``now``, epoch ms."""
        last = self.runs[-1] if self.runs else None
        ends = self.breaks_at(last, self.zone) if last else 0
        if last is None or now >= ends:
            return Streak(0, self.longest, last.dates[-1] if last else None, None, self.freezes)
        return Streak(len(last.dates), self.longest, last.dates[-1], from_ms(ends), self.freezes - last.used)

    def breaks_at(self, run: Run, zone: ZoneInfo) -> int:
        """When the run is over unless something happens: where the date begins that comes after all it may miss."""
        return day_start(zone, later(zone, run.dates[-1], 2 + self.freezes - run.used))

    def home(self, run: Run) -> ZoneInfo:
        """The zone in which the run ends: that of its last event. What happens later does not change it."""
        day = self.days.get(run.dates[-1])
        return self.zone if day is None else day.last.zone

    def zone_before(self, at: int) -> ZoneInfo:
        """The latest zone known before ``at``, epoch ms."""
        place = bisect_left(self.moves, at, key=lambda move: move.at)
        return self.moves[place - 1].zone if place else GREENWICH

    def reached(self, days: int) -> int | None:
        """When somebody first had a run of so many days, in epoch ms; None while there was none."""
        times = [found.at for found in (self.milestone(days),) if found]
        if self.imported and self.imported.longest >= days:
            times.append(self.imported.at)
        return min(times, default=None)

    def milestone(self, days: int) -> Milestone | None:
        """When a run of dates first had so many; where a date is known from an import only, when that came."""
        found = (self._milestone(run.dates[days - 1]) for run in self.runs if len(run.dates) >= days)
        return min((each for each in found if each), default=None)

    def _milestone(self, day: date) -> Milestone | None:
        if day in self.days:
            return Milestone(self.days[day].first.at, day)
        return Milestone(self.imported.at, day) if self.imported else None


def follow(moments: Sequence[Moment], freezes: int) -> Streaks:
    """The runs in one person's moments, oldest first by (at, id). ``freezes``: dates that a run may miss."""
    days, moves = _days(moments)
    imported = latest(moments)
    active = set(days)
    if imported is not None:
        active.update(imported.dates)
    return Streaks(_runs(sorted(active), days, freezes), days, moves, imported, freezes)


def _days(moments: Iterable[Moment]) -> tuple[dict[date, Day], list[Placed]]:
    """Every date with an event, and where somebody went when."""
    days: dict[date, Day] = {}
    moves: list[Placed] = []
    zone, name = GREENWICH, None
    for at, _, zone_name, kind, _ in moments:
        if zone_name is not None and zone_name != name:
            zone, name = zone_of(zone_name), zone_name
            moves.append(Placed(at, zone))
        if kind == IMPORTED:
            continue
        today, here = local_date(at, zone), Placed(at, zone)
        day = days.get(today)
        if day is None:
            days[today] = Day(here, here)
        else:
            day.last = here
    return days, moves


def _runs(active: Sequence[date], days: Mapping[date, Day], freezes: int) -> list[Run]:
    runs: list[Run] = []
    for today in active:
        run = runs[-1] if runs else None
        missed = 0 if run is None else _missed(run.dates[-1], today, days, freezes - run.used)
        if run is None or missed > freezes - run.used:
            runs.append(Run([today]))
            continue
        run.frozen.update(_after(run.dates[-1], days, missed))
        run.used += missed
        run.dates.append(today)
    return runs


def _after(day: date, days: Mapping[date, Day], count: int) -> list[date]:
    """So many dates after one, where the user was."""
    zone = days[day].last.zone if day in days else GREENWICH
    return [later(zone, day, step) for step in range(1, count + 1)]


def _missed(before: date, today: date, days: Mapping[date, Day], left: int) -> int:
    """Dates between two neighbouring active ones, by the calendar that has fewest; exact where ``left`` may do."""
    plain = (today - before).days
    one, other = days.get(before), days.get(today)
    if plain == 1 or one is None or other is None:
        return plain - 1
    e1, e2 = one.last, other.first
    arrived, left_from = local_date(e2.at, e1.zone), local_date(e1.at, e2.zone)
    nearest = min(plain, (arrived - before).days, (today - left_from).days) - 1
    if nearest > left + SKIPPED:
        return nearest
    return max(0, min(plain, distance(e1.zone, before, arrived), distance(e2.zone, left_from, today)) - 1)
