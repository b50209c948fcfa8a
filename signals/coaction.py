"""People who engaged with what the viewer engaged with, and what else they engage with.

Kept nowhere: it is read off the latest engagers of the viewer's latest contents and of each candidate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from itertools import islice
from math import exp2, sqrt
from operator import neg

from signals.bridges import recency
from signals.clock import DAY_MS
from signals.profiles import Card, Profile
from signals.weights import Weights


@dataclass(frozen=True, slots=True)
class CoAction:
    """The viewer's co-actors. ``people``: G(w), how much each shares with the viewer lately; ``common``: D(u, w), the
    contents in common, each the more the fewer people engaged with it (after Adamic and Adar, 2003).

    ``alike``: likeness of the closest co-actors; empty until ``knowing`` was given their profiles.
    """

    viewer: Profile
    now: int
    people: Mapping[str, float]
    common: Mapping[str, float]
    alike: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, viewer: Profile, touched: Mapping[str, Card], now: int, weights: Weights) -> CoAction:
        """``touched``: cards of the viewer's latest contents, by key; the r-th newest counts 1/r."""
        people: dict[str, float] = {}
        common: dict[str, float] = {}
        half_life = weights.content.co_days * DAY_MS
        for rank, key in enumerate(islice(viewer.touched, weights.content.co_contents), 1):
            card = touched.get(key)
            if card is None:
                continue
            share, rarity = 1.0 / (rank * sqrt(card.users + 1)), 1.0 / math.log(2 + card.users)
            for w, (at, _) in card.engagers.items():
                worn = exp2((at - now) / half_life) if now > at else 1.0
                people[w] = people.get(w, 0.0) + share * worn
                common[w] = common.get(w, 0.0) + rarity
        people.pop(viewer.id, None)
        common.pop(viewer.id, None)
        return cls(viewer, now, people, common)

    def closest(self, weights: Weights) -> set[str]:
        """Those with most in common, of equal ones the first by id: whose profiles ``knowing`` wants."""
        most = nsmallest(weights.content.co_actors, zip(map(neg, self.common.values()), self.common, strict=True))
        return {w for _, w in most}

    def knowing(self, closest: Mapping[str, Profile]) -> CoAction:
        """The same, with how alike the closest are: D(u, w) / sqrt((N_u + 1) (N_w + 1)), N contents in all."""
        mine = self.viewer.contents + 1
        alike = {w: self.common[w] / sqrt(mine * (profile.contents + 1)) for w, profile in closest.items()}
        return replace(self, alike=alike)

    def score(self, card: Card) -> float:
        """co(u, i): how much of this goes on to the content."""
        return math.fsum(filter(None, map(self.people.get, card.engagers))) / sqrt(card.users + 1)

    def overlap(self, user_id: str) -> float:
        """D(u, w): 0 where nothing is in common."""
        return self.common.get(user_id, 0.0)

    def proof(self, card: Card, least: float = 0.0) -> tuple[float, str | None]:
        """The likeness of the closest co-actor among the content's engagers, by how lately, and who that is; ``least``
        and nobody, where nobody comes to more."""
        engagers, alike, now = card.engagers, self.alike, self.now
        best, who = least, None
        for w in alike.keys() & engagers.keys():
            # Time takes away from a likeness, never adds to it.
            if alike[w] >= best:
                close = alike[w] * recency(engagers[w][0], now)
                if close > best or (close == best and who is not None and w < who):
                    best, who = close, w
        return best, who
