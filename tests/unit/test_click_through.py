"""Click-through rates: counts by position, smoothed."""

from __future__ import annotations

import pytest

from signals.click_through import click_through
from signals.weights import standard

RATES = standard().rates


def test_nothing_shown_is_the_prior() -> None:
    found = click_through([], RATES, complete=True)
    assert (found.impressions, found.clicks, found.positions) == (0, 0, ())
    assert found.rate == pytest.approx(RATES.click_through)


def test_one_of_one_is_less_than_900_of_1000() -> None:
    few = click_through([(1, True)], RATES, complete=True)
    many = click_through([(1, n < 900) for n in range(1000)], RATES, complete=True)
    assert few.rate < many.rate < 0.9


def test_positions_ascend_and_lean_towards_the_rate_of_all() -> None:
    shown = [(7, False), (2, True), (2, False), (None, True)]
    found = click_through(shown, RATES, complete=False)
    assert not found.complete
    assert (found.impressions, found.clicks) == (4, 2)
    assert [(p.position, p.impressions, p.clicks) for p in found.positions] == [(2, 2, 1), (7, 1, 0)]
    assert found.rate == pytest.approx((2 + RATES.strength * RATES.click_through) / (4 + RATES.strength))
    assert found.positions[0].rate == pytest.approx((1 + RATES.strength * found.rate) / (2 + RATES.strength))
