"""Users and what stands between two of them. A ``signals.people.User`` stands for User."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry import Parent

import resolvers.affinities
import resolvers.people
import resolvers.recent
from schema.arguments import AsOf, First, KnownAt, given
from schema.context import Info
from schema.enums import ConnectionStatus
from schema.fields import field
from schema.types.consent import Consenting
from schema.types.counts import TypeCount, counts
from schema.types.habits import Habits
from schema.types.streaks import Streaks
from signals import people as values
from signals.events import Event as Recorded
from signals.ranked import Affinity as Affine

if TYPE_CHECKING:
    from schema.types.events import Event
    from schema.types.ranking import Affinity

Other = Annotated[strawberry.ID, strawberry.argument(description="The other user.")]
UserType: TypeAlias = Annotated["User", strawberry.lazy("schema.types.people")]
AffinityType: TypeAlias = Annotated["Affinity", strawberry.lazy("schema.types.ranking")]
EventType: TypeAlias = Annotated["Event", strawberry.lazy("schema.types.events")]
ACCEPTED = ConnectionStatus("ACCEPTED")


@strawberry.type(description="What one user did towards another, in one direction.")
class SocialRelation:
    states: list[str] = strawberry.field(description="The interactions that are on: FOLLOW, BLOCK, MUTE.")
    first_at: datetime = strawberry.field(description="When the first of them occurred.")
    last_at: datetime = strawberry.field(description="When the latest of them occurred.")

    @field(description="How much was done, by type, most first.")
    @staticmethod
    def by_type(root: Parent[values.SocialRelation]) -> list[TypeCount]:
        return counts(root.by_type)


@strawberry.type(
    description="The messages between two users, from the first one's side: the latest 500 message events."
)
class Conversation:
    sent: int = strawberry.field(description="Messages to the other.")
    received: int = strawberry.field(description="Messages from the other.")
    sent_and_read: int = strawberry.field(description="Those sent that the other has read.")
    received_and_read: int = strawberry.field(description="Those received that this user has read.")
    mean_read_latency_ms: float | None = strawberry.field(
        description="How long the other took to read, on average, in milliseconds; null where nothing was read."
    )
    last_message_at: datetime | None = strawberry.field(description="When the latest message was sent.")


@strawberry.type(description="The connection between two users, as the first one sees it.")
class Connection:
    status: ConnectionStatus = strawberry.field(description="Where it stands.")
    since: datetime = strawberry.field(description="Since when it stands there.")
    response_ms: float | None = strawberry.field(
        description="From the request to its answer, in milliseconds; null while unanswered."
    )

    @field(graphql_type=UserType, description="This user.")
    @staticmethod
    def user(root: Parent[values.Connection]) -> values.User:
        return values.User(root.user_id)

    @field(graphql_type=UserType, description="The other.")
    @staticmethod
    def other(root: Parent[values.Connection]) -> values.User:
        return values.User(root.other_id)

    @field(
        graphql_type=UserType | None,
        description="Who asked; null where an answer came without a request.",
    )
    @staticmethod
    def requested_by(root: Parent[values.Connection]) -> values.User | None:
        return values.User(root.requested_by) if root.requested_by else None


@strawberry.type(description="Somebody who looked at a profile.")
class ProfileVisitor:
    visits: int = strawberry.field(description="How often.")
    last_visit_at: datetime = strawberry.field(description="When last.")
    repeated: bool = strawberry.field(description="Whether more than once.")

    @field(graphql_type=UserType, description="Who.")
    @staticmethod
    def user(root: Parent[values.ProfileVisitor]) -> values.User:
        return values.User(root.user_id)


@strawberry.type(description="Somebody who acted, was acted upon, or made something.")
class User(Streaks, Habits, Consenting):
    id: strawberry.ID = strawberry.field(description="The caller's id of the user.")

    @field(graphql_type=list[EventType], description="What the user did, newest first.")
    @staticmethod
    async def recent_activity(
        info: Info,
        root: Parent[values.User],
        limit: Annotated[int | None, strawberry.argument(description="How many at most, 1 to 500.")] = 10,
        offset: Annotated[int | None, strawberry.argument(description="How many to skip, at most 10000.")] = 0,
    ) -> list[Recorded]:
        return await resolvers.recent.activity(info.context.events, root.id, limit, offset)

    @field(
        graphql_type=list[EventType],
        description="What the user did, newest first, equal times by id descending: a ranker's main input.",
    )
    @staticmethod
    async def action_sequence(
        info: Info,
        root: Parent[values.User],
        first: First = 100,
        types: Annotated[
            list[str] | None,
            strawberry.argument(description="Those of these types, such as `post:like`, at most 100; default: all."),
        ] = strawberry.UNSET,
        as_of: AsOf = strawberry.UNSET,
        known_at: KnownAt = strawberry.UNSET,
    ) -> list[Recorded]:
        cut = info.context.standpoint(as_of, known_at).cut
        return await resolvers.recent.sequence(info.context.sequences, root.id, first, given(types), cut)

    @field(
        graphql_type=list[AffinityType],
        description="The people to whom the user is closest, closest first; of the latest 256 the user had to do with.",
    )
    @staticmethod
    async def ties(
        info: Info,
        root: Parent[values.User],
        first: First = 50,
        as_of: AsOf = strawberry.UNSET,
        known_at: KnownAt = strawberry.UNSET,
    ) -> list[Affine]:
        here = await info.context.seen_by(root.id, as_of, known_at)
        return await resolvers.affinities.ties(here, root.id, first)

    @field(graphql_type=list[Connection], description="The user's connections, latest change first.")
    @staticmethod
    async def connections(
        info: Info,
        root: Parent[values.User],
        first: First = 50,
        status: Annotated[
            ConnectionStatus | None, strawberry.argument(description="Those that stand here.")
        ] = ACCEPTED,
    ) -> list[values.Connection]:
        return await resolvers.people.connections(info.context.people, root.id, status, first)

    @field(
        graphql_type=Connection | None,
        description="The connection with one other user; null where there never was one.",
    )
    @staticmethod
    async def connection_with(info: Info, root: Parent[values.User], user_id: Other) -> values.Connection | None:
        return await resolvers.people.connection(info.context.people, root.id, user_id)

    @field(graphql_type=list[ProfileVisitor], description="Who looked at the user's profile, latest visit first.")
    @staticmethod
    async def profile_visitors(
        info: Info,
        root: Parent[values.User],
        since: Annotated[
            datetime | None, strawberry.argument(description="Visits at this time or later; default: all.")
        ] = strawberry.UNSET,
        first: First = 50,
    ) -> list[values.ProfileVisitor]:
        return await resolvers.people.visitors(info.context.people, root.id, since or None, first)

    @field(
        graphql_type=SocialRelation | None,
        description="What this user did towards one other user; null where nothing.",
    )
    @staticmethod
    async def relation_to(info: Info, root: Parent[values.User], user_id: Other) -> values.SocialRelation | None:
        return await resolvers.people.relation(info.context.people, root.id, user_id)

    @field(graphql_type=Conversation, description="The messages between this user and another.")
    @staticmethod
    async def conversation_with(info: Info, root: Parent[values.User], user_id: Other) -> values.Conversation:
        return await resolvers.people.conversation(info.context.people, root.id, user_id)
