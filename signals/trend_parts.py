"""What trends are added up from: whole UTC days, quarters of an hour, and single events. Times are epoch ms.

A span is taken apart into what roll-ups say of it and what only the log knows: a span that begins or ends within a
quarter of an hour, or a period that does, leaves a piece of that quarter to be read event by event.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from signals.calendar import Period
from signals.clock import DAY_MS
from signals.diary import Entry
from signals.events import ContentRef, EventFilter
from signals.pairs import term_of
from signals.slots import SLOT_MS, Cell, Dimension, unpack_totals
from signals.trends import (
    ALL,
    BEFORE,
    NO_CONTENT,
    UNKNOWN,
    EngagementTrends,
    Group,
    Part,
    Question,
    Table,
    answer,
    table,
)
from signals.vocabulary import Vocabulary

SLOTS = DAY_MS // SLOT_MS
DAYS = 4096
"""Packed totals that are remembered unpacked."""

LINE_HEAD = 5
"""Characters within which a line of slots names slot and dimension."""

Slots: TypeAlias = Mapping[tuple[int, Dimension, str], Cell]
Namer: TypeAlias = Callable[[str], str | None]


class Piece(NamedTuple):
    """The slots [first, last) of a UTC day, all of which belong to one place."""

    place: int
    day: int
    first: int
    last: int

    @property
    def whole(self) -> bool:
        """Whether it is all of the day."""
        return self.first == 0 and self.last == SLOTS


@dataclass(frozen=True, slots=True)
class Plan:
    """``pieces``: from roll-ups; ``cuts``: spans to read from the log."""

    pieces: tuple[Piece, ...]
    cuts: tuple[Period, ...]


@lru_cache(maxsize=64)
def plan(found: tuple[Period, ...], span: Period, before: Period | None) -> Plan:
    """How the span is read, and ``before`` as what came before it; ``found``: the periods."""
    spans = [(place, max(period.start, span.start), min(period.end, span.end)) for place, period in enumerate(found)]
    if before is not None:
        spans.insert(0, (BEFORE, *before))
    pieces: list[Piece] = []
    cuts: list[Period] = []
    for place, start, end in spans:
        first, last = -(-start // SLOT_MS), end // SLOT_MS
        if first >= last:
            cuts.append(Period(start, end))
            continue
        cuts += [Period(start, first * SLOT_MS), Period(last * SLOT_MS, end)]
        pieces += _pieces(place, first, last)
    return Plan(tuple(pieces), tuple(_together(cut for cut in cuts if cut.start < cut.end)))


def _pieces(place: int, first: int, last: int) -> Iterator[Piece]:
    """The slots [first, last), counted from 1970, by day."""
    for day in range(first // SLOTS, -(-last // SLOTS)):
        start = day * SLOTS
        yield Piece(place, day * DAY_MS, max(first - start, 0), min(last - start, SLOTS))


def _together(cuts: Iterable[Period]) -> Iterator[Period]:
    """The same spans, those that touch made one."""
    grown: Period | None = None
    for cut in sorted(cuts):
        if grown is not None and cut.start <= grown.end:
            grown = Period(grown.start, max(grown.end, cut.end))
            continue
        if grown is not None:
            yield grown
        grown = cut
    if grown is not None:
        yield grown


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows of the roll-ups make a group: the ``dimension`` of the slots to look at, and the group of a row's
    value, None where it does not pass the filter. ``totals``, ``total_group``: the same of the days' totals; ``alone``:
    there, one row is one group.
    """

    dimension: Dimension
    group: Namer
    totals: Dimension
    total_group: Namer
    alone: bool = True


VALUES = {
    Group.CONTENT_TYPE: Dimension.CONTENT_TYPE,
    Group.COUNTRY: Dimension.COUNTRY,
    Group.DEVICE_TYPE: Dimension.DEVICE_TYPE,
}


def rows(group: Group, filter: EventFilter) -> Rows | None:
    """Which rows serve; None where only the log does."""
    if any((filter.user_id, filter.content, filter.target_user_id, filter.session_id)):
        return None
    typed = filter.types is not None or filter.actions is not None
    narrowed = not filter.of_every_type
    if group in VALUES:
        return None if narrowed else Rows(VALUES[group], str, VALUES[group], str)
    if group is Group.TYPE:
        passing = _passing(filter, str)
        return Rows(Dimension.TYPE, passing, Dimension.TYPE, passing)
    passing = _passing(filter, _category if group is Group.CATEGORY else _all)
    if group is Group.CATEGORY and not typed:
        chosen = filter.categories
        return Rows(Dimension.TYPE, passing, Dimension.CATEGORY, lambda c: c if chosen is None or c in chosen else None)
    if group is Group.NONE and not narrowed:
        return Rows(Dimension.CONTENT_TYPE, _all, Dimension.ALL, _all)
    return Rows(Dimension.TYPE, passing, Dimension.TYPE, passing, alone=False)


def _all(_: str) -> str:
    return ALL


def _category(type: str) -> str:
    return type.partition(":")[0]


def _passing(filter: EventFilter, group: Callable[[str], str]) -> Callable[[str], str | None]:
    """``group`` of types that pass the filter."""
    if filter.of_every_type:
        return group

    def passing(type: str) -> str | None:
        category, _, action = type.partition(":")
        return group(type) if _named(filter, category, action) else None

    return passing


def _named(filter: EventFilter, category: str, action: str) -> bool:
    return (
        (filter.types is None or f"{category}:{action}" in filter.types)
        and (filter.categories is None or category in filter.categories)
        and (filter.actions is None or action in filter.actions)
    )


def passes(entry: Entry, filter: EventFilter) -> bool:
    """Whether an event passes a filter, its times left aside."""
    return (
        (filter.user_id is None or entry.actor_id == filter.user_id)
        and (filter.content is None or entry.content_key == filter.content.key)
        and (filter.target_user_id is None or entry.target_user_id == filter.target_user_id)
        and (filter.session_id is None or entry.session_id == filter.session_id)
        and _named(filter, entry.category, entry.action)
    )


@lru_cache(maxsize=DAYS)
def day_totals(packed: str) -> Mapping[Dimension, Mapping[str, Part]]:
    """A day's totals, by value of each dimension; without sessions, which they count once for each person."""
    found: dict[Dimension, dict[str, Part]] = {dimension: {} for dimension in Dimension}
    for (dimension, value), total in unpack_totals({"totals": packed}).items():
        found[dimension][value] = Part(total.n, total.ms, total.score, total.users, 0)
    return found


def add(parts: Mapping[str, Part], place: int, group: Namer, into: Table) -> None:
    """Add parts, given by value."""
    for value, part in parts.items():
        name = group(value)
        if name is not None:
            into[name][place].append(part)


@lru_cache(maxsize=64)
def told_by_days(question: Question, days: tuple[tuple[int, str], ...]) -> EngagementTrends:
    """The answer where the totals of UTC days say it all: the same question and totals have the same answer.

    ``days``: start and packed totals of each that has events. Raises LimitExceeded for more than 50,000 buckets.
    """
    counted = table()
    serving = rows(question.group, question.filter)
    if serving is None:
        raise ValueError("no totals say who did it, or to what")
    starts = [period.start for period in question.periods]
    for day, totals in days:
        place = bisect_right(starts, day) - 1 if day >= question.since else BEFORE
        add(day_totals(totals)[serving.totals], place, serving.total_group, counted)
    return answer(question, counted)


def of_dimension(segment: str, dimension: Dimension) -> str:
    """The lines of a day's slots that are of one dimension."""
    mark = f"\t{dimension}\t"
    return "\n".join([line for line in segment.split("\n") if line.find(mark, 0, LINE_HEAD) > 0])


def of_slots(cells: Slots, dimension: Dimension, first: int, last: int) -> dict[str, Part]:
    """What the slots [first, last) of a day add up to, by value of the dimension."""
    found: dict[str, list[Cell]] = {}
    for (slot, of, value), cell in cells.items():
        if of == dimension and first <= slot < last:
            found.setdefault(value, []).append(cell)
    return {
        value: Part(
            sum(cell.n for cell in some),
            sum(cell.ms for cell in some),
            sum(cell.score for cell in some),
            frozenset().union(*(cell.users for cell in some)),
            frozenset().union(*(cell.sessions for cell in some)),
        )
        for value, some in found.items()
    }


def of_entries(
    entries: Iterable[Entry], question: Question, vocabulary: Vocabulary, name: Callable[[str], str], into: Table
) -> None:
    """Add single events that pass the filter and lie in [since, until), or before; ``name``: of a user or session."""
    starts = [period.start for period in question.periods]
    found: dict[tuple[str, int], list[Entry]] = {}
    for entry in entries:
        place = bisect_right(starts, entry.at) - 1 if entry.at >= question.since else BEFORE
        found.setdefault((group_of(entry, question.group), place), []).append(entry)
    for (group, place), some in found.items():
        into[group][place].append(
            Part(
                len(some),
                sum(entry.duration_ms or 0 for entry in some),
                sum(term_of(vocabulary, f"{entry.face}.{entry.name}").weight for entry in some),
                {name(entry.actor_id) for entry in some},
                {name(entry.session_id) for entry in some if entry.session_id is not None},
            )
        )


def group_of(entry: Entry, group: Group) -> str:
    """The series an event belongs to."""
    match group:
        case Group.TYPE:
            return entry.type
        case Group.CATEGORY:
            return entry.category
        case Group.CONTENT_TYPE:
            return NO_CONTENT if entry.content_key is None else ContentRef.of(entry.content_key).type
        case Group.COUNTRY:
            return entry.country or UNKNOWN
        case Group.DEVICE_TYPE:
            return entry.device_type or UNKNOWN
        case Group.NONE:
            return ALL
