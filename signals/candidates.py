"""What a ranker is told about a candidate for a viewer's feed."""

from __future__ import annotations

import math
from collections.abc import Set
from dataclasses import dataclass

from signals import trending
from signals.affinity import Regard
from signals.again import Visits
from signals.clock import from_ms
from signals.contributions import Contribution, total
from signals.events import ContentRef
from signals.feed import Feature, Scene
from signals.hiding import WORDS, hidden_because
from signals.items import by_type
from signals.pairs import Pair
from signals.profiles import Card
from signals.ranked import CandidateSignals, SocialProof
from signals.rates import UNKNOWN, rates
from signals.score import Evidence, Scale, contributions
from signals.wanted import NOTHING
from signals.witnesses import Weighed

NOBODY = SocialProof()


@dataclass(slots=True, kw_only=True)
class Known:
    """What was read of one candidate. ``mine``: what the viewer did with it. ``company``: the viewer's ties among its
    engagers. ``author``: how close its author is. ``out``, ``into``: the ties between the viewer and the author."""

    ref: ContentRef
    card: Card | None = None
    mine: Pair | None = None
    company: Set[str] = NOTHING
    author: Regard | None = None
    out: Pair | None = None
    into: Pair | None = None


class Candidates:
    """Makes the signals of a scene's candidates, one after the other."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._scale = Scale.of(scene) if Feature.SCORE in scene.features else None
        self._popular, self._rated = scene.wants(Feature.POPULARITY), scene.wants(Feature.RATES)
        self._trends, self._proves = scene.wants(Feature.TREND), scene.wants(Feature.SOCIAL_PROOF)
        self._co = scene.co if scene.wants(Feature.CO_ACTION) else None

    def signals(self, known: Known) -> CandidateSignals:
        """The signals of one candidate; zeros where nothing is known of it."""
        scene, card, mine = self._scene, known.card or Card(known.ref), known.mine
        touches, author = card.touches, known.author
        weighed = scene.ties.weighed(known.company, card, scene.now) if self._proves and known.company else []
        aged = touches.aged(scene.now)
        popularity = touches.mixed(aged, 1.0) if self._popular else 0.0
        co = self._co.score(card) if self._co is not None else 0.0
        rises = trending.terms(touches, aged, scene.weights) if self._trends else []
        hidden = hidden_because(mine, known.out, known.into, scene.now, scene.weights.negative)
        parts: list[Contribution] = []
        if self._scale is not None:
            visits = Visits.of(mine, scene.vocabulary)
            evidence = Evidence(card, aged, popularity, weighed, co, rises, author, visits)
            parts = contributions(scene, self._scale, evidence)
        score = total(parts)
        if hidden is not None:
            if self._scale is not None:
                parts.append(Contribution("hidden", -score, 1.0, WORDS[hidden]))
            score = 0.0
        engaged = None if mine is None else mine.engaged
        return CandidateSignals(
            content=known.ref,
            score=score,
            contributions=tuple(parts),
            popularity=popularity,
            trend=math.fsum([value * weight for _, value, weight in rises]),
            rising=trending.rising(touches, aged, scene.weights) if self._trends else 0.0,
            author_affinity=author.score if author is not None else 0.0,
            co_action=co,
            social_proof=self._proof(known, weighed),
            rates=rates(card, scene.weights.rates) if self._rated and card.known else UNKNOWN,
            reporters=card.reporters,
            seen=engaged is not None,
            last_seen_at=None if engaged is None else from_ms(engaged),
            my_interactions=() if mine is None else by_type(mine.counts, scene.vocabulary, known.ref),
            hidden_because=hidden,
        )

    def _proof(self, known: Known, weighed: Weighed) -> SocialProof:
        """Where only a number is asked for, nobody is weighed."""
        scene = self._scene
        if scene.counted is None:
            return scene.ties.proof(weighed, scene.witnesses) if weighed else NOBODY
        count = len(scene.counted.intersection(known.company))
        return SocialProof(count=count) if count else NOBODY
