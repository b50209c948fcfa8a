"""Affinity, bridges, suggestions and paths: what ranking says of people, in plain Python. See ``ranking_oracle``."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from itertools import pairwise, permutations

from signals.cut import Cut
from signals.events import Face
from signals.habits import Habits
from signals.people import ConnectionStatus
from signals.ranked import (
    Affinity,
    MutualConnections,
    PathStep,
    SocialPath,
    SuggestedUser,
    TieProof,
)
from signals.weights import Weights
from tests.oracle import Oracle
from tests.ranking_facts import STANDARD, Bounds, Facts
from tests.ranking_meanings import (
    DAY,
    Part,
    activation,
    amount,
    logit,
    recency,
    worded,
)

SHARED = 3
"""Witnesses that a suggestion names per kind of tie."""
BESIDE = ("connection", "mutual_connections")


class People:
    """``cut``: None for the present."""

    def __init__(
        self,
        told: Oracle,
        now: datetime,
        weights: Weights,
        *,
        cut: Cut | None = None,
        habits: Habits | None = None,
        bounds: Bounds = STANDARD,
    ) -> None:
        self.facts = Facts(list(told.recorded.values()), told.registrations, told.vocabulary, now, cut, bounds)
        self.now = now
        self.weights = weights
        self.habits = habits or Habits()
        self.affinity = cache(self._affinity)
        self.bridges = cache(self._bridges)

    # ---- affinity

    def affinities(self, viewer: str, others: Sequence[str], witnesses: int = 3) -> list[Affinity]:
        return [self._with_connection(viewer, self.affinity(viewer, other), witnesses) for other in others]

    def ties(self, viewer: str, first: int = 500) -> list[Affinity]:
        found = [self.affinity(viewer, other) for other in self.facts.circle(viewer)]
        found.sort(key=lambda a: (-a.order, a.user_id))
        return [self._with_connection(viewer, a, 3) for a in found[:first]]

    def _affinity(self, viewer: str, other: str) -> Affinity:
        facts = self.facts
        out, into = facts.positives(viewer, other), facts.positives(other, viewer)
        is_self, is_blocked = viewer == other, facts.blocked(viewer, other)
        terms = [] if is_self else self._tie(viewer, other) if out or into else self._stranger(viewer, other)
        order = amount(worded(terms))
        if is_blocked:
            terms.append(("blocked", -order, 1.0))
        elif order < 0:
            terms.append(("floor", -order, 1.0))
        return Affinity(
            user_id=other,
            score=0.0 if is_blocked else max(0.0, order),
            order=0.0 if is_blocked else order,
            contributions=worded(terms),
            last_interaction_at=None if is_self else max((e.occurred_at for e in out + into), default=None),
            outgoing=0 if is_self else len(out),
            incoming=0 if is_self else len(into),
            blocked=is_blocked,
        )

    def _stranger(self, viewer: str, other: str) -> list[Part]:
        w = self.weights.affinity
        terms = self._attention(other, 1.0, w.usual_stranger)
        bridged = self.bridges(viewer).get(other, 0.0)
        return terms + ([("bridges", math.log1p(w.bridges_scale * bridged), w.bridges)] if bridged else [])

    def _tie(self, viewer: str, other: str) -> list[Part]:
        facts, habits, w = self.facts, self.habits, self.weights.affinity
        regular = logit(max(habits.repeat, 0.5))
        attentive = max(0.0, 1 - w.fading * regular)
        # A = tie + ..., over what A of a stranger whom nobody turns to is: so that such a one is exactly 0.
        rare = min(0.0, logit(habits.repeat) - logit(w.rare_below))
        worth = w.tie + w.regular * regular + w.rare * rare
        worth += attentive * (w.attention * math.log(w.attention_least) - w.usual_tie * math.log(w.usual_least))
        worth -= w.attention * math.log(w.attention_least) - w.usual_stranger * math.log(w.usual_least)
        last = max(e.occurred_at for e in facts.positives(viewer, other) + facts.positives(other, viewer))
        clock, their_clock = (sum(at > last for at in facts.times(user)) for user in (viewer, other))
        spread = min(max(habits.spread, w.spread_least), w.spread_most)
        terms = [
            ("tie", 1.0, worth),
            ("since", math.log1p(clock), -w.clock / spread),
            ("since_theirs", math.log1p(their_clock), -w.other_clock / spread),
            ("strength", math.log(facts.strength(viewer, other)), w.strength),
        ]
        if self._spoke_last(other, viewer):
            usually = habits.answer if clock == 0 else habits.answer_late - w.turn_fade * math.log1p(clock)
            terms.append(("turn", min(max(usually - w.turn_from, 0.0), w.turn_most), w.turn))
        return terms + self._attention(other, attentive, w.usual_tie) + self._visits(viewer, other)

    def _attention(self, other: str, share: float, usual: float) -> list[Part]:
        """What others turn to this person with now, over what is usual."""
        received, w = self.facts.received(other), self.weights.affinity
        if not received or share <= 0:
            return []
        lately, usually = (activation(received, d, self.now) for d in (1.0, 0.5))
        return [
            ("attention", math.log1p(lately / w.attention_least), share * w.attention),
            ("usual_attention", math.log1p(usually / w.usual_least), -share * usual),
        ]

    def _spoke_last(self, one: str, other: str) -> bool:
        theirs, mine = self.facts.turned(one, other), self.facts.turned(other, one)
        return theirs is not None and (mine is None or theirs > mine)

    def _visits(self, viewer: str, other: str) -> list[Part]:
        """Having looked at the profile again and again."""
        visits = [e.occurred_at for e in self.facts.between(viewer, other) if e.face is Face.PROFILE]
        if len(visits) < 2:
            return []
        return [("visits", math.log(len(visits)) * recency(max(visits), self.now), self.weights.affinity.visits)]

    def _with_connection(self, viewer: str, affinity: Affinity, witnesses: int) -> Affinity:
        other, facts = affinity.user_id, self.facts
        both = sorted(facts.connected(viewer) & facts.connected(other)) if other != viewer else []
        return Affinity(
            **{name: getattr(affinity, name) for name in Affinity.__slots__ if name not in BESIDE},
            connection=facts.links(viewer).get(other),
            mutual_connections=MutualConnections(count=len(both), witnesses=tuple(both[:witnesses])),
        )

    # ---- bridges and suggestions

    def leads(self, viewer: str) -> list[str]:
        """The viewer's latest partners, who may lead to others."""
        return list(self.facts.circle(viewer))[: self.weights.bridges.ties]

    def met_through(self, w: str) -> dict[str, datetime]:
        """The newest partners of a partner."""
        return dict(list(self.facts.circle(w).items())[: self.weights.bridges.partners])

    def _bridges(self, viewer: str) -> dict[str, float]:
        """T(u, v) of everybody reached."""
        reached: Counter[str] = Counter()
        for w in self.leads(viewer):
            share = math.log1p(self.facts.strength(viewer, w)) / math.log1p(max(2, self.facts.partners(w)))
            for v, at in self.met_through(w).items():
                reached[v] += share * recency(at, self.now)  # type: ignore[assignment]
        del reached[viewer]
        return dict(reached)

    def suggested(self, viewer: str, first: int = 500) -> list[SuggestedUser]:
        people = self.bridges(viewer).keys() | self._shared(viewer).keys() | self._unanswered(viewer)
        found = [self._suggestion(viewer, v) for v in people if not self._excluded(viewer, v)]
        return sorted(found, key=lambda s: (-s.score, s.user_id))[:first]

    def _unanswered(self, viewer: str) -> set[str]:
        """Those of the viewer's latest partners to whom the viewer never turned."""
        return {v for v in self.facts.circle(viewer) if not self.facts.positives(viewer, v)}

    def _excluded(self, viewer: str, other: str) -> bool:
        link = self.facts.links(viewer).get(other)
        linked = link is not None and link.status is not ConnectionStatus.CANCELLED
        known = bool(self.facts.positives(viewer, other)) or other == viewer
        return known or linked or self.facts.blocked(viewer, other)

    def _suggestion(self, viewer: str, other: str) -> SuggestedUser:
        w, through = self.weights.suggestion, [p for p in self.leads(viewer) if other in self.met_through(p)]
        shared = self._shared(viewer)[other]
        parts: list[Part] = []
        if through:
            idle = min(self.now - self.met_through(p)[other] for p in through)
            parts.append(("mutual", math.log1p(self.bridges(viewer)[other] / w.mutual_least), w.mutual))
            parts.append(("idle", math.log1p(idle / DAY), -w.idle))
        if shared:
            parts.append(("shared", math.log1p(shared), w.shared))
        if other in self._unanswered(viewer):
            usually = max(0.0, logit(self.habits.reply) + w.contact_shift)
            parts.append(("contact", usually, w.contact))
        contributions = worded(parts)
        return SuggestedUser(
            user_id=other,
            score=amount(contributions),
            contributions=contributions,
            social_proof=self._tie_proof(viewer, through),
            shared_contents=shared,
            because="",
        )

    def _shared(self, viewer: str) -> Counter[str]:
        """With how many of the viewer's latest contents others engaged lately."""
        return Counter(w for ref in self.facts.touched(viewer) for w in self.facts.engaged(ref) if w != viewer)

    def _tie_proof(self, viewer: str, through: list[str]) -> tuple[TieProof, ...]:
        kinds = {p: self._kind(viewer, p) for p in through}
        found = []
        for kind in ("CONNECTED", "FOLLOWS", "TALKS"):
            people = [p for p in through if kinds[p] == kind]
            if people:
                found.append(TieProof(kind=kind, count=len(people), witnesses=tuple(people[:SHARED])))
        return tuple(found)

    def _kind(self, viewer: str, other: str) -> str:
        if other in self.facts.connected(viewer):
            return "CONNECTED"
        return "FOLLOWS" if self.facts.switched_on(viewer, other, "FOLLOW") else "TALKS"

    # ---- paths

    def path(self, start: str, end: str, hops: int = 4) -> SocialPath | None:
        """All ways there are, the shortest first, then by ids. For few people only."""
        if start == end:
            return SocialPath(users=(start,), steps=())
        users = {u for e in self.facts.events for u in (e.user_id, e.target_user_id) if u is not None} - {start, end}
        for between in range(hops):
            for middle in permutations(sorted(users), between):
                way = (start, *middle, end)
                if all(self._knows(a, b) for a, b in pairwise(way)):
                    return SocialPath(users=way, steps=tuple(self.step(a, b) for a, b in pairwise(way)))
        return None

    def _knows(self, a: str, b: str) -> bool:
        facts = self.facts
        met = b in facts.circle(a) or a in facts.circle(b) or b in facts.connected(a) or a in facts.connected(b)
        return met and not facts.blocked(a, b)

    def step(self, a: str, b: str) -> PathStep:
        facts = self.facts
        out, into = facts.positives(a, b), facts.positives(b, a)
        kinds = {
            "CONNECTED": b in facts.connected(a) or a in facts.connected(b),
            "FOLLOWS": facts.switched_on(a, b, "FOLLOW") is not None,
            "FOLLOWED_BY": facts.switched_on(b, a, "FOLLOW") is not None,
            "INTERACTED": bool(out or into),
        }
        return PathStep(
            from_id=a,
            to_id=b,
            kinds=tuple(kind for kind, there in kinds.items() if there),
            outgoing=len(out),
            incoming=len(into),
            last_interaction_at=max((e.occurred_at for e in out + into), default=None),
        )
