"""What a person's activity says about them: fields of ``User``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry import Parent

import resolvers.achievements
import resolvers.balance
import resolvers.behaviour
import resolvers.engagement_score
import resolvers.points
import resolvers.sessions
from schema.arguments import First, given
from schema.context import Info
from schema.fields import field
from schema.types.points import Achievement, Balance, MetadataKey, Points
from signals import achievements as achieved
from signals import balance as balances
from signals import behaviour as behaviours
from signals import engagement_score as scores
from signals import people as values
from signals import points as earned
from signals.sessions import Outline

if TYPE_CHECKING:
    from schema.types.behaviour import Behaviour, EngagementScore
    from schema.types.sessions import Session

BehaviourType: TypeAlias = Annotated["Behaviour", strawberry.lazy("schema.types.behaviour")]
ScoreType: TypeAlias = Annotated["EngagementScore", strawberry.lazy("schema.types.behaviour")]
SessionType: TypeAlias = Annotated["Session", strawberry.lazy("schema.types.sessions")]
Since = Annotated[
    datetime | None, strawberry.argument(description="Events at this time or later; default: from the beginning.")
]
Until = Annotated[datetime | None, strawberry.argument(description="Events before this time; default: up to now.")]


@strawberry.type
class Habits:
    """``schema.types.people.User`` has these."""

    @field(graphql_type=Points, description="What the user has earned.")
    @staticmethod
    async def points(
        info: Info, root: Parent[values.User], since: Since = strawberry.UNSET, until: Until = strawberry.UNSET
    ) -> earned.Points:
        context = info.context
        return await resolvers.points.points(
            context.histories, root.id, given(since), given(until), context.received_at, context.vocabulary
        )

    @field(
        graphql_type=Balance,
        description="How the user's activity divides over the values of a metadata key, such as paths of a programme.",
    )
    @staticmethod
    async def balance(
        info: Info,
        root: Parent[values.User],
        metadata_key: MetadataKey,
        since: Since = strawberry.UNSET,
        until: Until = strawberry.UNSET,
    ) -> balances.Balance:
        context = info.context
        return await resolvers.balance.balance(
            context.histories,
            root.id,
            metadata_key,
            given(since),
            given(until),
            context.received_at,
            context.vocabulary,
        )

    @field(graphql_type=list[Achievement], description="All there is to achieve, in the order it is declared in.")
    @staticmethod
    async def achievements(info: Info, root: Parent[values.User]) -> list[achieved.Achievement]:
        context = info.context
        return await resolvers.achievements.achievements(
            context.histories,
            context.streaks,
            root.id,
            context.achievements,
            context.received_at,
            context.vocabulary,
        )

    @field(graphql_type=ScoreType, description="How engaged the user is now, 0 to 100, and why.")
    @staticmethod
    async def engagement_score(info: Info, root: Parent[values.User]) -> scores.EngagementScore:
        context = info.context
        return await resolvers.engagement_score.engagement_score(
            context.histories,
            context.streaks,
            root.id,
            context.received_at,
            context.vocabulary,
            context.weights.engagement_score,
        )

    @field(graphql_type=BehaviourType, description="How the user behaves within a window.")
    @staticmethod
    async def behaviour(
        info: Info,
        root: Parent[values.User],
        since: Annotated[
            datetime | None,
            strawberry.argument(description="Events at this time or later; default: 90 days before `until`."),
        ] = strawberry.UNSET,
        until: Until = strawberry.UNSET,
    ) -> behaviours.Behaviour:
        context = info.context
        return await resolvers.behaviour.behaviour(
            context.diaries, context.sessions, root.id, given(since), given(until), context.received_at
        )

    @field(
        graphql_type=list[SessionType],
        description="The sessions that the user began, the latest first, equal times by id descending.",
    )
    @staticmethod
    async def sessions(
        info: Info,
        root: Parent[values.User],
        since: Annotated[
            datetime | None, strawberry.argument(description="Those that began at this time or later; default: all.")
        ] = strawberry.UNSET,
        until: Annotated[
            datetime | None, strawberry.argument(description="Those that began before this time; default: up to now.")
        ] = strawberry.UNSET,
        first: First = 50,
    ) -> list[Outline]:
        context = info.context
        return await resolvers.sessions.of_user(
            context.sessions, root.id, given(since), given(until), first, context.received_at
        )
