"""What many people turn to now: distinct users' first touches of the last hours and of the last day."""

from __future__ import annotations

import math

from signals.contributions import Contribution, Term
from signals.decay import HALF_LIVES_MS, Accumulator, Aged
from signals.weights import Weights
from signals.wording import ago, number

HOURS, DAY, WEEK = 2, 3, 4
"""Indices of the half-lives of 3 hours, 18 hours and 4.5 days."""


def trend(touches: Accumulator, now: int, weights: Weights) -> tuple[Contribution, ...]:
    """The terms of ``ln(1 + E_3h / a) + ln(1 + E_18h / b)``, which add up to the trend; nothing without touches."""
    users = told(touches, now) if touches.n > 0 else None
    return tuple(
        Contribution(signal, value, weight, users if signal == "last_hours" else None)
        for signal, value, weight in terms(touches, touches.aged(now), weights)
    )


def terms(touches: Accumulator, aged: Aged, weights: Weights) -> list[Term]:
    """Signal, value and weight of each term; ``aged``: the sums of ``touches`` now."""
    if touches.n <= 0:
        return []
    w = weights.trend
    return [
        ("last_hours", math.log1p(aged[HOURS] / w.now_least), w.now),
        ("last_day", math.log1p(aged[DAY] / w.day_least), w.day),
    ]


def told(touches: Accumulator, now: int) -> str:
    """Who makes the trend, in words."""
    return f"{number(touches.n, 'person', 'people')}, the latest {ago(now - touches.t)}"


def rising(touches: Accumulator, aged: Aged, weights: Weights) -> float:
    """How unusual the last hours are: new users over what the last days would let expect, in standard deviations."""
    if touches.n <= 0:
        return 0.0
    expected: float = aged[WEEK] * HALF_LIVES_MS[HOURS] / HALF_LIVES_MS[WEEK]
    return (aged[HOURS] - expected) / math.sqrt(expected + weights.trend.rising_least)


def decayed(touches: Accumulator, half_life: int, now: int) -> float:
    """E_k at ``now``: the count decayed by one half-life."""
    aged: tuple[float, ...] = touches.aged(now)
    return aged[half_life]
