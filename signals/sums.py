"""What events add up to, from cells of them: by type and stretch of time. Times are epoch ms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

from signals.events import ActivitySummary
from signals.items import ordered
from signals.rollups import day_of

Cell: TypeAlias = tuple[str, str, int, int]
"""Category, action, start of a stretch of time, events."""


class Counted(NamedTuple):
    """Events by type and time, distinct users and sessions."""

    cells: Sequence[Cell]
    users: int
    sessions: int


def cell(type: str, at: int, n: int) -> Cell:
    """``n`` events of a ``category:action``."""
    category, _, action = type.partition(":")
    return category, action, at, n


def by_time(cells: Iterable[Cell]) -> Counter[int]:
    """Events by stretch of time."""
    times = Counter[int]()
    for _, _, at, n in cells:
        times[at] += n
    return times


def summed(cells: Iterable[Cell], users: int, sessions: int) -> ActivitySummary:
    """The totals; the most active day is one of UTC."""
    types, categories, actions = Counter[str](), Counter[str](), Counter[str]()
    days = Counter[int]()
    for category, action, at, n in cells:
        types[f"{category}:{action}"] += n
        categories[category] += n
        actions[action] += n
        days[day_of(at)] += n
    common = ordered(list(actions.items()))
    busiest = min(days, key=lambda day: (-days[day], day), default=None)
    return ActivitySummary(
        total_events=types.total(),
        unique_users=users,
        sessions=sessions,
        by_category=ordered(list(categories.items())),
        by_type=ordered(list(types.items())),
        most_active_day=None if busiest is None else datetime.fromtimestamp(busiest / 1000, UTC).date().isoformat(),
        most_common_action=common[0][0] if common else None,
    )
