"""Bounded lists of the latest distinct members: a top-K by (time, id), which commutes, so that late events are safe.

Stored as two texts, newest first: the list as it was once folded, and a short ``Tail`` of what came since. A writer
reads and writes the tail alone while it is short; whoever wants the list reads both. Of a member in both, the later
time holds, and of equal times the tail.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from signals.packing import SEPARATOR

Member: TypeAlias = tuple[int, str, str]
"""Time (epoch ms), id, and a word about it; sorts as the list does."""

TAIL = "Tail"
LEFT_OUT = "-"
"""Stands for a folded list that was not read; no list looks like it."""
LONG = 400
"""Characters from which a tail is folded into its list: so much is written at each change, the list now and then."""


@dataclass(slots=True)
class Latest:
    """The ``size`` latest members: id to (time, word), oldest first. Not ``whole``: only those of the tail.

    Taking a member away from a full list may uncover one that was pushed out: ``short`` then says that the list has to
    be read again from the graph.
    """

    size: int
    rows: dict[str, tuple[int, str]] = field(default_factory=dict)
    whole: bool = True
    short: bool = False
    changed: bool = field(default=False, compare=False)

    def put(self, id: str, at: int, word: str = "") -> None:
        """Set the member's time and word, which may move it either way."""
        rows, self.changed = self.rows, True
        known = rows.pop(id, None)
        if known is not None and at < known[0]:
            self._lost(len(rows) + 1)
        last = next(reversed(rows), None)
        rows[id] = (at, word)
        if last is not None and (at, id) < (rows[last][0], last):
            self.rows = rows = dict(sorted(rows.items(), key=_by_time))
        if len(rows) > self.size:
            del rows[next(iter(rows))]

    def advance(self, id: str, at: int, word: str = "") -> None:
        """Set the member's time and word unless a later time is known."""
        known = self.rows.get(id)
        if known is None or at >= known[0]:
            self.put(id, at, word)

    def remove(self, id: str) -> None:
        if not self.whole or id in self.rows:
            self._lost(len(self.rows))
            self.rows.pop(id, None)
            self.changed = True

    def moved_back(self) -> None:
        """A member whose time, maybe unread, was later than it is now."""
        self._lost(len(self.rows))

    def _lost(self, members: int) -> None:
        self.short = self.short or not self.whole or members >= self.size

    def members(self) -> list[Member]:
        """Newest first."""
        return [(at, id, word) for id, (at, word) in reversed(self.rows.items())]

    def pack(self, name: str) -> dict[str, str | None]:
        """The properties to store it as; None removes one. A tail that nothing happened to stays as it is."""
        if not self.whole and not self.changed:
            return {}
        text = "\n".join([f"{id}\t{at}\t{word}" for id, (at, word) in reversed(self.rows.items())]) or None
        return {name: text, name + TAIL: None} if self.whole else {name + TAIL: text}

    @classmethod
    def of(cls, size: int, members: Iterable[Member]) -> Latest:
        """The list of the latest of ``members``."""
        latest = sorted(members, reverse=True)[:size]
        return cls(size, {id: (at, word) for at, id, word in reversed(latest)})

    @classmethod
    def unpack(cls, properties: Mapping[str, Any], name: str, size: int) -> Latest:
        folded, tail = properties.get(name), _rows(properties.get(name + TAIL))
        if folded == LEFT_OUT:
            return cls(size, tail, whole=False)
        rows = _rows(folded)
        if tail:
            for id, (at, word) in tail.items():
                if id not in rows or rows[id][0] <= at:
                    rows[id] = (at, word)
            rows = dict(sorted(rows.items(), key=_by_time)[-size:])
        return cls(size, rows)


def _by_time(row: tuple[str, tuple[int, str]]) -> tuple[int, str]:
    return row[1][0], row[0]


def _rows(packed: str | None) -> dict[str, tuple[int, str]]:
    if not packed:
        return {}
    lines = packed.split("\n")
    lines.reverse()
    return {id: (int(at), word) for id, at, word in [line.split(SEPARATOR) for line in lines]}


@dataclass(slots=True)
class LatestTimes:
    """The ``size`` latest times (epoch ms), oldest first, repeats kept. Not ``whole``: only those of the tail."""

    size: int
    ascending: list[int] = field(default_factory=list)
    whole: bool = True
    short: bool = False
    changed: bool = field(default=False, compare=False)

    def add(self, at: int) -> None:
        self.changed = True
        insort(self.ascending, at)
        if len(self.ascending) > self.size:
            del self.ascending[0]

    def remove(self, at: int) -> None:
        place = bisect_left(self.ascending, at)
        known = place < len(self.ascending) and self.ascending[place] == at
        self.short = self.short or not self.whole or (known and len(self.ascending) >= self.size)
        if known:
            del self.ascending[place]
            self.changed = True

    def times(self) -> list[int]:
        """Newest first."""
        return self.ascending[::-1]

    def pack(self, name: str) -> dict[str, str | None]:
        """As ``Latest.pack``."""
        if not self.whole and not self.changed:
            return {}
        text = " ".join(map(str, reversed(self.ascending))) or None
        return {name: text, name + TAIL: None} if self.whole else {name + TAIL: text}

    @classmethod
    def of(cls, size: int, times: Iterable[int]) -> LatestTimes:
        """The list of the latest of ``times``."""
        return cls(size, sorted(times)[-size:])

    @classmethod
    def unpack(cls, properties: Mapping[str, Any], name: str, size: int) -> LatestTimes:
        folded, tail = properties.get(name), properties.get(name + TAIL)
        if folded == LEFT_OUT:
            return cls(size, _times(tail), whole=False)
        return cls.of(size, _times(folded) + _times(tail))


def _times(packed: str | None) -> list[int]:
    times = [*map(int, packed.split())] if packed else []
    times.reverse()
    return times
