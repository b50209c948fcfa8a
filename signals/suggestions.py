"""Whom to suggest to a viewer: friends of friends and people with contents in common, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
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


NOWHERE = Reached()


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
    people = reached.keys() | shared.keys() | viewer.circle.keys()
    found = []
    for v in people:
        out, into = ties.get(joined(viewer.id, v)), ties.get(joined(v, viewer.id))
        waits = into if _waits(out, into) else None
        if (v in reached or v in shared or waits is not None) and not excluded(viewer, v, out, into):
            parts = terms(reached.get(v, NOWHERE), shared.get(v, 0), waits, now, habits, weights)
            found.append((math.fsum(value * weight for _, value, weight in parts), v, waits))
    best = nsmallest(first, found, key=lambda one: (-one[0], one[1]))
    return [
        _suggested(viewer, v, reached.get(v, NOWHERE), ties, shared.get(v, 0), waits, now, habits, weights)
        for _, v, waits in best
    ]


def excluded(viewer: Profile, user_id: str, out: Pair | None, into: Pair | None) -> bool:
    """Whether the viewer turned to them already, either blocked the other, or a connection stands or was refused."""
    if user_id == viewer.id or blocked(out, into) or (out is not None and out.engaged is not None):
        return True
    link = viewer.links.get(user_id)
    return link is not None and link.status is not ConnectionStatus.CANCELLED


def _waits(out: Pair | None, into: Pair | None) -> bool:
    """Whether they turned to the viewer, who never turned to them."""
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


def terms(
    reached: Reached, shared: int, waits: Pair | None, now: int, habits: Habits, weights: Weights
) -> list[tuple[str, float, float]]:
    """Signal, value and weight of each term of the score. ``waits``: what they did towards the viewer unanswered, which
    comes first where replies are the rule."""
    w = weights.suggestion
    found = []
    if reached.bridges > 0:
        found.append(("mutual", math.log1p(reached.bridges / w.mutual_least), w.mutual))
    if reached.active is not None:
        found.append(("idle", math.log1p(max(0, now - reached.active) / DAY_MS), -w.idle))
    if shared:
        found.append(("shared", math.log1p(shared), w.shared))
    if waits is not None:
        usual = max(0.0, logit(habits.reply) + weights.suggestion.contact_shift)
        found.append(("contact", usual, w.contact))
    return found


def _suggested(
    viewer: Profile,
    user_id: str,
    reached: Reached,
    ties: Mapping[str, Pair],
    shared: int,
    waits: Pair | None,
    now: int,
    habits: Habits,
    weights: Weights,
) -> SuggestedUser:
    proof = _proof(viewer, reached, ties)
    parts = [
        Contribution(signal, value, weight, _because(signal, reached, proof, shared, waits, now))
        for signal, value, weight in terms(reached, shared, waits, now, habits, weights)
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


def _because(
    signal: str, reached: Reached, proof: tuple[TieProof, ...], shared: int, waits: Pair | None, now: int
) -> str | None:
    """The term in words."""
    match signal:
        case "mutual":
            words = " and ".join(f"{number(p.count, 'person', 'people')} you {KINDS[p.kind]}" for p in proof)
            return f"{words} {'deals' if len(reached.through) == 1 else 'deal'} with them"
        case "idle" if reached.active is not None:
            return f"active {ago(max(0, now - reached.active))}"
        case "shared":
            return f"you engaged with {number(shared, 'same content', 'same contents')}"
        case "contact" if waits is not None:
            return f"they turned to you {ago(now - (waits.engaged or now))}"
    return None


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
