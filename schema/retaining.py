"""Retention: letting go of events that are old enough."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import strawberry
from strawberry import Parent

import resolvers.retaining
from schema.arguments import given
from schema.context import Info
from schema.fields import field
from signals import retention as values


@strawberry.enum(description="What stays of an event that is old enough.")
class Keep(Enum):
    AGGREGATES = strawberry.enum_value(
        "AGGREGATES", description="All that was counted with it; what it carried is gone, and no list shows it."
    )
    NOTHING = strawberry.enum_value(
        "NOTHING", description="Nothing: figures are those of a service in which it never happened."
    )


@strawberry.type(description="Events of one type that were old enough.")
class Expired:
    type: str = strawberry.field(description="`category:action`.")
    events: int = strawberry.field(description="How many.")

    @field(graphql_type=Keep, description="What stays of them.")
    @staticmethod
    def keep(root: Parent[values.Expired]) -> Keep:
        return Keep(root.keep.upper())


@strawberry.type(description="What one step of retention came to.")
class Expiry:
    expired: list[Expired] = strawberry.field(description="Events by type, most first, then by type.")
    events: int = strawberry.field(description="How many in all.")
    next: str | None = strawberry.field(description="Give it as `after` to go on; null when the run is complete.")


@strawberry.type
class Retaining:
    """The mutation of retention; ``schema.mutation.Mutation`` has it."""

    @field(
        graphql_type=Expiry,
        description=(
            "Let go of events that were kept as long as the table of retention says, for about two seconds; then "
            "`next` says where to go on. Recording and reading go on meanwhile. What was stopped half-way may be begun "
            "again: nothing expires twice."
        ),
    )
    async def retain(
        self,
        info: Info,
        dry_run: Annotated[
            bool, strawberry.argument(description="Only count what would expire; nothing changes.")
        ] = False,
        days: Annotated[
            int | None,
            strawberry.argument(description="Instead of the table's default number of days, 1 to 40000."),
        ] = strawberry.UNSET,
        after: Annotated[
            str | None, strawberry.argument(description="`next` of the step before; without it a run begins.")
        ] = strawberry.UNSET,
    ) -> values.Expiry:
        context = info.context
        return await resolvers.retaining.step(
            context.retaining, given(days), given(after), dry_run, context.received_at
        )
