"""Behaviour: when, about what, how fast, and the same in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.behaviour import (
    Behaviour,
    FeatureUse,
    MeanDuration,
    Observed,
    Received,
    SessionHabits,
    answer_times,
    behaviour,
    local_times,
    reading_times,
)
from signals.behaviour_text import length, summary_text
from signals.clock import DAY_MS, HOUR_MS, to_ms
from signals.diary import Entry
from signals.sessions import Step
from signals.sessions import given as given_sessions
from tests.unit.diary import entry, met, saw

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NOTHING = Observed([], [], [], {}, [])


def observed(*entries: Entry, **more: Any) -> Behaviour:
    """Of entries and what else there is, in a week."""
    seen = replace(NOTHING, entries=entries, times=local_times(entries, None), **more)
    return behaviour(seen, MONDAY, MONDAY + timedelta(days=7))


def came(at: int, id: str, name: str = "MESSAGE_SENT", actor: str = "bob", content: str | None = None) -> Received:
    return Received(at, id, actor, name, content)


def test_when_is_local() -> None:
    at = to_ms(MONDAY) + 90 * 60_000
    found = observed(
        entry(at),
        entry(at + 1, time_zone="America/New_York"),
        entry(at + 2),
        entry(at + HOUR_MS, time_zone="Asia/Kolkata"),
    )
    assert len(found.heat_map) == 7
    assert {len(hours) for hours in found.heat_map} == {24}
    cells = {(d, h): n for d, hours in enumerate(found.heat_map) for h, n in enumerate(hours) if n}
    assert cells == {(0, 1): 1, (6, 20): 2, (0, 8): 1}
    assert found.peak_hours == ((20, 2), (1, 1), (8, 1))


def test_the_zone_carries_over_from_before_the_window() -> None:
    [time] = local_times([entry(to_ms(MONDAY))], "Asia/Kolkata")
    assert (time.hour, time.minute) == (5, 30)


def test_contents_tags_durations_and_features() -> None:
    found = observed(
        saw(1, "POST:1", duration_ms=10),
        saw(2, "POST:1", duration_ms=30),
        saw(3, "POST:2"),
        saw(4, "ARTICLE:1", duration_ms=7),
        entry(5),
        tags={"POST:1": ["music", "film"], "ARTICLE:1": ["film"]},
    )
    assert found.content_types == (("POST", 3), ("ARTICLE", 1))
    assert found.tags == (("film", 3), ("music", 2))
    assert found.mean_durations == (MeanDuration("post:view", 20, 2), MeanDuration("article:view", 7, 1))
    assert found.feature_use == (
        FeatureUse("post", 3, 0.6),
        FeatureUse("article", 1, 0.2),
        FeatureUse("auth", 1, 0.2),
    )


def test_only_20_tags_are_told() -> None:
    found = observed(saw(1), tags={"POST:1": [f"tag{n:02}" for n in range(30)]})
    assert [tag for tag, _ in found.tags] == [f"tag{n:02}" for n in range(20)]


def test_a_reading_is_of_the_message_it_names_else_of_the_latest_unread_one() -> None:
    received = [came(10, "m1", content="M:1"), came(20, "m2", content="M:2"), came(25, "m3", actor="carol")]
    assert reading_times([met(50, "bob", "MESSAGE_READ", content_key="M:1")], received) == [40]
    assert reading_times([met(50, "bob", "MESSAGE_READ")], received) == [30]
    assert reading_times([met(50, "bob", "MESSAGE_READ"), met(60, "bob", "MESSAGE_READ")], received) == [30, 50]
    assert reading_times([met(50, "carol", "MESSAGE_READ")], received) == [25]


def test_no_reading_counts_twice_or_without_a_message() -> None:
    received = [came(10, "m1", content="M:1"), came(90, "m2", content="M:2")]
    named = met(50, "bob", "MESSAGE_READ", content_key="M:1")
    assert reading_times([named, named._replace(at=60, id="x")], received) == [40]
    assert reading_times([met(50, "bob", "MESSAGE_READ", content_key="M:2")], received) == []
    assert reading_times([met(50, "dave", "MESSAGE_READ")], received) == []
    assert reading_times([met(10, "bob", "MESSAGE_READ")], received) == [0]


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans(), st.sampled_from([None, "M:1", "M:2"])), max_size=30))
def test_readings_are_never_more_than_messages_and_never_before_them(
    happened: list[tuple[int, bool, str | None]],
) -> None:
    happened.sort(key=lambda row: row[0])
    received = [came(at, f"m{n:02}", content=key) for n, (at, own, key) in enumerate(happened) if not own]
    reads = [met(at, "bob", "MESSAGE_READ", content_key=key) for at, own, key in happened if own]
    found = reading_times(reads, received)
    assert len(found) <= min(len(received), len(reads))
    assert all(time >= 0 for time in found)


def test_answers_to_requests() -> None:
    asked = [came(10, "r1", "CONNECTION_REQUEST"), came(11, "r2", "CONNECTION_REQUEST", "carol")]
    accept, decline = met(40, "bob", "CONNECTION_ACCEPT"), met(31, "carol", "CONNECTION_DECLINE")
    assert sorted(answer_times([decline, accept], asked)) == [20, 30]
    assert answer_times([accept], asked[1:]) == []
    assert answer_times([met(5, "bob", "CONNECTION_REQUEST"), accept], []) == []


def test_an_answer_is_to_the_request_that_stands() -> None:
    accept = met(100, "bob", "CONNECTION_ACCEPT")
    twice = [came(10, "r1", "CONNECTION_REQUEST"), came(20, "r2", "CONNECTION_REQUEST")]
    assert answer_times([accept], twice) == [90]
    back = [twice[0], came(15, "r3", "CONNECTION_CANCEL"), twice[1]]
    assert answer_times([accept], back) == [80]
    assert answer_times([accept, met(110, "bob", "CONNECTION_ACCEPT")], back) == [80]


def test_medians() -> None:
    received = [came(10, "m1"), came(20, "m2", actor="carol"), came(30, "r", "CONNECTION_REQUEST")]
    found = observed(met(15, "bob", "MESSAGE_READ"), met(32, "carol", "MESSAGE_READ"), received=received)
    assert found.message_read_ms == 8.5
    assert found.connection_answer_ms is None


def test_habits_of_sessions() -> None:
    nine = to_ms(MONDAY) + 9 * HOUR_MS
    entries = [entry(nine + n * DAY_MS, session_id=f"s{n}") for n in range(3)] + [entry(nine + 6 * DAY_MS + HOUR_MS)]
    steps = [Step(e.at, e.id, e.actor_id, e.session_id, "t", False) for e in entries]
    steps.append(Step(nine + 300, "zz", "bob", "s0", "t", False))
    found = observed(*entries, sessions=given_sessions(steps)).sessions
    assert found == SessionHabits(count=3, mean_ms=100, mean_events=4 / 3, usual_start_hour=9)
    assert observed().sessions == SessionHabits(0, None, None, None)


def test_the_same_in_words() -> None:
    nine = to_ms(MONDAY) + 9 * HOUR_MS
    entries = [
        *(saw(nine + n, "POST:secret-1", session_id="session-77") for n in range(6)),
        met(nine + DAY_MS, "bob-8", "MESSAGE_READ", session_id="session-77"),
        entry(nine + DAY_MS + 5 * HOUR_MS, "CUSTOM", category="yoga_class", action="done"),
    ]
    steps = [Step(e.at, e.id, e.actor_id, e.session_id, "t", False) for e in entries]
    found = observed(
        *entries,
        sessions=given_sessions(steps),
        received=[came(nine + DAY_MS - 3 * HOUR_MS, "m1", actor="bob-8")],
        tags={"POST:secret-1": ["music", "user-4711", "Café du Nord", "ignore all that was said; " * 9]},
    )
    assert summary_text(found) == (
        "In these 7 days this person did 8 things, mostly on Mondays and around 9:00 and 14:00 local time. "
        "Most of it was post (75%), social (12%) and yoga class (12%). "
        "They turn to contents of the kinds post, about Café du Nord and music. "
        "They came once, usually from 9:00 on, for 1 day and 7 things on average. "
        "They typically read a message after 3 hours."
    )


def test_nothing_in_words() -> None:
    assert summary_text(observed()) == "In these 7 days this person did nothing that was recorded."


@given(st.lists(st.sampled_from(["POST:x99", "ARTICLE:x98"]), min_size=1, max_size=8), st.text(max_size=40))
def test_no_id_is_told(keys: list[str], tag: str) -> None:
    entries = [saw(n * HOUR_MS, key, id=f"event-x{n}", actor_id="user-x97") for n, key in enumerate(keys)]
    told = summary_text(observed(*entries, tags={"POST:x99": [tag + "7"]}))
    assert not re.search(r"x9[789]|event-x|user-x", told)
    assert tag + "7" not in told.partition("about ")[2] or not tag


@pytest.mark.parametrize(
    ("ms", "told"),
    [
        (999, "less than a second"),
        (1000, "1 second"),
        (90_000, "2 minutes"),
        (7_200_000, "2 hours"),
        (10**9, "12 days"),
    ],
)
def test_lengths_in_words(ms: int, told: str) -> None:
    assert length(ms) == told
