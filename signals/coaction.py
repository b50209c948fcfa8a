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

    def closest(self, weights: Weights) -> list[str]:
        """Those with most in common, most first, then by id: whose profiles ``knowing`` wants."""
        return nsmallest(weights.content.co_actors, self.common, key=lambda w: (-self.common[w], w))

    def knowing(self, profiles: Mapping[str, Profile], weights: Weights) -> CoAction:
        """The same, with how alike the closest are: D(u, w) / sqrt((N_u + 1) (N_w + 1)), N contents in all."""
        mine = self.viewer.contents + 1
        closest = (w for w in self.closest(weights) if w in profiles)
        return replace(self, alike={w: self.common[w] / sqrt(mine * (profiles[w].contents + 1)) for w in closest})

    def score(self, card: Card) -> float:
        """co(u, i): how much of this goes on to the content."""
        people = self.people
        return math.fsum([people[w] for w in people.keys() & card.engagers.keys()]) / sqrt(card.users + 1)

    def overlap(self, user_id: str) -> float:
        """D(u, w): 0 where nothing is in common."""
        return self.common.get(user_id, 0.0)

    def proof(self, card: Card) -> tuple[float, str | None]:
        """The likeness of the closest co-actor among the content's engagers, by how lately, and who that is."""
        engagers = card.engagers
        found = [(self.alike[w] * recency(engagers[w][0], self.now), w) for w in self.alike.keys() & engagers.keys()]
        return min(found, key=lambda one: (-one[0], one[1])) if found else (0.0, None)
