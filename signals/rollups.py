"""One day of one subject, with its hours and types inside: what trends and summaries are read from.

Subjects: everything (``g``), a user as actor (``u``), a user as target (``t``), a piece of content (``c``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from signals.clock import DAY_MS, HOUR_MS, to_ms
from signals.events import Event
from signals.packing import add_count, joined, pack_counts, pack_rows, unpack_counts, unpack_rows
from signals.pairs import item_of

EVERYTHING = "g"


def subjects(event: Event) -> Iterator[str]:
    """Whose days an event belongs to."""
    yield EVERYTHING
    yield joined("u", event.user_id)
    if event.target_user_id is not None:
        yield joined("t", event.target_user_id)
    item = item_of(event)
    if item is not None:
        yield joined("c", item.key)


def day_of(at: int) -> int:
    """The start of the UTC day, epoch ms."""
    return at - at % DAY_MS


def key_of(subject: str, day: int) -> str:
    return joined(subject, str(day))


@dataclass(slots=True)
class Day:
    """``cells``: (UTC hour 0..23, type) to [events, duration in ms]; ``sessions``: events by session (actors only)."""

    subject: str
    at: int
    cells: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    sessions: dict[str, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return sum(count for count, _ in self.cells.values())

    def add(self, event: Event, count: int = 1) -> None:
        """Fold one event in; a ``count`` of -1 takes it out again."""
        where = ((to_ms(event.occurred_at) - self.at) // HOUR_MS, event.type)
        cell = self.cells.setdefault(where, [0, 0])
        cell[0] += count
        cell[1] += count * (event.duration_ms or 0)
        if cell[0] == 0:
            del self.cells[where]
        if event.session_id is not None and self.subject.startswith("u"):
            add_count(self.sessions, event.session_id, count)

    def pack(self) -> dict[str, Any]:
        """Properties of the roll-up's node; None removes one."""
        return {
            "key": key_of(self.subject, self.at),
            "subject": self.subject,
            "kind": self.subject[0],
            "at": self.at,
            "n": self.n,
            "cells": pack_rows((str(h), t, str(n), str(ms)) for (h, t), (n, ms) in sorted(self.cells.items())),
            "sessions": pack_counts(self.sessions) or None,
        }

    @classmethod
    def unpack(cls, properties: Mapping[str, Any]) -> Day:
        return cls(
            properties["subject"],
            properties["at"],
            {(int(h), t): [int(n), int(ms)] for h, t, n, ms in unpack_rows(properties.get("cells"))},
            unpack_counts(properties.get("sessions")),
        )
