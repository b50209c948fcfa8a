"""Bounded lists of the latest distinct members: a top-K by (time, id), which commutes, so that late events are safe.

A list stays as lines of text, newest first: what is newer than all of it, which is the usual case, goes in front
without the rest being read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from signals.packing import SEPARATOR

Member: TypeAlias = tuple[int, str, str]
"""Time (epoch ms), id, and a word about it; sorts as the list does."""


def _line(member: Member) -> str:
    at, id, word = member
    return f"{id}\t{at}\t{word}"


def _member(line: str) -> Member:
    id, at, word = line.split(SEPARATOR)
    return int(at), id, word


@dataclass(slots=True)
class Latest:
    """The ``size`` latest members, newest first.

    Taking a member away from a full list may uncover one that was pushed out: ``short`` then says that the list has to
    be read again from the graph.
    """

    size: int
    lines: list[str] = field(default_factory=list)
    short: bool = False

    def put(self, id: str, at: int, word: str = "") -> None:
        """Set the member's time and word, which may move it either way."""
        new = (at, id, word)
        place = self._place(id)
        if place is not None:
            known = _member(self.lines.pop(place))
            self.short = self.short or (at < known[0] and len(self.lines) + 1 >= self.size)
        if not self.lines or new > _member(self.lines[0]):
            self.lines.insert(0, _line(new))
        else:
            self.lines = [_line(m) for m in sorted([*map(_member, self.lines), new], reverse=True)]
        del self.lines[self.size :]

    def remove(self, id: str) -> None:
        place = self._place(id)
        if place is not None:
            self.short = self.short or len(self.lines) >= self.size
            del self.lines[place]

    def _place(self, id: str) -> int | None:
        start = id + SEPARATOR
        return next((place for place, line in enumerate(self.lines) if line.startswith(start)), None)

    def members(self) -> list[Member]:
        return [_member(line) for line in self.lines]

    def pack(self) -> str:
        return "\n".join(self.lines)

    @classmethod
    def of(cls, size: int, members: Iterable[Member]) -> Latest:
        """The list of the latest of ``members``."""
        return cls(size, [_line(member) for member in sorted(members, reverse=True)[:size]])

    @classmethod
    def unpack(cls, packed: str | None, size: int) -> Latest:
        return cls(size, packed.split("\n") if packed else [])


@dataclass(slots=True)
class LatestTimes:
    """The ``size`` latest times (epoch ms), newest first, repeats kept; as text, for the same reason."""

    size: int
    texts: list[str] = field(default_factory=list)
    short: bool = False

    def add(self, at: int) -> None:
        if not self.texts or at >= int(self.texts[0]):
            self.texts.insert(0, str(at))
        else:
            self.texts = [*map(str, sorted([*map(int, self.texts), at], reverse=True))]
        del self.texts[self.size :]

    def remove(self, at: int) -> None:
        if str(at) in self.texts:
            self.short = self.short or len(self.texts) >= self.size
            self.texts.remove(str(at))

    def times(self) -> list[int]:
        return [*map(int, self.texts)]

    def pack(self) -> str:
        return " ".join(self.texts)

    @classmethod
    def of(cls, size: int, times: Iterable[int]) -> LatestTimes:
        """The list of the latest of ``times``."""
        return cls(size, [*map(str, sorted(times, reverse=True)[:size])])

    @classmethod
    def unpack(cls, packed: str | None, size: int) -> LatestTimes:
        return cls(size, packed.split() if packed else [])
