"""Streaks, days and notifications: cases worked out by hand, and any life as the oracle says, on every engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.events import Event
from signals.rewards import Goal, NotificationRules, Rewards, StreakRules
from tests import lives
from tests.contract.stage import Stage
from tests.contract.surface import Surface, few
from tests.factories import active
from tests.lives import History
from tests.reads import same
from tests.strategies import Record, Retract
from tests.streak_meanings import DAY, IMPORTED, Rules, daily_activity, notifications, streak

pytestmark = pytest.mark.timeout(900)

QUERY = """
query ($user: ID!, $since: Date!, $until: Date!, $from: DateTime!) {
  user(id: $user) {
    streak { current longest lastActiveDate atRiskAt freezesLeft }
    dailyActivity(since: $since, until: $until) { date status count goal events }
    notifications(since: $from, first: 500) { id kind at date streak message }
  }
}
"""
BEGINNING = datetime(1971, 1, 1, tzinfo=UTC)
APIA, KIRITIMATI, HONOLULU, NEW_YORK = "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Honolulu", "America/New_York"


def on(day: str, zone: str = "UTC", hour: float = 12, name: str = "LOGIN", **fields: Any) -> Event:
    """Something ann did at that hour of that local date; the event says in which zone."""
    at = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)) + timedelta(hours=hour)
    at = at.astimezone(UTC)
    fields.setdefault("time_zone", zone)
    return active(name, "ann", occurred_at=at, reported_at=at, received_at=lives.RECEIVED, **fields)


def told(day: str, current: int, longest: int, last: str) -> Event:
    """An import on that day."""
    return on(day, name=IMPORTED, metadata={"current": current, "longest": longest, "lastDate": last})


def at(day: str, hour: float = 12, zone: str = "UTC") -> datetime:
    return (datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)) + timedelta(hours=hour)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """``streak``: current, longest, last active date, at risk at, freezes left. ``notes``: kind, at, streak."""

    name: str
    events: list[Event]
    now: datetime
    streak: tuple[int, int, str | None, str | None, int]
    notes: list[tuple[str, str, int]] | None = None
    rules: Rules = field(default_factory=Rules)
    gone: tuple[int, ...] = ()
    """Places of events that are taken back."""


FREEZE = Rules(freezes=1)
MAY = ["2025-05-01", "2025-05-02", "2025-05-03", "2025-05-04"]
CASES = [
    Case("nothing but a retraction", [on("2025-05-01")], at("2025-05-02"), (0, 0, None, None, 0), [], gone=(0,)),
    Case("one day", [on("2025-05-01")], at("2025-05-01", 13), (1, 1, "2025-05-01", "2025-05-03T00:00:00.000Z", 0), []),
    Case(
        "the last moment of a streak",
        [on(day) for day in MAY],
        at("2025-05-06", 0) - timedelta(milliseconds=1),
        (4, 4, "2025-05-04", "2025-05-06T00:00:00.000Z", 0),
        [("REMINDER", "2025-05-05T18:00:00.000Z", 4)],
    ),
    Case(
        "a streak that broke right now",
        [on(day) for day in MAY],
        at("2025-05-06", 0),
        (0, 4, "2025-05-04", None, 0),
        [("STREAK_BROKEN", "2025-05-06T00:00:00.000Z", 4), ("REMINDER", "2025-05-05T18:00:00.000Z", 4)],
    ),
    Case(
        "a gap resets; a day with two events counts once",
        [on("2025-05-01"), on("2025-05-03"), on("2025-05-03", hour=23), on("2025-05-04")],
        at("2025-05-04", 20),
        (2, 2, "2025-05-04", "2025-05-06T00:00:00.000Z", 0),
        [("REMINDER", "2025-05-02T18:00:00.000Z", 1)],
    ),
    Case(
        "what comes late heals it",
        [on("2025-05-01"), on("2025-05-03"), on("2025-05-02")],
        at("2025-05-03", 20),
        (3, 3, "2025-05-03", "2025-05-05T00:00:00.000Z", 0),
        [],
    ),
    Case(
        "what is taken back leaves a gap",
        [on(day) for day in MAY],
        at("2025-05-04", 13),
        (2, 2, "2025-05-04", "2025-05-06T00:00:00.000Z", 0),
        [("REMINDER", "2025-05-02T18:00:00.000Z", 1)],
        gone=(1,),
    ),
    Case(
        "days are those of Kathmandu: 18:14 and 18:15 UTC are two",
        [on("2025-05-01", "Asia/Kathmandu", 23 + 59 / 60), on("2025-05-02", hour=-5.75, time_zone=None)],
        at("2025-05-02", 1),
        (2, 2, "2025-05-02", "2025-05-03T18:15:00.000Z", 0),
        [],
    ),
    Case(
        "clocks go forward: the day that has 23 hours ends at midnight of New York",
        [on("2024-03-09", NEW_YORK, 23.9), on("2024-03-10", NEW_YORK, 0.1)],
        at("2024-03-11", 23, NEW_YORK),
        (2, 2, "2024-03-10", "2024-03-12T04:00:00.000Z", 0),
        [("REMINDER", "2024-03-11T22:00:00.000Z", 2)],
    ),
    Case(
        "Sao Paulo's date begins at 01:00, for there is no midnight",
        [on("2018-11-02", "America/Sao_Paulo")],
        at("2018-11-03"),
        (1, 1, "2018-11-02", "2018-11-04T03:00:00.000Z", 0),
        [],
    ),
    Case(
        "Samoa skipped the 30th: the 29th and the 31st follow each other",
        [on("2011-12-28", APIA), on("2011-12-29", APIA), on("2011-12-31", APIA)],
        at("2011-12-31", 20, APIA),
        (3, 3, "2011-12-31", "2012-01-01T10:00:00.000Z", 0),
        [],
    ),
    Case(
        "on Samoa's 29th there is a whole date left",
        [on("2011-12-28", APIA), on("2011-12-29", APIA)],
        at("2011-12-31", 19, APIA),
        (2, 2, "2011-12-29", "2011-12-31T10:00:00.000Z", 0),
        [("REMINDER", "2011-12-31T04:00:00.000Z", 2)],
    ),
    Case(
        "a flight across the date line skips a date and breaks nothing",
        [on("2025-05-01", HONOLULU, 20), on("2025-05-02", HONOLULU, 1), on("2025-05-04", KIRITIMATI, 1)],
        at("2025-05-04", 2, KIRITIMATI),
        (3, 3, "2025-05-04", "2025-05-05T10:00:00.000Z", 0),
    ),
    Case(
        "a flight back lives one date twice and counts it once",
        [on("2025-05-04", KIRITIMATI, 9), on("2025-05-03", HONOLULU, 11), on("2025-05-04", HONOLULU, 9)],
        at("2025-05-04", 20, HONOLULU),
        (2, 2, "2025-05-04", "2025-05-06T10:00:00.000Z", 0),
    ),
    Case(
        "a leap day is a day",
        [on("2024-02-28"), on("2024-02-29"), on("2024-03-01")],
        at("2024-03-02"),
        (3, 3, "2024-03-01", "2024-03-03T00:00:00.000Z", 0),
        [],
    ),
    Case(
        "a year ends and the streak goes on",
        [on("2025-12-31", hour=23.99), on("2026-01-01", hour=0)],
        at("2026-01-01", 1),
        (2, 2, "2026-01-01", "2026-01-03T00:00:00.000Z", 0),
        [],
    ),
    Case(
        "a freeze bridges one date, which does not count",
        [on("2025-05-01"), on("2025-05-03"), on("2025-05-04")],
        at("2025-05-04", 20),
        (3, 3, "2025-05-04", "2025-05-06T00:00:00.000Z", 0),
        [("REMINDER", "2025-05-02T18:00:00.000Z", 1)],
        FREEZE,
    ),
    Case(
        "a freeze is given back when the day fills up later",
        [on("2025-05-01"), on("2025-05-03"), on("2025-05-04"), on("2025-05-02", hour=23)],
        at("2025-05-04", 20),
        (4, 4, "2025-05-04", "2025-05-07T00:00:00.000Z", 1),
        [("REMINDER", "2025-05-02T18:00:00.000Z", 1)],
        FREEZE,
    ),
    Case(
        "the second missed date breaks the run",
        [on("2025-05-01"), on("2025-05-03"), on("2025-05-05")],
        at("2025-05-05", 13),
        (1, 2, "2025-05-05", "2025-05-08T00:00:00.000Z", 1),
        [
            ("STREAK_BROKEN", "2025-05-05T00:00:00.000Z", 2),
            ("REMINDER", "2025-05-04T18:00:00.000Z", 2),
            ("REMINDER", "2025-05-02T18:00:00.000Z", 1),
        ],
        FREEZE,
    ),
    Case(
        "a week is told once",
        [on(f"2025-05-{n:02}") for n in (*range(1, 9), *range(11, 18))],
        at("2025-05-17", 13),
        (7, 8, "2025-05-17", "2025-05-19T00:00:00.000Z", 0),
        [
            ("STREAK_BROKEN", "2025-05-10T00:00:00.000Z", 8),
            ("REMINDER", "2025-05-09T18:00:00.000Z", 8),
            ("MILESTONE", "2025-05-07T12:00:00.000Z", 7),
        ],
    ),
    Case(
        "an imported streak goes on",
        [told("2025-05-10", 5, 40, "2025-05-10"), on("2025-05-11", hour=9)],
        at("2025-05-11", 20),
        (6, 40, "2025-05-11", "2025-05-13T00:00:00.000Z", 0),
        [],
    ),
    Case(
        "the latest import holds, also where it says less",
        [told("2025-05-10", 50, 60, "2025-05-10"), told("2025-05-11", 0, 3, "2025-05-01"), on("2025-05-11")],
        at("2025-05-11", 13),
        (1, 3, "2025-05-11", "2025-05-13T00:00:00.000Z", 0),
        [],
    ),
    Case(
        "an import alone reaches milestones, and breaks",
        [told("2025-05-11", 8, 8, "2025-05-10")],
        at("2025-05-13"),
        (0, 8, "2025-05-10", None, 0),
        [
            ("STREAK_BROKEN", "2025-05-12T00:00:00.000Z", 8),
            ("REMINDER", "2025-05-11T18:00:00.000Z", 8),
            ("MILESTONE", "2025-05-11T12:00:00.000Z", 7),
        ],
    ),
]


def rewards(rules: Rules) -> Rewards:
    """The same rules for the product."""
    return Rewards(
        goal=Goal(types=rules.goal_types, count=rules.goal),
        streak=StreakRules(freezes=rules.freezes),
        notifications=NotificationRules(milestones=rules.milestones, reminder_hour=rules.reminder_hour),
    )


def of_streak(answer: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(answer[name] for name in ("current", "longest", "lastActiveDate", "atRiskAt", "freezesLeft"))


def of_notes(answer: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    return [(row["kind"], row["at"], row["streak"]) for row in answer]


@pytest.fixture
def surface(stage: Stage) -> Surface:
    return Surface.of(stage)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name.replace(" ", "-")) for case in CASES])
def test_the_oracle_knows_what_was_worked_out_by_hand(case: Case) -> None:
    left = [event for place, event in enumerate(case.events) if place not in case.gone]
    assert of_streak(streak(left, "ann", case.now, case.rules)) == case.streak
    if case.notes is not None:
        assert of_notes(notifications(left, "ann", BEGINNING, case.now, case.rules)) == case.notes


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name.replace(" ", "-")) for case in CASES])
async def test_what_was_worked_out_by_hand(surface: Surface, case: Case) -> None:
    gone = [Retract(case.events[place].id, None, lives.RECEIVED) for place in case.gone]
    await surface.tell([Record(tuple(case.events)), *gone], rewards(case.rules))
    found = await asked(surface, "ann", case.now, case.now.date())
    if found is None:
        assert case.streak == (0, 0, None, None, 0)
        return
    assert of_streak(found["streak"]) == case.streak
    if case.notes is not None:
        assert of_notes(found["notifications"]) == case.notes


async def asked(
    surface: Surface, user: str, now: datetime, day: date, since: datetime = BEGINNING
) -> dict[str, Any] | None:
    """Streak, the dates around ``day`` and the notifications; None for somebody never seen."""
    variables = {"user": user, "from": since, "since": (day - 9 * DAY).isoformat(), "until": day.isoformat()}
    data = await surface.ask(QUERY, now, variables)
    found: dict[str, Any] | None = data["user"]
    return found


rules = st.builds(
    Rules,
    freezes=st.sampled_from((0, 0, 1, 2)),
    milestones=st.sampled_from(((2, 3, 5), (7,))),
    reminder_hour=st.sampled_from((0, 9, 18)),
    goal=st.sampled_from((1, 2)),
)


@few
@given(data=st.data())
async def test_any_life(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(lives.DAYS), label="history")
    settled: Rules = data.draw(rules, label="rules")
    day = (history.anchor + 6 * DAY).date()
    early = data.draw(st.integers(0, len(history.steps)), label="heard before the first question")
    await surface.tell(history.steps[:early], rewards(settled))
    for user in lives.DAYS.users:
        await asked(surface, user, history.now, day)
    events = await surface.hear(history.steps[early:])
    for user in lives.DAYS.users:
        since = data.draw(st.sampled_from((BEGINNING, history.anchor)), label="since")
        for now in (history.now, history.anchor + 7 * DAY):
            found = await asked(surface, user, now, day, since)
            if found is None:
                assert await surface.told.seen([user]) == [False]
                continue
            told = [{name: note[name] for name in EXPECTED} for note in found["notifications"]]
            assert len({note["id"] for note in found["notifications"]}) == len(told)
            same(
                {
                    "streak": streak(events, user, now, settled),
                    "days": daily_activity(events, user, day - 9 * DAY, day, settled),
                    "notes": notifications(events, user, since, now, settled),
                },
                {"streak": found["streak"], "days": found["dailyActivity"], "notes": told},
            )


EXPECTED = ("kind", "at", "date", "streak")


PING = """
mutation ($zone: String) {
  pingActivity(userId: "ann", timeZone: $zone) { ... on Pinged { recorded streak { current lastActiveDate atRiskAt } } }
}
"""


async def test_a_ping_counts_once_in_five_minutes_and_makes_the_day(surface: Surface) -> None:
    """23:59:59 and midnight in Kolkata are two dates, and two spans of five minutes."""
    await surface.tell([])
    midnight = datetime(2025, 5, 1, 18, 30, tzinfo=UTC)
    told = []
    for seconds in (-301, -300, -1, 0, 299, 300):
        now = midnight + timedelta(seconds=seconds)
        found = (await surface.ask(PING, now, {"zone": "Asia/Kolkata"}))["pingActivity"]
        told.append((found["recorded"], found["streak"]["current"], found["streak"]["lastActiveDate"]))
    assert told == [
        (True, 1, "2025-05-01"),
        (True, 1, "2025-05-01"),
        (False, 1, "2025-05-01"),
        (True, 2, "2025-05-02"),
        (False, 2, "2025-05-02"),
        (True, 2, "2025-05-02"),
    ]
