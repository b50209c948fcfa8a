"""What a dashboard asks: how engagement moves, and what events add up to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

import resolvers.crowds
import resolvers.engagement
from schema.arguments import First, TimeZone, given
from schema.context import Info
from schema.enums import Granularity, TrendGroup
from schema.fields import field
from schema.inputs.filters import EventFilter
from schema.selection import below_all
from schema.types.sessions import ActivitySummary
from schema.types.trends import EngagementTrends
from signals import events, trends

Unset = strawberry.UNSET
EVERYTHING = events.EventFilter()
DAY, TYPE = Granularity("DAY"), TrendGroup("TYPE")

Filter = Annotated[EventFilter | None, strawberry.argument(description="Which events; default: all.")]
Among = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description=(
            "Only what the people around this user do: those the user is connected with or follows, 1000 at most. "
            "Default: everybody."
        )
    ),
]
Hops = Annotated[
    int | None, strawberry.argument(description="How far around: 1 for friends, 2 for their friends as well.")
]
BEFORE = {"previousTotal", "change"}


@strawberry.type
class Dashboard:
    """Reads for dashboards; ``schema.query.Query`` has them all."""

    @field(
        graphql_type=EngagementTrends,
        description=(
            "How engagement moves: events per hour, day, week or month of a time zone, in groups. A period without "
            "events is there, with zeros. Only what is selected is computed."
        ),
    )
    async def engagement_trends(
        self,
        info: Info,
        since: Annotated[datetime, strawberry.argument(description="Events at this time or later.")],
        until: Annotated[datetime, strawberry.argument(description="Events before this time.")],
        granularity: Annotated[
            Granularity | None,
            strawberry.argument(description="What a bucket is; at most 1000 buckets are answered at once."),
        ] = DAY,
        time_zone: TimeZone = "UTC",
        group_by: Annotated[TrendGroup | None, strawberry.argument(description="What makes a series.")] = TYPE,
        filter: Filter = Unset,
        viewer_id: Among = Unset,
        hops: Hops = 1,
        first: First = 50,
    ) -> trends.EngagementTrends:
        return await resolvers.engagement.trends(
            info.context.trends,
            info.context.neighbourhoods,
            resolvers.engagement.Asked(
                since=since,
                until=until,
                granularity=granularity,
                time_zone=time_zone,
                group=group_by,
                filter=filter.value() if filter else EVERYTHING,
                viewer_id=given(viewer_id),
                hops=hops,
                first=first,
                wants=wanted(info),
                now=info.context.received_at,
                least=info.context.least,
            ),
        )

    @field(graphql_type=ActivitySummary, description="What events add up to. Only what is selected is computed.")
    async def activity_summary(
        self, info: Info, filter: Filter = Unset, time_zone: TimeZone = "UTC"
    ) -> events.ActivitySummary:
        context, selected = info.context, {part.name for part in below_all(info)}
        asked = resolvers.engagement.Summed(
            filter=filter.value() if filter else EVERYTHING,
            time_zone=time_zone,
            wants=events.Sums("uniqueUsers" in selected, "sessions" in selected),
            by_time="peakHours" in selected or (time_zone not in (None, "UTC") and "mostActiveDay" in selected),
            by_session="meanSessionMs" in selected,
        )
        if context.least:
            return await resolvers.crowds.summary(
                context.summaries, context.trends, asked, context.least, context.received_at
            )
        return await resolvers.engagement.summary(context.summaries, asked)


def wanted(info: Info) -> trends.Wants:
    """What is selected of what costs something."""
    series = {part.name for part in below_all(info, "series")}
    buckets = {part.name for part in below_all(info, "series", "buckets")}
    return trends.Wants(
        users="uniqueUsers" in buckets,
        sessions="sessions" in buckets,
        users_in_all="uniqueUsers" in series,
        sessions_in_all="sessions" in series,
        before=bool(series & BEFORE),
    )
