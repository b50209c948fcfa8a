"""How often what was shown is followed by an interaction, by position; smoothed, so that 1 of 1 is not 100 %."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

from signals.ranked import ClickThrough, PositionRate
from signals.weights import RatesWeights

Impression: TypeAlias = tuple[int | None, bool]
"""Position in the list, None where none was told; whether an interaction followed."""


def click_through(impressions: Iterable[Impression], weights: RatesWeights, *, complete: bool) -> ClickThrough:
    """The counts and rates, positions in ascending order. A position's prior is the rate over all positions.

    A rate is (clicks + strength * prior) / (impressions + strength). ``complete``: whether these are all impressions
    there are.
    """
    shown: Counter[int | None] = Counter()
    clicked: Counter[int | None] = Counter()
    for position, click in impressions:
        shown[position] += 1
        clicked[position] += click
    total, clicks = shown.total(), clicked.total()
    rate = _smoothed(clicks, total, weights.click_through, weights)
    return ClickThrough(
        impressions=total,
        clicks=clicks,
        rate=rate,
        positions=tuple(
            PositionRate(
                position=position,
                impressions=shown[position],
                clicks=clicked[position],
                rate=_smoothed(clicked[position], shown[position], rate, weights),
            )
            for position in sorted(each for each in shown if each is not None)
        ),
        complete=complete,
    )


def _smoothed(clicks: int, impressions: int, prior: float, weights: RatesWeights) -> float:
    return (clicks + weights.strength * prior) / (impressions + weights.strength)
