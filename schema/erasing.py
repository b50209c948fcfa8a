"""The rights of the people recorded: to have everything that is held about them, and to have it gone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Parent
from strawberry.scalars import JSON

import resolvers.erasing
from schema.arguments import First, given
from schema.context import Info
from schema.fields import field
from signals import erasure as values
from signals import held

Who = Annotated[strawberry.ID, strawberry.argument(description="Who; nothing of them need be recorded.")]


@strawberry.type(description="What was taken out for a user, or would be. It names the user by a hash alone.")
class ErasureCertificate:
    id: strawberry.ID | None = strawberry.field(description="Null for a dry run.")
    person: str = strawberry.field(
        description="Stands for the user: HMAC-SHA256 of the id, by a salt that this database keeps to itself."
    )
    requested_at: datetime = strawberry.field(description="Since when nothing of the user is recorded.")
    finished_at: datetime | None = strawberry.field(
        description="When the last of it was gone; null while it goes on, and for a dry run."
    )
    authorships: int = strawberry.field(description="Contents that had the user as their author and have nobody now.")
    api_keys: int = strawberry.field(description="Keys of the user's, revoked.")
    audits: int = strawberry.field(
        description="Entries of the audit log that name the user by the hash now; a dry run does not count them."
    )

    @field(graphql_type=int, description="Events as actor or target that counted.")
    @staticmethod
    def events(root: Parent[values.Certificate]) -> int:
        return root.removed.events

    @field(graphql_type=int, description="Events as actor or target that had been taken back.")
    @staticmethod
    def retracted_events(root: Parent[values.Certificate]) -> int:
        return root.removed.retracted

    @field(graphql_type=int, description="Relationships with contents.")
    @staticmethod
    def interactions(root: Parent[values.Certificate]) -> int:
        return root.removed.interactions

    @field(graphql_type=int, description="Ties with people, each direction by itself.")
    @staticmethod
    def ties(root: Parent[values.Certificate]) -> int:
        return root.removed.ties

    @field(graphql_type=int, description="Connections.")
    @staticmethod
    def connections(root: Parent[values.Certificate]) -> int:
        return root.removed.connections

    @field(graphql_type=int, description="People: the user, and those whom only the user's events spoke of.")
    @staticmethod
    def people(root: Parent[values.Certificate]) -> int:
        return root.removed.people

    @field(graphql_type=int, description="Contents that only the user's events spoke of.")
    @staticmethod
    def contents(root: Parent[values.Certificate]) -> int:
        return root.removed.contents

    @field(graphql_type=int, description="Daily figures, of whatever subject, that nothing was left of.")
    @staticmethod
    def days(root: Parent[values.Certificate]) -> int:
        return root.removed.days


@strawberry.type(description="A part of what is held about a user.")
class PersonalData:
    records: list[JSON] = strawberry.field(
        description=(
            "One object each, under the name of what it is: `person`, `consent`, `apiKey`, `erasure`, `interaction`, "
            "`tie`, `connection`, `day`, `content`, `event`, `audit`."
        )
    )
    next: str | None = strawberry.field(description="Where the next part begins; null at the end.")


@strawberry.type
class Holding:
    """The reads; ``schema.query.Query`` has them."""

    @field(
        graphql_type=PersonalData,
        description=(
            "Everything that is held about a user, part by part: events as actor and as target with all they carry, "
            "what they add up to, content the user is the author of, consent, keys, and who read it."
        ),
    )
    async def export_user(
        self,
        info: Info,
        user_id: Who,
        first: Annotated[int | None, strawberry.argument(description="How many records at most, 1 to 500.")] = 500,
        after: Annotated[
            str | None, strawberry.argument(description="`next` of the part before; default: from the beginning.")
        ] = strawberry.UNSET,
    ) -> held.Page:
        return await resolvers.erasing.personal_data(info.context.personal_data, user_id, first, given(after))

    @field(graphql_type=list[ErasureCertificate], description="The erasures of a user, latest first.")
    async def erasures(self, info: Info, user_id: Who, first: First = 50) -> list[values.Certificate]:
        return await resolvers.erasing.certificates(info.context.erasing, user_id, first)


@strawberry.type
class Erasing:
    """The acts; ``schema.mutation.Mutation`` has them."""

    @field(
        graphql_type=ErasureCertificate,
        description=(
            "Take out everything that is held about a user, for good: the graph is then as if the user had never "
            "been. From the first moment on, events of or towards the user are answered `Refused`. It goes on in the "
            "background where it takes longer than five seconds, also after a restart; asked for again, it answers how "
            "far it has come."
        ),
    )
    async def erase_user(
        self,
        info: Info,
        user_id: Who,
        dry_run: Annotated[
            bool, strawberry.argument(description="Only say what would be taken out; nothing changes.")
        ] = False,
    ) -> values.Certificate:
        context = info.context
        return await resolvers.erasing.erase(context.erasing, user_id, context.received_at, dry_run=dry_run)

    @field(
        graphql_type=strawberry.ID,
        description=(
            "Let a user be recorded again who was erased. Nothing comes back. Answers the user's id; an error while "
            "the erasure goes on."
        ),
    )
    async def lift_erasure(self, info: Info, user_id: Who) -> str:
        return await resolvers.erasing.lift(info.context.erasing, user_id)
