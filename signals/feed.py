"""What a ranker is told about a candidate for a viewer's feed, and a default score that is a sum of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from signals.again import Visits, again, kept
from signals.bridges import recency
from signals.clock import DAY_MS, from_ms
from signals.coaction import CoAction
from signals.contributions import Contribution, total
from signals.events import ContentRef, Face
from signals.habits import Habits
from signals.items import by_type
from signals.pairs import BLOCK, MUTE, Pair
from signals.profiles import Card, Profile
from signals.ranked import Affinity, CandidateSignals, Rates, SocialProof, Witness
from signals.reasons import people_did
from signals.trending import rising, trend
from signals.vocabulary import Vocabulary
from signals.weights import ContentWeights, PresetWeights, Weights
from signals.wording import ago, number, times

HOME, DISCOVER = "HOME", "DISCOVER"
HIDE = "HIDE"
REPORT = "content.REPORT"
START_MS = 60_000

Weighed: TypeAlias = list[tuple[float, str]]
"""Witnesses: weight and user."""


class Feature(StrEnum):
    """What can be asked for."""

    POPULARITY = "POPULARITY"
    TREND = "TREND"
    RATES = "RATES"
    MINE = "MINE"
    AUTHOR_AFFINITY = "AUTHOR_AFFINITY"
    SOCIAL_PROOF = "SOCIAL_PROOF"
    CO_ACTION = "CO_ACTION"
    SCORE = "SCORE"
    """Needs all that the preset weighs."""


ALL = frozenset(Feature)


def factors(weights: Weights, preset: str) -> PresetWeights:
    """What the preset weighs."""
    return weights.discover if preset == DISCOVER else weights.home


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What all candidates of one read share. ``ties``: the viewer's ties that may be witnesses, by user; ``witnesses``:
    how many to name per candidate. ``counted``: the ties, where only their number is asked for. ``words``: whether
    somebody reads the reasons."""

    viewer: Profile
    now: int
    habits: Habits
    weights: Weights
    vocabulary: Vocabulary
    preset: str = HOME
    co: CoAction | None = None
    ties: Mapping[str, Affinity] = field(default_factory=dict)
    features: frozenset[Feature] = ALL
    witnesses: int = 3
    counted: frozenset[str] | None = None
    words: bool = True
    trusted: Mapping[str, float] = field(init=False)
    """What each tie's engagement is worth right when it happens."""

    def __post_init__(self) -> None:
        open_ties = {user: tie for user, tie in self.ties.items() if not tie.blocked and user != self.viewer.id}
        object.__setattr__(self, "trusted", {user: trust(tie, self.weights) for user, tie in open_ties.items()})

    def wants(self, feature: Feature) -> bool:
        return feature in self.features or Feature.SCORE in self.features

    @property
    def factors(self) -> PresetWeights:
        return factors(self.weights, self.preset)


def candidate(
    scene: Scene,
    ref: ContentRef,
    card: Card | None,
    mine: Pair | None,
    author: Affinity | None,
    out: Pair | None,
    into: Pair | None,
) -> CandidateSignals:
    """The signals of one candidate; zeros where nothing is known of it.

    ``mine``: what the viewer did with it. ``author``: affinity to its author. ``out``, ``into``: the ties between the
    viewer and the author.
    """
    known = card or Card(ref)
    now, weights = scene.now, scene.weights
    hidden = hidden_because(mine, out, into, now, weights)
    weighed = _witnesses(scene, known) if scene.trusted and scene.wants(Feature.SOCIAL_PROOF) else []
    proof = social_proof(scene, known, weighed)
    co = scene.co.score(known) if scene.co is not None and scene.wants(Feature.CO_ACTION) else 0.0
    rises = trend(known.touches, now, weights, words=scene.words) if scene.wants(Feature.TREND) else ()
    popularity = known.touches.value(now, 1.0) if scene.wants(Feature.POPULARITY) else 0.0
    parts: list[Contribution] = []
    if Feature.SCORE in scene.features:
        parts = contributions(scene, known, popularity, proof, weighed, co, rises, author, mine)
        if hidden is not None:
            parts.append(Contribution("hidden", -total(parts), 1.0, HIDDEN_WORDS[hidden]))
    return CandidateSignals(
        content=ref,
        score=0.0 if hidden is not None else total(parts),
        contributions=tuple(parts),
        popularity=popularity,
        trend=total(rises),
        rising=rising(known.touches, now, weights) if scene.wants(Feature.TREND) else 0.0,
        author_affinity=author.score if author is not None else 0.0,
        co_action=co,
        social_proof=proof,
        rates=rates(known, weights) if known.known and scene.wants(Feature.RATES) else Rates(),
        reporters=known.reporters,
        seen=mine is not None and mine.engaged is not None,
        last_seen_at=None if mine is None or mine.engaged is None else from_ms(mine.engaged),
        my_interactions=() if mine is None else by_type(mine.counts, scene.vocabulary, ref),
        hidden_because=hidden,
    )


HIDDEN_WORDS = {
    "HIDDEN": "you hid it",
    "REPORTED": "you reported it",
    "AUTHOR_BLOCKED": "you blocked its author",
    "BLOCKED_BY_AUTHOR": "its author blocked you",
    "AUTHOR_MUTED": "you muted its author",
}


def hidden_because(mine: Pair | None, out: Pair | None, into: Pair | None, now: int, weights: Weights) -> str | None:
    """Why the viewer is not to see it; None where there is no reason. Hiding and muting wear off."""
    if _on(mine, HIDE, now, weights.negative.hide_days):
        return "HIDDEN"
    if mine is not None and mine.counts.get(REPORT):
        return "REPORTED"
    if _on(out, BLOCK, now, None):
        return "AUTHOR_BLOCKED"
    if _on(into, BLOCK, now, None):
        return "BLOCKED_BY_AUTHOR"
    return "AUTHOR_MUTED" if _on(out, MUTE, now, weights.negative.mute_days) else None


def _on(pair: Pair | None, name: str, now: int, days: float | None) -> bool:
    state = None if pair is None else pair.states.get(name)
    return state is not None and state.on and (days is None or now - state.at < days * DAY_MS)


def contributions(
    scene: Scene,
    card: Card,
    popularity: float,
    proof: SocialProof,
    weighed: Weighed,
    co: float,
    rises: Iterable[Contribution],
    author: Affinity | None,
    mine: Pair | None,
) -> list[Contribution]:
    """The terms of the score; those that come to nothing are left out."""
    found = [
        *_popularity(scene, card, popularity),
        _proof(scene, card, proof, weighed),
        _co_action(scene, co),
        *(Contribution(p.signal, p.value, p.weight * scene.factors.trend, p.because) for p in rises),
        _author(scene, author),
        _reports(scene, card),
    ]
    visits = Visits.of(mine, scene.vocabulary)
    if visits is not None:
        left = share_left(scene)
        found = [part and replace(part, weight=part.weight * left) for part in found]
    return [part for part in (*found, _again(scene, visits)) if part is not None and part.contribution]


def share_left(scene: Scene) -> float:
    """What a content that the viewer has been at keeps of the other terms."""
    return 1.0 - scene.factors.again * (1.0 - kept(scene.habits, scene.weights.again))


def _again(scene: Scene, visits: Visits | None) -> Contribution | None:
    """Coming back, where the viewer was before: below 0 where hardly anybody comes back to anything."""
    if visits is None:
        return None
    words = f"you engaged with it {times(visits.n)}, last {ago(scene.now - visits.last)}" if scene.words else None
    return Contribution("again", _returning(scene, visits), scene.factors.again, words)


def returning(scene: Scene, mine: Pair | None) -> float:
    """What having been at a content adds to its score; 0 for what is new."""
    visits = Visits.of(mine, scene.vocabulary)
    return 0.0 if visits is None else _returning(scene, visits)


def _returning(scene: Scene, visits: Visits) -> float:
    return again(scene.viewer, visits, scene.now, scene.habits, scene.weights.again)


def _popularity(scene: Scene, card: Card, popularity: float) -> tuple[Contribution, ...]:
    if card.first is None:
        return ()
    w, factors, lasts = scene.weights.content, scene.factors, lasting(scene.habits, scene.weights.content)
    value = math.log1p(popularity / w.popularity_least)
    steady = math.log1p(card.touches.value(scene.now, 0.5) / w.lasting_least) if lasts else 0.0
    age = max(0, scene.now - card.first)
    fresh = max(0.0, math.log(w.fresh_days * DAY_MS / (age + START_MS)))
    users = since = None
    if scene.words:
        users = f"{number(card.users, 'person', 'people')} engaged, the last of them {ago(scene.now - card.touches.t)}"
        since = f"first engaged with {ago(age)}"
    return (
        Contribution("popularity", value, (1.0 - lasts) * w.popularity * factors.popularity, users),
        Contribution("lasting", steady, lasts * w.lasting * factors.popularity, users),
        Contribution("fresh", fresh, (1.0 - lasts) * w.fresh * factors.fresh, since),
    )


def lasting(habits: Habits, w: ContentWeights) -> float:
    """How far this is a catalogue, where contents last (1), or news, where they do not (0)."""
    return min(1.0, max(0.0, (habits.lasting - w.lasting_from) / max(1e-9, w.lasting_to - w.lasting_from)))


def _proof(scene: Scene, card: Card, proof: SocialProof, weighed: Weighed) -> Contribution | None:
    value, who = closest(scene, card, weighed)
    if value <= 0:
        return None
    words = people_did(proof, card, scene.ties) if proof.count and scene.words else None
    if words is None and who is not None and scene.words:
        words = f"somebody with whom you have contents in common engaged {ago(scene.now - card.engagers[who][0])}"
    w = scene.weights.content
    return Contribution("proof", math.log1p(value / w.proof_least), w.proof * scene.factors.proof, words)


def closest(scene: Scene, card: Card, weighed: Weighed) -> tuple[float, str | None]:
    """proof(u, i): of the closest of the ties and co-actors among the engagers, and which co-actor."""
    common, who = scene.co.proof(card) if scene.co is not None else (0.0, None)
    return max(common, weighed[0][0] if weighed else 0.0), who


def _co_action(scene: Scene, co: float) -> Contribution | None:
    w = scene.weights.content
    words = "people who engaged with what you did engaged with it"
    return Contribution("co_action", math.log1p(co / w.co_least), w.co_action * scene.factors.co_action, words)


def _author(scene: Scene, author: Affinity | None) -> Contribution | None:
    if author is None or author.score <= 0:
        return None
    known = (part.because for part in author.contributions if part.signal in ("strength", "attention"))
    words = next(known, None) if scene.words else None
    return Contribution("author", author.score, scene.factors.author, None if words is None else f"its author: {words}")


def _reports(scene: Scene, card: Card) -> Contribution | None:
    """Distinct reporters only, from the third on, by their share of all who dealt with it, and bounded."""
    w = scene.weights.negative
    beyond = card.reporters - (w.reporters - 1)
    if beyond <= 0:
        return None
    share = beyond / (card.users + card.reporters)
    value = min(w.report_most, math.log1p(w.report_scale * share))
    words = f"{number(card.reporters, 'person', 'people')} reported it" if scene.words else None
    return Contribution("reports", value, -w.report, words)


def social_proof(scene: Scene, card: Card, weighed: Weighed) -> SocialProof:
    """The viewer's ties among the latest engagers, strongest witness first, then by id."""
    if scene.counted is not None:
        return SocialProof(count=len(scene.counted.intersection(card.engagers)))
    if not weighed:
        return SocialProof()
    named = tuple(
        Witness(
            user_id=user,
            interaction=_interaction(card.engagers[user][1]),
            occurred_at=from_ms(card.engagers[user][0]),
            affinity=scene.ties[user].score,
        )
        for _, user in weighed[: scene.witnesses]
    )
    return SocialProof(count=len(weighed), strength=math.fsum(weight for weight, _ in weighed), witnesses=named)


def _interaction(code: str) -> str:
    """A content interaction by name. Joining, an activity, is the only other way to engage, and like following."""
    face, _, name = code.partition(".")
    return name if face == Face.CONTENT else "FOLLOW"


def _witnesses(scene: Scene, card: Card) -> Weighed:
    """What each tie among the engagers says, the most first, then by id."""
    trusted, engagers, now = scene.trusted, card.engagers, scene.now
    found = [(trusted[user] * recency(engagers[user][0], now), user) for user in trusted.keys() & engagers.keys()]
    return sorted(found, key=lambda item: (-item[0], item[1]))


def trust(tie: Affinity, weights: Weights) -> float:
    """What a tie's engagement is worth right when it happens: a logistic curve of the affinity."""
    w = weights.witness
    return w.most / (1.0 + math.exp(w.steepness * (w.half - tie.score)))


def rates(card: Card, weights: Weights) -> Rates:
    """Shares of those who were reached: users with a positive event, or impressions where there are more."""
    w = weights.rates
    count, on, users = card.counts.get, card.on.get, card.users
    shown = count("content.IMPRESSION", 0)

    def smoothed(k: int, n: int, prior: float) -> float:
        return (min(k, n) + w.strength * prior) / (n + w.strength)

    return Rates(
        click_through=smoothed(count("content.CLICK", 0) + count("content.VIEW", 0), shown, w.click_through),
        like=smoothed(on("LIKE", 0), users, w.like),
        comment=smoothed(count("content.COMMENT", 0) + count("content.REPLY", 0), users, w.comment),
        share=smoothed(count("content.SHARE", 0), users, w.share),
        save=smoothed(on("SAVE", 0), users, w.save),
        hide=smoothed(on(HIDE, 0), max(users, on(HIDE, 0)), w.hide),
    )
