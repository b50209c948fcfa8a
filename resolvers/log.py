"""Reading the event log: one event, a page of events."""

from __future__ import annotations

from resolvers.arguments import identified, narrowed, page_size
from resolvers.ports import Events
from signals.events import Event, EventFilter, EventPage


async def event(events: Events, id: str) -> Event | None:
    """The event of this id, also when it was taken back. Raises InvalidArgument."""
    return await events.event(identified(id, "id"))


async def page(events: Events, filter: EventFilter, first: int | None, after: str | None) -> EventPage:
    """Events, newest first. Raises LimitExceeded, InvalidArgument and InvalidCursor."""
    return await events.events(narrowed(filter), page_size("first", first), after)
