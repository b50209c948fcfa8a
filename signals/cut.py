"""An instant to look from: only what had occurred, and what was known, by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from signals.events import Event


@dataclass(frozen=True, slots=True)
class Cut:
    """``as_of``: events that had occurred by then. ``known_at``: of those, the ones received by then; None: all."""

    as_of: datetime
    known_at: datetime | None = None

    def holds(self, event: Event) -> bool:
        """Whether the event belongs to what is seen from here."""
        return event.occurred_at <= self.as_of and (self.known_at is None or event.received_at <= self.known_at)
