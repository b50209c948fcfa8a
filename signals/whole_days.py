"""What everybody did on a UTC day: the totals, and what is added to the log of its slots (``signals.slots``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from signals.packing import joined, unpack_rows
from signals.person_days import WHOLE_DAY, Part, Place, Presence, day_places, slot_places
from signals.rollups import EVERYTHING, SLOTS_AN_HOUR, identity, key_of
from signals.slots import Change, Dimension, Where, pack_changes, token, total_line, unpack_changes

NEW = Dimension.NEW.value
SLOTS = "s"
"""The subject of segments."""
SEGMENT = 16_384
"""Characters from which a segment is folded; it is closed where that leaves more than half of them."""


def segment_key(day: int, number: int) -> str:
    """The key of a day's segment, counted from 0."""
    return key_of(SLOTS, day) if number == 0 else joined(SLOTS, str(day), str(number))


@dataclass(slots=True)
class WholeDay:
    """``totals``: (dimension, value) to [events, ms, score in millionths, users, sessions]; ``hours``: events of each.

    ``new``: people whose first event ever this day has. ``segments``: how many there are, of which the last has
    ``filled`` characters; ``changes``: what is to be added to it.
    """

    at: int
    n: int = 0
    totals: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    hours: list[int] = field(default_factory=lambda: [0] * 24)
    new: int = 0
    segments: int = 0
    filled: int = 0
    changes: dict[Where, Change] = field(default_factory=dict)

    def add(self, part: Part, n: int, ms: int, score: int) -> None:
        """``n`` events (below 0: less) of ``ms`` and ``score`` together."""
        self.n += n
        self.hours[part.slot // SLOTS_AN_HOUR] += n
        for _, dimension, value in day_places(part):
            total = self._total(dimension, value)
            total[0] += n
            total[1] += ms
            total[2] += score
        for place in slot_places(part):
            change = self._change(place)
            change.n += n
            change.ms += ms
            change.score += score

    def count_in(self, user: str, presence: Presence, by: int) -> None:
        """A user and the user's sessions came into rows (``by`` -1: left them)."""
        name = token(user)
        for place in presence.places:
            if place[0] == WHOLE_DAY:
                self._total(place[1], place[2])[3] += by
            else:
                users = self._change(place).users
                users[name] = users.get(name, 0) + by
        for place, session in presence.sessions:
            if place[0] == WHOLE_DAY:
                self._total(place[1], place[2])[4] += by
            else:
                sessions, named = self._change(place).sessions, token(session)
                sessions[named] = sessions.get(named, 0) + by

    def begin(self, slot: int, by: int) -> None:
        """Somebody's first event ever lies in the slot (``by`` -1: no longer)."""
        self.new += by
        self._change((slot, NEW, "")).n += by

    def _total(self, dimension: str, value: str) -> list[int]:
        total = self.totals.get((dimension, value))
        if total is None:
            total = self.totals[dimension, value] = [0, 0, 0, 0, 0]
        return total

    def _change(self, place: Place) -> Change:
        change = self.changes.get(place)
        if change is None:
            change = self.changes[place] = Change()
        return change

    def full(self) -> str | None:
        """The key of the segment that has to be read and folded, where there is one."""
        return segment_key(self.at, self.segments - 1) if self.segments and self.filled >= SEGMENT else None

    def extend(self, last: str | None) -> list[Segment]:
        """What to write to the log of slots, once; ``last``: the text of the segment that was ``full``."""
        text = pack_changes(self.changes)
        self.changes = {}
        if not text:
            return []
        written = []
        if last is not None:
            folded = pack_changes(unpack_changes([last, text]))
            if len(folded) <= SEGMENT // 2:
                self.filled = len(folded)
                return [self._segment(folded, "old")]
            written.append(self._segment(pack_changes(unpack_changes([last])), "old"))
        if last is not None or not self.segments:
            self.segments += 1
            self.filled = len(text)
            return [*written, self._segment(text, "new")]
        more = "\n" + text if self.filled else text
        self.filled += len(more)
        return [self._segment(more, "more")]

    def _segment(self, text: str, how: str) -> Segment:
        return Segment(self.at, self.segments - 1, text, how)

    def nodes(self) -> list[str]:
        """The keys of the node and all its segments."""
        return [key_of(EVERYTHING, self.at), *(segment_key(self.at, number) for number in range(self.segments))]

    def pack(self) -> dict[str, Any]:
        """Properties of the roll-up's node; None removes one."""
        totals = [total_line(*where, numbers) for where, numbers in sorted(self.totals.items()) if numbers[0]]
        return {
            **identity(EVERYTHING, self.at),
            "n": self.n,
            "totals": "\n".join(totals),
            "hours": " ".join(map(str, self.hours)),
            "new": self.new or None,
            "segments": self.segments,
            "filled": self.filled,
        }

    @classmethod
    def unpack(cls, at: int, properties: Mapping[str, Any]) -> WholeDay:
        totals = unpack_rows(properties.get("totals"))
        return cls(
            at,
            properties.get("n") or 0,
            {(dimension, value): [*map(int, numbers)] for dimension, value, *numbers in totals},
            [*map(int, properties["hours"].split())] if "hours" in properties else [0] * 24,
            properties.get("new") or 0,
            properties.get("segments") or 0,
            properties.get("filled") or 0,
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """One write to the log of slots; ``how``: a ``new`` node, ``more`` text for one, or another text for an ``old``."""

    at: int
    number: int
    text: str
    how: str

    def pack(self) -> dict[str, Any]:
        key = segment_key(self.at, self.number)
        if self.how == "new":
            return {**identity(SLOTS, self.at), "key": key, "slots": self.text}
        return {"key": key, "slots": self.text}
