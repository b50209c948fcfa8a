"""What is trending and what is recommended, in plain Python. See ``ranking_oracle``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from signals.events import ContentRef
from signals.ranked import (
    RecommendedContent,
    TrendingContent,
)
from tests.ranking_contents import Contents
from tests.ranking_meanings import (
    EIGHTEEN_HOURS,
    Weighed,
    activation,
    amount,
    decayed,
    recency,
)

ALIKE = 64
"""People of the same taste whose latest contents are candidates."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """How many candidates each source brings for lists of up to 50, and how many are looked at for trends."""

    ties: int = 80
    co_action: int = 80
    trending: int = 60
    hottest: int = 200


MANY = Candidates()


class Lists(Contents):
    candidates: Candidates = MANY

    # ---- trends

    def hottest(self, kind: str | None, count: int) -> list[ContentRef]:
        """Most first touches by the 18-hour half-life."""
        found = [ref for ref in self.facts.contents() if kind in (None, ref.type)]
        # Told by the newest touch, too: what is very old has decayed to nothing.
        return sorted(found, key=lambda ref: (-self._heat(ref), ref.key))[:count]

    def _heat(self, ref: ContentRef) -> float:
        """log2 E_18h, which is exact for any age."""
        touches = self.facts.first_touches(ref)
        newest = max(at for at, _ in touches)
        heat: float = math.log2(decayed(touches, EIGHTEEN_HOURS, newest)) - (self.now - newest) / EIGHTEEN_HOURS
        return heat

    def trending(self, first: int = 500, kind: str | None = None, viewer: str | None = None) -> list[TrendingContent]:
        if viewer is None:
            looked_at = self.hottest(kind, max(self.candidates.hottest, 2 * first))
            touches = {ref: self.facts.first_touches(ref) for ref in looked_at}
        else:
            touches = self._among_ties(viewer, kind)
        found = [self._trending(ref, times) for ref, times in touches.items()]
        return sorted(found, key=lambda one: (-one.score, one.content.key))[:first]

    def _among_ties(self, viewer: str, kind: str | None) -> dict[ContentRef, list[Weighed]]:
        touches: dict[ContentRef, list[Weighed]] = {}
        for tie in self.facts.circle(viewer):
            if not self.facts.blocked(viewer, tie):
                for ref, at in self.facts.touched(tie).items():
                    if kind in (None, ref.type):
                        touches.setdefault(ref, []).append((at, 1.0))
        return touches

    def _trending(self, ref: ContentRef, touches: Sequence[Weighed]) -> TrendingContent:
        return TrendingContent(
            content=ref,
            score=amount(self.trend(touches)),
            contributions=self.trend(touches),
            popularity=activation(touches, 1.0, self.now),
            rising=self.rising(touches),
            users=len(touches),
        )

    def recommended(self, viewer: str, first: int = 500, kind: str | None = None) -> list[RecommendedContent]:
        sources = self._sources(viewer, kind, -(-first // 50))
        rows = {ref: self.candidate(viewer, ref, "DISCOVER", 3) for ref in sources}
        left = {
            ref: row
            for ref, row in rows.items()
            if not row.seen and not row.hidden and self.facts.author(ref) != viewer
        }
        return [
            RecommendedContent(
                content=ref,
                score=left[ref].score,
                contributions=left[ref].contributions,
                sources=sources[ref],
                social_proof=left[ref].social_proof,
                because="",
            )
            for ref in self.diverse({ref: row.score for ref, row in left.items()})[:first]
        ]

    def _sources(self, viewer: str, kind: str | None, scale: int) -> dict[ContentRef, tuple[str, ...]]:
        facts, most = self.facts, self.candidates
        ties = {w: facts.strength(viewer, w) for w in self.leads(viewer) if not facts.blocked(viewer, w)}
        alike = sorted(self.co_actors(viewer).items(), key=lambda row: (-row[1][0], row[0]))[:ALIKE]
        found = {
            "TIES": self._passed_on(viewer, ties, kind)[: most.ties * scale],
            "CO_ACTION": self._passed_on(viewer, {w: g for w, (g, _) in alike}, kind)[: most.co_action * scale],
            "TRENDING": self.hottest(kind, most.trending * scale),
        }
        fresh = {ref for refs in found.values() for ref in refs} - facts.touched(viewer).keys()
        return {ref: tuple(source for source, refs in found.items() if ref in refs) for ref in fresh}

    def _passed_on(self, viewer: str, people: dict[str, float], kind: str | None) -> list[ContentRef]:
        """What these people touched lately and the viewer did not, by how close and how lately."""
        worth: dict[ContentRef, float] = {}
        for w, closeness in people.items():
            for ref, at in self.facts.touched(w).items():
                if closeness > 0 and kind in (None, ref.type) and ref not in self.facts.touched(viewer):
                    worth[ref] = worth.get(ref, 0.0) + closeness * recency(at, self.now)
        return sorted(worth, key=lambda ref: (-worth[ref], ref.key))

    def diverse(self, scores: dict[ContentRef, float]) -> list[ContentRef]:
        """Always the best that is left; what more of an author comes, the less it counts."""
        left, chosen = dict(scores), list[ContentRef]()
        authors = {ref: self.facts.author(ref) for ref in scores}

        def worth(ref: ContentRef) -> float:
            before = sum(authors[ref] is not None and authors[ref] == authors[other] for other in chosen)
            kept = math.pow(self.weights.diversity.same_author, before)
            return left[ref] * kept if left[ref] > 0 else left[ref]

        while left:
            best = min(left, key=lambda ref: (-worth(ref), ref.key))
            del left[best]
            chosen.append(best)
        return chosen
