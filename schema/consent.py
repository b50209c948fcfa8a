"""Consent: what is asked and what is declared."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import strawberry

from resolvers import consenting
from schema.arguments import given
from schema.context import Info
from schema.fields import field
from schema.results import InvalidInput, Overloaded, stands_for
from schema.types.consent import Consent

Who = Annotated[strawberry.ID, strawberry.argument(description="Who; nothing of them need be recorded.")]


@strawberry.type(description="The declaration holds: durable when answered, for every event that is sent from now on.")
class ConsentSet:
    is_type_of = stands_for(consenting.ConsentSet)

    consent: Consent = strawberry.field(description="What holds now.")


ConsentResult: TypeAlias = Annotated[
    ConsentSet | InvalidInput | Overloaded,
    strawberry.union("ConsentResult", description="What became of a declaration."),
]


@strawberry.type
class Asking:
    """The read about consent; ``schema.query.Query`` has it."""

    @field(graphql_type=Consent, description="What a user agrees to, also one of whom nothing is recorded.")
    async def consent(self, info: Info, user_id: Who) -> consenting.Consent:
        return await consenting.consent(info.context.consents, user_id)


@strawberry.type
class Declaring:
    """The declaration; ``schema.mutation.Mutation`` has it."""

    @field(
        graphql_type=ConsentResult,
        description=(
            "Say what a user agrees to (true) or objects to (false); what is left out stays as it is. Who objects to "
            "`analytics` is not recorded any more, at once: events are answered `Refused`. What was recorded stays; "
            "erasing is another thing. Who objects to `personalisation` is answered and ranked for as somebody without "
            "history, and counts in nothing that others are shown about people."
        ),
    )
    async def set_consent(
        self,
        info: Info,
        user_id: Who,
        analytics: Annotated[
            bool | None, strawberry.argument(description="Whether the user's events may be recorded.")
        ] = strawberry.UNSET,
        personalisation: Annotated[
            bool | None, strawberry.argument(description="Whether they may count in what people are shown.")
        ] = strawberry.UNSET,
    ) -> consenting.ConsentOutcome:
        context = info.context
        return await consenting.set_consent(
            context.consents, user_id, given(analytics), given(personalisation), context.received_at
        )
