"""Sessions and summaries: what events add up to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from resolvers.arguments import page_size
from schema.fields import field
from schema.types.counts import TypeCount, counts
from schema.types.events import Device, Event
from signals import events as values


@strawberry.type(description="What somebody did in one go, as the client marked it with a session id.")
class Session:
    id: strawberry.ID = strawberry.field(description="The client's session id.")
    event_count: int = strawberry.field(description="How many events it has.")
    start: datetime = strawberry.field(description="When its first event occurred.")
    end: datetime = strawberry.field(description="When its last event occurred.")
    duration_ms: float = strawberry.field(description="From start to end, in milliseconds.")
    depth: int = strawberry.field(description="How many different things were looked at.")
    entry: Event = strawberry.field(description="Its first event.")
    exit: Event = strawberry.field(description="Its last event.")
    device: Device | None = strawberry.field(description="What the client ran on.")

    @field(graphql_type=list[Event], description="Its events, oldest first.")
    @staticmethod
    def events(
        root: Parent[values.Session],
        first: Annotated[int | None, strawberry.argument(description="How many at most, 1 to 500.")] = 50,
    ) -> tuple[values.Event, ...]:
        return root.events[: page_size("first", first)]


@strawberry.type(description="How many events in one hour of the day, all days together.")
class HourCount:
    hour: int = strawberry.field(description="The hour, 0 to 23.")
    count: int = strawberry.field(description="How many events.")


@strawberry.type(description="Totals over events; those taken back count nowhere.")
class ActivitySummary:
    total_events: int = strawberry.field(description="How many events.")
    unique_users: int = strawberry.field(description="How many users acted.")
    sessions: int = strawberry.field(description="How many sessions they were in.")
    most_active_day: str | None = strawberry.field(
        description=(
            "The date with most events in the time zone asked for, as ISO text; of equal ones the earliest. Null "
            "without events."
        )
    )
    most_common_action: str | None = strawberry.field(description="The commonest action. Null without events.")
    mean_session_ms: float | None = strawberry.field(
        description="How long a session lasts on average, from its first of these events to its last, in milliseconds."
    )

    @field(description="Events by category, most first.")
    @staticmethod
    def by_category(root: Parent[values.ActivitySummary]) -> list[TypeCount]:
        return counts(root.by_category)

    @field(description="Events by type, most first.")
    @staticmethod
    def by_type(root: Parent[values.ActivitySummary]) -> list[TypeCount]:
        return counts(root.by_type)

    @field(description="The three hours of the day with most events in the time zone asked for, most first.")
    @staticmethod
    def peak_hours(root: Parent[values.ActivitySummary]) -> list[HourCount]:
        return [HourCount(hour=hour, count=count) for hour, count in root.peak_hours]
