"""What a user's calendar says: the streak, each day, and what to tell the user about it."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - a field has the name
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

import resolvers.daily
import resolvers.notifications
from schema.arguments import First
from schema.context import Info
from schema.enums import DayStatus, NotificationKind
from schema.fields import field
from signals import daily, people
from signals import notifications as told
from signals import streaks as values
from signals.clock import to_ms


@strawberry.type(
    description=(
        "Dates on which somebody was active without a gap, by the calendar of where they were. Late events heal it, "
        "and no time zone crossed breaks it."
    )
)
class Streak:
    current: int = strawberry.field(description="Dates of the streak that runs; 0 where none does.")
    longest: int = strawberry.field(description="Dates of the longest one ever, an imported one among them.")
    last_active_date: Date | None = strawberry.field(description="The last active date; null where there is none.")
    at_risk_at: datetime | None = strawberry.field(
        description="When the streak is over unless something is done before; null where none runs."
    )
    freezes_left: int = strawberry.field(description="How many more dates it may miss.")


@strawberry.type(description="One date of somebody, by the calendar of where they were.")
class DailyActivity:
    date: Date = strawberry.field(description="The date.")
    status: DayStatus = strawberry.field(description="How far it came towards the goal.")
    count: int = strawberry.field(description="What counts towards the goal: different entities, events without one.")
    goal: int = strawberry.field(description="So much makes it complete.")
    events: int = strawberry.field(description="How many events of any type.")


@strawberry.type(description="Something to tell somebody about the streak.")
class Notification:
    id: strawberry.ID = strawberry.field(description="The same whenever it is asked for, and nobody else's.")
    kind: NotificationKind = strawberry.field(description="Why.")
    at: datetime = strawberry.field(description="Since when there was something to tell.")
    date: Date = strawberry.field(description="The user's date then; of a milestone the date that made it.")
    streak: int = strawberry.field(description="The dates of the streak it is about.")
    message: str = strawberry.field(description="For the user to read, in English.")


@strawberry.type
class Streaks:
    """The fields of User that follow from the user's own calendar."""

    @field(graphql_type=Streak, description="Days in a row on which the user did something.")
    @staticmethod
    async def streak(info: Info, root: Parent[people.User]) -> values.Streak:
        context = info.context
        return (await context.streaks.of(root.id)).streak(to_ms(context.received_at))

    @field(
        graphql_type=list[DailyActivity],
        description="The user's dates, oldest first, and how far each came towards the goal; at most 400.",
    )
    @staticmethod
    async def daily_activity(
        info: Info,
        root: Parent[people.User],
        since: Annotated[Date, strawberry.argument(description="The first date.")],
        until: Annotated[Date, strawberry.argument(description="The last date, which is answered too.")],
    ) -> list[daily.DailyActivity]:
        context = info.context
        return await resolvers.daily.daily(context.diaries, root.id, since, until, context.rewards.goal)

    @field(
        graphql_type=list[Notification],
        description=(
            "What to tell the user about the streak, newest first: that it broke, that nothing is done yet today, "
            "that it reached a milestone."
        ),
    )
    @staticmethod
    async def notifications(
        info: Info,
        root: Parent[people.User],
        since: Annotated[datetime, strawberry.argument(description="From then on.")],
        first: First = 50,
    ) -> list[told.Notification]:
        context = info.context
        rules = context.rewards.notifications
        return await resolvers.notifications.notifications(
            context.streaks, rules, root.id, since, first, context.received_at
        )
