"""Habits are what the events show, smoothed towards the defaults where there are few."""

from __future__ import annotations

import math

import pytest

from signals.habits import Habits, Odds, Tally, habits
from signals.weights import HabitsWeights, standard

EXACT = HabitsWeights(trust=1e-9)


def test_nothing_seen_is_the_defaults() -> None:
    found = Tally().habits(standard().habits)
    assert found == Habits()


def test_ties_replies_and_the_clock() -> None:
    found = habits([("a", "b"), ("b", "a"), ("a", "c"), ("a", "b")], [], EXACT)
    assert found.repeat == pytest.approx(2 / 4)
    assert found.reply == pytest.approx(2 / 2)
    assert found.spread == pytest.approx((math.log1p(0) + math.log1p(1)) / 2)


def test_nobody_has_a_habit_with_themselves() -> None:
    assert habits([("a", "a")] * 9, [], standard().habits) == Habits()


def test_turns_are_those_to_another_content() -> None:
    found = habits([], [("a", "x"), ("a", "x"), ("a", "y"), ("a", "x"), ("a", "x")], EXACT)
    assert found.again == pytest.approx(1 / 3)
    assert found.again_spread == pytest.approx(math.log1p(1))


def test_contents_last_where_old_ones_are_found() -> None:
    readers = [f"reader-{n}" for n in range(50)]
    news = [(reader, f"item-{n}") for n in range(20) for reader in readers]
    catalogue = [("librarian", f"item-{n}") for n in range(20)] + [(r, f"item-{n % 4}") for n, r in enumerate(readers)]
    assert habits([], news, EXACT).lasting == pytest.approx(0.0, abs=0.01)
    assert habits([], catalogue, EXACT).lasting > 0.8


def test_waiting_turns_show_in_the_odds() -> None:
    """Some answer whoever wrote last; one writes to somebody else each time, and is never answered."""
    answered = [pair for n in range(60) for pair in ((f"u{n % 3}", f"v{n % 5}"), (f"v{n % 5}", f"u{n % 3}"))]
    talk = [*answered, *(("x", f"y{n % 7}") for n in range(200))]
    found = habits(talk, [], standard().habits)
    assert found.answer > Habits().answer
    silent = [("u", f"v{n % 7}") for n in range(200)]
    assert habits(silent, [], standard().habits).answer == Habits().answer


def test_odds() -> None:
    odds = Odds()
    for waits, done, count in ((True, True, 30), (True, False, 10), (False, True, 10), (False, False, 30)):
        for _ in range(count):
            odds.add(waits, done)
    assert odds.ratio(0.5, 0.0) == pytest.approx(2 * math.log(31 / 11))
    assert 0.5 < odds.ratio(0.5, 100.0) < odds.ratio(0.5, 1.0)
