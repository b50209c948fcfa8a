"""Bounded lists of the latest distinct members: a top-K by (time, id), which commutes, so that late events are safe."""

from __future__ import annotations

from dataclasses import dataclass, field

from signals.packing import pack_rows, unpack_rows


@dataclass(slots=True)
class Latest:
    """The ``size`` latest members, each with its time (epoch ms) and a word about it.

    Taking a member away from a full list may uncover one that was pushed out: ``short`` then says that the list has to
    be read again from the graph.
    """

    size: int
    members: dict[str, tuple[int, str]] = field(default_factory=dict)
    short: bool = False

    def put(self, id: str, at: int, word: str = "") -> None:
        """Set the member's time and word, which may move it either way."""
        known = self.members.get(id)
        if known is not None and at < known[0] and len(self.members) >= self.size:
            self.short = True
        self.members[id] = (at, word)
        if len(self.members) > self.size:
            del self.members[min(self.members, key=lambda m: (self.members[m][0], m))]

    def remove(self, id: str) -> None:
        if id in self.members:
            self.short = self.short or len(self.members) >= self.size
            del self.members[id]

    def pack(self) -> str:
        order = sorted(self.members.items(), key=lambda m: (m[1][0], m[0]), reverse=True)
        return pack_rows((id, str(at), word) for id, (at, word) in order)

    @classmethod
    def unpack(cls, packed: str | None, size: int) -> Latest:
        return cls(size, {id: (int(at), word) for id, at, word in unpack_rows(packed)})


@dataclass(slots=True)
class LatestTimes:
    """The ``size`` latest times (epoch ms, newest first, repeats kept)."""

    size: int
    times: list[int] = field(default_factory=list)
    short: bool = False

    def add(self, at: int) -> None:
        self.times.append(at)
        if len(self.times) > 1 and at > self.times[-2]:
            self.times.sort(reverse=True)
        del self.times[self.size :]

    def remove(self, at: int) -> None:
        if at in self.times:
            self.short = self.short or len(self.times) >= self.size
            self.times.remove(at)

    def pack(self) -> str:
        return " ".join(map(str, self.times))

    @classmethod
    def unpack(cls, packed: str | None, size: int) -> LatestTimes:
        return cls(size, [int(at) for at in packed.split()] if packed else [])
