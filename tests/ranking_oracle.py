"""The plain meaning of every ranking read: obvious Python over a list of events, by the formulas of signals.md.

Only values, the vocabulary and the numbers of the table of weights are shared with the product; no fold, no formula
and no bounded list is. Words (``because``) are left out, and contributions stand by name.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from signals.cut import Cut
from signals.events import ContentRef, Event
from signals.habits import Habits
from signals.ranked import (
    ClickThrough,
    PositionRate,
)
from signals.weights import Weights
from tests.meanings import item
from tests.oracle import Oracle
from tests.ranking_facts import STANDARD, Bounds, partner
from tests.ranking_lists import MANY, Candidates, Lists
from tests.ranking_meanings import (
    smoothed,
)


class Ranking(Lists):
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
        super().__init__(told, now, weights, cut=cut, habits=habits, bounds=bounds)
        self.candidates = candidates

    # ---- sequences and clicks

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
        prior = self.weights.rates.click_through
        positions = sorted({e.position for e in shown if e.position is not None})
        share = partial(smoothed, strength=self.weights.rates.strength)
        clicks = sum(map(self._clicked, shown))
        rate = share(clicks, len(shown), prior=prior)
        rows = []
        for position in positions:
            there = [self._clicked(e) for e in shown if e.position == position]
            row = PositionRate(
                position=position,
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
