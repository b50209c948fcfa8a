"""What the events of everybody add up to: from the totals of whole UTC days, from quarters of an hour, and from the log
where a span begins or ends within a quarter."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from graph.driver import Database
from graph.entries import EntryReader
from graph.pages import window
from graph.queries import statement
from graph.slot_days import SlotDays
from signals.calendar import Period
from signals.clock import DAY_MS, HOUR_MS
from signals.diary import Entry
from signals.events import EventFilter, Sums
from signals.peaks import Peaks, peaks
from signals.rollups import day_of
from signals.slots import SLOT_MS, Dimension, token
from signals.sums import Cell, Counted, cell
from signals.trend_parts import Piece, Rows, day_totals, plan, rows
from signals.trends import Group, Part

HOURS_OF_DAYS = statement("hours_of_days")
TOTALS_OF_DAYS = statement("totals_of_days")


class Day(NamedTuple):
    """``new``: how many people did something for the first time."""

    stamp: str | None
    totals: str
    new: int


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a filter's window in which there are events, and what it is read from.

    ``days``: by start; ``cut``: events of what only the log knows; ``new``: people of all time, where it is all of it.
    """

    days: Mapping[int, Day]
    pieces: Sequence[Piece]
    cut: Sequence[Entry]
    new: int | None


class Everybody:
    def __init__(self, database: Database, slots: SlotDays) -> None:
        self._database = database
        self._slots = slots
        self._entries = EntryReader(database)

    async def counted(self, filter: EventFilter, wants: Sums, span: Span) -> Counted:
        """Events by type and UTC day, distinct people and sessions, of a filter that names nobody."""
        serving = rows(Group.TYPE, filter)
        if serving is None:
            raise ValueError("no totals say who did it, or to what")
        cells = self._whole(span, serving) + await self._partial(span, serving)
        cells += [(entry.category, entry.action, day_of(entry.at), 1) for entry in span.cut]
        users, sessions = await self._distinct(filter, span, serving, wants)
        return Counted(cells, users, sessions)

    async def peaks(self, filter: EventFilter, zone: ZoneInfo, span: Span) -> Peaks | None:
        """When most happened, by the clock of ``zone``; None where only the log knows."""
        if not filter.of_every_type:
            return None
        since, until = window(filter)
        if since % DAY_MS == 0 and until % DAY_MS == 0:
            found = peaks(zone, await self._hours(since, until), HOUR_MS)
            if found is not None:
                return found
        return peaks(zone, await self._quarters(filter, span), SLOT_MS)

    async def _hours(self, since: int, until: int) -> dict[int, int]:
        record = await self._database.single(HOURS_OF_DAYS, {"from": since, "until": until})
        found: dict[int, int] = {}
        for day, packed in () if record is None else record["rows"]:
            counts = enumerate(map(int, packed.split()))
            found.update((day + hour * HOUR_MS, n) for hour, n in counts if n)
        return found

    async def _quarters(self, filter: EventFilter, span: Span) -> Counter[int]:
        since, until = window(filter)
        found = Counter[int]()
        for at, n in (await self._slots.counts(day_of(since), until)).items():
            if since <= at and at + SLOT_MS <= until:
                found[at] += n
        for entry in span.cut:
            found[entry.at // SLOT_MS * SLOT_MS] += 1
        return found

    async def span(self, filter: EventFilter) -> Span:
        """What the events of a filter that names nobody are read from."""
        since, until = window(filter)
        record = await self._database.single(TOTALS_OF_DAYS, {"from": day_of(since), "until": until})
        days = {
            day: Day(stamp, totals, new or 0)
            for day, stamp, totals, new in (() if record is None else record["rows"])
            if totals
        }
        if not days or until <= since:
            return Span({}, (), (), 0)
        first, last = min(days), max(days) + DAY_MS
        events = Period(max(since, first), min(until, last))
        planned = plan((events,), events, None)
        whole = since == 0 and until >= last
        return Span(
            days=days,
            pieces=[piece for piece in planned.pieces if piece.day in days],
            cut=await self._cut(filter, planned.cuts),
            new=sum(day.new for day in days.values()) if whole else None,
        )

    async def _cut(self, filter: EventFilter, cuts: Sequence[Period]) -> list[Entry]:
        found = await asyncio.gather(*(self._entries.found(filter, cut) for cut in cuts))
        return [entry for some in found for entry in some]

    def _whole(self, span: Span, serving: Rows) -> list[Cell]:
        return [
            one
            for piece in span.pieces
            if piece.whole
            for one in _cells(piece.day, day_totals(span.days[piece.day].totals)[Dimension.TYPE], serving)
        ]

    async def _partial(self, span: Span, serving: Rows) -> list[Cell]:
        partial = [piece for piece in span.pieces if not piece.whole]
        found = await self._parts(Dimension.TYPE, partial, span)
        return [one for day, parts in found for one in _cells(day, parts, serving)]

    async def _parts(
        self, dimension: Dimension, pieces: Sequence[Piece], span: Span
    ) -> list[tuple[int, dict[str, Part]]]:
        if not pieces:
            return []
        wanted = {piece.day: [(piece.first, piece.last)] for piece in pieces}
        stamps = {day: span.days[day].stamp for day in wanted}
        found = await self._slots.slices(dimension, wanted, stamps)
        return [(day, dict(slices[wanted[day][0]])) for day, slices in found.items()]

    async def _distinct(self, filter: EventFilter, span: Span, serving: Rows, wants: Sums) -> tuple[int, int]:
        """People and sessions. From the first day on there are as many people as ever did something first."""
        narrowed = not filter.of_every_type
        known = None if narrowed else span.new
        if not wants.sessions and (known is not None or not wants.users):
            return (known or 0) if wants.users else 0, 0
        dimension = Dimension.TYPE if narrowed else Dimension.CONTENT_TYPE
        users = {token(entry.actor_id) for entry in span.cut}
        sessions = {token(entry.session_id) for entry in span.cut if entry.session_id is not None}
        for _, parts in await self._parts(dimension, span.pieces, span):
            for value, part in parts.items():
                if not narrowed or serving.group(value) is not None:
                    users |= _names(part.users)
                    sessions |= _names(part.sessions)
        people = len(users) if known is None else known
        return people if wants.users else 0, len(sessions) if wants.sessions else 0


def _names(names: Set[str] | int) -> Set[str]:
    """Those of a slice, which are never only counted."""
    return frozenset() if isinstance(names, int) else names


def _cells(day: int, parts: Mapping[str, Part], serving: Rows) -> list[Cell]:
    return [cell(type, day, part.n) for type, part in parts.items() if serving.group(type) is not None]
