"""What somebody did on each date, and how far that goes towards the goal of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from signals.diary import Entry
from signals.rewards import Goal
from signals.streak_imports import IMPORTED


class DayStatus(StrEnum):
    """How far a day came."""

    NONE = "NONE"
    PARTIAL = "PARTIAL"
    COMPLETE = "COMPLETE"


@dataclass(frozen=True, slots=True)
class DailyActivity:
    """One local date. ``count``: different entities among the events of the goal's types; without one, the event."""

    date: date
    count: int
    goal: int
    events: int

    @property
    def status(self) -> DayStatus:
        """Where the count stands."""
        if not self.count:
            return DayStatus.NONE
        return DayStatus.COMPLETE if self.count >= self.goal else DayStatus.PARTIAL


def daily(
    entries: Iterable[Entry], dates: Iterable[date], since: date, until: date, goal: Goal
) -> Iterator[DailyActivity]:
    """Every date from ``since`` to ``until``, both among them. ``dates``: the local date of each entry."""
    done: dict[date, list[Entry]] = defaultdict(list)
    for entry, day in zip(entries, dates, strict=True):
        if entry.name != IMPORTED:
            done[day].append(entry)
    for step in range((until - since).days + 1):
        day = since + timedelta(days=step)
        events = done.get(day, [])
        yield DailyActivity(day, _count(events, goal), goal.count, len(events))


def _count(events: Iterable[Entry], goal: Goal) -> int:
    """What counts towards the goal, each thing once."""
    towards = (entry for entry in events if entry.type in goal.types)
    return len({(e.entity_type, e.entity_id) if e.entity_id is not None else e.id for e in towards})
