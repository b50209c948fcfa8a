"""Ages in words, and how long the words hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.clock import DAY_MS, HOUR_MS
from signals.crowds import Crowd, crowd
from signals.decay import Accumulator
from signals.profiles import Card
from signals.wording import MINUTE_MS, ago, another
from tests.factories import POST

AGES = st.integers(-HOUR_MS, 3 * 365 * DAY_MS)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (-DAY_MS, "just now"),
        (MINUTE_MS - 1, "just now"),
        (MINUTE_MS, "1 minute ago"),
        (HOUR_MS - 1, "59 minutes ago"),
        (DAY_MS - 1, "23 hours ago"),
        (30 * DAY_MS - 1, "29 days ago"),
        (365 * DAY_MS - 1, "12 months ago"),
        (800 * DAY_MS, "2 years ago"),
    ],
)
def test_ages(age: int, words: str) -> None:
    assert ago(age) == words


@given(AGES)
def test_words_hold_until_another_age_and_no_longer(age: int) -> None:
    assert another(age) > age
    assert ago(another(age) - 1) == ago(age)
    assert ago(another(age)) != ago(age)


@given(st.lists(AGES, min_size=1, max_size=20), st.integers(0, 40 * DAY_MS))
def test_what_is_said_of_a_crowd_is_right_at_every_instant_in_any_order(instants: list[int], span: int) -> None:
    card = Card(POST, first=0, touches=Accumulator.of([0, span]))
    for now in instants:
        assert crowd(card, now) == Crowd(
            f"2 people engaged, the last of them {ago(now - span)}",
            f"first engaged with {ago(now)}",
            f"2 people, the latest {ago(now - span)}",
        )
