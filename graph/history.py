"""All events of some subjects up to a cut, for folding: many small subjects at a time, a big one in windows of days."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graph.driver import Database
from graph.pages import END_OF_TIME
from graph.queries import statement
from graph.recording import padded
from graph.records import event_of
from signals.clock import DAY_MS, HOUR_MS, to_ms
from signals.cut import Cut
from signals.events import Event

DAYS_OF_SUBJECT = statement("days_of_subject")
PAST_EVENTS = statement("past_events")
PAST_SIZES = statement("past_sizes")

EVENTS = 5000
"""Events a statement is meant to return. One hour of one subject is never cut."""
KEYS = 1000
MANY_DAYS = 1_000_000
LISTS = ("actors", "targets", "contents", "pairs")


@dataclass(frozen=True, slots=True)
class Subject:
    """What has events: ``kind`` one of LISTS, ``key`` in the index, ``days`` whose day roll-ups count them at most.

    ``n``: how many there are at most, where that is known.
    """

    kind: str
    key: str
    days: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """What one statement reads: the subjects' events in [from, until), epoch ms."""

    subjects: tuple[Subject, ...]
    since: int
    until: int


class History:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def events(self, subjects: Sequence[Subject], cut: Cut) -> list[Event]:
        """The unretracted events that the cut holds, each once, oldest first by (at, id); what folding needs."""
        found: dict[str, Event] = {}
        async for span in self._spans(subjects, to_ms(cut.as_of) + 1):
            for node in await self._read(span, cut):
                if node["id"] not in found:
                    found[node["id"]] = event_of(node)
            await asyncio.sleep(0)
        return sorted(found.values(), key=lambda event: (event.occurred_at, event.id))

    async def _read(self, span: Span, cut: Cut) -> list[dict[str, Any]]:
        lists: dict[str, list[str]] = {kind: [] for kind in LISTS}
        for subject in span.subjects:
            lists[subject.kind].append(subject.key)
        known_at = END_OF_TIME if cut.known_at is None else to_ms(cut.known_at)
        limits = {"from": span.since, "until": span.until, "knownAt": known_at}
        rows = await self._database.read(PAST_EVENTS, {**padded(lists), **limits})
        return [event for row in rows for event in row["events"]]

    async def _spans(self, subjects: Sequence[Subject], until: int) -> AsyncIterator[Span]:
        sizes = await self._sizes(subjects, until)
        small = [(subject, n) for subject, n in zip(subjects, sizes, strict=True) if 0 < n <= EVENTS]
        for together in packed(small):
            yield Span(together, 0, until)
        for subject, n in zip(subjects, sizes, strict=True):
            if n > EVENTS:
                parameters = {"subject": subject.days, "from": 0, "to": until, "limit": MANY_DAYS}
                days = await self._database.read(DAYS_OF_SUBJECT, parameters)
                for since, end in windows([(row["at"], row["n"]) for row in days], until):
                    yield Span((subject,), since, end)

    async def _sizes(self, subjects: Sequence[Subject], until: int) -> list[int]:
        """At most how many events each has; 0 where there is no day with any."""
        unknown = sorted({subject.days for subject in subjects if subject.n is None})
        sizes: dict[str, int] = {}
        for start in range(0, len(unknown), KEYS):
            parameters = {**padded({"subjects": unknown[start : start + KEYS]}), "until": until}
            sizes.update((row["subject"], row["n"]) for row in await self._database.read(PAST_SIZES, parameters))
        return [sizes.get(subject.days, 0) if subject.n is None else subject.n for subject in subjects]


def packed(sized: Iterable[tuple[Subject, int]]) -> Iterator[tuple[Subject, ...]]:
    """Groups of subjects that have at most EVENTS events together, and at most KEYS keys."""
    group: list[Subject] = []
    total = 0
    for subject, n in sized:
        if group and (total + n > EVENTS or len(group) == KEYS):
            yield tuple(group)
            group, total = [], 0
        group.append(subject)
        total += n
    if group:
        yield tuple(group)


def windows(days: Sequence[tuple[int, int]], until: int, size: int = EVENTS) -> Iterator[tuple[int, int]]:
    """Spans that cover [0, until) and hold about ``size`` events each, from (day, events), latest first.

    A day with more of them is read by the hour.
    """
    start, total = 0, 0
    for day, n in reversed(days):
        if total + n > size and day > start:
            yield start, day
            start, total = day, 0
        total += n
        if n > size:
            for hour in range(day, min(day + DAY_MS, until), HOUR_MS):
                yield start, min(hour + HOUR_MS, until)
                start = hour + HOUR_MS
            total = 0
    if start < until:
        yield start, until
