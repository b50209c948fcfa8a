"""What mutations answer: expected failures are members of a union, for which the outcomes of ``signals`` stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeAlias

import strawberry
from strawberry import Parent

from resolvers import pinging, recording
from schema.context import Info
from schema.enums import RefusedBecause
from schema.fields import field
from schema.types.contents import Content
from schema.types.events import Event
from schema.types.streaks import Streak
from signals import outcomes
from signals.events import ContentRef


def stands_for(value: type) -> Callable[..., bool]:
    """The check by which a union knows its members."""
    return staticmethod(lambda given, _info: isinstance(given, value))


@strawberry.type(description="Recorded: durable when answered.")
class Tracked:
    is_type_of = stands_for(outcomes.Tracked)

    event: Event = strawberry.field(description="The event as it is recorded.")
    duplicate: bool = strawberry.field(
        description="Whether the same facts were there already; then this request changed nothing."
    )


@strawberry.type(description="The id is taken by other facts; nothing was changed.")
class IdConflict:
    is_type_of = stands_for(outcomes.IdConflict)

    message: str = strawberry.field(description="What happened and what to do.")
    event_id: strawberry.ID = strawberry.field(description="The id that is taken.")
    recorded: Event = strawberry.field(description="The event that has it.")


@strawberry.type(description="One thing that is wrong with an input.")
class Problem:
    path: list[str] = strawberry.field(description="Where: field names and, for a batch, places in the list from 0.")
    message: str = strawberry.field(description="What is wrong and what would be right.")


@strawberry.type(description="The input is wrong; nothing was changed. Sending the same again is of no use.")
class InvalidInput:
    is_type_of = stands_for(outcomes.InvalidInput)

    message: str = strawberry.field(description="The first problem, and how many more there are.")
    problems: list[Problem] = strawberry.field(description="Everything that is wrong, at most 50.")


@strawberry.type(description="Not now: nothing was changed. The same request again, a little later, is safe.")
class Overloaded:
    is_type_of = stands_for(outcomes.Overloaded)

    message: str = strawberry.field(description="What happened and what to do.")
    retry_after_ms: int = strawberry.field(description="How long to wait, in milliseconds.")


@strawberry.type(description="Not recorded, and nothing of it is kept. The same again is of no use while that stands.")
class Refused:
    is_type_of = stands_for(outcomes.Refused)

    message: str = strawberry.field(description="Why, in words.")
    reason: RefusedBecause = strawberry.field(description="Why.")


@strawberry.type(description="The event is taken back, with everything that was derived from it.")
class Retracted:
    is_type_of = stands_for(outcomes.Retracted)

    event: Event = strawberry.field(description="The event; it stays readable and counts nowhere.")


@strawberry.type(description="There is no such thing.")
class NotFound:
    is_type_of = stands_for(outcomes.NotFound)

    message: str = strawberry.field(description="What was not found.")


@strawberry.type(description="The content is registered: durable when answered.")
class Registered:
    is_type_of = stands_for(recording.Registered)

    @field(graphql_type=Content, description="The content as it is now known.")
    @staticmethod
    def content(info: Info, root: Parent[recording.Registered]) -> ContentRef | None:
        return info.context.remember(root.content)


@strawberry.type(description="The user is known to be there: durable when answered.")
class Pinged:
    is_type_of = stands_for(pinging.Pinged)

    recorded: bool = strawberry.field(
        description="Whether this call recorded it; false where another one of these five minutes had done so."
    )

    streak: Streak = strawberry.field(description="The user's streak.")


PingResult: TypeAlias = Annotated[
    Pinged | InvalidInput | Refused | Overloaded,
    strawberry.union("PingResult", description="What became of a ping."),
]
TrackResult: TypeAlias = Annotated[
    Tracked | IdConflict | InvalidInput | Refused | Overloaded,
    strawberry.union("TrackResult", description="What became of an event."),
]
RetractResult: TypeAlias = Annotated[
    Retracted | NotFound | InvalidInput | Overloaded,
    strawberry.union("RetractResult", description="What became of a retraction."),
]
ContentResult: TypeAlias = Annotated[
    Registered | InvalidInput | Overloaded,
    strawberry.union("ContentResult", description="What became of a registration."),
]


@strawberry.type(description="What became of a batch. The six numbers add up to the events sent.")
class BatchResult:
    tracked: int = strawberry.field(description="Events recorded now.")
    duplicates: int = strawberry.field(description="Events that were recorded before, with the same facts.")
    conflicts: int = strawberry.field(description="Events whose id is taken by other facts.")
    invalid: int = strawberry.field(description="Events with wrong input.")
    refused: int = strawberry.field(description="Events that may not be recorded: no permission, no consent.")
    overloaded: int = strawberry.field(description="Events to be sent again, a little later.")
    results: list[TrackResult] = strawberry.field(description="What became of each event, in the order sent.")
