"""How engaged somebody is, 0 to 100: five figures, each bent by what is typical, so that the first days count most.

``weight * value / (value + typical)`` is Michaelis and Menten's saturation: half the weight at the typical value, and
never all of it. The weights add up to 100.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from signals.clock import DAY_MS
from signals.diary import Entry
from signals.pairs import term_of
from signals.vocabulary import Vocabulary
from signals.weights import EngagementScoreWeights
from signals.wording import number

DAYS = 28
IMPORTED = "STREAK_IMPORTED"
"""Brings an older system's figures along; nobody did anything."""


@dataclass(frozen=True, slots=True)
class Share:
    """One figure and what it makes of the score. ``because``: the figure in words."""

    signal: str
    value: float
    typical: float
    weight: float
    because: str

    @property
    def contribution(self) -> float:
        return self.weight * self.value / (self.value + self.typical)


@dataclass(frozen=True, slots=True)
class EngagementScore:
    """``contributions`` add up to it."""

    contributions: tuple[Share, ...]

    @property
    def value(self) -> float:
        return math.fsum(share.contribution for share in self.contributions)


@dataclass(frozen=True, slots=True)
class Present:
    """The moment a score holds for: epoch ms, and the date it is for the user."""

    at: int
    today: date


def engagement_score(
    entries: Sequence[Entry],
    dates: Sequence[date],
    streak: int,
    present: Present,
    vocabulary: Vocabulary,
    weights: EngagementScoreWeights,
) -> EngagementScore:
    """``entries``: all that somebody did; ``dates``: the local date of each; ``streak``: days of the current one."""
    own = [(entry, day) for entry, day in zip(entries, dates, strict=True) if entry.name != IMPORTED]
    start = present.today - timedelta(days=DAYS)
    lately = [(entry, day) for entry, day in own if day > start]
    days = len({day for _, day in lately})
    depth = _depth([entry for entry, _ in own], present.at, vocabulary, weights.depth_days)
    categories = len({entry.category for entry, _ in lately})
    people = len(_people([entry for entry, _ in lately], vocabulary))
    w = weights
    return EngagementScore(
        (
            Share("frequency", days, w.frequency_typical, w.frequency, f"active on {days} of the last {DAYS} days"),
            Share("depth", depth, w.depth_typical, w.depth, f"{depth:.1f} points of activity weigh in, newest most"),
            Share(
                "breadth",
                categories,
                w.breadth_typical,
                w.breadth,
                f"{number(categories, 'kind')} of activity in the last {DAYS} days",
            ),
            Share(
                "social",
                people,
                w.social_typical,
                w.social,
                f"turned to {number(people, 'person', 'people')} in the last {DAYS} days",
            ),
            Share(
                "consistency",
                streak,
                w.consistency_typical,
                w.consistency,
                f"active on {number(streak, 'day')} in a row",
            ),
        )
    )


def _depth(entries: Sequence[Entry], now: int, vocabulary: Vocabulary, half_life_days: float) -> float:
    """Weights above 0, each halved with every half-life that has passed since."""
    half_life = half_life_days * DAY_MS
    return math.fsum(
        weight * math.exp2(-(now - entry.at) / half_life)
        for entry in entries
        if (weight := _weight(entry, vocabulary)) > 0
    )


def _people(entries: Sequence[Entry], vocabulary: Vocabulary) -> set[str]:
    """Whom these events of positive weight turn to; not oneself."""
    return {
        other
        for entry in entries
        if (other := entry.target_user_id) is not None and other != entry.actor_id and _weight(entry, vocabulary) > 0
    }


def _weight(entry: Entry, vocabulary: Vocabulary) -> float:
    return term_of(vocabulary, f"{entry.face}.{entry.name}").weight
