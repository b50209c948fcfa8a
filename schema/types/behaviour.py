"""How a person behaves, and how engaged they are."""

from __future__ import annotations

import strawberry
from strawberry import Parent

from schema.fields import field
from schema.types.counts import TypeCount, counts
from schema.types.sessions import HourCount
from signals import behaviour as values
from signals.behaviour_text import summary_text
from signals.engagement_score import EngagementScore as Score
from signals.engagement_score import Share


@strawberry.type(description="One figure of an engagement score.")
class EngagementContribution:
    signal: str = strawberry.field(description="`frequency`, `depth`, `breadth`, `social` or `consistency`.")
    value: float = strawberry.field(description="The figure itself: days, weights, categories or people.")
    typical: float = strawberry.field(description="The value that makes half of `weight`.")
    weight: float = strawberry.field(description="What it can contribute at most; the five add up to 100.")
    contribution: float = strawberry.field(description="`weight` times `value` / (`value` + `typical`).")
    because: str = strawberry.field(description="The figure in words, for people.")


@strawberry.type(description="How engaged a user is now.")
class EngagementScore:
    value: float = strawberry.field(description="0, nothing at all, to 100, which nobody quite reaches.")

    @field(graphql_type=list[EngagementContribution], description="They add up to the value.")
    @staticmethod
    def contributions(root: Parent[Score]) -> tuple[Share, ...]:
        return root.contributions


@strawberry.type(description="How long events of one type take.")
class MeanDuration:
    type: str = strawberry.field(description="The event type, such as `post:dwell`.")
    mean_ms: float = strawberry.field(description="The mean of their durations, in milliseconds.")
    count: int = strawberry.field(description="How many say how long they took.")


@strawberry.type(description="How much one part of the product is used.")
class FeatureUse:
    category: str = strawberry.field(description="The category of the events.")
    count: int = strawberry.field(description="How many events.")
    share: float = strawberry.field(description="Their share of all, 0 to 1.")


@strawberry.type(description="How somebody comes and goes. Sessions as in `user.sessions`.")
class SessionHabits:
    count: int = strawberry.field(description="Sessions that the user began.")
    mean_ms: float | None = strawberry.field(description="How long they last, in milliseconds; null without any.")
    mean_events: float | None = strawberry.field(description="How many events they have; null without any.")
    usual_start_hour: int | None = strawberry.field(
        description="The local hour, 0 to 23, in which most of them begin; of equal ones the first. Null without any."
    )


@strawberry.type(
    description="How a user behaves, from the events of a window; times of day are those of where the user was."
)
class Behaviour:
    events: int = strawberry.field(description="How many events.")
    heat_map: list[list[int]] = strawberry.field(
        description="Events by day of the week and hour: seven lists, Monday first, of 24 numbers each."
    )
    mean_durations: list[MeanDuration] = strawberry.field(
        description="By type, of up to 50 types, most events first, then by type."
    )
    message_read_ms: float | None = strawberry.field(
        description="How long the user takes to read a message, in milliseconds: the median; null where none was read."
    )
    connection_answer_ms: float | None = strawberry.field(
        description="How long the user takes to accept or decline a request, in milliseconds: the median."
    )
    feature_use: list[FeatureUse] = strawberry.field(description="By category, most first, then by name.")
    sessions: SessionHabits = strawberry.field(description="How the user comes and goes.")

    @field(description="The three local hours of the day with most events, most first, then by hour.")
    @staticmethod
    def peak_hours(root: Parent[values.Behaviour]) -> list[HourCount]:
        return [HourCount(hour=hour, count=count) for hour, count in root.peak_hours]

    @field(description="Types of the contents that the events are about, by events, most first.")
    @staticmethod
    def content_types(root: Parent[values.Behaviour]) -> list[TypeCount]:
        return counts(root.content_types)

    @field(description="Tags of the contents that the events are about, by events, most first; at most 20.")
    @staticmethod
    def tags(root: Parent[values.Behaviour]) -> list[TypeCount]:
        return counts(root.tags)

    @field(
        description=(
            "The same as a short paragraph in English that can go into the prompt of an assistant. It names nobody and "
            "nothing by id."
        )
    )
    @staticmethod
    def summary_text(root: Parent[values.Behaviour]) -> str:
        return summary_text(root)
