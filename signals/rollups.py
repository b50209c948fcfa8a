"""Roll-ups: what a UTC day of one subject adds up to. Trends, summaries and pages of events start from them.

Subjects: everything (``g``: ``signals.whole_days``), a user as actor (``u``: ``signals.person_days``), a piece of
content (``c``: ``signals.content_days``), a user as target (``t``), of whose days nothing but the number is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from signals.clock import DAY_MS, HOUR_MS
from signals.events import Event
from signals.packing import joined, unpack_counts, unpack_rows
from signals.slots import SLOT_MS

EVERYTHING = "g"
SLOTS_AN_HOUR = HOUR_MS // SLOT_MS


def day_of(at: int) -> int:
    """The start of the UTC day, epoch ms."""
    return at - at % DAY_MS


def key_of(subject: str, day: int) -> str:
    return joined(subject, str(day))


def subjects(event: Event, item: str | None) -> list[str]:
    """Whose days an event belongs to; ``item``: the key of the content it is done to."""
    found = [EVERYTHING, joined("u", event.user_id)]
    if event.target_user_id is not None:
        found.append(joined("t", event.target_user_id))
    if item is not None:
        found.append(joined("c", item))
    return found


def identity(subject: str, day: int) -> dict[str, Any]:
    """The properties that say which roll-up a node is."""
    return {"key": key_of(subject, day), "subject": subject, "kind": subject[0], "at": day}


@dataclass(frozen=True, slots=True)
class Day:
    """A day of an actor, for reading.

    ``cells``: (UTC hour 0..23, type) to [events, duration in ms]; ``sessions``: events by session.
    """

    subject: str
    at: int
    cells: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    sessions: dict[str, int] = field(default_factory=dict)

    @classmethod
    def unpack(cls, properties: Mapping[str, Any]) -> Day:
        cells: dict[tuple[int, str], list[int]] = {}
        for slot, type, *_, n, ms in unpack_rows(properties.get("parts")):
            cell = cells.setdefault((int(slot) // SLOTS_AN_HOUR, type), [0, 0])
            cell[0] += int(n)
            cell[1] += int(ms)
        return cls(properties["subject"], properties["at"], cells, unpack_counts(properties.get("sessions")))
