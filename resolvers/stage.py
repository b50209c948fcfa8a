"""A page of candidates on its way: what is read for it, in which order, and what is left out for want of time.

The first round trip reads the viewer and the candidates, the second what they lead to: authors, the viewer's ties among
those who engaged, and the viewer's latest contents. A score takes a third: how alike those are who engaged with these
contents. Only what the features asked for need is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from resolvers.budget import Budget
from resolvers.standpoint import Standpoint
from resolvers.surroundings import Surroundings, around, tie_keys, together
from signals.affinity import Regard
from signals.candidates import Candidates, Known
from signals.coaction import CoAction
from signals.events import ContentRef
from signals.feed import ALL, HOME, Feature, Scene, factors
from signals.habits import Habits
from signals.packing import joined
from signals.pairs import Pair
from signals.profiles import Card, Profile
from signals.ranked import CandidateSignals
from signals.wanted import NOTHING, Found, Wanted
from signals.weights import PresetWeights
from signals.witnesses import Ties

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
    """What is ranked: a viewer, candidates by key, and which features of them. ``counted``: of the social proof, the
    number of ties is all that is asked for. ``words``: whether somebody reads the reasons."""

    viewer_id: str
    refs: Mapping[str, ContentRef]
    features: frozenset[Feature] = ALL
    preset: str = HOME
    witnesses: int = 3
    counted: bool = False
    words: bool = True


@dataclass(slots=True)
class Stage:
    """What was found for a page, and what was left out because the time ran out. ``company``: the viewer's ties among
    the engagers of each candidate that has some, by key; ``authors``: who wrote the candidates, but for the viewer."""

    page: Page
    needed: frozenset[Feature]
    budget: Budget
    here: Surroundings
    cards: Mapping[str, Card] = field(default_factory=dict)
    interacted: Mapping[str, Pair] = field(default_factory=dict)
    company: Mapping[str, Set[str]] = field(default_factory=dict)
    authors: Set[str] = NOTHING
    co: CoAction | None = None
    ties: Ties = field(default_factory=Ties)
    counted: frozenset[str] | None = None
    regards: Mapping[str, Regard] = field(default_factory=dict)
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
        wanted = Wanted(
            profiles={page.viewer_id} if needed & LATER else NOTHING,
            cards=page.refs.keys(),
            interacted={joined(page.viewer_id, key) for key in page.refs} if Feature.MINE in needed else NOTHING,
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
        self.authors = self._authors()
        if Feature.SOCIAL_PROOF in needed:
            self.company = self._company()
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
            self.regards = self._regards()
        if self._in_time(Feature.CO_ACTION):
            self.co = self._co_action()
        return True

    async def _third(self) -> None:
        """Read how alike the viewer's co-actors are, where the score makes proof of it."""
        weights = self.here.standpoint.weights
        if self.co is None or Feature.SCORE not in self.page.features or not factors(weights, self.page.preset).proof:
            return
        closest = self.co.closest(weights)
        found = await self.budget.within(
            self.here.standpoint.read(Wanted(profiles=closest - self.here.profiles.keys()))
        )
        if found is None:
            self.dropped.add(Feature.CO_ACTION)
            return
        self.here = self.here.with_found(found)
        self.co = self.co.knowing({w: self.here.profiles[w] for w in closest if w in self.here.profiles})

    def _leads(self) -> Wanted:
        needed, viewer = self.needed, self.here.viewer
        wanted = []
        if viewer.bars or Feature.AUTHOR_AFFINITY in needed:
            wanted.append(Wanted(ties=tie_keys(viewer.id, viewer.possible_ties(self.authors))))
        if Feature.AUTHOR_AFFINITY in needed:
            strangers = self.authors - viewer.circle.keys()
            wanted.append(Wanted(profiles=self.authors))
            wanted.append(around(viewer.id, set(self.here.partners()) if strangers else NOTHING))
        if Feature.SOCIAL_PROOF in needed and not self.page.counted:
            wanted.append(around(viewer.id, self._engaged()))
        elif Feature.SOCIAL_PROOF in needed and viewer.bars:
            wanted.append(Wanted(ties=tie_keys(viewer.id, self._engaged())))
        if Feature.CO_ACTION in needed:
            wanted.append(Wanted(cards=viewer.touched.keys() - self.cards.keys()))
        return together(*wanted)

    def _authors(self) -> set[str]:
        found = {card.author_id for card in self.cards.values()}
        return {id for id in found if id is not None and id != self.here.viewer.id}

    def _company(self) -> dict[str, Set[str]]:
        circle = self.here.viewer.circle.keys() - {self.here.viewer.id}
        if not circle:
            return {}
        return {key: both for key, card in self.cards.items() if (both := circle.intersection(card.engagers))}

    def _engaged(self) -> set[str]:
        """The viewer's ties among those who engaged with the candidates."""
        return set().union(*self.company.values())

    def _prove(self) -> None:
        """The ties who engaged: how close they are, or where their number is all that is asked, who they are."""
        engaged = self._engaged()
        if not self.page.counted:
            self.ties = self.here.witnesses(engaged, words=self.page.words)
        elif self.here.viewer.bars:
            self.counted = frozenset(id for id in engaged if not self.here.is_blocked(id))
        else:
            self.counted = frozenset(engaged)

    def _regards(self) -> dict[str, Regard]:
        bridged = self.here.bridges({id for id in self.authors if self.here.is_stranger(id)})
        return {id: self.here.regard(id, bridged.get(id, 0.0), words=self.page.words) for id in self.authors}

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

    def rows(self) -> dict[str, CandidateSignals]:
        """The signals of each candidate, by key."""
        candidates = Candidates(self._scene())
        return {key: candidates.signals(self._known(key, ref)) for key, ref in self.page.refs.items()}

    def _known(self, key: str, ref: ContentRef) -> Known:
        card = self.cards.get(key)
        author = card.author_id if card is not None else None
        out, into = self.here.pair(author) if author is not None and self.here.viewer.bars else (None, None)
        return Known(
            ref=ref,
            card=card,
            mine=self.interacted.get(joined(self.here.viewer.id, key)),
            company=self.company.get(key, NOTHING),
            author=self.regards.get(author) if author is not None else None,
            out=out,
            into=into,
        )

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
            ties=self.ties,
            features=page.features - self.dropped,
            witnesses=page.witnesses,
            counted=self.counted,
            words=page.words,
        )


async def _both(standpoint: Standpoint, wanted: Wanted) -> tuple[Found, Habits]:
    found, habits = await asyncio.gather(standpoint.read(wanted), standpoint.habits())
    return found, habits
