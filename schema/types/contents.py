"""Content and what people did with it.

A ``signals.events.ContentRef`` stands for Content; what else is known is read when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import Parent

import resolvers.contents
import resolvers.crowds
from schema.arguments import given
from schema.context import Info
from schema.enums import ContentType
from schema.fields import field
from schema.selection import selects
from schema.types.counts import TypeCount, counts
from signals import content as values
from signals import people
from signals.engagement_rate import engagement_rate as rate
from signals.events import ContentRef
from signals.funnel import Step

if TYPE_CHECKING:
    from schema.types.people import User


@strawberry.type(description="A step of the way from a look to sharing.")
class FunnelStep:
    step: str = strawberry.field(description="VIEW, LIKE (or REACT), COMMENT (or REPLY), SHARE.")
    users: int = strawberry.field(description="Users who did this and all steps before it, in any order.")
    of_previous: float | None = strawberry.field(
        description="Their share of the users of the step before, from 0 to 1; null for the first, and after none."
    )


@strawberry.type(description="What people did with a piece of content. Events taken back count nowhere.")
class Engagement:
    views: int = strawberry.field(description="Events of the action `view`.")
    likes: int = strawberry.field(description="Users who like it now.")
    comments: int = strawberry.field(description="Comments and replies.")
    shares: int = strawberry.field(description="Events of the action `share`.")
    saves: int = strawberry.field(description="Users who have it saved now.")
    unique_users: int = strawberry.field(description="Users with any interaction of positive weight.")
    time_spent_ms: float = strawberry.field(description="The durations of all interactions, in milliseconds.")
    average_scroll_depth: float | None = strawberry.field(
        description="The mean of the scroll depths given, in percent; null where none was."
    )
    popularity: float = strawberry.field(
        description="How many users touched it for the first time lately: about their number per 18 hours."
    )
    score: float = strawberry.field(description="Weight times count over all interactions; users for states.")
    withheld: bool = strawberry.field(
        description="Whether analysts are told less than there is: what fewer than k people did is left out."
    )

    @field(description="Events by type, most first.")
    @staticmethod
    def by_type(root: Parent[values.Engagement]) -> list[TypeCount]:
        return counts(root.by_type)

    @field(
        description=(
            "How many likes and more there are per view, from 0 to 1, smoothed with a prior, so that 1 of 1 does not "
            "beat 900 of 1000. Events, not states."
        )
    )
    @staticmethod
    def engagement_rate(info: Info, root: Parent[values.Engagement]) -> float:
        return rate(root.engaged, root.views, info.context.weights.engagement_rate)

    @field(description="The mean of the durations given, in milliseconds; null where none was.")
    @staticmethod
    def mean_dwell_ms(root: Parent[values.Engagement]) -> float | None:
        return root.depth.mean_dwell_ms if root.depth else None

    @field(graphql_type=list[FunnelStep], description="How far people go: from a look to sharing, step by step.")
    @staticmethod
    def funnel(root: Parent[values.Engagement]) -> Sequence[Step]:
        return root.depth.funnel if root.depth else ()


@strawberry.type(description="Where one user stands with one piece of content.")
class ContentRelation:
    states: list[str] = strawberry.field(description="The interactions that are on: LIKE, SAVE, FOLLOW, HIDE ...")
    first_at: datetime = strawberry.field(description="When the first of the user's interactions occurred.")
    last_at: datetime = strawberry.field(description="When the latest of the user's interactions occurred.")

    @field(description="The user's interactions by type, most first.")
    @staticmethod
    def by_type(root: Parent[values.ContentRelation]) -> list[TypeCount]:
        return counts(root.by_type)


@strawberry.type(description="A piece of content that was registered or interacted with.")
class Content:
    type: ContentType = strawberry.field(description="What it is.")
    id: strawberry.ID = strawberry.field(description="The caller's id, unique within the type.")

    @field(
        graphql_type=Annotated["User", strawberry.lazy("schema.types.people")] | None,
        description="Who made it; null where nobody said.",
    )
    @staticmethod
    async def author(info: Info, root: Parent[ContentRef]) -> people.User | None:
        known = await info.context.known_contents.load(root)
        return people.User(known.author_id) if known and known.author_id else None

    @field(description="When it was made; null where nobody said.")
    @staticmethod
    async def created_at(info: Info, root: Parent[ContentRef]) -> datetime | None:
        known = await info.context.known_contents.load(root)
        return known.created_at if known else None

    @field(description="The tags it was registered with.")
    @staticmethod
    async def tags(info: Info, root: Parent[ContentRef]) -> list[str]:
        known = await info.context.known_contents.load(root)
        return list(known.tags) if known else []

    @field(description="The language it was registered with, as a BCP 47 tag.")
    @staticmethod
    async def language(info: Info, root: Parent[ContentRef]) -> str | None:
        known = await info.context.known_contents.load(root)
        return known.language if known else None

    @field(graphql_type=Engagement, description="What people did with it.")
    @staticmethod
    async def engagement(
        info: Info,
        root: Parent[ContentRef],
        as_of: Annotated[
            datetime | None, strawberry.argument(description="Only what had occurred by then.")
        ] = strawberry.UNSET,
        since: Annotated[
            datetime | None, strawberry.argument(description="Only what occurred at this time or later.")
        ] = strawberry.UNSET,
    ) -> values.Engagement:
        context, contents, start, end = info.context, info.context.contents, given(since), given(as_of)
        deep = selects(info, "meanDwellMs", "funnel")
        if context.least:
            at = end or context.received_at
            return await resolvers.crowds.engagement(
                contents, context.vocabulary, root, at, start, context.least, deep=deep
            )
        if start is not None or end is not None:
            at = end or info.context.received_at
            return await resolvers.contents.engagement_as_of(contents, root, at, start, deep=deep)
        found = await info.context.engagements.load(root)
        return replace(found, depth=await contents.depth(root)) if deep else found

    @field(
        graphql_type=ContentRelation | None,
        description="Where this user stands with it; null where the user did nothing with it.",
    )
    @staticmethod
    async def relation_of(
        info: Info,
        root: Parent[ContentRef],
        user_id: Annotated[strawberry.ID, strawberry.argument(description="Whose relation.")],
    ) -> values.ContentRelation | None:
        return await resolvers.contents.relation(info.context.contents, user_id, root)
