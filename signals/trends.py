"""How engagement moves: what is asked, what is counted per group and period, and the answer. Times are epoch ms."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from signals.calendar import Granularity, Period, periods
from signals.clock import DAY_MS, from_ms, to_ms
from signals.errors import LimitExceeded
from signals.events import EventFilter
from signals.withholding import crowded_cells

EVERYTHING = EventFilter()
BUCKETS = 1000
CELLS = 50_000
"""Buckets of a series, and of all series together, at most."""
BEFORE = -1
"""The place of what happened in the preceding span; the others are those of the periods, from 0 on."""


class Group(StrEnum):
    """What makes a series of its own."""

    TYPE = "TYPE"
    CATEGORY = "CATEGORY"
    CONTENT_TYPE = "CONTENT_TYPE"
    COUNTRY = "COUNTRY"
    DEVICE_TYPE = "DEVICE_TYPE"
    NONE = "NONE"


ALL, NO_CONTENT, UNKNOWN = "all", "none", "unknown"
"""The only series of NONE; the content type of what is about no content; a country or device nobody told."""


@dataclass(frozen=True, slots=True)
class Wants:
    """What costs something and is asked for: distinct users and sessions, of buckets and of series; the span before.

    Without ``buckets`` the whole span is one.
    """

    users: bool = True
    sessions: bool = True
    users_in_all: bool = True
    sessions_in_all: bool = True
    before: bool = True
    buckets: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``people``: only what these did; None: everybody. ``first``: series in the answer."""

    since: int
    until: int
    zone: ZoneInfo
    granularity: Granularity = Granularity.DAY
    group: Group = Group.TYPE
    filter: EventFilter = EVERYTHING
    people: tuple[str, ...] | None = None
    first: int = 50
    now: int = 0
    wants: Wants = Wants()
    least: int = 0
    """People that must stand behind a bucket, and the span before; see ``signals.withholding``."""

    @property
    def periods(self) -> tuple[Period, ...]:
        """The buckets."""
        if not self.wants.buckets:
            return (Period(self.since, self.until),)
        return periods(self.zone, self.granularity, self.since, self.until)

    @property
    def span(self) -> Period:
        """The part of [since, until) that the filter leaves and in which something can have happened."""
        return self._narrowed(self.since, self.until)

    @property
    def before(self) -> Period:
        """The same of the span of equal length that ends at ``since``."""
        return self._narrowed(2 * self.since - self.until, self.since)

    def _narrowed(self, since: int, until: int) -> Period:
        least, most = self.filter.since, self.filter.until
        start = max(since, 0 if least is None else to_ms(least))
        end = min(until, self.now + DAY_MS, until if most is None else to_ms(most))
        return Period(start, max(start, end))


class Part(NamedTuple):
    """What some events add up to: ``n`` events, ``ms`` of duration; ``users`` and ``sessions`` by any name, or how many
    there were, where nothing else can belong to the same bucket."""

    n: int
    ms: int
    score: float
    users: Set[str] | int
    sessions: Set[str] | int


Table: TypeAlias = defaultdict[str, defaultdict[int, list[Part]]]
"""Parts by group and place."""


def table() -> Table:
    return defaultdict(lambda: defaultdict(list))


class Bucket(NamedTuple):
    """One period of a series. ``complete``: it is over, and lies wholly in the span asked for."""

    start: datetime
    end: datetime
    complete: bool
    events: int = 0
    unique_users: int = 0
    sessions: int = 0
    time_spent_ms: float = 0.0
    score: float = 0.0
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """``change``: by what share ``total`` differs from ``previous_total``; None where that is 0."""

    group: str
    total: int
    previous_total: int
    change: float | None
    unique_users: int
    sessions: int
    time_spent_ms: float
    score: float
    buckets: Sequence[Bucket]
    withheld: bool = False
    """Whether a bucket, or the span before, is left out; see ``signals.withholding``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementTrends:
    """Most events first, then by group."""

    since: datetime
    until: datetime
    time_zone: str
    granularity: str
    series: list[Series] = field(default_factory=list)
    withheld: bool = False
    """Whether anything is left out."""


def answer(question: Question, counted: Mapping[str, Mapping[int, Sequence[Part]]]) -> EngagementTrends:
    """The series of what was counted. Raises LimitExceeded for more than 50,000 buckets."""
    if question.least:
        return _of_crowds(question, counted)
    totals = {group: _total(at) for group, at in counted.items()}
    if question.group is Group.NONE:
        totals = {ALL: totals.get(ALL, 0)}
    else:
        totals = {group: total for group, total in totals.items() if total}
    shown = nsmallest(question.first, totals, key=lambda group: (-totals[group], group))
    empty = _empty(question)
    if len(shown) * len(empty) > CELLS:
        raise LimitExceeded(
            f"{len(shown)} series of {len(empty)} buckets; at most {CELLS} buckets are answered at once. "
            "Ask for fewer series with first, for longer periods or for a shorter time."
        )
    return EngagementTrends(
        since=from_ms(question.since),
        until=from_ms(question.until),
        time_zone=question.zone.key,
        granularity=question.granularity.value,
        series=[_series(group, totals[group], counted.get(group, {}), empty, question.wants) for group in shown],
    )


def _of_crowds(question: Question, counted: Mapping[str, Mapping[int, Sequence[Part]]]) -> EngagementTrends:
    """The answer without the buckets of a few people, and without the series that have no others."""
    people = {
        (group, at): distinct(p.users for p in parts) for group, row in counted.items() for at, parts in row.items()
    }
    kept = crowded_cells(counted, people, question.least)
    found = answer(replace(question, least=0), kept)
    series = [_marked(one, counted.get(one.group, {}).keys() - kept.get(one.group, {}).keys()) for one in found.series]
    return replace(found, series=series, withheld=sum(map(len, kept.values())) < len(people))


def _marked(series: Series, left_out: Set[int]) -> Series:
    buckets = [bucket._replace(withheld=at in left_out) for at, bucket in enumerate(series.buckets)]
    return replace(series, buckets=buckets, withheld=bool(left_out))


def as_of_buckets(question: Question) -> Question:
    """The same with the earliest ``now`` at which the same buckets are over: equal for most of its repetitions."""
    over = [period.end for period in question.periods if period.end <= question.now]
    return replace(question, now=over[-1] if over else 0)


def _total(at: Mapping[int, Sequence[Part]]) -> int:
    return sum([part.n for place, parts in at.items() if place != BEFORE for part in parts])


def _empty(question: Question) -> tuple[Bucket, ...]:
    found = question.periods
    over = bisect_right(found, question.now, key=lambda period: period.end)
    return empty_buckets(found, question.since, question.until, over)


@lru_cache(maxsize=64)
def empty_buckets(found: tuple[Period, ...], since: int, until: int, over: int) -> tuple[Bucket, ...]:
    """A bucket for each period; the first ``over`` of them are over."""
    return tuple(
        Bucket(
            from_ms(period.start),
            from_ms(period.end),
            place < over and period.start >= since and period.end <= until,
        )
        for place, period in enumerate(found)
    )


def _series(group: str, total: int, at: Mapping[int, Sequence[Part]], empty: Sequence[Bucket], wants: Wants) -> Series:
    inside = {place: parts for place, parts in at.items() if place != BEFORE}
    everything = [part for parts in inside.values() for part in parts]
    previous = sum(part.n for part in at.get(BEFORE, ()))
    buckets = list(empty)
    for place, parts in inside.items():
        buckets[place] = _bucket(empty[place], parts, wants)
    return Series(
        group=group,
        total=total,
        previous_total=previous,
        change=(total - previous) / previous if previous else None,
        unique_users=distinct(part.users for part in everything) if wants.users_in_all else 0,
        sessions=distinct(part.sessions for part in everything) if wants.sessions_in_all else 0,
        time_spent_ms=float(sum([part.ms for part in everything])),
        score=sum([part.score for part in everything]),
        buckets=buckets,
    )


def _bucket(empty: Bucket, parts: Sequence[Part], wants: Wants) -> Bucket:
    start, end, complete, *_ = empty
    if len(parts) == 1:
        n, ms, score, users, sessions = parts[0]
        if not wants.users and not wants.sessions:
            return Bucket(start, end, complete, n, 0, 0, float(ms), score)
    else:
        n = sum(part.n for part in parts)
        ms = sum(part.ms for part in parts)
        score = sum(part.score for part in parts)
        users = distinct(part.users for part in parts) if wants.users else 0
        sessions = distinct(part.sessions for part in parts) if wants.sessions else 0
    unique_users = number(users) if wants.users else 0
    return Bucket(start, end, complete, n, unique_users, number(sessions) if wants.sessions else 0, float(ms), score)


def number(names: Set[str] | int) -> int:
    """How many there are."""
    return names if isinstance(names, int) else len(names)


def distinct(names: Iterable[Set[str] | int]) -> int:
    """How many different ones; a number stands for that many that nobody else has named."""
    sets, number = [], 0
    for some in names:
        if isinstance(some, int):
            number += some
        else:
            sets.append(some)
    return number + (len(sets[0]) if len(sets) == 1 else len(set().union(*sets)))
