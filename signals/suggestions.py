"""Whom to suggest to a viewer: friends of friends and people with contents in common, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from signals.affinity import blocked, logit
from signals.bridges import bridges, reach
from signals.clock import DAY_MS
from signals.contributions import Contribution, total
from signals.habits import Habits
from signals.packing import joined
from signals.pairs import Pair
from signals.people import ConnectionStatus
from signals.profiles import Profile
from signals.ranked import SuggestedUser, TieProof
from signals.weights import Weights
from signals.wording import ago, number

FOLLOWS, CONNECTED, TALKS = "FOLLOWS", "CONNECTED", "TALKS"
WITNESSES = 3
KINDS = {FOLLOWS: "follow", CONNECTED: "are connected with", TALKS: "deal with"}


@dataclass(slots=True)
class Reached:
    """A candidate: T(u, v), the ties that lead there, and when it was last active as far as they show (epoch ms)."""

    bridges: float = 0.0
    through: list[str] = field(default_factory=list)
    active: int | None = None


def suggestions(
    viewer: Profile,
    strengths: Mapping[str, float],
    circles: Mapping[str, Profile],
    ties: Mapping[str, Pair],
    shared: Mapping[str, int],
    now: int,
    habits: Habits,
    weights: Weights,
    first: int,
) -> list[SuggestedUser]:
    """The ``first`` best, best first, then by id; leaving out whom the viewer knows, blocked, or was declined by.

    ``strengths``: V_.5 by partner. ``circles``: profiles of the viewer's latest partners. ``ties``: TIE by key, between
    the viewer and anybody, in both directions. ``shared``: contents in common by user.
    """
    reached = _reached(viewer, strengths, circles, now, weights)
    people = reached.keys() | shared.keys() | {v for v in viewer.circle if _waits(viewer.id, v, ties)}
    found = [
        _suggested(viewer, v, reached.get(v, Reached()), ties, shared.get(v, 0), now, habits, weights)
        for v in people
        if not excluded(viewer, v, ties)
    ]
    return sorted(found, key=lambda user: (-user.score, user.user_id))[:first]


def excluded(viewer: Profile, user_id: str, ties: Mapping[str, Pair]) -> bool:
    """Whether the viewer turned to them already, either blocked the other, or a connection stands or was refused."""
    out, into = ties.get(joined(viewer.id, user_id)), ties.get(joined(user_id, viewer.id))
    if user_id == viewer.id or blocked(out, into) or (out is not None and out.engaged is not None):
        return True
    link = viewer.links.get(user_id)
    return link is not None and link.status is not ConnectionStatus.CANCELLED


def _waits(viewer_id: str, user_id: str, ties: Mapping[str, Pair]) -> bool:
    """Whether they turned to the viewer, who never turned to them."""
    out, into = ties.get(joined(viewer_id, user_id)), ties.get(joined(user_id, viewer_id))
    return into is not None and into.engaged is not None and (out is None or out.engaged is None)


def _reached(
    viewer: Profile, strengths: Mapping[str, float], circles: Mapping[str, Profile], now: int, weights: Weights
) -> dict[str, Reached]:
    reached = {v: Reached(value) for v, value in bridges(viewer, strengths, circles, now, weights, None).items()}
    for w in islice(viewer.circle, weights.bridges.ties):
        profile = circles.get(w)
        if profile is None or reach(strengths.get(w, 0.0), profile) <= 0:
            continue
        for v, last in islice(profile.circle.items(), weights.bridges.partners):
            if v != viewer.id:
                candidate = reached[v]
                candidate.through.append(w)
                candidate.active = last if candidate.active is None else max(candidate.active, last)
    return reached


def _suggested(
    viewer: Profile,
    user_id: str,
    reached: Reached,
    ties: Mapping[str, Pair],
    shared: int,
    now: int,
    habits: Habits,
    weights: Weights,
) -> SuggestedUser:
    proof = _proof(viewer, reached, ties)
    parts = [
        part
        for part in (
            _mutual(reached, proof, weights),
            _idle(reached, now, weights),
            _shared(shared, weights),
            _contact(viewer.id, user_id, ties, now, habits, weights),
        )
        if part is not None
    ]
    best = max(parts, key=lambda part: part.contribution, default=None)
    return SuggestedUser(
        user_id=user_id,
        score=total(parts),
        contributions=tuple(parts),
        social_proof=proof,
        shared_contents=shared,
        because=(best.because if best is not None else None) or "you may know them",
    )


def _mutual(reached: Reached, proof: tuple[TieProof, ...], weights: Weights) -> Contribution | None:
    if reached.bridges <= 0:
        return None
    w = weights.suggestion
    words = " and ".join(f"{number(p.count, 'person', 'people')} you {KINDS[p.kind]}" for p in proof)
    verb = "deals" if len(reached.through) == 1 else "deal"
    return Contribution("mutual", math.log1p(reached.bridges / w.mutual_least), w.mutual, f"{words} {verb} with them")


def _idle(reached: Reached, now: int, weights: Weights) -> Contribution | None:
    if reached.active is None:
        return None
    age = max(0, now - reached.active)
    return Contribution("idle", math.log1p(age / DAY_MS), -weights.suggestion.idle, f"active {ago(age)}")


def _shared(shared: int, weights: Weights) -> Contribution | None:
    if not shared:
        return None
    words = f"you engaged with {number(shared, 'same content', 'same contents')}"
    return Contribution("shared", math.log1p(shared), weights.suggestion.shared, words)


def _contact(
    viewer_id: str, user_id: str, ties: Mapping[str, Pair], now: int, habits: Habits, weights: Weights
) -> Contribution | None:
    """Who turned to the viewer without an answer comes first where replies are the rule."""
    if not _waits(viewer_id, user_id, ties):
        return None
    into = ties[joined(user_id, viewer_id)]
    usual = max(0.0, logit(habits.reply) + weights.affinity.turn_shift)
    words = f"they turned to you {ago(now - (into.engaged or now))}"
    return Contribution("contact", usual, weights.suggestion.contact, words)


def _proof(viewer: Profile, reached: Reached, ties: Mapping[str, Pair]) -> tuple[TieProof, ...]:
    kinds: dict[str, list[str]] = {}
    for w in reached.through:
        kinds.setdefault(_kind(viewer, w, ties), []).append(w)
    return tuple(
        TieProof(kind=kind, count=len(kinds[kind]), witnesses=tuple(kinds[kind][:WITNESSES]))
        for kind in (CONNECTED, FOLLOWS, TALKS)
        if kind in kinds
    )


def _kind(viewer: Profile, w: str, ties: Mapping[str, Pair]) -> str:
    link = viewer.links.get(w)
    if link is not None and link.status is ConnectionStatus.ACCEPTED:
        return CONNECTED
    out = ties.get(joined(viewer.id, w))
    follows = None if out is None else out.states.get("FOLLOW")
    return FOLLOWS if follows is not None and follows.on else TALKS
