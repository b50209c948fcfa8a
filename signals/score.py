"""The default score of a candidate: a sum of what the preset weighs, with the reasons in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from signals.affinity import Regard
from signals.again import Visits, again, kept
from signals.clock import DAY_MS
from signals.contributions import Contribution, Term
from signals.crowds import SILENT, Crowd, crowd
from signals.decay import Aged
from signals.feed import Scene
from signals.habits import Habits
from signals.pairs import Pair
from signals.profiles import Card
from signals.reasons import people_did
from signals.weights import ContentWeights
from signals.witnesses import Weighed
from signals.wording import ago, number, times

START_MS = 60_000
TASTE = "people who engaged with what you did engaged with it"

Told: TypeAlias = tuple[str, float, str | None]
"""Signal, value and the same in words."""


@dataclass(slots=True)
class Evidence:
    """What there is to say of one candidate. ``aged``: the sums of its touches now. ``weighed``: the ties among its
    engagers. ``rises``: its trend. ``visits``: the viewer's own, None where it is new to them."""

    card: Card
    aged: Aged
    popularity: float
    weighed: Weighed
    co: float
    rises: list[Term]
    author: Regard | None
    visits: Visits | None


@dataclass(frozen=True, slots=True)
class Scale:
    """What each signal weighs for a viewer: in a content that is ``new`` to them, and in one they have been at."""

    new: Mapping[str, float]
    known: Mapping[str, float]

    @classmethod
    def of(cls, scene: Scene) -> Scale:
        """The weights of the scene's preset, bent by the habits."""
        w, factors, left = scene.weights.content, scene.factors, share_left(scene)
        lasts = lasting(scene.habits, w)
        new = {
            "popularity": (1.0 - lasts) * w.popularity * factors.popularity,
            "lasting": lasts * w.lasting * factors.popularity,
            "fresh": (1.0 - lasts) * w.fresh * factors.fresh,
            "proof": w.proof * factors.proof,
            "co_action": w.co_action * factors.co_action,
            "last_hours": scene.weights.trend.now * factors.trend,
            "last_day": scene.weights.trend.day * factors.trend,
            "author": factors.author,
            "reports": -scene.weights.negative.report,
        }
        known = {signal: weight * left for signal, weight in new.items()}
        return cls(new, known | {"again": factors.again})


def contributions(scene: Scene, scale: Scale, evidence: Evidence) -> list[Contribution]:
    """The terms of the score, in the order in which they are answered; those that come to nothing are left out."""
    card, author = evidence.card, evidence.author
    weights = scale.new if evidence.visits is None else scale.known
    said = crowd(card, scene.now) if scene.words else SILENT
    told = _popularity(scene, weights, evidence, said)
    told += _people(scene, evidence)
    if weights["last_hours"] or weights["last_day"]:
        told += _trend(evidence, said)
    if author is not None and author.score > 0:
        told.append(("author", author.score, author.because and f"its author: {author.because}"))
    told += _reports(scene, card)
    if evidence.visits is not None:
        told.append(_again(scene, evidence.visits))
    return [
        Contribution(signal, value, weight, because)
        for signal, value, because in told
        if value * (weight := weights[signal])
    ]


def _popularity(scene: Scene, weights: Mapping[str, float], evidence: Evidence, said: Crowd) -> list[Told]:
    """Of what weighs nothing, nothing."""
    card, now, w = evidence.card, scene.now, scene.weights.content
    if card.first is None:
        return []
    age = max(0, now - card.first)
    told: list[Told] = []
    if weights["popularity"]:
        told.append(("popularity", math.log1p(evidence.popularity / w.popularity_least), said.latest))
    if weights["lasting"]:
        told.append(("lasting", math.log1p(card.touches.mixed(evidence.aged, 0.5) / w.lasting_least), said.latest))
    told.append(("fresh", max(0.0, math.log(w.fresh_days * DAY_MS / (age + START_MS))), said.first))
    return told


def _people(scene: Scene, evidence: Evidence) -> list[Told]:
    """The closest of the ties and co-actors among the engagers, and what people of the same taste do."""
    card, weighed, w = evidence.card, evidence.weighed, scene.weights.content
    taste: Told = ("co_action", math.log1p(evidence.co / w.co_least), TASTE)
    closest, who = -weighed[0][0] if weighed else 0.0, None
    if scene.co is not None:
        closest, who = scene.co.proof(card, closest)
    if closest <= 0:
        return [taste]
    words = None
    if scene.words and weighed:
        words = people_did(weighed, scene.ties)
    elif scene.words and who is not None:
        words = f"somebody with whom you have contents in common engaged {ago(scene.now - card.engagers[who][0])}"
    return [("proof", math.log1p(closest / w.proof_least), words), taste]


def _trend(evidence: Evidence, said: Crowd) -> list[Told]:
    """The words stand with the first."""
    return [(signal, value, said.trend if signal == "last_hours" else None) for signal, value, _ in evidence.rises]


def _reports(scene: Scene, card: Card) -> list[Told]:
    """Distinct reporters only, from the third on, by their share of all who dealt with it, and bounded."""
    w = scene.weights.negative
    beyond = card.reporters - (w.reporters - 1)
    if beyond <= 0:
        return []
    value = min(w.report_most, math.log1p(w.report_scale * (beyond / (card.users + card.reporters))))
    return [("reports", value, f"{number(card.reporters, 'person', 'people')} reported it" if scene.words else None)]


def _again(scene: Scene, visits: Visits) -> Told:
    """Coming back, where the viewer was before: below 0 where hardly anybody comes back to anything."""
    words = f"you engaged with it {times(visits.n)}, last {ago(scene.now - visits.last)}" if scene.words else None
    return "again", _returning(scene, visits), words


def returning(scene: Scene, mine: Pair | None) -> float:
    """What having been at a content adds to its score; 0 for what is new."""
    visits = Visits.of(mine, scene.vocabulary)
    return 0.0 if visits is None else _returning(scene, visits)


def _returning(scene: Scene, visits: Visits) -> float:
    return again(scene.viewer, visits, scene.now, scene.habits, scene.weights.again)


def share_left(scene: Scene) -> float:
    """What a content that the viewer has been at keeps of the other terms."""
    return 1.0 - scene.factors.again * (1.0 - kept(scene.habits, scene.weights.again))


def lasting(habits: Habits, w: ContentWeights) -> float:
    """How far this is a catalogue, where contents last (1), or news, where they do not (0)."""
    return min(1.0, max(0.0, (habits.lasting - w.lasting_from) / max(1e-9, w.lasting_to - w.lasting_from)))
