"""What takes the writer's place until the database has been reached and prepared for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from signals.content import Content, Registration
from signals.events import Event
from signals.outcomes import Overloaded, RetractOutcome, TrackOutcome

RETRY_AFTER_MS = 1000


class Standby:
    """A recorder (``resolvers.ports.Recorder``) that takes nothing in and says when to come back."""

    async def record(self, events: Sequence[Event]) -> list[TrackOutcome]:
        return [Overloaded(RETRY_AFTER_MS)] * len(events)

    async def retract(self, event_id: str, reason: str | None, at: datetime) -> RetractOutcome:  # noqa: ARG002
        return Overloaded(RETRY_AFTER_MS)

    async def register(self, registrations: Sequence[Registration]) -> list[Content] | Overloaded:  # noqa: ARG002
        return Overloaded(RETRY_AFTER_MS)
