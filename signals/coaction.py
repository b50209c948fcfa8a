"""People who engaged with what the viewer engaged with, and what else they engage with.

Kept nowhere: it is read off the latest engagers of the viewer's latest contents and of each candidate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from signals.bridges import recency
from signals.clock import DAY_MS
from signals.profiles import Card, Profile
from signals.weights import Weights


@dataclass(frozen=True, slots=True)
class CoAction:
    """The viewer's co-actors. ``people``: G(w), how much each shares with the viewer lately; ``common``: D(u, w), the
    contents in common, each the more the fewer people engaged with it (after Adamic and Adar, 2003)."""

    viewer_id: str
    now: int
    contents: int
    people: Mapping[str, float]
    common: Mapping[str, float]

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
            share, rarity = 1.0 / (rank * math.sqrt(card.users + 1)), 1.0 / math.log(2 + card.users)
            for w, (at, _) in card.engagers.items():
                if w != viewer.id:
                    people[w] = people.get(w, 0.0) + share * math.exp2(-max(0, now - at) / half_life)
                    common[w] = common.get(w, 0.0) + rarity
        return cls(viewer.id, now, viewer.contents, people, common)

    def score(self, card: Card) -> float:
        """co(u, i): how much of this goes on to the content."""
        get = self.people.get
        return sum(get(w, 0.0) for w in card.engagers) / math.sqrt(card.users + 1)

    def overlap(self, user_id: str) -> float:
        """D(u, w): 0 where nothing is in common."""
        return self.common.get(user_id, 0.0)

    def proof(self, card: Card) -> tuple[float, str | None]:
        """How close the closest co-actor among the content's engagers is, by how lately, and who that is."""
        best: tuple[float, str | None] = (0.0, None)
        for w, (at, _) in card.engagers.items():
            common = self.common.get(w)
            if common is not None:
                closeness = common / (self.contents + 1) * recency(at, self.now)
                if closeness > best[0] or (closeness == best[0] and best[1] is not None and w < best[1]):
                    best = closeness, w
        return best
