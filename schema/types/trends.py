"""How engagement moves. Each type shows a value of ``signals.trends``."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.enums import Granularity


@strawberry.type(description="One period of a series: an hour, day, week or month of the time zone asked for.")
class TrendBucket:
    start: datetime = strawberry.field(description="When the period begins, be it before `since`.")
    end: datetime = strawberry.field(description="When the next one begins.")
    events: int = strawberry.field(description="How many events.")
    unique_users: int = strawberry.field(description="How many users acted.")
    sessions: int = strawberry.field(description="How many sessions they were in.")
    time_spent_ms: float = strawberry.field(description="The durations of the events, in milliseconds.")
    score: float = strawberry.field(description="The weights of the events, as the vocabulary has them, added up.")
    complete: bool = strawberry.field(
        description="Whether the period is over, and all of it lies between `since` and `until`."
    )
    withheld: bool = strawberry.field(
        description="Whether analysts are not told what happened, since fewer than k people acted: all is 0."
    )


@strawberry.type(description="One group's events over time.")
class TrendSeries:
    group: str = strawberry.field(
        description=(
            "Whose: a type such as `post:like`, a category, a content type or `none`, a country or `unknown`, a device "
            "type or `unknown`, or `all`."
        )
    )
    total: int = strawberry.field(description="How many events from `since` until `until`.")
    previous_total: int = strawberry.field(description="How many in the span of equal length before `since`.")
    change: float | None = strawberry.field(
        description="By what share the total differs from the previous one: 0.5 is half as much again. Null after none."
    )
    unique_users: int = strawberry.field(description="How many users acted.")
    sessions: int = strawberry.field(description="How many sessions they were in.")
    time_spent_ms: float = strawberry.field(description="The durations of the events, in milliseconds.")
    score: float = strawberry.field(description="The weights of the events, as the vocabulary has them, added up.")
    buckets: list[TrendBucket] = strawberry.field(description="All periods that overlap the span, oldest first.")
    withheld: bool = strawberry.field(
        description="Whether a period, or the span before, is withheld from analysts; it is in no total either."
    )


@strawberry.type(description="How engagement moves. Events taken back count nowhere.")
class EngagementTrends:
    since: datetime = strawberry.field(description="Events at this time or later are counted.")
    until: datetime = strawberry.field(description="Events before this time are counted.")
    time_zone: str = strawberry.field(description="Whose hours, days, weeks and months the buckets are.")
    granularity: Granularity = strawberry.field(description="What the buckets are.")
    series: list[TrendSeries] = strawberry.field(description="Most events first, then by group.")
    withheld: bool = strawberry.field(
        description="Whether analysts are told less than there is: what fewer than k people did is left out."
    )
