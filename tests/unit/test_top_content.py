"""Top content: what events add up to, where whole days begin, and whom to count to know who has the most people."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.clock import DAY_MS
from signals.diary import Entry
from signals.engagement_rate import engagement_rate
from signals.top_content import By, Counted, Numbers, Spans, TopContent, counted, doubtful, top
from signals.weights import standard
from tests.factories import VOCABULARY

WEIGHTS = standard().engagement_rate
POST = "POST:1"


def entry(name: str, actor: str = "ann", key: str | None = POST, face: str = "content", **more: Any) -> Entry:
    return Entry(0, "e", actor, face, name, "post", name.lower(), key)._replace(**more)


def test_events_add_up() -> None:
    found = counted(
        [
            entry("VIEW", duration_ms=100, scroll_depth=50.0),
            entry("VIEW", "bob", duration_ms=0),
            entry("LIKE", scroll_depth=0.0),
            entry("UNLIKE"),
            entry("COMMENT"),
            entry("REPLY"),
            entry("SHARE"),
            entry("SAVE"),
            entry("HIDE"),
        ],
        VOCABULARY,
    )
    row = TopContent.of(POST, found.numbers[POST], By.SCORE, WEIGHTS)
    assert (row.events, row.views, row.likes, row.comments, row.shares, row.saves) == (9, 2, 1, 2, 1, 1)
    assert (row.time_spent_ms, row.mean_dwell_ms, row.average_scroll_depth) == (100, 50.0, 25.0)
    assert row.score == row.value == 1 + 1 + 3 + 5 + 5 + 6 + 4 - 5
    assert row.unique_users == 2
    assert row.engagement_rate == engagement_rate(5, 2, WEIGHTS)


def test_what_a_social_event_mentions_is_not_done_to_it_and_other_types_are_left_out() -> None:
    entries = [entry("MENTION", face="social"), entry("VIEW", key=None), entry("VIEW", key="ARTICLE:1"), entry("VIEW")]
    assert counted(entries, VOCABULARY).numbers.keys() == {POST, "ARTICLE:1"}
    assert counted(entries, VOCABULARY, "POST").numbers.keys() == {POST}


def test_without_durations_or_depths_there_is_no_mean() -> None:
    row = TopContent.of(POST, Numbers(n=1), By.VIEWS, WEIGHTS)
    assert (row.mean_dwell_ms, row.average_scroll_depth, row.value) == (None, None, 0.0)


def test_one_like_of_one_view_does_not_beat_900_of_1000() -> None:
    assert engagement_rate(1, 1, WEIGHTS) < engagement_rate(900, 1000, WEIGHTS)
    assert engagement_rate(0, 0, WEIGHTS) == pytest.approx(WEIGHTS.rate)
    assert 0 < engagement_rate(50, 0, WEIGHTS) < 1


def test_equal_ones_come_by_key() -> None:
    numbers = {key: Numbers(n=1, likes=likes) for key, likes in (("POST:b", 1), ("POST:a", 1), ("POST:c", 2))}
    assert top(numbers, 2, By.LIKES, WEIGHTS) == ["POST:c", "POST:a"]
    assert top({**numbers, "POST:0": Numbers(likes=9)}, 3, By.LIKES, WEIGHTS) == ["POST:c", "POST:a", "POST:b"]


@pytest.mark.parametrize(
    ("since", "until", "days", "cuts"),
    [
        (DAY_MS, 3 * DAY_MS, [DAY_MS, 2 * DAY_MS], []),
        (5, 2 * DAY_MS, [DAY_MS], [(5, DAY_MS)]),
        (5, 2 * DAY_MS + 1, [DAY_MS], [(5, DAY_MS), (2 * DAY_MS, 2 * DAY_MS + 1)]),
        (5, 6, [], [(5, 6)]),
        (DAY_MS - 1, DAY_MS + 1, [], [(DAY_MS - 1, DAY_MS + 1)]),
    ],
)
def test_a_span_is_whole_days_and_what_is_left(
    since: int, until: int, days: list[int], cuts: list[tuple[int, int]]
) -> None:
    spans = Spans.of(since, until)
    assert (list(spans.days), list(spans.cuts)) == (days, cuts)


@given(st.integers(-DAY_MS, 5 * DAY_MS), st.integers(1, 5 * DAY_MS))
def test_a_span_is_covered_once(since: int, length: int) -> None:
    spans = Spans.of(since, since + length)
    parts = sorted([*spans.cuts, *((day, day + DAY_MS) for day in spans.days)])
    assert parts[0][0] == since
    assert parts[-1][1] == since + length
    assert all(one[1] == other[0] for one, other in pairwise(parts))


visits = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3), st.sampled_from("uvwxyz")), max_size=60)


@given(visits, st.integers(1, 5), st.integers(1, 3))
def test_those_with_most_people_are_found(seen: list[tuple[str, int, str]], first: int, at_once: int) -> None:
    """``seen``: content, day, person."""
    days: dict[tuple[str, int], set[str]] = defaultdict(set)
    people: dict[str, set[str]] = defaultdict(set)
    for key, day, who in seen:
        days[key, day].add(who)
        people[key].add(who)
    found = Counted()
    for (key, _), some in days.items():
        found.of(key).n += len(some)
        found.of(key).seen_by(len(some))
    looked_at: set[str] = set()
    while keys := doubtful(found.numbers, first, at_once):
        assert looked_at.isdisjoint(keys)
        looked_at.update(keys)
        for key in keys:
            found.settle(key, people[key])
    expected = sorted(people, key=lambda key: (-len(people[key]), key))[:first]
    assert top(found.numbers, first, By.UNIQUE_USERS, WEIGHTS) == expected


def test_whoever_cannot_be_among_the_first_is_not_looked_at() -> None:
    numbers = {
        "POST:a": Numbers(n=9, least=9, most=9),
        "POST:b": Numbers(n=9, least=5, most=9),
        "POST:c": Numbers(n=8, least=5, most=8),
    }
    assert doubtful(numbers, 1, 10) == []
    assert doubtful(numbers, 2, 10) == ["POST:b", "POST:c"]
    assert doubtful(numbers, 2, 1) == ["POST:b"]
