"""What everybody together is like."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import Parent

from schema.fields import field
from signals.figures import Figures


@strawberry.type(
    description=(
        "How this population deals with each other and with content, from the latest events: what affinities and "
        "scores adapt to. Reckoned once a day, or when there are twice as many events."
    )
)
class PopulationHabits:
    at: datetime = strawberry.field(description="Since when reads go by these figures.")

    @field(graphql_type=float, description="Share of the events between people whose two had to do with each other.")
    @staticmethod
    def repeat(root: Parent[Figures]) -> float:
        return root.habits.repeat

    @field(graphql_type=float, description="Of those, the share where the last event came from the other side.")
    @staticmethod
    def reply(root: Parent[Figures]) -> float:
        return root.habits.reply

    @field(graphql_type=float, description="Of those, the mean of ln(1 + the actor's other events since).")
    @staticmethod
    def spread(root: Parent[Figures]) -> float:
        return root.habits.spread

    @field(graphql_type=float, description="Share of the events with content whose actor comes back to it.")
    @staticmethod
    def again(root: Parent[Figures]) -> float:
        return root.habits.again

    @field(graphql_type=float, description="Of those, the mean of ln(1 + the actor's other events with content since).")
    @staticmethod
    def again_spread(root: Parent[Figures]) -> float:
        return root.habits.again_spread

    @field(
        graphql_type=float,
        description="Log odds ratio of turning to one's latest partner: where that one spoke last, against oneself.",
    )
    @staticmethod
    def answer(root: Parent[Figures]) -> float:
        return root.habits.answer

    @field(graphql_type=float, description="The same of the partner before, where the latest is passed over.")
    @staticmethod
    def answer_late(root: Parent[Figures]) -> float:
        return root.habits.answer_late

    @field(
        graphql_type=float,
        description="Mean share of contents that are newer than one that is found: near 0 for news.",
    )
    @staticmethod
    def lasting(root: Parent[Figures]) -> float:
        return root.habits.lasting
