"""Events of everything are read in parts that a statement can answer."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, cast

from graph.driver import Database
from graph.entries import AT_ONCE, EntryReader
from graph.queries import Statement
from signals.calendar import Period
from signals.clock import DAY_MS
from signals.diary import Entry
from signals.events import EventFilter

ROW = ["", "ann", "content", "LIKE", "post", "like", "POST:1", None, None, None, "s", 5, None, None, None, "DE", None]


class Days:
    """A database that has so many events on each UTC day, and answers one event for every span."""

    def __init__(self, counts: Mapping[int, int]) -> None:
        self.counts = counts
        self.spans: list[Period] = []

    async def read(self, statement: Statement, parameters: Mapping[str, Any]) -> list[dict[str, int]]:
        assert statement.name == "days_of_subject"
        days = range(parameters["to"] // DAY_MS, parameters["from"] // DAY_MS - 1, -1)
        return [{"at": day * DAY_MS, "n": self.counts[day]} for day in days if day in self.counts]

    async def single(self, statement: Statement, parameters: Mapping[str, Any], **_: object) -> dict[str, Any]:
        assert statement.name == "entries_of_time"
        self.spans.append(Period(parameters["from"], parameters["until"]))
        return {"rows": [[parameters["from"], *ROW, None]]}


async def spans(counts: Mapping[int, int], span: Period) -> list[Period]:
    """What is read, one after the other."""
    database = Days(counts)
    filter = EventFilter(actions=("like",))
    found = [part async for part in EntryReader(cast("Database", database)).entries(filter, None, span)]
    assert all(isinstance(entry, Entry) for part in found for entry in part)
    assert [part[0].at for part in found] == [read.start for read in database.spans]
    return database.spans


async def test_few_events_are_read_at_once() -> None:
    span = Period(DAY_MS // 2, 9 * DAY_MS)
    assert await spans(dict.fromkeys(range(9), 10), span) == [span]


async def test_many_events_are_read_in_parts_that_cover_the_span() -> None:
    span = Period(DAY_MS // 2, 9 * DAY_MS + 5)
    found = await spans(dict.fromkeys(range(10), AT_ONCE // 2), span)
    assert (found[0].start, found[-1].end) == span
    assert all(one.end == other.start for one, other in pairwise(found))
    assert len(found) == 5
    assert all(part.end - part.start <= 2 * DAY_MS + 5 for part in found)


async def test_a_day_is_never_divided() -> None:
    span = Period(0, 3 * DAY_MS)
    assert await spans({1: 3 * AT_ONCE}, span) == [Period(0, DAY_MS), Period(DAY_MS, 3 * DAY_MS)]
