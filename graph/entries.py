"""Events as columns, by the index that serves a filter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from graph.diaries import DiaryReader
from graph.driver import Database
from graph.pages import path_of, predicates
from graph.queries import statement
from signals.calendar import Period
from signals.diary import Entry
from signals.events import EventFilter
from signals.rollups import EVERYTHING, day_of
from signals.trend_parts import passes

DAYS_OF_SUBJECT = statement("days_of_subject")
ENTRIES = {name: statement(f"entries_of_{name}") for name in ("content", "session", "target", "time")}

AT_ONCE = 20_000
"""Events of everything in a statement, about."""
MAX_DAYS = 50_000
PATIENCE_S = 30.0
"""For a statement."""


class EntryReader:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._diaries = DiaryReader(database)

    async def entries(
        self, filter: EventFilter, people: Sequence[str] | None, span: Period
    ) -> AsyncIterator[list[Entry]]:
        """The events of the span that pass the filter, its times left aside, in no order; of ``people``, if given."""
        path = path_of(filter)
        if path.name == "user":
            yield await self._own([path.key or ""], filter, people, span)
        elif path.name == "time" and people is not None:
            yield await self._own(people, filter, None, span)
        elif path.name == "time":
            for part in await self._parts(span):
                yield await self.found(filter, part)
        else:
            yield _of(await self.found(filter, span), people)

    async def found(self, filter: EventFilter, span: Period) -> list[Entry]:
        """All events of the span that pass the filter, its times left aside, by another index than the actor's."""
        path = path_of(filter)
        parameters = {**predicates(filter, path), "from": span.start, "until": span.end}
        record = await self._database.single(ENTRIES[path.name], parameters, timeout=PATIENCE_S)
        return [] if record is None else list(map(Entry._make, record["rows"]))

    async def _own(
        self, actors: Sequence[str], filter: EventFilter, people: Sequence[str] | None, span: Period
    ) -> list[Entry]:
        found = await self._diaries.diary(actors, span.start, span.end)
        return _of([entry for entry in found if passes(entry, filter)], people)

    async def _parts(self, span: Period) -> list[Period]:
        """The span in parts of whole days that have about so many events as a statement may answer."""
        parameters = {"subject": EVERYTHING, "from": day_of(span.start), "to": span.end, "limit": MAX_DAYS}
        parts: list[Period] = []
        end, events = span.end, 0
        for row in await self._database.read(DAYS_OF_SUBJECT, parameters):
            events += row["n"]
            if events >= AT_ONCE and span.start < row["at"] < end:
                parts.append(Period(row["at"], end))
                end, events = row["at"], 0
        return [Period(span.start, end), *reversed(parts)]


def _of(entries: list[Entry], people: Sequence[str] | None) -> list[Entry]:
    if people is None:
        return entries
    actors = set(people)
    return [entry for entry in entries if entry.actor_id in actors]
