"""What a person earned, what they achieved, and how their activity divides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry
from strawberry import Parent

from resolvers.arguments import page_size
from schema.arguments import First
from schema.enums import AchievementKind
from schema.fields import field
from signals import balance as balances
from signals import points as values


@strawberry.type(description="Points earned in one category.")
class CategoryPoints:
    category: str = strawberry.field(description="The category, such as `problem`.")
    points: float = strawberry.field(description="The points; below 0 where more were taken than given.")


@strawberry.type(description="Points earned on one date.")
class DayPoints:
    date: date = strawberry.field(description="The date, by the user's own calendar.")
    points: float = strawberry.field(description="The points; below 0 where more were taken than given.")


@strawberry.type(description="What a user has earned: an event's own points, else those of its row in the vocabulary.")
class Points:
    total: float = strawberry.field(description="All of them.")

    @field(graphql_type=list[CategoryPoints], description="By category, most first, then by name.")
    @staticmethod
    def by_category(root: Parent[values.Points], first: First = 50) -> list[CategoryPoints]:
        rows = root.by_category[: page_size("first", first)]
        return [CategoryPoints(category=name, points=points) for name, points in rows]

    @field(graphql_type=list[DayPoints], description="By local date, latest first; dates without any are left out.")
    @staticmethod
    def by_day(root: Parent[values.Points], first: First = 50) -> list[DayPoints]:
        return [DayPoints(date=day, points=points) for day, points in root.by_day[: page_size("first", first)]]


@strawberry.type(description="The part of a user's activity that has one value under the metadata key.")
class BalancePart:
    value: str = strawberry.field(description="The value, as text.")
    events: int = strawberry.field(description="How many events.")
    duration_ms: float = strawberry.field(description="How long they took, in milliseconds, as far as they say.")
    points: float = strawberry.field(description="What they earned.")
    event_share: float = strawberry.field(description="Its share of the events of all values, 0 to 1.")
    duration_share: float = strawberry.field(description="Its share of their time; 0 where none of them says.")
    points_share: float = strawberry.field(description="Its share of their points; 0 where these are 0.")


@strawberry.type(description="How a user's activity divides over the values of one metadata key.")
class Balance:
    evenness: float = strawberry.field(
        description=(
            "0: all in one value, or no more than one there; 1: the same number of events in each. Shannon's entropy "
            "of the shares, over the logarithm of the number of values."
        )
    )

    @field(graphql_type=list[BalancePart], description="By value, most events first, then by value.")
    @staticmethod
    def parts(root: Parent[balances.Balance], first: First = 50) -> tuple[balances.Part, ...]:
        return root.parts[: page_size("first", first)]


@strawberry.type(description="Something to achieve, and how far a user came with it.")
class Achievement:
    id: strawberry.ID = strawberry.field(description="The same for ever, for everybody.")
    title: str = strawberry.field(description="What it is called.")
    description: str = strawberry.field(description="What it takes.")
    kind: AchievementKind = strawberry.field(description="What is counted.")
    progress: float = strawberry.field(description="How far: 0 to `target`.")
    target: float = strawberry.field(description="What the progress has to reach.")
    earned_at: datetime | None = strawberry.field(
        description="When the event occurred that reached it; null while none did."
    )


MetadataKey = Annotated[
    str, strawberry.argument(description="A key of events' metadata with a text, a number or a truth value under it.")
]
