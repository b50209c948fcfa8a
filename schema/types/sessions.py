"""Sessions and summaries: what events add up to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry
from strawberry import Parent

from resolvers.arguments import page_size
from schema.context import Info
from schema.fields import field
from schema.types.counts import TypeCount, counts
from schema.types.events import Device, Event
from schema.types.people import User
from signals import events as values
from signals import people
from signals.sessions import Outline

Listed: TypeAlias = values.Session | Outline


@strawberry.type(
    description="What somebody did in one go: as the client marked it with a session id, or else as silence divides it."
)
class Session:
    id: strawberry.ID = strawberry.field(
        description="The client's session id, or `inferred:` and the id of the first event."
    )
    event_count: int = strawberry.field(description="How many events it has.")
    start: datetime = strawberry.field(description="When its first event occurred.")
    end: datetime = strawberry.field(description="When its last event occurred.")
    duration_ms: float = strawberry.field(description="From start to end, in milliseconds.")
    depth: int = strawberry.field(description="How many different things were looked at.")

    @field(
        description=(
            "Whether it is made of events without a session id: those of one user, cut where more than 30 minutes pass "
            "without one, and 24 hours after the first."
        )
    )
    @staticmethod
    def inferred(root: Parent[Listed]) -> bool:
        return isinstance(root, Outline) and root.inferred

    @field(graphql_type=User, description="Who did its first event.")
    @staticmethod
    def user(root: Parent[Listed]) -> people.User:
        return people.User(root.user_id if isinstance(root, Outline) else root.entry.user_id)

    @field(graphql_type=Event, description="Its first event.")
    @staticmethod
    async def entry(info: Info, root: Parent[Listed]) -> values.Event | None:
        return await info.context.known_events.load(root.event_ids[0]) if isinstance(root, Outline) else root.entry

    @field(graphql_type=Event, description="Its last event.")
    @staticmethod
    async def exit(info: Info, root: Parent[Listed]) -> values.Event | None:
        return await info.context.known_events.load(root.event_ids[-1]) if isinstance(root, Outline) else root.exit

    @field(graphql_type=Device | None, description="What the client ran on, as the first event says that does.")
    @staticmethod
    async def device(info: Info, root: Parent[Listed]) -> values.Device | None:
        if not isinstance(root, Outline):
            return root.device
        said = await info.context.known_events.load(root.device_id) if root.device_id else None
        return said.device if said else None

    @field(graphql_type=list[Event], description="Its events, oldest first.")
    @staticmethod
    async def events(
        info: Info,
        root: Parent[Listed],
        first: Annotated[int | None, strawberry.argument(description="How many at most, 1 to 500.")] = 50,
    ) -> Sequence[values.Event | None]:
        count = page_size("first", first)
        if isinstance(root, Outline):
            return await info.context.known_events.load_many(root.event_ids[:count])
        return root.events[:count]


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
    withheld: bool = strawberry.field(
        description="Whether analysts are told less than there is: types that fewer than k people did are left out."
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
