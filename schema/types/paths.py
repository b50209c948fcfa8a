"""Paths between people."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import Parent

from schema.enums import StepKind
from schema.fields import field
from schema.types.people import User
from signals import people
from signals import ranked as values


@strawberry.type(description="One step of a path, and what it consists of.")
class PathStep:
    kinds: list[StepKind] = strawberry.field(description="What stands between the two.")
    outgoing: int = strawberry.field(description="Events of positive weight from the first to the second.")
    incoming: int = strawberry.field(description="Events of positive weight from the second to the first.")
    last_interaction_at: datetime | None = strawberry.field(
        description="The latest of them; null where they are connected without any."
    )

    @field(name="from", graphql_type=User, description="Where the step begins.")
    @staticmethod
    def start(root: Parent[values.PathStep]) -> people.User:
        return people.User(root.from_id)

    @field(name="to", graphql_type=User, description="Where the step ends.")
    @staticmethod
    def end(root: Parent[values.PathStep]) -> people.User:
        return people.User(root.to_id)


@strawberry.type(description="A shortest path between two users; of several the one whose ids come first.")
class SocialPath:
    length: int = strawberry.field(description="How many steps; 0 from a user to the same user.")
    steps: list[PathStep] = strawberry.field(description="The steps in order.")

    @field(graphql_type=list[User], description="Everybody on it, both ends among them.")
    @staticmethod
    def users(root: Parent[values.SocialPath]) -> list[people.User]:
        return [people.User(id) for id in root.users]
