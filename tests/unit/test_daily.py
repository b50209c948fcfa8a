"""The goal of a day: different things done, by the local date."""

from __future__ import annotations

from datetime import date

from signals.daily import DayStatus, daily
from signals.diary import Entry
from signals.rewards import Goal

GOAL = Goal(types=("problem:solved", "lesson:completed"), count=3)
FIRST, SECOND, THIRD = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)


def entry(id: str, entity: str | None = None, action: str = "solved", kind: str = "problem", name: str = "X") -> Entry:
    return Entry(
        at=0,
        id=id,
        actor_id="ann",
        face="activity",
        name=name,
        category=kind,
        action=action,
        entity_type=kind if entity else None,
        entity_id=entity,
    )


def test_each_thing_counts_once_a_day() -> None:
    entries = [entry("1", "p1"), entry("2", "p1"), entry("3", "p2"), entry("4", "p1", "completed", "lesson")]
    entries += [entry("5", "p3", "viewed"), entry("6", "p1")]
    rows = list(daily(entries, [FIRST] * 5 + [SECOND], FIRST, THIRD, GOAL))
    assert [(row.date, row.status, row.count, row.goal, row.events) for row in rows] == [
        (FIRST, DayStatus.COMPLETE, 3, 3, 5),
        (SECOND, DayStatus.PARTIAL, 1, 3, 1),
        (THIRD, DayStatus.NONE, 0, 3, 0),
    ]


def test_an_event_without_an_entity_counts_as_it_is() -> None:
    rows = list(daily([entry("1"), entry("2"), entry("3", "p1")], [FIRST] * 3, FIRST, FIRST, GOAL))
    assert [row.count for row in rows] == [3]


def test_an_import_is_nothing_that_was_done() -> None:
    told = entry("1", None, "imported", "streak", "STREAK_IMPORTED")
    assert [row.events for row in daily([told], [FIRST], FIRST, FIRST, GOAL)] == [0]
