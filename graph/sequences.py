"""A user's events in sequence, as they had occurred and were known at some instant: implements ``Sequences``."""

from __future__ import annotations

from collections.abc import Sequence

from graph import pages
from graph.driver import Database
from graph.records import event_of
from signals.clock import MILLISECOND
from signals.cut import Cut
from signals.events import Event, EventFilter


class SequenceReader:
    def __init__(self, database: Database) -> None:
        self._pages = pages.Pages(database)

    async def sequence(self, user_id: str, first: int, types: Sequence[str] | None, cut: Cut | None) -> list[Event]:
        """The latest ones within ``cut``, of these types (None: of any); newest first by (occurred_at, id)."""
        chosen = None if types is None else tuple(types)
        until = None if cut is None else cut.as_of + MILLISECOND
        filter = EventFilter(user_id=user_id, types=chosen, until=until)
        found: list[Event] = []
        after: str | None = None
        while len(found) < first:
            nodes = await self._pages.page(filter, first, after)
            found += [event for event in map(event_of, nodes) if cut is None or cut.holds(event)]
            if len(nodes) < first:
                break
            after = pages.cursor(nodes[-1])
        return found[:first]
