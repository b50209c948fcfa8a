"""What somebody is told about the streak: once, in time, and under the same id for ever."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from signals.clock import to_ms
from signals.diary import Moment
from signals.notifications import Notification, notifications
from signals.rewards import NotificationRules
from tests.unit.test_streaks import AUCKLAND, BERLIN, HONOLULU, each_day, followed, local, on, told

RULES = NotificationRules(milestones=(3, 7), reminder_hour=18)
EVER = "2100-01-01T00:00"


def due(
    moments: list[Moment], until: str = EVER, since: str = "1970-01-01T00:00", freezes: int = 0
) -> list[Notification]:
    start, end = (to_ms(datetime.fromisoformat(at).replace(tzinfo=UTC)) for at in (since, until))
    return notifications("ann", followed(moments, freezes), RULES, start, end)


def rows(found: list[Notification]) -> list[tuple[str, str, str, int]]:
    return [(each.kind.value, f"{each.at:%m-%dT%H:%M}", f"{each.date:%m-%d}", each.streak) for each in found]


def test_a_run_from_beginning_to_end() -> None:
    moments = each_day("2026-03-01", 3, hour=20)
    assert rows(due(moments)) == [
        ("STREAK_BROKEN", "03-05T00:00", "03-05", 3),
        ("REMINDER", "03-04T18:00", "03-04", 3),
        ("MILESTONE", "03-03T20:00", "03-03", 3),
        ("REMINDER", "03-03T18:00", "03-03", 2),
        ("REMINDER", "03-02T18:00", "03-02", 1),
    ]
    assert rows(due(moments, since="2026-03-03T18:00", until="2026-03-04T17:59")) == [
        ("MILESTONE", "03-03T20:00", "03-03", 3),
        ("REMINDER", "03-03T18:00", "03-03", 2),
    ]


def test_who_was_there_in_time_is_not_reminded_and_one_day_is_no_streak_to_lose() -> None:
    assert rows(due(each_day("2026-03-01", 2, hour=9), until="2026-03-02T23:00")) == []
    assert rows(due(each_day("2026-03-01", 1, hour=9))) == [("REMINDER", "03-02T18:00", "03-02", 1)]


def test_times_are_local() -> None:
    found = due(each_day("2026-03-27", 2, BERLIN, 9))
    assert rows(found) == [("STREAK_BROKEN", "03-29T22:00", "03-30", 2), ("REMINDER", "03-29T16:00", "03-29", 2)]


def test_a_milestone_is_told_once_for_ever() -> None:
    moments = [*each_day("2026-03-01", 3, hour=9), *each_day("2026-03-10", 7, hour=9)]
    reached = [row for row in rows(due(moments)) if row[0] == "MILESTONE"]
    assert reached == [("MILESTONE", "03-16T09:00", "03-16", 7), ("MILESTONE", "03-03T09:00", "03-03", 3)]


def test_freezes_keep_a_run_alive_and_somebody_reminded() -> None:
    moments = [*each_day("2026-03-01", 2, hour=9), local("2026-03-04T09:00")]
    assert [row[:3] for row in rows(due(moments, freezes=1)) if row[0] != "MILESTONE"] == [
        ("STREAK_BROKEN", "03-06T00:00", "03-06"),
        ("REMINDER", "03-05T18:00", "03-05"),
        ("REMINDER", "03-03T18:00", "03-03"),
    ]
    assert [row[2] for row in rows(due(moments[:2], freezes=2)) if row[0] == "REMINDER"] == ["03-05", "03-04", "03-03"]


def test_who_is_a_day_ahead_already_is_not_reminded() -> None:
    flown = [*each_day("2026-03-01", 2, HONOLULU, 9), local("2026-03-04T12:00", AUCKLAND)]
    assert [row[2] for row in rows(due(flown)) if row[0] == "REMINDER"] == ["03-05"]


def test_what_an_older_system_knew_is_told_when_it_is_carried_over() -> None:
    found = rows(due([told(8, 20, "2026-03-04", "2026-03-05T10:00"), local("2026-03-05T11:00")]))
    assert found == [
        ("STREAK_BROKEN", "03-07T00:00", "03-07", 9),
        ("REMINDER", "03-06T18:00", "03-06", 9),
        ("MILESTONE", "03-05T10:00", "03-03", 7),
        ("MILESTONE", "03-05T10:00", "02-27", 3),
    ]


def test_words_and_ids() -> None:
    found = due(each_day("2026-03-01", 3, hour=20))
    assert [each.id for each in found][:3] == [
        "streak-broken-2026-03-05-ann",
        "reminder-2026-03-04-ann",
        "milestone-3-ann",
    ]
    assert found[0].message.startswith("Your streak of 3 days has ended.")
    assert found[1].message == "Nothing yet today: do something to keep your streak of 3 days."
    assert found[2].message == "3 days in a row. Well done!"


@given(st.sets(st.integers(0, 40), max_size=30), st.integers(0, 3), st.integers(0, 45), st.integers(0, 45))
def test_what_was_told_stays_told(days: set[int], freezes: int, since: int, until: int) -> None:
    """A window answers exactly what all of time has within it; ids are unique."""
    day_ms, start = 86_400_000, to_ms(datetime(2024, 2, 1, tzinfo=UTC))
    streaks = followed(on(days), freezes)
    everything = notifications("ann", streaks, RULES, 0, start + 400 * day_ms)
    assert len({each.id for each in everything}) == len(everything)
    begin, end = start + since * day_ms, start + until * day_ms
    within = [each for each in everything if begin <= to_ms(each.at) <= end]
    assert notifications("ann", streaks, RULES, begin, end) == within


@given(st.sets(st.integers(0, 40), min_size=1, max_size=30), st.integers(0, 3))
def test_what_comes_later_takes_nothing_back_but_the_end(days: set[int], freezes: int) -> None:
    """As long as events come in order: everything told by an event's time is still told after it."""
    ordered = sorted(days)
    last = on(ordered[-1:])[0]
    before = notifications("ann", followed(on(ordered[:-1]), freezes), RULES, 0, last.at - 1)
    after = notifications("ann", followed(on(ordered), freezes), RULES, 0, last.at - 1)
    assert after == before
