"""What analysts are answered: only what at least ``least`` people stand behind (``signals.withholding``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import resolvers.engagement
from resolvers.arguments import narrowed, zoned
from resolvers.engagement import Summed
from resolvers.ports import Actives, ContentsInDepth, Population, Summaries, Trends
from signals.active import Dates
from signals.calendar import Granularity, Period, day_start
from signals.clock import DAY_MS, HOUR_MS, to_ms
from signals.content import Engagement
from signals.errors import InvalidArgument
from signals.events import ActivitySummary, ContentRef, EventFilter
from signals.figures import Figures
from signals.interactions import added_up, depth
from signals.top_content import By, TopContent, numbers_of, value
from signals.trends import EngagementTrends, Group, Question, Wants
from signals.vocabulary import Vocabulary
from signals.weights import EngagementWeights
from signals.withholding import crowded, crowded_depth, crowded_summary

UTC = ZoneInfo("UTC")
HOURS = 900
"""Hours that are looked at, to find out when of the day people are active."""
TYPES = 10_000
"""Series by type: more than there are types."""
NOTHING = ActivitySummary(
    total_events=0,
    unique_users=0,
    sessions=0,
    by_category=(),
    by_type=(),
    most_active_day=None,
    most_common_action=None,
)


async def engagement(
    contents: ContentsInDepth,
    vocabulary: Vocabulary,
    ref: ContentRef,
    at: datetime,
    since: datetime | None,
    least: int,
    *,
    deep: bool,
) -> Engagement:
    """What had been done with the content by ``at``, from ``since`` on, kind by kind. Raises InvalidArgument."""
    if since is not None and since > at:
        raise InvalidArgument("since must not be later than asOf.")
    done = await contents.interactions(ref, 0 if since is None else to_ms(since), to_ms(at) + 1)
    kept = crowded(done, least, vocabulary)
    found = added_up(kept, vocabulary).engagement(ref, vocabulary, at)
    if deep:
        found = replace(found, depth=crowded_depth(depth(kept), least))
    return replace(found, withheld=kept != done)


async def top(
    contents: ContentsInDepth,
    vocabulary: Vocabulary,
    weights: EngagementWeights,
    rows: Sequence[TopContent],
    span: tuple[int, int],
    by: By,
    least: int,
) -> list[TopContent]:
    """Of these rows those with a figure to sort by, figured anew of the kinds that enough people did, sorted anew."""
    found: list[TopContent] = []
    for row in rows:
        if row.unique_users < least:
            continue
        done = await contents.interactions(row.content, *span)
        kept = crowded(done, least)
        numbers = numbers_of(kept, vocabulary)
        if kept and (value(numbers, by, weights) or not row.value):
            one = TopContent.of(row.content.key, numbers, by, weights)
            found.append(replace(one, withheld=kept != done))
    return sorted(found, key=lambda row: (-row.value, row.content.key))


async def summary(summaries: Summaries, trends: Trends, asked: Summed, least: int, now: datetime) -> ActivitySummary:
    """What events add up to, of the types that enough people did. Raises LimitExceeded and InvalidArgument."""
    zone, filter = zoned(asked.time_zone), narrowed(asked.filter)
    span = _span(filter, now)
    if span.start >= span.end:
        return NOTHING
    people = People(trends, zone if asked.by_time else UTC, filter, to_ms(now))
    types = await people.by_type(span)
    told = {type for type, number in types.items() if number >= least}
    withheld = len(told) < len(types)
    if not told:
        return replace(NOTHING, withheld=withheld)
    if withheld:
        filter = replace(filter, types=tuple(sorted(told)))
    found = await resolvers.engagement.summary(summaries, replace(asked, filter=filter))
    people = replace(people, filter=filter)
    day = await people.of_day(found.most_active_day)
    hours = await people.crowded_hours(span, least) if found.peak_hours else set[int]()
    shown = crowded_summary(found, day, hours, least)
    return replace(shown, withheld=withheld or shown != found)


def _span(filter: EventFilter, now: datetime) -> Period:
    """In which events that pass can have happened."""
    until = to_ms(now) + DAY_MS
    return Period(
        0 if filter.since is None else max(0, to_ms(filter.since)),
        until if filter.until is None else min(until, to_ms(filter.until)),
    )


async def habits(population: Population, actives: Actives, by: datetime, least: int) -> Figures | None:
    """What ranking adapts to, where enough people have ever done anything."""
    found = await population.figures(by)
    if found is None:
        return None
    at = to_ms(found.at)
    presence = await actives.presence(Dates.of(UTC, at - 1, at))
    return found if presence.earlier + sum(presence.new) >= least else None


@dataclass(frozen=True, slots=True)
class People:
    """How many people are behind the events that pass a filter. ``now`` in epoch ms."""

    trends: Trends
    zone: ZoneInfo
    filter: EventFilter
    now: int

    async def by_type(self, span: Period) -> dict[str, int]:
        """Of each type."""
        wants = Wants(users=False, sessions=False, sessions_in_all=False, before=False, buckets=False)
        found = await self._ask(span, group=Group.TYPE, wants=wants, first=TYPES)
        return {series.group: series.unique_users for series in found.series}

    async def of_day(self, day: str | None) -> int:
        """Of a local date, as ISO text."""
        if day is None:
            return 0
        start = date.fromisoformat(day)
        span = Period(day_start(self.zone, start), day_start(self.zone, start + timedelta(days=1)))
        wants = Wants(users=False, sessions=False, sessions_in_all=False, before=False, buckets=False)
        [series] = (await self._ask(span, wants=wants)).series
        return series.unique_users

    async def crowded_hours(self, span: Period, least: int) -> set[int]:
        """Hours of the day of which the end of the span shows already that ``least`` people were active."""
        recent = Period(max(span.start, span.end - HOURS * HOUR_MS), span.end)
        wants = Wants(sessions=False, users_in_all=False, sessions_in_all=False, before=False)
        [series] = (await self._ask(recent, granularity=Granularity.HOUR, wants=wants)).series
        return {each.start.astimezone(self.zone).hour for each in series.buckets if each.unique_users >= least}

    async def _ask(self, span: Period, **asked: Any) -> EngagementTrends:
        about = {"group": Group.NONE, **asked}
        return await self.trends.trends(
            Question(since=span.start, until=span.end, zone=self.zone, filter=self.filter, now=self.now, **about)
        )
