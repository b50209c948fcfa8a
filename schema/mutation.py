"""What can be recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry

from resolvers import pinging, recording
from schema.api_keys import KeyMaking
from schema.archive import Restoring
from schema.arguments import given
from schema.backups import BackingUp
from schema.consent import Declaring
from schema.context import Info
from schema.erasing import Erasing
from schema.fields import field
from schema.inputs.events import (
    ActivityInput,
    ContentInteractionInput,
    EventInput,
    ProfileVisitInput,
    RegisterContentInput,
    SocialInteractionInput,
)
from schema.permitting import may_record
from schema.results import BatchResult, ContentResult, PingResult, RetractResult, TrackResult
from schema.retaining import Retaining
from signals.events import Face
from signals.outcomes import NotFound, Overloaded, RetractOutcome, TrackOutcome

Events: TypeAlias = Annotated[
    Sequence[Any], strawberry.argument(graphql_type=list[EventInput], description="What was done, in any order.")
]


def as_input(graphql_type: Any, description: str) -> Any:
    """The argument ``input``, which arrives as it was sent (``schema.ingest``)."""
    return strawberry.argument(name="input", graphql_type=graphql_type, description=description)


@strawberry.type(description="What can be recorded.")
class Mutation(Declaring, Retaining, Restoring, KeyMaking, Erasing, BackingUp):
    @field(graphql_type=TrackResult, description="Record what somebody did with a piece of content.")
    async def track_content_interaction(
        self, info: Info, raw: Annotated[Any, as_input(ContentInteractionInput, "What was done.")]
    ) -> TrackOutcome:
        return await _track(info, raw, Face.CONTENT)

    @field(graphql_type=TrackResult, description="Record what somebody did towards another user.")
    async def track_social_interaction(
        self, info: Info, raw: Annotated[Any, as_input(SocialInteractionInput, "What was done.")]
    ) -> TrackOutcome:
        return await _track(info, raw, Face.SOCIAL)

    @field(
        graphql_type=TrackResult,
        description="Record a look at a profile: one event, activity of the profile and a social interaction in one.",
    )
    async def track_profile_visit(
        self, info: Info, raw: Annotated[Any, as_input(ProfileVisitInput, "Who looked at whose.")]
    ) -> TrackOutcome:
        return await _track(info, raw, Face.PROFILE)

    @field(graphql_type=TrackResult, description="Record what somebody did in the product.")
    async def track_activity(
        self, info: Info, raw: Annotated[Any, as_input(ActivityInput, "What was done.")]
    ) -> TrackOutcome:
        return await _track(info, raw, Face.ACTIVITY)

    @field(
        graphql_type=BatchResult, description="Record up to 1000 events at once. One bad event never sinks the others."
    )
    async def track_batch(
        self,
        info: Info,
        events: Annotated[
            Sequence[Any],
            strawberry.argument(graphql_type=list[EventInput], description="What was done, in any order."),
        ],
    ) -> recording.BatchOutcome:
        context = info.context
        only = may_record(context.principal)
        batch = await recording.track_batch(context.recorder, context.intake, events, context.received_at, only)
        context.metrics.told(batch.results)
        return batch

    @field(
        graphql_type=PingResult,
        description=(
            "Say that a user is there: what an app calls when it opens and every five minutes. At most one event per "
            "user and five minutes is recorded, of the type `session:ping`, however often it is called."
        ),
    )
    async def ping_activity(
        self,
        info: Info,
        user_id: Annotated[strawberry.ID, strawberry.argument(description="Who.")],
        time_zone: Annotated[
            str | None, strawberry.argument(description="Where the user is: an IANA time zone such as `Europe/Berlin`.")
        ] = strawberry.UNSET,
        session_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="The client's session, if there is one.")
        ] = strawberry.UNSET,
    ) -> pinging.PingOutcome:
        context = info.context
        return await pinging.ping(
            context.recorder,
            context.intake,
            context.streaks,
            user_id,
            given(time_zone),
            given(session_id),
            context.received_at,
            context.write_deadline,
            may_record(context.principal),
        )

    @field(graphql_type=RetractResult, description="Take one event back, with everything that was derived from it.")
    async def retract(
        self,
        info: Info,
        event_id: Annotated[strawberry.ID, strawberry.argument(description="The event's id.")],
        reason: Annotated[
            str | None, strawberry.argument(description="Why; kept with the event, at most 256 characters.")
        ] = strawberry.UNSET,
    ) -> RetractOutcome:
        context = info.context
        only = may_record(context.principal)
        if only is not None:
            try:
                async with asyncio.timeout(context.write_deadline / 2):
                    event = await asyncio.shield(context.known_events.load(event_id))
            except TimeoutError:
                return Overloaded(pinging.RETRY_AFTER_MS)
            if event is None or event.user_id != only:
                return NotFound(event_id)
        return await recording.retract(context.recorder, event_id, reason or None, context.received_at)

    @field(
        graphql_type=ContentResult,
        description="Say who made a piece of content, when, about what and in which language.",
    )
    async def register_content(
        self, info: Info, raw: Annotated[Any, as_input(RegisterContentInput, "What is known about it.")]
    ) -> recording.RegisterOutcome:
        return await recording.register(info.context.recorder, info.context.intake, raw)


async def _track(info: Info, raw: Any, face: Face) -> TrackOutcome:
    context = info.context
    only = may_record(context.principal)
    outcome = await recording.track(context.recorder, context.intake, raw, face, context.received_at, only)
    context.metrics.told([outcome])
    return outcome
