"""Reads over the event log: implements ``resolvers.ports.Events``."""

from __future__ import annotations

import asyncio

from graph import pages
from graph.driver import Database
from graph.queries import statement
from graph.records import event_of
from signals.clock import from_ms
from signals.events import Event, EventFilter, EventPage, Session
from signals.vocabulary import Vocabulary

EVENT_BY_ID = statement("event_by_id")
SESSION_DEVICE = statement("session_device")
SESSION_EVENTS = statement("session_events")
SESSION_LAST = statement("session_last")
SESSION_TOTALS = statement("session_totals")

SESSION_LIMIT = 500


class EventReader:
    def __init__(self, database: Database, vocabulary: Vocabulary) -> None:
        self._database = database
        self._pages = pages.Pages(database)
        self._vocabulary = vocabulary

    async def event(self, id: str) -> Event | None:
        """The event of this id, retracted or not."""
        row = await self._database.single(EVENT_BY_ID, {"id": id})
        return None if row is None else event_of(row["event"])

    async def events(self, filter: EventFilter, first: int, after: str | None) -> EventPage:
        """A page, newest first by (occurred_at, id). Raises InvalidCursor."""
        nodes = await self._pages.page(filter, first + 1, after)
        shown = nodes[:first]
        return EventPage(
            tuple(event_of(node) for node in shown),
            tuple(pages.cursor(node) for node in shown),
            has_next=len(nodes) > first,
        )

    async def recent(self, user_id: str, limit: int, offset: int) -> list[Event]:
        """A user's latest events."""
        nodes = await self._pages.page(EventFilter(user_id=user_id), offset + limit, None)
        return [event_of(node) for node in nodes[offset:]]

    async def session(self, id: str) -> Session | None:
        """A session's events, at most 500 of them, and what they add up to; None without unretracted events."""
        rows, totals, last, device = await asyncio.gather(
            self._database.read(SESSION_EVENTS, {"id": id, "limit": SESSION_LIMIT}),
            self._database.single(SESSION_TOTALS, {"id": id}),
            self._database.single(SESSION_LAST, {"id": id}),
            self._database.single(SESSION_DEVICE, {"id": id}),
        )
        if not rows or totals is None or last is None:
            return None
        events = tuple(event_of(row["event"]) for row in rows)
        return Session(
            id=id,
            events=events,
            event_count=totals["events"],
            start=from_ms(totals["start"]),
            end=from_ms(totals["end"]),
            duration_ms=totals["end"] - totals["start"],
            depth=totals["depth"],
            entry=events[0],
            exit=event_of(last["event"]),
            device=None if device is None else event_of(device["event"]).device,
        )
