"""The log as a whole, for administrators: taken out, and put back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from resolvers import archiving
from schema.arguments import given
from schema.context import Info
from schema.fields import field


@strawberry.type(description="A part of the archive.")
class ArchivePage:
    records: list[JSON] = strawberry.field(
        description=(
            "One object each, to be put back by `restoreArchive` as it is. An event has all facts and the times it "
            "had; one that was taken back says so."
        )
    )
    next: str | None = strawberry.field(description="Where the next part begins; null at the end.")


@strawberry.type(description="A record that was not put back.")
class NotRestored:
    index: int = strawberry.field(description="Its place among the records sent, from 0.")
    message: str = strawberry.field(description="Why, and what to do.")


@strawberry.type(description="What became of the records: durable when answered.")
class Restored:
    restored: int = strawberry.field(description="How many of them stand now, those included that were there already.")
    refused: list[NotRestored] = strawberry.field(description="Those that were not taken.")


@strawberry.type
class Archiving:
    """The read; ``schema.query.Query`` has it."""

    @field(
        graphql_type=ArchivePage,
        description=(
            "Everything that the graph follows from, part by part: declarations, registered content, events in the "
            "order they were recorded in, stored habits. Events that are recorded meanwhile are left out."
        ),
    )
    async def archive(
        self,
        info: Info,
        first: Annotated[int | None, strawberry.argument(description="How many records at most, 1 to 500.")] = 500,
        after: Annotated[
            str | None, strawberry.argument(description="`next` of the part before; default: from the beginning.")
        ] = strawberry.UNSET,
    ) -> archiving.Page:
        return await archiving.page(info.context.archive, first, given(after))


@strawberry.type
class Restoring:
    """The write; ``schema.mutation.Mutation`` has it."""

    @field(
        graphql_type=Restored,
        description=(
            "Put records of an archive back, with the times they had. What is there already stays as it is, so the "
            "same may be sent again. Nothing comes back of people who were erased."
        ),
    )
    async def restore_archive(
        self,
        info: Info,
        records: Annotated[
            Sequence[JSON], strawberry.argument(graphql_type=list[JSON], description="At most 1000, in their order.")
        ],
    ) -> archiving.Restored:
        return await archiving.restore(info.context.archive, info.context.vocabulary, records)
