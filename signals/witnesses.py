"""Which of the viewer's ties engaged with a content, and how much that says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from math import sqrt
from typing import TypeAlias

from signals.affinity import Closeness, Measure, blocked, events, order, talk
from signals.clock import DAY_MS, instant_of
from signals.events import Face
from signals.profiles import Card
from signals.ranked import SocialProof, Witness
from signals.weights import WitnessWeights

OFTEN = 5
"""As many events between two people are often."""

Weighed: TypeAlias = list[tuple[float, str, int, str]]
"""Witnesses of a content, the most telling first, then by id: what each says times -1, the user, when and what."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Ties of a viewer who may be witnesses: whom no block keeps away. ``scores``: the affinity to each. ``trust``:
    what their engagement is worth right when it happens.

    For words: ``often``: with whom the viewer deals often; ``talked``: with whom only by messages.
    """

    scores: Mapping[str, float] = field(default_factory=dict)
    trust: Mapping[str, float] = field(default_factory=dict)
    often: frozenset[str] = frozenset()
    talked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, close: Iterable[Closeness], measure: Measure, weights: WitnessWeights, *, words: bool = True) -> Ties:
        """``words``: whether somebody reads the reasons."""
        free = [c for c in close if not blocked(c.out, c.into)]
        scores = {c.other.id: max(0.0, order(c, measure)) for c in free}
        return cls(
            scores,
            {id: trust(score, weights) for id, score in scores.items()},
            frozenset(c.other.id for c in free if events(c) >= OFTEN) if words else frozenset(),
            frozenset(c.other.id for c in free if talk(c)) if words else frozenset(),
        )

    def weighed(self, users: Set[str], card: Card, now: int) -> Weighed:
        """What each of ``users``, engagers of the content, says, as far as they are among the ties."""
        trust, engagers = self.trust, card.engagers
        # -worth * recency(at, now), written out: a page has some ten thousand engagers who are ties.
        found = []
        for user in users:
            if user in trust:
                at, code = engagers[user]
                days = (now - at) / DAY_MS if now > at else 0.0
                found.append((-trust[user] * (1.0 / sqrt(1.0 + days)), user, at, code))
        found.sort()
        return found

    def proof(self, weighed: Weighed, first: int) -> SocialProof:
        """How many there are, how much all of them say, and the ``first`` of them by name."""
        if not weighed:
            return SocialProof()
        scores = self.scores
        named = [
            Witness(user_id=user, interaction=interaction(code), occurred_at=instant_of(at), affinity=scores[user])
            for _, user, at, code in weighed[:first]
        ]
        strength = -math.fsum([witness[0] for witness in weighed])
        return SocialProof(count=len(weighed), strength=strength, witnesses=tuple(named))


@cache
def interaction(code: str) -> str:
    """A content interaction by name. Joining, an activity, is the only other way to engage, and like following."""
    face, _, name = code.partition(".")
    return name if face == Face.CONTENT else "FOLLOW"


def trust(score: float, w: WitnessWeights) -> float:
    """What the engagement of somebody so close is worth right when it happens: a logistic curve of the affinity."""
    return w.most / (1.0 + math.exp(w.steepness * (w.half - score)))
