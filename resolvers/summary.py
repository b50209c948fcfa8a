"""Totals over events."""

from __future__ import annotations

from resolvers.arguments import narrowed
from resolvers.ports import Events
from signals.events import ActivitySummary, EventFilter


async def activity(events: Events, filter: EventFilter) -> ActivitySummary:
    """What the events of ``filter`` add up to. Raises LimitExceeded and InvalidArgument."""
    return await events.summary(narrowed(filter))
