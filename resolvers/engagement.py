"""What dashboards show: how engagement moves, and what events add up to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from resolvers.arguments import narrowed, page_size, zoned
from resolvers.neighbourhood import scope
from resolvers.ports import Neighbourhoods, Summaries, Trends
from signals.calendar import LONGEST_MS, Granularity
from signals.clock import to_ms
from signals.errors import InvalidArgument, LimitExceeded
from signals.events import ActivitySummary, EventFilter, Sums
from signals.trends import BUCKETS, EngagementTrends, Group, Question, Wants


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a caller asks of trends. ``now``: the instant of the request."""

    since: datetime
    until: datetime
    granularity: str | None
    time_zone: str | None
    group: str | None
    filter: EventFilter
    viewer_id: str | None
    hops: int | None
    first: int | None
    wants: Wants
    now: datetime
    least: int = 0
    """People that must stand behind what is answered (``signals.withholding``)."""


async def trends(trends: Trends, neighbourhoods: Neighbourhoods, asked: Asked) -> EngagementTrends:
    """How engagement moves. Raises InvalidArgument and LimitExceeded."""
    question = Question(
        since=to_ms(asked.since),
        until=to_ms(asked.until),
        zone=zoned(asked.time_zone),
        granularity=Granularity(asked.granularity or Granularity.DAY),
        group=Group(asked.group or Group.TYPE),
        filter=narrowed(asked.filter),
        first=page_size("first", asked.first),
        now=to_ms(asked.now),
        wants=replace(asked.wants, users=True, users_in_all=True) if asked.least else asked.wants,
        least=asked.least,
    )
    _check(question)
    people = await scope(neighbourhoods, asked.viewer_id, asked.hops)
    return await trends.trends(replace(question, people=people))


def _check(question: Question) -> None:
    """Raises InvalidArgument where no time lies between, and LimitExceeded for more than 1000 buckets."""
    if question.until <= question.since:
        raise InvalidArgument("until must be later than since.")
    at_least = (question.until - question.since) // LONGEST_MS[question.granularity]
    try:
        few = at_least <= BUCKETS and len(question.periods) <= BUCKETS
    except OverflowError:
        raise InvalidArgument("until must be before the end of the year 9999.") from None
    if not few:
        raise LimitExceeded(
            f"There are more than {BUCKETS} buckets between since and until; ask for longer periods or a shorter time."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """What a caller asks of a summary. ``by_time``: by the clock; ``by_session``: with the mean length of sessions."""

    filter: EventFilter
    time_zone: str | None
    wants: Sums
    by_time: bool
    by_session: bool


async def summary(summaries: Summaries, asked: Summed) -> ActivitySummary:
    """What the events of the filter add up to. Raises LimitExceeded and InvalidArgument."""
    zone, filter = zoned(asked.time_zone), narrowed(asked.filter)
    found = await summaries.summary(filter, asked.wants, zone if asked.by_time else None)
    if asked.by_session:
        found = replace(found, mean_session_ms=await summaries.mean_session_ms(filter))
    return found
