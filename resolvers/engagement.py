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
        wants=asked.wants,
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


async def summary(
    summaries: Summaries, filter: EventFilter, time_zone: str | None, wants: Sums, *, by_time: bool, by_session: bool
) -> ActivitySummary:
    """What the events of ``filter`` add up to; ``by_time``: by the clock. Raises LimitExceeded and InvalidArgument."""
    zone, filter = zoned(time_zone), narrowed(filter)
    found = await summaries.summary(filter, wants, zone if by_time else None)
    if by_session:
        found = replace(found, mean_session_ms=await summaries.mean_session_ms(filter))
    return found
