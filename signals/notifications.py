"""What somebody is to be told about the streak: that it broke, that today is still open, that it reached a milestone.

Nothing is kept: what was to be told at any time follows from the events, under the same id whenever it is asked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from signals.clock import DAY_MS, from_ms
from signals.local_days import DAY, GREENWICH, at_hour, exists, later, local_date
from signals.rewards import NotificationRules
from signals.streaks import Placed, Run, Streaks
from signals.wording import number

LEAST = 2
"""Days of a run whose end is worth telling."""


class NotificationKind(StrEnum):
    """Why somebody is told."""

    MILESTONE = "MILESTONE"
    REMINDER = "REMINDER"
    STREAK_BROKEN = "STREAK_BROKEN"


@dataclass(frozen=True, slots=True)
class Notification:
    """``date``: the user's date at ``at``, of a milestone the date that made it; ``streak``: days."""

    user_id: str
    kind: NotificationKind
    at: datetime
    date: date
    streak: int

    @property
    def id(self) -> str:
        """The same for ever, and nobody else's."""
        about = self.streak if self.kind is NotificationKind.MILESTONE else self.date.isoformat()
        return f"{self.kind.lower().replace('_', '-')}-{about}-{self.user_id}"

    @property
    def message(self) -> str:
        """For the user to read."""
        days = number(self.streak, "day")
        match self.kind:
            case NotificationKind.MILESTONE:
                return f"{days} in a row. Well done!"
            case NotificationKind.REMINDER:
                return f"Nothing yet today: do something to keep your streak of {days}."
            case NotificationKind.STREAK_BROKEN:
                return f"Your streak of {days} has ended. Today is a good day to begin the next."


class Told(NamedTuple):
    """The same without whom it is for; ``at`` in epoch ms."""

    at: int
    kind: NotificationKind
    streak: int
    date: date


def notifications(user_id: str, streaks: Streaks, rules: NotificationRules, since: int, now: int) -> list[Notification]:
    """What was to be told from ``since`` to ``now``, epoch ms; newest first by (at, kind, streak)."""
    found = [*_broken(streaks), *_milestones(streaks, rules), *_reminders(streaks, rules, since, now)]
    told = sorted((each for each in found if since <= each.at <= now), reverse=True)
    return [Notification(user_id, kind, from_ms(at), day, streak) for at, kind, streak, day in told]


def _broken(streaks: Streaks) -> Iterator[Told]:
    for run in streaks.runs:
        if len(run.dates) >= LEAST:
            zone = streaks.home(run)
            at = streaks.breaks_at(run, zone)
            yield Told(at, NotificationKind.STREAK_BROKEN, len(run.dates), local_date(at, zone))


def _milestones(streaks: Streaks, rules: NotificationRules) -> Iterator[Told]:
    for days in set(rules.milestones):
        reached = streaks.milestone(days)
        if reached is not None:
            yield Told(reached.at, NotificationKind.MILESTONE, days, reached.day)


def _reminders(streaks: Streaks, rules: NotificationRules, since: int, now: int) -> Iterator[Told]:
    """For each date after one that keeps a run alive, where the hour came before the first event."""
    told = {day for day in (streaks.imported.dates if streaks.imported else ()) if day not in streaks.days}
    first, last = local_date(max(0, since - 2 * DAY_MS), GREENWICH), local_date(now + 2 * DAY_MS, GREENWICH)
    for day, run, alive in _open_days(streaks, first, last):
        moment = _reminded_at(streaks, day, rules.reminder_hour)
        if moment is not None and day not in told and not _seen(streaks, day, moment.at):
            before = _before(moment.zone, day)
            if before in alive:
                yield Told(moment.at, NotificationKind.REMINDER, bisect_right(run.dates, before), day)


def _open_days(streaks: Streaks, first: date, last: date) -> Iterator[tuple[date, Run, Set[date]]]:
    """Dates within bounds by which a run was alive or may have been, with all dates by which it was."""
    open_until = first
    for run in streaks.runs:
        zone, left = streaks.home(run), streaks.freezes - run.used
        day, end = max(open_until, run.dates[0] + DAY), min(last, later(zone, run.dates[-1], 1 + left))
        if day > end:
            continue
        alive = {*run.dates, *run.frozen, *(later(zone, run.dates[-1], step) for step in range(1, left + 1))}
        while day <= end:
            yield day, run, alive
            day += DAY
        open_until = day


def _reminded_at(streaks: Streaks, day: date, hour: int) -> Placed | None:
    """When it is that hour of that date where the user is at that moment, as far as is known then."""
    zones = {GREENWICH, *(move.zone for move in streaks.moves)}
    times = (Placed(at_hour(zone, day, hour), zone) for zone in zones)
    known = [time for time in times if streaks.zone_before(time.at) is time.zone and _shows(time, day, hour)]
    return min(known, default=None, key=lambda time: time.at)


def _shows(time: Placed, day: date, hour: int) -> bool:
    """Whether there is such an hour of that date there: in spring one is skipped."""
    local = from_ms(time.at).astimezone(time.zone)
    return (local.date(), local.hour) == (day, hour)


def _before(zone: ZoneInfo, day: date) -> date:
    """The date before it there."""
    day -= DAY
    while not exists(zone, day):
        day -= DAY
    return day


def _seen(streaks: Streaks, day: date, at: int) -> bool:
    """Whether something was done before ``at`` on that date, or on a later one by somebody who is already there."""
    near = (streaks.days.get(day + DAY * ahead) for ahead in range(3))
    return any(found is not None and found.first.at < at for found in near)
