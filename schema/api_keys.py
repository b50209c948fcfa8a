"""API keys over the API: what administrators make, see and revoke."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from resolvers import api_keys
from resolvers.arguments import page_size
from schema.arguments import given
from schema.context import Info
from schema.enums import Role
from schema.fields import field
from signals import api_keys as values


@strawberry.type(description="A key by which a program is let in. Its secret is told once, when it is made.")
class ApiKey:
    id: strawberry.ID = strawberry.field(description="Stands in the key itself: `sg_<id>_<secret>`.")
    name: str = strawberry.field(description="What it is for.")
    user_id: strawberry.ID | None = strawberry.field(description="The user that a client's key stands for.")
    created_at: datetime = strawberry.field(description="When it was made.")
    last_used_at: datetime | None = strawberry.field(
        description="When it was used last, to five minutes; null where it never was."
    )
    revoked_at: datetime | None = strawberry.field(description="Since when it lets nobody in.")

    @field(graphql_type=Role, description="What its holder may do.")
    @staticmethod
    def role(root: Parent[values.ApiKey]) -> str:
        return root.role.upper()


@strawberry.type(description="A new key.")
class CreatedApiKey:
    api_key: ApiKey = strawberry.field(description="What is stored of it.")
    key: str = strawberry.field(
        description="What its holder sends: `Authorization: Bearer <key>`. It cannot be read again."
    )


@strawberry.type
class KeyList:
    """Reads about API keys; ``schema.query.Query`` has them all."""

    @field(graphql_type=list[ApiKey], description="The API keys, newest first.")
    async def api_keys(
        self,
        info: Info,
        revoked: Annotated[bool, strawberry.argument(description="With those that were revoked.")] = False,
        first: Annotated[int | None, strawberry.argument(description="How many at most, 1 to 500.")] = 500,
    ) -> list[values.ApiKey]:
        return await info.context.keyring.store.keys(page_size("first", first, 500), revoked=revoked)


@strawberry.type
class KeyMaking:
    """Making and revoking API keys; ``schema.mutation.Mutation`` has it all."""

    @field(graphql_type=CreatedApiKey, description="Make an API key. At most 500 are in use at once.")
    async def create_api_key(
        self,
        info: Info,
        name: Annotated[str, strawberry.argument(description="What it is for, 1 to 100 characters.")],
        role: Annotated[Role, strawberry.argument(description="What its holder may do.")],
        user_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="The user that it stands for: for the role `CLIENT`, and for no other."),
        ] = strawberry.UNSET,
    ) -> values.Made:
        context = info.context
        return await api_keys.create(context.keyring.store, name, role.lower(), given(user_id), context.received_at)

    @field(
        graphql_type=ApiKey | None,
        description=(
            "Revoke an API key: it lets nobody in any more, on other processes after five seconds at most. Null when "
            "there is none of that id; one that is revoked stays as it is."
        ),
    )
    async def revoke_api_key(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The key's id.")]
    ) -> values.ApiKey | None:
        context = info.context
        key = await context.keyring.store.revoke_key(id, context.received_at)
        context.keyring.forget()
        return key
