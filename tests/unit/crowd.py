"""A port Nodes over a list of events, which remembers what was read. The present alone; lists are not bounded."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from resolvers.standpoint import Standpoint
from signals.clock import to_ms
from signals.connections import Step, settle
from signals.cut import Cut
from signals.decay import Accumulator
from signals.events import ContentRef, Event
from signals.habits import Habits
from signals.packing import SEPARATOR
from signals.pairs import Pair, code, item_of, pair_of, term_of
from signals.profiles import Card, Link, Profile
from signals.vocabulary import Behaviour
from signals.wanted import Found, Wanted
from signals.weights import Weights, standard
from tests.factories import NOON, VOCABULARY, at


def weight(event: Event) -> float:
    """What the vocabulary says the event is worth."""
    return term_of(VOCABULARY, code(event)).weight


@dataclass
class Crowd:
    """``authors``: by content key. ``reads``, ``cuts``: what was asked, in order. ``slow``: seconds each read takes."""

    events: list[Event]
    authors: dict[str, str] = field(default_factory=dict)
    slow: list[float] = field(default_factory=list)
    reads: list[Wanted] = field(default_factory=list)
    cuts: list[Cut | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.positive = sorted((e for e in self.events if weight(e) > 0), key=lambda e: e.occurred_at, reverse=True)
        self.ties: dict[str, Pair] = {}
        self.interacted: dict[str, Pair] = {}
        for event in self.events:
            key = pair_of(event)
            if key is not None:
                pairs = self.ties if item_of(event) is None else self.interacted
                pair = pairs.setdefault(key, Pair.between(code(event)))
                pair.add(event, term_of(VOCABULARY, code(event)))

    async def read(self, wanted: Wanted, cut: Cut | None) -> Found:
        self.reads.append(wanted)
        self.cuts.append(cut)
        if self.slow:
            await asyncio.sleep(self.slow.pop(0))
        return Found(
            profiles={id: self.profile(id) for id in wanted.profiles if id in self.users()},
            cards={key: self.card(key) for key in wanted.cards if key in self.contents()},
            interacted={key: self.interacted[key] for key in wanted.interacted if key in self.interacted},
            ties={key: self.ties[key] for key in wanted.ties if key in self.ties},
        )

    async def hottest(self, content_type: str | None, first: int, cut: Cut | None) -> list[str]:
        self.cuts.append(cut)
        keys = [key for key in self.contents() if content_type in (None, ContentRef.of(key).type)]
        return sorted(keys, key=lambda key: (-self.card(key).touches.value(to_ms(NOON), 1.0), key))[:first]

    async def habits(self, cut: Cut | None) -> Habits:
        self.cuts.append(cut)
        return Habits()

    def users(self) -> set[str]:
        """Everybody in any event."""
        return {id for event in self.events for id in (event.user_id, event.target_user_id) if id}

    def contents(self) -> set[str]:
        """Every content in any event, and every one with an author."""
        return {item.key for event in self.events if (item := item_of(event)) is not None} | self.authors.keys()

    def profile(self, id: str) -> Profile:
        """The user as their events make them."""
        circle: dict[str, int] = {}
        touched: dict[str, int] = {}
        received = Accumulator()
        for event in self.positive:
            item, ends = item_of(event), (event.user_id, event.target_user_id)
            if item is not None and event.user_id == id:
                touched.setdefault(item.key, to_ms(event.occurred_at))
            elif item is None and id in ends and None not in ends and ends[0] != ends[1]:
                circle.setdefault(str(ends[1] if ends[0] == id else ends[0]), to_ms(event.occurred_at))
                if ends[1] == id:
                    received.add(to_ms(event.occurred_at))
        return Profile(
            id=id,
            received=received,
            times=tuple(sorted(circle.values(), reverse=True)),
            circle=circle,
            touched=touched,
            contents=len(touched),
            partners=len(circle),
            links=self._links(id),
            bars=sum(pair.bars for key, pair in self.ties.items() if id in key.split(SEPARATOR)),
        )

    def _links(self, id: str) -> dict[str, Link]:
        steps: defaultdict[str, list[Step]] = defaultdict(list)
        for event in self.events:
            ends = (event.user_id, event.target_user_id)
            if term_of(VOCABULARY, code(event)).behaviour is Behaviour.CONNECTION and id in ends:
                other = str(ends[1] if ends[0] == id else ends[0])
                steps[other].append(Step(to_ms(event.occurred_at), event.id, event.name, event.user_id))
        states = {other: settle(of) for other, of in steps.items()}
        return {
            other: Link(s.status, s.since, s.requested_by, s.response_ms)
            for other, s in states.items()
            if s.status is not None
        }

    def card(self, key: str) -> Card:
        """The content as the events make it."""
        pairs = {k.partition(SEPARATOR)[0]: p for k, p in self.interacted.items() if k.partition(SEPARATOR)[2] == key}
        touched = sorted(pair.touched for pair in pairs.values() if pair.touched is not None)
        engaged = {user: (pair.engaged, pair.engaged_as) for user, pair in pairs.items() if pair.engaged is not None}
        counts: defaultdict[str, int] = defaultdict(int)
        for pair in pairs.values():
            for name, count in pair.counts.items():
                counts[name] += count
        return Card(
            ref=ContentRef.of(key),
            author_id=self.authors.get(key),
            first=touched[0] if touched else None,
            touches=Accumulator.of(touched),
            engagers=dict(sorted(engaged.items(), key=lambda item: item[1], reverse=True)),
            counts=dict(counts),
            reporters=sum(1 for pair in pairs.values() if pair.counts.get("content.REPORT")),
        )

    def standpoint(self, seconds: float = 0, weights: Weights | None = None) -> Standpoint:
        """Looking from so many seconds after noon."""
        return Standpoint(self, weights or standard(), VOCABULARY, at(seconds))
