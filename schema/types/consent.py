"""What somebody agreed to. A ``resolvers.consenting.Consent`` stands for Consent."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import Parent

import resolvers.consenting
from schema.arguments import First
from schema.context import Info
from schema.fields import field
from signals import people
from signals import standing as values


@strawberry.type(description="What was declared at one time; null: nothing about that purpose, which stayed as it was.")
class ConsentDeclaration:
    at: datetime = strawberry.field(description="When.")
    analytics: bool | None = strawberry.field(description="Whether to be recorded.")
    personalisation: bool | None = strawberry.field(description="Whether to count in what is shown to people.")


@strawberry.type(description="What a user agrees to, by purpose.")
class Consent:
    user_id: strawberry.ID = strawberry.field(description="Who.")
    analytics: bool | None = strawberry.field(
        description="Whether the user agrees to be recorded, as declared last; null where nothing was declared."
    )
    personalisation: bool | None = strawberry.field(
        description=(
            "Whether the user agrees that what they did counts in what they and others are shown, as declared last; "
            "null where nothing was declared."
        )
    )
    recorded: bool = strawberry.field(description="Whether what the user does is recorded: what follows from all this.")
    personalised: bool = strawberry.field(
        description="Whether what the user did counts in rankings: it does unless the user objected."
    )
    erased_at: datetime | None = strawberry.field(
        description="When the user was erased, since when nothing may be recorded; null: never."
    )

    @field(
        graphql_type=list[ConsentDeclaration],
        description="What was declared when, newest first; what changed nothing is left out.",
    )
    @staticmethod
    def history(root: Parent[resolvers.consenting.Consent], first: First = 50) -> list[values.Declaration]:
        return root.history(first)


@strawberry.type
class Consenting:
    """The field of User about consent."""

    @field(graphql_type=Consent, description="What the user agrees to.")
    @staticmethod
    async def consent(info: Info, root: Parent[people.User]) -> resolvers.consenting.Consent:
        return await resolvers.consenting.consent(info.context.consents, root.id)
