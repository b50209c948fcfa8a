"""The signals of a feed's candidates, and people of the same taste, in plain Python. See ``ranking_oracle``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import cache, cached_property, partial

from signals.contributions import Contribution
from signals.events import ContentRef, Face
from signals.ranked import (
    CandidateSignals,
    Rates,
    SocialProof,
    Witness,
)
from signals.weights import PresetWeights
from tests.meanings import UNIT, most_first
from tests.ranking_meanings import (
    DAY,
    DAYS,
    EIGHTEEN_HOURS,
    THREE_HOURS,
    Part,
    Weighed,
    activation,
    amount,
    decayed,
    logit,
    recency,
    smoothed,
    worded,
)
from tests.ranking_people import People

MINUTE = timedelta(seconds=60)


class Contents(People):
    # ---- candidates

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

    # ---- trends

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

    # ---- co-action

    @cached_property
    def co_actors(self) -> Callable[[str], dict[str, tuple[float, float]]]:
        return cache(self._co_actors)

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
