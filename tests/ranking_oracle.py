"""The plain meaning of every ranking read: obvious Python over a list of events, by the formulas of signals.md.

Only values, the vocabulary and the numbers of the table of weights are shared with the product; no fold, no formula
and no bounded list is. Words (``because``) are left out, and contributions stand by name.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import pairwise, permutations
from typing import TypeAlias

from signals.contributions import Contribution
from signals.cut import Cut
from signals.events import ContentRef, Event, Face
from signals.habits import Habits
from signals.people import ConnectionStatus
from signals.ranked import (
    Affinity,
    CandidateSignals,
    ClickThrough,
    MutualConnections,
    PathStep,
    PositionRate,
    Rates,
    RecommendedContent,
    SocialPath,
    SocialProof,
    SuggestedUser,
    TieProof,
    TrendingContent,
    Witness,
)
from signals.weights import PresetWeights, Weights
from tests.meanings import UNIT, item, most_first
from tests.oracle import Oracle
from tests.ranking_facts import STANDARD, Bounds, Facts, partner
from tests.ranking_meanings import (
    DAY,
    DAYS,
    EIGHTEEN_HOURS,
    THREE_HOURS,
    Weighed,
    activation,
    amount,
    decayed,
    logit,
    recency,
    smoothed,
    worded,
)

Part: TypeAlias = tuple[str, float, float]
"""Signal, value, weight."""
MINUTE = timedelta(seconds=60)
ALIKE = 64
"""People of the same taste whose latest contents are candidates."""
SHARED = 3
"""Witnesses that a suggestion names per kind of tie."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """How many candidates each source brings for lists of up to 50, and how many are looked at for trends."""

    ties: int = 80
    co_action: int = 80
    trending: int = 60
    hottest: int = 200


MANY = Candidates()


class Ranking:
    """Every ranking read from one standpoint. ``cut``: None for the present."""

    def __init__(
        self,
        told: Oracle,
        now: datetime,
        weights: Weights,
        *,
        cut: Cut | None = None,
        habits: Habits | None = None,
        bounds: Bounds = STANDARD,
        candidates: Candidates = MANY,
    ) -> None:
        self.facts = Facts(list(told.recorded.values()), told.registrations, told.vocabulary, now, cut, bounds)
        self.now = now
        self.weights = weights
        self.habits = habits or Habits()
        self.candidates = candidates
        self.affinity = cache(self._affinity)
        self.bridges = cache(self._bridges)
        self.co_actors = cache(self._co_actors)

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
        worth = w.tie + w.regular * regular
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
            terms.append(("turn", min(max(usually, 0.0), w.turn_most), w.turn))
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

    # ---- contents

    def feed(
        self, viewer: str, refs: Iterable[ContentRef], preset: str = "HOME", witnesses: int = 3
    ) -> list[CandidateSignals]:
        return [self.candidate(viewer, ref, preset, witnesses) for ref in refs]

    def candidate(self, viewer: str, ref: ContentRef, preset: str, witnesses: int) -> CandidateSignals:
        facts, touches = self.facts, self.facts.first_touches(ref)
        mine = [e for e in facts.done_to(ref) if e.user_id == viewer]
        engaged = [e.occurred_at for e in mine if facts.positive(e)]
        hidden, author = self.hidden_because(viewer, ref), facts.author(ref)
        parts = list(self._score(viewer, ref, preset))
        if hidden is not None:
            parts.append(("hidden", -amount(worded(parts)), 1.0))
        return CandidateSignals(
            content=ref,
            score=0.0 if hidden else amount(worded(parts)),
            contributions=worded(parts),
            popularity=activation(touches, 1.0, self.now),
            trend=amount(self.trend(touches)),
            rising=self.rising(touches),
            author_affinity=self.affinity(viewer, author).score if author is not None else 0.0,
            co_action=self.co_action(viewer, ref),
            social_proof=self._social_proof(viewer, ref, witnesses),
            rates=self.rates(ref) if facts.known(ref) else Rates(),
            reporters=facts.reporters(ref),
            seen=bool(engaged),
            last_seen_at=max(engaged, default=None),
            my_interactions=most_first(e.type for e in mine),
            hidden_because=hidden,
        )

    def hidden_because(self, viewer: str, ref: ContentRef) -> str | None:
        facts, author, w = self.facts, self.facts.author(ref), self.weights.negative
        hid = facts.switched_on(viewer, ref, "HIDE")
        if hid is not None and self.now - hid.occurred_at < w.hide_days * DAY:
            return "HIDDEN"
        if any(e.name == "REPORT" and e.user_id == viewer for e in facts.done_to(ref)):
            return "REPORTED"
        if author is None:
            return None
        if facts.switched_on(viewer, author, "BLOCK"):
            return "AUTHOR_BLOCKED"
        if facts.switched_on(author, viewer, "BLOCK"):
            return "BLOCKED_BY_AUTHOR"
        muted = facts.switched_on(viewer, author, "MUTE")
        return "AUTHOR_MUTED" if muted is not None and self.now - muted.occurred_at < w.mute_days * DAY else None

    def _score(self, viewer: str, ref: ContentRef, preset: str) -> Iterable[Part]:
        """The terms that are not nothing."""
        w, author = self.weights.content, self.facts.author(ref)
        factors: PresetWeights = self.weights.home if preset == "HOME" else self.weights.discover
        closest = max([self._common(viewer, ref), *self._witnesses(viewer, ref).values()], default=0.0)
        co, liked = self.co_action(viewer, ref), self.affinity(viewer, author).score if author is not None else 0.0
        terms: list[Part] = [
            *((name, value, weight * factors) for name, value, weight, factors in self._general(ref, factors)),
            ("proof", math.log1p(closest / w.proof_least), w.proof * factors.proof),
            ("co_action", math.log1p(co / w.co_least), w.co_action * factors.co_action),
            ("author", liked, factors.author),
            ("reports", self._reported(ref), -self.weights.negative.report),
        ]
        if viewer in {e.user_id for e in self.facts.done_to(ref) if self.facts.positive(e)}:
            left = 1 - factors.again * (1 - self._kept())
            terms = [(name, value, weight * left) for name, value, weight in terms]
            terms.append(("again", self._again(viewer, ref), factors.again))
        return [term for term in terms if term[1] * term[2]]

    def _kept(self) -> float:
        """What the other terms keep for a content one has been at: the less, the more people come back."""
        back, fading = min(max(self.habits.again, 0.0), 0.99), self.weights.again.fading
        return fading / (fading + back / (1 - back))

    def _again(self, viewer: str, ref: ContentRef) -> float:
        """Coming back: as the tie between two people, but for what is known of how often."""
        facts, w = self.facts, self.weights.again
        mine = [e.occurred_at for e in facts.done_to(ref) if e.user_id == viewer and facts.positive(e)]
        first, last = (max(self.now - at, MINUTE) / UNIT for at in (min(mine), max(mine)))
        often = 1 / math.sqrt(last) + (len(mine) - 1) * 2 / (math.sqrt(first) + math.sqrt(last))
        spread = min(max(self.habits.again_spread, w.spread_least), w.spread_most)
        others = sum(at > max(mine) for at in facts.touched(viewer).values())
        value = (1 - self._kept()) * w.new + w.regular * logit(self.habits.again)
        return value - w.clock * (1 + 1 / spread) * math.log1p(others) + w.strength * math.log(often)

    def _general(self, ref: ContentRef, factors: PresetWeights) -> list[tuple[str, float, float, float]]:
        """What does not depend on the viewer, with the preset's factor."""
        w, touches = self.weights.content, self.facts.first_touches(ref)
        if not touches:
            return []
        age = self.now - min(at for at, _ in touches)
        fresh = math.log(w.fresh_days * DAY / (age + MINUTE))
        popular = math.log1p(activation(touches, 1.0, self.now) / w.popularity_least)
        steady = math.log1p(activation(touches, 0.5, self.now) / w.lasting_least)
        # A catalogue (1) or news (0)
        lasts = min(max((self.habits.lasting - w.lasting_from) / (w.lasting_to - w.lasting_from), 0.0), 1.0)
        return [
            ("popularity", popular, (1 - lasts) * w.popularity, factors.popularity),
            ("lasting", steady, lasts * w.lasting, factors.popularity),
            ("fresh", max(0.0, fresh), (1 - lasts) * w.fresh, factors.fresh),
            *((part.signal, part.value, part.weight, factors.trend) for part in self.trend(touches)),
        ]

    def _reported(self, ref: ContentRef) -> float:
        """Nothing below three people; then by the share of those who dealt with it, and never more than a bound."""
        w, people = self.weights.negative, self.facts.reporters(ref)
        if people < w.reporters:
            return 0.0
        share = (people - w.reporters + 1) / (len(self.facts.first_touches(ref)) + people)
        return min(math.log1p(w.report_scale * share), w.report_most)

    def _witnesses(self, viewer: str, ref: ContentRef) -> dict[str, float]:
        """The viewer's ties among the latest engagers: what each one's engagement is worth, most first, then by id."""
        w, worth = self.weights.witness, {}
        for user, event in self.facts.engaged(ref).items():
            if user in self.facts.circle(viewer) and not self.facts.blocked(viewer, user):
                closeness = w.most / (1 + math.exp(w.steepness * (w.half - self.affinity(viewer, user).score)))
                worth[user] = closeness * recency(event.occurred_at, self.now)
        return dict(sorted(worth.items(), key=lambda row: (-row[1], row[0])))

    def _social_proof(self, viewer: str, ref: ContentRef, witnesses: int) -> SocialProof:
        worth = self._witnesses(viewer, ref)
        engaged = self.facts.engaged(ref)
        named = [
            Witness(
                user_id=user,
                interaction=engaged[user].name if engaged[user].face is Face.CONTENT else "FOLLOW",
                occurred_at=engaged[user].occurred_at,
                affinity=self.affinity(viewer, user).score,
            )
            for user in list(worth)[:witnesses]
        ]
        return SocialProof(count=len(worth), strength=math.fsum(worth.values()), witnesses=tuple(named))

    def rates(self, ref: ContentRef) -> Rates:
        """Of the users reached, or of the impressions; never more than all."""
        facts, w, users = self.facts, self.weights.rates, len(self.facts.first_touches(ref))
        share = partial(smoothed, strength=w.strength)
        shown, hiders = facts.counted(ref, "IMPRESSION"), facts.standing(ref, "HIDE")
        return Rates(
            click_through=share(min(facts.counted(ref, "CLICK", "VIEW"), shown), shown, prior=w.click_through),
            like=share(min(facts.standing(ref, "LIKE"), users), users, prior=w.like),
            comment=share(min(facts.counted(ref, "COMMENT", "REPLY"), users), users, prior=w.comment),
            share=share(min(facts.counted(ref, "SHARE"), users), users, prior=w.share),
            save=share(min(facts.standing(ref, "SAVE"), users), users, prior=w.save),
            hide=share(hiders, max(users, hiders), prior=w.hide),
        )

    # ---- co-action

    def _co_actors(self, viewer: str) -> dict[str, tuple[float, float]]:
        """Who engaged with the viewer's latest contents: how much lately, G(w), and how much in common, D(u, w)."""
        w, half_life = self.weights.content, self.weights.content.co_days * DAY
        found: dict[str, tuple[float, float]] = {}
        for rank, ref in enumerate(list(self.facts.touched(viewer))[: w.co_contents], 1):
            users = len(self.facts.first_touches(ref))
            for other, event in self.facts.engaged(ref).items():
                if other != viewer:
                    lately, common = found.get(other, (0.0, 0.0))
                    worn = math.exp2(-((self.now - event.occurred_at) / half_life))
                    found[other] = lately + worn / rank / math.sqrt(users + 1), common + 1 / math.log(2 + users)
        return found

    def co_action(self, viewer: str, ref: ContentRef) -> float:
        """co(u, i)"""
        people = self.co_actors(viewer)
        passed = math.fsum(people[w][0] for w in self.facts.engaged(ref) if w in people)
        return passed / math.sqrt(len(self.facts.first_touches(ref)) + 1)

    def _common(self, viewer: str, ref: ContentRef) -> float:
        """proof(u, i): the closest co-actor among the engagers, by how lately."""
        alike = self.alike(viewer)
        engaged = self.facts.engaged(ref).items()
        return max((alike[w] * recency(e.occurred_at, self.now) for w, e in engaged if w in alike), default=0.0)

    def alike(self, viewer: str) -> dict[str, float]:
        """D(u, w) / sqrt((N_u + 1) (N_w + 1)) of those with most in common."""
        common = {w: common for w, (_, common) in self.co_actors(viewer).items()}
        most = sorted(common, key=lambda w: (-common[w], w))[: self.weights.content.co_actors]
        mine = self.facts.engaged_with(viewer) + 1
        return {w: common[w] / math.sqrt(mine * (self.facts.engaged_with(w) + 1)) for w in most}

    # ---- trends and recommendations

    def trend(self, touches: Sequence[Weighed]) -> tuple[Contribution, ...]:
        """ln(1 + E_3h / a) + ln(1 + E_18h / b), term by term."""
        if not touches:
            return ()
        w = self.weights.trend
        hours, day = (decayed(touches, half, self.now) for half in (THREE_HOURS, EIGHTEEN_HOURS))
        return worded(
            [
                ("last_hours", math.log1p(hours / w.now_least), w.now),
                ("last_day", math.log1p(day / w.day_least), w.day),
            ]
        )

    def rising(self, touches: Sequence[Weighed]) -> float:
        """The last hours over what the last days let expect, in standard deviations."""
        expected = decayed(touches, DAYS, self.now) * (THREE_HOURS / DAYS)
        excess = decayed(touches, THREE_HOURS, self.now) - expected
        return excess / math.sqrt(expected + self.weights.trend.rising_least) if touches else 0.0

    def hottest(self, kind: str | None, count: int) -> list[ContentRef]:
        """Most first touches by the 18-hour half-life."""
        found = [ref for ref in self.facts.contents() if kind in (None, ref.type)]
        # Told by the newest touch, too: what is very old has decayed to nothing.
        return sorted(found, key=lambda ref: (-self._heat(ref), ref.key))[:count]

    def _heat(self, ref: ContentRef) -> float:
        """log2 E_18h, which is exact for any age."""
        touches = self.facts.first_touches(ref)
        newest = max(at for at, _ in touches)
        return math.log2(decayed(touches, EIGHTEEN_HOURS, newest)) - (self.now - newest) / EIGHTEEN_HOURS

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

    # ---- sequences

    def sequence(self, user: str, first: int = 100, types: Sequence[str] | None = None) -> list[Event]:
        """What the user did, newest first."""
        found = [e for e in self.facts.events if e.user_id == user and (types is None or e.type in types)]
        return found[::-1][:first]

    def click_through(self, since: datetime, until: datetime, kind: str | None = None) -> ClickThrough:
        """Impressions with an id, of [since, until), and whether the viewer took an interest in it then or later."""
        shown = [
            e
            for e in self.facts.events
            if e.name == "IMPRESSION"
            and e.impression_id is not None
            and since <= e.occurred_at < until
            and e.content is not None
            and kind in (None, e.content.type)
        ]
        prior, positions = self.weights.rates.click_through, sorted({e.position for e in shown} - {None}, key=int)
        share = partial(smoothed, strength=self.weights.rates.strength)
        clicks = sum(map(self._clicked, shown))
        rate = share(clicks, len(shown), prior=prior)
        rows = []
        for position in positions:
            there = [self._clicked(e) for e in shown if e.position == position]
            row = PositionRate(
                position=int(position),
                impressions=len(there),
                clicks=sum(there),
                rate=share(sum(there), len(there), prior=rate),
            )
            rows.append(row)
        return ClickThrough(impressions=len(shown), clicks=clicks, rate=rate, positions=tuple(rows), complete=True)

    def _clicked(self, shown: Event) -> bool:
        return any(
            (e.impression_id, e.user_id, item(e)) == (shown.impression_id, shown.user_id, item(shown))
            and e.occurred_at >= shown.occurred_at
            and self.facts.positive(e)
            for e in self.facts.events
        )

    # ---- habits

    def reckoned(self) -> Habits:
        """The habits that the events show, with so many events of the defaults mixed in."""
        people = [e for e in self.facts.events if e in self.facts.dealings(e.user_id)]
        repeats, spreads, replies = 0, [], 0
        for place, event in enumerate(people):
            ends = {event.user_id, event.target_user_id}
            earlier = [n for n in range(place) if {people[n].user_id, people[n].target_user_id} == ends]
            if earlier:
                since = people[earlier[-1] + 1 : place]
                repeats += 1
                replies += people[earlier[-1]].user_id != event.user_id
                spreads.append(math.log1p(sum(event.user_id in (e.user_id, e.target_user_id) for e in since)))
        turns, gaps, newer = self._turns()
        share, start = partial(smoothed, strength=self.weights.habits.trust), Habits()
        return Habits(
            repeat=share(repeats, len(people), prior=start.repeat),
            reply=share(replies, repeats, prior=start.reply),
            spread=share(math.fsum(spreads), repeats, prior=start.spread),
            again=share(len(gaps), turns, prior=start.again),
            again_spread=share(math.fsum(gaps), len(gaps), prior=start.again_spread),
            lasting=share(math.fsum(newer), len(newer), prior=start.lasting),
            answer=self._odds(people, 0, start.answer),
            answer_late=self._odds(people, 1, start.answer_late),
        )

    def _odds(self, people: list[Event], rank: int, start: float) -> float:
        """How much likelier one turns to the latest partner (0) or, passing that one over, to the one before (1), where
        that partner spoke last: the log odds ratio of (partner spoke last, turned to)."""
        seen: Counter[tuple[bool, bool]] = Counter()
        for place, event in enumerate(people):
            mine = [e for e in people[:place] if event.user_id in (e.user_id, e.target_user_id)][::-1]
            last = list({partner(e, event.user_id): e for e in mine[::-1]}.values())
            last.sort(key=mine.index)
            if len(last) > rank and event.target_user_id not in [partner(e, event.user_id) for e in last[:rank]]:
                asked = last[rank]
                waits = asked.user_id != event.user_id
                seen[waits, partner(asked, event.user_id) == event.target_user_id] += 1
        odds = {waits: math.log((seen[waits, True] + 1) / (seen[waits, False] + 1)) for waits in (True, False)}
        n = min(seen[waits, True] + seen[waits, False] for waits in (True, False))
        trust = self.weights.habits.trust
        return (n * (odds[True] - odds[False]) + trust * start) / (n + trust)

    def _turns(self) -> tuple[int, list[float], list[float]]:
        """How often anybody turned to another content than before; for returns, ln(1 + other turns since); for what
        only others had been at, the share of contents that came later."""
        done: dict[str, list[ContentRef]] = {}
        known: list[ContentRef] = []
        gaps, newer, turns = [], [], 0
        for event in self.facts.events:
            ref, before = item(event), done.setdefault(event.user_id, [])
            if ref is None or not self.facts.positive(event) or (before and before[-1] == ref):
                continue
            turns += 1
            if ref in before:
                gaps.append(math.log1p(before[::-1].index(ref)))
            elif ref in known:
                newer.append((len(known) - known.index(ref) - 1) / len(known))
            before.append(ref)
            known += [] if ref in known else [ref]
        return turns, gaps, newer


BESIDE = ("connection", "mutual_connections")
