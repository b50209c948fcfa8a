"""What a user did on a UTC day, finely enough to tell what is new in the day of everything and of each content."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from signals.events import Event
from signals.packing import add_count, joined, pack_counts, unpack_counts, unpack_rows
from signals.rollups import identity
from signals.slots import Dimension

NO_CONTENT, UNKNOWN = "none", "unknown"
ALL, CATEGORY, TYPE, CONTENT_TYPE, COUNTRY, DEVICE_TYPE, _ = (dimension.value for dimension in Dimension)
WHOLE_DAY = -1
"""Stands for the slot where a row is of all the day."""


class Part(NamedTuple):
    """What events of one kind have in common; empty where there is none."""

    slot: int
    type: str
    content_type: str
    country: str
    device_type: str
    session: str


Place: TypeAlias = tuple[int, str, str]
"""Slot or WHOLE_DAY, dimension, value."""


def part_of(event: Event, slot: int) -> Part:
    return Part(
        slot,
        event.type,
        event.content.type if event.content is not None else "",
        event.country or "",
        (event.device.type or "") if event.device is not None else "",
        event.session_id or "",
    )


def slot_places(part: Part) -> tuple[Place, ...]:
    """The rows of the slots that a part adds to."""
    return _places(part, part.slot)


def day_places(part: Part) -> tuple[Place, ...]:
    """The rows of the day's totals that a part adds to."""
    category = part.type.partition(":")[0]
    return (WHOLE_DAY, ALL, ""), (WHOLE_DAY, CATEGORY, category), *_places(part, WHOLE_DAY)


def _places(part: Part, slot: int) -> tuple[Place, ...]:
    _, type, content_type, country, device_type, _ = part
    return (
        (slot, TYPE, type),
        (slot, CONTENT_TYPE, content_type or NO_CONTENT),
        (slot, COUNTRY, country or UNKNOWN),
        (slot, DEVICE_TYPE, device_type or UNKNOWN),
    )


@dataclass(slots=True)
class Presence:
    """Rows that a user is in, and (row, session) that the user's sessions are in."""

    places: set[Place] = field(default_factory=set)
    sessions: set[tuple[Place, str]] = field(default_factory=set)

    @classmethod
    def of(cls, parts: Collection[Part]) -> Presence:
        found = cls()
        for part in parts:
            places = (*slot_places(part), *day_places(part))
            found.places.update(places)
            if part.session:
                found.sessions.update([(place, part.session) for place in places])
        return found


@dataclass(slots=True)
class PersonDay:
    """``parts``: to [events, duration in ms]; ``sessions``, ``contents`` (done to, by key): events of each.

    ``told_parts``, ``told_contents``: what the days of everything and of contents know of already.
    """

    user: str
    at: int
    n: int = 0
    parts: dict[Part, list[int]] = field(default_factory=dict)
    sessions: dict[str, int] = field(default_factory=dict)
    contents: dict[str, int] = field(default_factory=dict)
    told_parts: set[Part] = field(default_factory=set)
    told_contents: set[str] = field(default_factory=set)

    def add(self, part: Part, ms: int, item: str | None, count: int) -> None:
        """``count`` events (-1: one less) of ``ms`` together, done to the content ``item``."""
        self.n += count
        cell = self.parts.get(part)
        if cell is None:
            cell = self.parts[part] = [0, 0]
        cell[0] += count
        cell[1] += ms
        if not cell[0]:
            del self.parts[part]
        if part.session:
            add_count(self.sessions, part.session, count)
        if item is not None:
            add_count(self.contents, item, count)

    def came_and_went(self) -> tuple[Presence, Presence]:
        """Where the user and the sessions are and were not when this was last asked; where they are no more."""
        before, after = self.told_parts, self.parts.keys()
        if before == after:
            return Presence(), Presence()
        self.told_parts = set(after)
        if not before:
            return Presence.of(after), Presence()
        was, now = Presence.of(before), Presence.of(after)
        return (
            Presence(now.places - was.places, now.sessions - was.sessions),
            Presence(was.places - now.places, was.sessions - now.sessions),
        )

    def met_and_left(self) -> tuple[set[str], set[str]]:
        """As ``came_and_went``, the contents."""
        before, after = self.told_contents, set(self.contents)
        self.told_contents = after
        return after - before, before - after

    def pack(self) -> dict[str, Any]:
        """Properties of the roll-up's node; None removes one. Parts name a session by its place in ``sessions``."""
        places = {session: str(place) for place, session in enumerate(sorted(self.sessions))}
        places[""] = ""
        lines = [
            f"{slot}\t{type}\t{content_type}\t{country}\t{device_type}\t{places[session]}\t{n}\t{ms}"
            for (slot, type, content_type, country, device_type, session), (n, ms) in sorted(self.parts.items())
        ]
        return {
            **identity(joined("u", self.user), self.at),
            "n": self.n,
            "parts": "\n".join(lines),
            "sessions": pack_counts(self.sessions) or None,
            "contents": pack_counts(self.contents) or None,
        }

    @classmethod
    def unpack(cls, user: str, at: int, properties: Mapping[str, Any]) -> PersonDay:
        sessions, contents = unpack_counts(properties.get("sessions")), unpack_counts(properties.get("contents"))
        names = list(sessions)
        parts = {
            Part(int(slot), type, content_type, country, device_type, names[int(place)] if place else ""): [
                int(n),
                int(ms),
            ]
            for slot, type, content_type, country, device_type, place, n, ms in unpack_rows(properties.get("parts"))
        }
        return cls(user, at, properties.get("n") or 0, parts, sessions, contents, set(parts), set(contents))
