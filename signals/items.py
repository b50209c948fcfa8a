"""What a piece of content's interactions add up to: the sum over its pairs, kept as they change."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from signals.clock import to_ms
from signals.content import Engagement
from signals.decay import HALF_LIVES_MS, Accumulator
from signals.engagement_rate import INTERACTION
from signals.events import ContentRef
from signals.latest import Latest
from signals.packing import add_count, pack_counts, unpack_counts
from signals.pairs import Pair, term_of
from signals.vocabulary import Behaviour, Vocabulary

ENGAGERS = 128
REPORT = "content.REPORT"
HOT_HALF_LIFE = 3
"""Index of the half-life (18 h) that ``hot`` orders by."""


def named(ref: ContentRef) -> dict[str, str]:
    """The properties that say which content a node is."""
    return {"key": ref.key, "type": ref.type, "id": ref.id}


@dataclass(slots=True)
class Item:
    """Kept per content. ``users``: with a positive-weight event; ``touches``: their first such events, decayed.

    ``first``: the earliest of them (epoch ms); ``lost``: it was taken away, and who is first now is in the graph.
    ``reporters``: users who reported it.
    """

    n: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    on: dict[str, int] = field(default_factory=dict)
    touches: Accumulator = field(default_factory=Accumulator)
    engagers: Latest = field(default_factory=lambda: Latest(ENGAGERS))
    first: int | None = None
    lost: bool = False
    reporters: int = 0
    time_ms: int = 0
    scroll_sum: float = 0.0
    scroll_n: int = 0

    @property
    def users(self) -> int:
        return self.touches.n

    def replace(self, user_id: str, old: Pair, new: Pair) -> None:
        """The one way an item changes: the user's pair was ``old`` and is ``new``."""
        self.n += new.n - old.n
        for name in old.counts.keys() | new.counts.keys():
            add_count(self.counts, name, new.counts.get(name, 0) - old.counts.get(name, 0))
        for name in old.on():
            add_count(self.on, name, -1)
        for name in new.on():
            add_count(self.on, name, 1)
        self.time_ms += new.time_ms - old.time_ms
        self.scroll_sum += new.scroll_sum - old.scroll_sum
        self.scroll_n += new.scroll_n - old.scroll_n
        self.reporters += (REPORT in new.counts) - (REPORT in old.counts)
        self._touch(old.touched, new.touched)
        if (old.engaged, old.engaged_as) != (new.engaged, new.engaged_as):
            if new.engaged is None:
                self.engagers.remove(user_id)
            else:
                self.engagers.put(user_id, new.engaged, new.engaged_as)

    def _touch(self, old: int | None, new: int | None) -> None:
        if old != new:
            if new is not None:
                self.touches.add(new)
                self.first = new if self.first is None else min(self.first, new)
            if old is not None:
                self.touches.add(old, -1)
                self._untouch(old, new)

    def _untouch(self, old: int, new: int | None) -> None:
        """Whether the first touch may have been ``old``, which is no more."""
        if not self.touches.n:
            self.first, self.lost = None, False
        elif old == self.first and (new is None or new > old):
            self.lost = True

    @property
    def hot(self) -> float | None:
        """A landmark score for the 18-hour half-life: it grows with time instead of decaying, so its order holds."""
        heat = self.touches.sums[HOT_HALF_LIFE]
        return math.log2(heat) + self.touches.t / HALF_LIVES_MS[HOT_HALF_LIFE] if heat > 0 else None

    def pack(self) -> dict[str, Any]:
        """Properties of the content's node; None removes one."""
        return {
            "n": self.n,
            "counts": pack_counts(self.counts) or None,
            "on": pack_counts(self.on) or None,
            "users": self.users,
            "touches": self.touches.pack() or None,
            **self.engagers.pack("engagers"),
            "first": self.first,
            "reporters": self.reporters or None,
            "timeMs": self.time_ms or None,
            "scrollSum": self.scroll_sum if self.scroll_n else None,
            "scrollN": self.scroll_n or None,
            "hot": self.hot,
        }

    @classmethod
    def unpack(cls, properties: Mapping[str, Any]) -> Item:
        return cls(
            n=properties.get("n") or 0,
            counts=unpack_counts(properties.get("counts")),
            on=unpack_counts(properties.get("on")),
            touches=Accumulator.unpack(properties.get("touches")),
            engagers=Latest.unpack(properties, "engagers", ENGAGERS),
            first=properties.get("first"),
            reporters=properties.get("reporters") or 0,
            time_ms=properties.get("timeMs") or 0,
            scroll_sum=properties.get("scrollSum") or 0.0,
            scroll_n=properties.get("scrollN") or 0,
        )

    def engagement(self, ref: ContentRef, vocabulary: Vocabulary, now: datetime) -> Engagement:
        """What the caller sees of it at ``now``."""
        named = {name.partition(".")[2]: count for name, count in self.counts.items()}
        return Engagement(
            views=named.get("VIEW", 0),
            likes=self.on.get("LIKE", 0),
            comments=named.get("COMMENT", 0) + named.get("REPLY", 0),
            shares=named.get("SHARE", 0),
            saves=self.on.get("SAVE", 0),
            unique_users=self.users,
            time_spent_ms=self.time_ms,
            average_scroll_depth=self.scroll_sum / self.scroll_n if self.scroll_n else None,
            popularity=self.touches.value(to_ms(now), 1.0),
            score=self._score(vocabulary),
            by_type=by_type(self.counts, vocabulary, ref),
            engaged=sum(n for name, n in self.counts.items() if term_of(vocabulary, name).weight >= INTERACTION),
        )

    def _score(self, vocabulary: Vocabulary) -> float:
        """Weight times count; a state counts the users it is on for."""
        total = 0.0
        for name, count in self.counts.items():
            term = term_of(vocabulary, name)
            if term.behaviour is not Behaviour.STATE:
                total += term.weight * count
            elif term.on:
                total += term.weight * self.on.get(term.state or term.name, 0)
        return total


def by_type(
    counts: Mapping[str, int], vocabulary: Vocabulary, ref: ContentRef | None = None
) -> tuple[tuple[str, int], ...]:
    """Counts under ``face.NAME`` as (``category:action``, count), most first, then by name."""
    rows = []
    for name, count in counts.items():
        term = term_of(vocabulary, name)
        category = term.category or (ref.type.lower() if ref else "")
        rows.append((f"{category}:{term.action}", count))
    return ordered(rows)


def ordered(rows: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Most first, equal counts by name."""
    return tuple(sorted(rows, key=lambda row: (-row[1], row[0])))
