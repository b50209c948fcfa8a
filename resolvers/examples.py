"""The log replayed into memory, and looked at from just before each impression: through the code that answers
``feedSignals``, so that a ranker is trained on what it will be told.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count, groupby
from random import Random
from typing import NamedTuple, Protocol

from resolvers.arguments import CANDIDATES
from resolvers.feed import feed_signals
from resolvers.ports import Nodes
from resolvers.standpoint import Standpoint
from resolvers.training import Entry, Plan
from signals.clock import from_ms, to_ms
from signals.content import Content, Registration
from signals.cut import Cut
from signals.events import ContentRef, Event
from signals.figures import Figures
from signals.habits import Habits
from signals.labels import Label
from signals.packing import joined
from signals.profiles import Card
from signals.ranked import CandidateSignals
from signals.training import LEAD_MS, Example
from signals.vocabulary import Vocabulary
from signals.wanted import Found, Wanted
from signals.weights import Weights

POOL = 200
"""How many of the hottest contents of a type negatives are drawn from."""


class History(Nodes, Protocol):
    """What a database would hold, in memory: grows by one event at a time."""

    def register(self, registration: Registration) -> None:
        """Facts about a content that are no events."""
        ...

    def add(self, event: Event) -> None: ...


class Shown(NamedTuple):
    """An impression of ``ref``, and what came of it."""

    event: Event
    ref: ContentRef
    label: Label | None


@dataclass(frozen=True, slots=True)
class Figured:
    """A history that goes by stored habits instead of its own: ``habits`` of the one who looks."""

    history: History
    figures: Habits

    async def read(self, wanted: Wanted, cut: Cut | None) -> Found:
        return await self.history.read(wanted, cut)

    async def hottest(self, content_type: str | None, first: int, cut: Cut | None) -> list[str]:
        return await self.history.hottest(content_type, first, cut)

    async def habits(self, cut: Cut | None) -> Habits:  # noqa: ARG002 - the port's
        return self.figures


@dataclass(frozen=True, slots=True)
class Exporter:
    """Makes the rows of a plan. ``history``: empty. ``figures``: the habits that were stored, oldest first."""

    history: History
    plan: Plan
    weights: Weights
    vocabulary: Vocabulary
    figures: Sequence[Figures] = ()

    def register(self, contents: Iterable[Content | None]) -> None:
        """Facts that hold at any time; a content of which nothing is known but events begins with them."""
        for content in contents:
            if content is not None and (content.author_id is not None or content.created_at is not None):
                facts = Registration(content=content.ref, author_id=content.author_id, created_at=content.created_at)
                self.history.register(facts)

    async def examples(self, entries: Iterable[Entry]) -> AsyncIterator[Example]:
        """Rows by (time, id) of the impression, those sampled beside it after it. ``entries``: oldest first."""
        waiting = Waiting(self.plan.known)
        for at, group in groupby(entries, key=lambda entry: entry.event.occurred_at):
            instant = sorted(group, key=lambda entry: entry.event.id)
            shown = [Shown(event, ref, label) for event, ref, label in instant if ref is not None]
            as_of = to_ms(at) - LEAD_MS
            for event in waiting.until(as_of):
                self.history.add(event)
            for example in await self._instant(as_of, shown):
                yield example
            waiting.add(entry.event for entry in instant)

    async def _instant(self, as_of: int, shown: Sequence[Shown]) -> list[Example]:
        """The rows of one instant; a viewer's are asked for together."""
        viewers: dict[str, list[Shown]] = {}
        for each in shown:
            viewers.setdefault(each.event.user_id, []).append(each)
        found: dict[str, list[Example]] = {}
        for viewer, seen in viewers.items():
            found |= await self._page(as_of, viewer, seen)
        return [example for each in shown for example in found[each.event.id]]

    async def _page(self, as_of: int, viewer: str, shown: Sequence[Shown]) -> dict[str, list[Example]]:
        """A viewer's rows by the id of the impression."""
        now = from_ms(as_of)
        here = Standpoint(Figured(self.history, self.habits(now)), self.weights, self.vocabulary, now)
        beside = [await self._sampled(here, each, shown) for each in shown]
        refs = dict.fromkeys(ref for each, sampled in zip(shown, beside, strict=True) for ref in (each.ref, *sampled))
        signals, cards = await _known(here, viewer, list(refs), self.plan.preset)

        def example(each: Shown, ref: ContentRef) -> Example:
            return Example(impression=each.event, as_of=as_of, signals=signals[ref], card=cards.get(ref.key))

        return {
            each.event.id: [
                replace(example(each, each.ref), label=each.label),
                *(replace(example(each, ref), sampled=True) for ref in sampled),
            ]
            for each, sampled in zip(shown, beside, strict=True)
        }

    def habits(self, as_of: datetime) -> Habits:
        """The latest that were stored by then; the defaults where none were: as reads in the past do."""
        place = bisect_right(self.figures, as_of, key=lambda figures: figures.at)
        return self.figures[place - 1].habits if place else Habits()

    async def _sampled(self, here: Standpoint, each: Shown, shown: Sequence[Shown]) -> list[ContentRef]:
        """Hot contents of the same type that the viewer neither engaged with nor was shown now."""
        if not self.plan.negatives:
            return []
        keys = await self.history.hottest(each.ref.type, POOL, None)
        viewer = each.event.user_id
        found = await here.read(Wanted(interacted={joined(viewer, key) for key in keys}))
        taken = {other.ref.key for other in shown}
        taken |= {
            key for key in keys if (pair := found.interacted.get(joined(viewer, key))) and pair.engaged is not None
        }
        free = [key for key in keys if key not in taken]
        random = Random(f"{self.plan.seed}/{each.event.id}")  # noqa: S311 - a sample, not secrets
        return [ContentRef.of(key) for key in random.sample(free, min(self.plan.negatives, len(free)))]


async def _known(
    here: Standpoint, viewer: str, refs: Sequence[ContentRef], preset: str
) -> tuple[dict[ContentRef, CandidateSignals], dict[str, Card]]:
    """What ``feedSignals`` answers of each candidate, and its card by key."""
    signals: dict[ContentRef, CandidateSignals] = {}
    for start in range(0, len(refs), CANDIDATES):
        asked = refs[start : start + CANDIDATES]
        answer = await feed_signals(here, viewer, asked, preset=preset, witnesses=0)
        signals |= zip(asked, answer.candidates, strict=True)
    found = await here.read(Wanted(cards={ref.key for ref in refs}))
    return signals, dict(found.cards)


class Waiting:
    """Events until they may be seen: when they have occurred or, ``known``, been received, too."""

    def __init__(self, known: bool) -> None:
        self._known = known
        self._events: list[tuple[int, int, Event]] = []
        self._places = count()

    def add(self, events: Iterable[Event]) -> None:
        """More of them, in the order of the log."""
        for event in events:
            at = max(event.occurred_at, event.received_at) if self._known else event.occurred_at
            heapq.heappush(self._events, (to_ms(at), next(self._places), event))

    def until(self, ms: int) -> Iterator[Event]:
        """Those that may be seen by then, in the order in which they may; they are not kept."""
        while self._events and self._events[0][0] <= ms:
            yield heapq.heappop(self._events)[-1]
