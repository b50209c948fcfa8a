"""What a feed ranker asks of one viewer and up to 1000 candidates: features, reasons and a score, in few round trips.

The first reads the viewer and the candidates, the second what they lead to: authors, the viewer's ties among those who
engaged, and the viewer's latest contents. A score takes a third: how alike those are who engaged with these contents.
Only what the features asked for need is read.
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
from signals.feed import ALL, HOME, Feature, Scene, candidate, factors
from signals.habits import Habits
from signals.packing import joined
from signals.pairs import Pair
from signals.profiles import Card, Profile
from signals.ranked import Affinity, CandidateSignals, FeedSignals
from signals.wanted import Found, Wanted
from signals.weights import PresetWeights

LONGEST_BUDGET_MS = 60_000
LATER = frozenset({Feature.MINE, Feature.AUTHOR_AFFINITY, Feature.SOCIAL_PROOF, Feature.CO_ACTION})
"""Features that the second round trip is needed for."""


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
    """What is ranked: a viewer, candidates, and which features of them. ``counted``: of the social proof, the number
    of ties is all that is asked for. ``words``: whether somebody reads the reasons."""

    viewer_id: str
    refs: Sequence[ContentRef]
    features: frozenset[Feature] = ALL
    preset: str = HOME
    witnesses: int = 3
    counted: bool = False
    words: bool = True


async def feed_signals(
    standpoint: Standpoint,
    viewer_id: str,
    candidates: Sequence[ContentRef],
    *,
    features: Set[Feature] = ALL,
    preset: str | None = None,
    witnesses: int | None = None,
    budget_ms: int | None = None,
    counted: bool = False,
    words: bool = True,
) -> FeedSignals:
    """One row per candidate, in the order asked. Raises LimitExceeded and InvalidArgument.

    ``counted`` and ``words``: as in ``Page``.
    """
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
        counted=counted and Feature.SCORE not in features,
        words=words,
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
    needed: frozenset[Feature]
    budget: Budget
    here: Surroundings
    cards: Mapping[str, Card] = field(default_factory=dict)
    interacted: Mapping[str, Pair] = field(default_factory=dict)
    co: CoAction | None = None
    witnesses: Mapping[str, Affinity] = field(default_factory=dict)
    counted: frozenset[str] | None = None
    authors: Mapping[str, Affinity] = field(default_factory=dict)
    dropped: set[Feature] = field(default_factory=set)

    @classmethod
    async def of(cls, standpoint: Standpoint, page: Page, budget: Budget) -> Stage:
        """Everything that the page's rows are made of, read."""
        parts = needed(page.features, factors(standpoint.weights, page.preset))
        stage = cls(page, parts, budget, Surroundings(standpoint, Habits(), Profile(page.viewer_id)))
        if parts and await stage._first() and parts & LATER and await stage._second():
            await stage._third()
        return stage

    async def _first(self) -> bool:
        """Read the viewer and the candidates; False where that takes too long."""
        page, needed = self.page, self.needed
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

    async def _second(self) -> bool:
        """Read what the candidates and the viewer lead to; False where that takes too long."""
        found = await self.budget.within(self.here.standpoint.read(self._leads()))
        if found is None:
            self.dropped |= self.needed & LATER
            return False
        self.here = self.here.with_found(found)
        self.cards = {**found.cards, **self.cards}
        if self._in_time(Feature.SOCIAL_PROOF):
            self._prove()
        if self._in_time(Feature.AUTHOR_AFFINITY):
            self.authors = self._author_affinities()
        if self._in_time(Feature.CO_ACTION):
            self.co = self._co_action()
        return True

    async def _third(self) -> None:
        """Read how alike the viewer's co-actors are, where the score makes proof of it."""
        weights = self.here.standpoint.weights
        if self.co is None or Feature.SCORE not in self.page.features or not factors(weights, self.page.preset).proof:
            return
        alike = set(self.co.closest(weights)) - self.here.profiles.keys()
        found = await self.budget.within(self.here.standpoint.read(Wanted(profiles=alike)))
        if found is None:
            self.dropped.add(Feature.CO_ACTION)
            return
        self.here = self.here.with_found(found)
        self.co = self.co.knowing(self.here.profiles, weights)

    def _leads(self) -> Wanted:
        needed, viewer = self.needed, self.here.viewer
        authors = self._authors()
        wanted = [Wanted(ties=tie_keys(viewer.id, authors))] if viewer.bars else []
        if Feature.AUTHOR_AFFINITY in needed:
            strangers = {id for id in authors if id not in viewer.circle}
            partners = self.here.partners() if strangers else ()
            wanted.append(around(viewer.id, authors.union(partners)))
        if Feature.SOCIAL_PROOF in needed and not self.page.counted:
            wanted.append(around(viewer.id, self._engaged()))
        elif Feature.SOCIAL_PROOF in needed and viewer.bars:
            wanted.append(Wanted(ties=tie_keys(viewer.id, self._engaged())))
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

    def _prove(self) -> None:
        """The ties who engaged: how close they are, or where their number is all that is asked, who they are."""
        viewer = self.here.viewer
        if self.page.counted:
            ties = self._free(self._engaged()) if viewer.bars else viewer.circle.keys()
            self.counted = frozenset(ties) - {viewer.id}
        else:
            self.witnesses = {id: self.here.affinity(id, words=self.page.words) for id in self._engaged()}

    def _free(self, ids: Set[str]) -> set[str]:
        """Those whom no block keeps away."""
        return {id for id in ids if not self.here.is_blocked(id)}

    def _author_affinities(self) -> dict[str, Affinity]:
        authors = self._authors()
        bridged = self.here.bridges({id for id in authors if self.here.is_stranger(id)})
        return {id: self.here.affinity(id, bridged.get(id, 0.0), words=self.page.words) for id in authors}

    def _co_action(self) -> CoAction:
        viewer, standpoint = self.here.viewer, self.here.standpoint
        touched = {key: self.cards[key] for key in viewer.touched if key in self.cards}
        return CoAction.of(viewer, touched, standpoint.ms, standpoint.weights)

    def _in_time(self, feature: Feature) -> bool:
        """Whether a feature that is needed can still be computed; it is named as dropped where the time is over."""
        if feature not in self.needed or feature in self.dropped:
            return False
        if self.budget.spent:
            self.dropped.add(feature)
            return False
        return True

    def rows(self, refs: Mapping[str, ContentRef]) -> dict[str, CandidateSignals]:
        """The signals of each candidate, by key."""
        scene = self._scene()
        rows = {}
        for key, ref in refs.items():
            card = self.cards.get(key)
            author = card.author_id if card is not None else None
            out, into = self.here.pair(author) if author is not None else (None, None)
            mine = self.interacted.get(joined(self.here.viewer.id, key))
            rows[key] = candidate(scene, ref, card, mine, self.authors.get(author or ""), out, into)
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
            co=self.co,
            ties=self.witnesses,
            features=page.features - self.dropped,
            witnesses=page.witnesses,
            counted=self.counted,
            words=page.words,
        )


async def _both(standpoint: Standpoint, wanted: Wanted) -> tuple[Found, Habits]:
    found, habits = await asyncio.gather(standpoint.read(wanted), standpoint.habits())
    return found, habits
