"""What a feed ranker asks of one viewer and up to 1000 candidates: features, reasons and a score, in two round trips.

The first reads the viewer and the candidates, the second what they lead to: authors, the viewer's ties among those who
engaged, and what else the viewer's latest contents drew. Only what the features asked for need is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from resolvers.arguments import WITNESSES, at_most, batch, identified, within
from resolvers.budget import Budget
from resolvers.standpoint import Standpoint
from resolvers.surroundings import Surroundings, around, tie_keys, together
from signals.coaction import CoAction
from signals.events import ContentRef
from signals.feed import ALL, DISCOVER, HOME, Feature, Scene, candidate
from signals.habits import Habits
from signals.packing import joined
from signals.pairs import Pair
from signals.profiles import Card, Profile
from signals.ranked import Affinity, CandidateSignals, FeedSignals
from signals.wanted import Found, Wanted
from signals.weights import PresetWeights, Weights

LONGEST_BUDGET_MS = 60_000
LATER = frozenset({Feature.MINE, Feature.AUTHOR_AFFINITY, Feature.SOCIAL_PROOF, Feature.CO_ACTION})
"""Features that the second round trip is needed for."""


def factors(weights: Weights, preset: str) -> PresetWeights:
    """What the preset weighs."""
    return weights.discover if preset == DISCOVER else weights.home


def needed(features: Set[Feature], factors: PresetWeights) -> frozenset[Feature]:
    """The ``features``, and those that their score is made of."""
    if Feature.SCORE not in features:
        return frozenset(features)
    parts = {Feature.MINE}
    if factors.author:
        parts.add(Feature.AUTHOR_AFFINITY)
    if factors.proof:
        parts |= {Feature.SOCIAL_PROOF, Feature.CO_ACTION}
    if factors.co_action:
        parts.add(Feature.CO_ACTION)
    return frozenset(features) | parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is ranked: a viewer, candidates, and which features of them."""

    viewer_id: str
    refs: Sequence[ContentRef]
    features: frozenset[Feature] = ALL
    preset: str = HOME
    witnesses: int = 3


async def feed_signals(
    standpoint: Standpoint,
    viewer_id: str,
    candidates: Sequence[ContentRef],
    *,
    features: Set[Feature] = ALL,
    preset: str | None = None,
    witnesses: int | None = None,
    budget_ms: int | None = None,
) -> FeedSignals:
    """One row per candidate, in the order asked. Raises LimitExceeded and InvalidArgument."""
    identified(viewer_id, "viewerId")
    for ref in batch("candidates", candidates):
        identified(ref.id, "candidates.id")
    if budget_ms is not None:
        within("budgetMs", budget_ms, budget_ms, 1, LONGEST_BUDGET_MS)
    page = Page(
        viewer_id=viewer_id,
        refs=candidates,
        features=frozenset(features),
        preset=preset or HOME,
        witnesses=at_most("witnesses", witnesses, 3, WITNESSES),
    )
    stage = await Stage.of(standpoint, page, Budget.of(budget_ms))
    rows = stage.rows({ref.key: ref for ref in candidates})
    return FeedSignals(
        as_of=standpoint.now,
        dropped=tuple(feature.value for feature in Feature if feature in stage.dropped),
        candidates=tuple(rows[ref.key] for ref in candidates),
    )


@dataclass(slots=True)
class Stage:
    """A page on its way: what was found, and what was left out because the time ran out."""

    page: Page
    budget: Budget
    here: Surroundings
    cards: Mapping[str, Card] = field(default_factory=dict)
    interacted: Mapping[str, Pair] = field(default_factory=dict)
    dropped: set[Feature] = field(default_factory=set)

    @classmethod
    async def of(cls, standpoint: Standpoint, page: Page, budget: Budget) -> Stage:
        """Everything that the page's rows are made of, read."""
        stage = cls(page, budget, Surroundings(standpoint, Habits(), Profile(page.viewer_id)))
        if stage._needed and await stage._first() and stage._needed & LATER:
            await stage._second()
        return stage

    @property
    def _needed(self) -> frozenset[Feature]:
        return needed(self.page.features, factors(self.here.standpoint.weights, self.page.preset))

    async def _first(self) -> bool:
        """Read the viewer and the candidates; False where that takes too long."""
        page, needed = self.page, self._needed
        keys = {ref.key for ref in page.refs}
        wanted = Wanted(
            profiles={page.viewer_id} if needed & LATER else frozenset(),
            cards=keys,
            interacted={joined(page.viewer_id, key) for key in keys} if Feature.MINE in needed else frozenset(),
        )
        standpoint = self.here.standpoint
        read = await self.budget.within(_both(standpoint, wanted))
        if read is None:
            self.dropped |= needed
            return False
        found, habits = read
        viewer = found.profiles.get(page.viewer_id) or self.here.viewer
        self.here = Surroundings(standpoint, habits, viewer)
        self.cards, self.interacted = found.cards, found.interacted
        return True

    async def _second(self) -> None:
        """Read what the candidates and the viewer lead to."""
        wanted = self._leads()
        found = await self.budget.within(self.here.standpoint.read(wanted))
        if found is None:
            self.dropped |= self._needed & LATER
            return
        self.here = self.here.with_found(found)
        self.cards = {**found.cards, **self.cards}

    def _leads(self) -> Wanted:
        needed, viewer = self._needed, self.here.viewer
        authors = self._authors()
        wanted = [Wanted(ties=tie_keys(viewer.id, authors))]
        if Feature.AUTHOR_AFFINITY in needed:
            strangers = {id for id in authors if id not in viewer.circle}
            partners = self.here.partners() if strangers else ()
            wanted.append(around(viewer.id, authors.union(partners)))
        if Feature.SOCIAL_PROOF in needed:
            wanted.append(around(viewer.id, self._engaged()))
        if Feature.CO_ACTION in needed:
            wanted.append(Wanted(cards=viewer.touched.keys() - self.cards.keys()))
        return together(*wanted)

    def _authors(self) -> set[str]:
        """Who wrote the candidates, but for the viewer."""
        keys = (ref.key for ref in self.page.refs)
        found = {card.author_id for key in keys if (card := self.cards.get(key)) is not None}
        return {id for id in found if id is not None and id != self.here.viewer.id}

    def _engaged(self) -> set[str]:
        """The viewer's ties among those who engaged with the candidates."""
        circle = self.here.viewer.circle.keys() - {self.here.viewer.id}
        cards = (self.cards.get(ref.key) for ref in self.page.refs)
        return set().union(*(circle & card.engagers.keys() for card in cards if card is not None))

    def rows(self, refs: Mapping[str, ContentRef]) -> dict[str, CandidateSignals]:
        """The signals of each candidate, by key."""
        authors = self._author_affinities()
        scene = self._scene()
        rows = {}
        for key, ref in refs.items():
            card = self.cards.get(key)
            author = card.author_id if card is not None else None
            out, into = self.here.pair(author) if author is not None else (None, None)
            mine = self.interacted.get(joined(self.here.viewer.id, key))
            rows[key] = candidate(scene, ref, card, mine, authors.get(author or ""), out, into)
        return rows

    def _scene(self) -> Scene:
        here, page = self.here, self.page
        return Scene(
            viewer=here.viewer,
            now=here.standpoint.ms,
            habits=here.habits,
            weights=here.standpoint.weights,
            vocabulary=here.standpoint.vocabulary,
            preset=page.preset,
            co=self.co_action(),
            ties=self._witnesses(),
            features=page.features - self.dropped,
            witnesses=page.witnesses,
        )

    def co_action(self) -> CoAction | None:
        """What people engaged with who engage with what the viewer does; None where nobody asked, or time ran out."""
        if not self._in_time(Feature.CO_ACTION):
            return None
        here = self.here
        touched = {key: self.cards[key] for key in here.viewer.touched if key in self.cards}
        return CoAction.of(here.viewer, touched, here.standpoint.ms, here.standpoint.weights)

    def _witnesses(self) -> dict[str, Affinity]:
        if not self._in_time(Feature.SOCIAL_PROOF):
            return {}
        return {id: self.here.affinity(id) for id in self._engaged()}

    def _author_affinities(self) -> dict[str, Affinity]:
        if not self._in_time(Feature.AUTHOR_AFFINITY):
            return {}
        authors = self._authors()
        bridged = self.here.bridges({id for id in authors if self.here.is_stranger(id)})
        return {id: self.here.affinity(id, bridged.get(id, 0.0)) for id in authors}

    def _in_time(self, feature: Feature) -> bool:
        """Whether a feature that is needed can still be computed; it is named as dropped where the time is over."""
        if feature not in self._needed or feature in self.dropped:
            return False
        if self.budget.spent:
            self.dropped.add(feature)
            return False
        return True


async def _both(standpoint: Standpoint, wanted: Wanted) -> tuple[Found, Habits]:
    found, habits = await asyncio.gather(standpoint.read(wanted), standpoint.habits())
    return found, habits
