"""What ranking answers. A value of ``signals.ranked`` stands for each type, as it is: nothing here reads anything."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import Parent

from schema.enums import CandidateSource, ContentInteractionType, HiddenBecause, TieKind
from schema.fields import field
from schema.types.contents import Content
from schema.types.counts import TypeCount, counts
from schema.types.people import Connection, User
from signals import people
from signals import ranked as values
from signals.contributions import reason


@strawberry.type(description="One term of a score: `value` times `weight`. A score is the sum of its contributions.")
class Contribution:
    signal: str = strawberry.field(description="What it is about, such as `strength`, `popularity`, `proof`.")
    value: float = strawberry.field(description="The signal's value, often a logarithm; no unit.")
    weight: float = strawberry.field(description="What the value is multiplied by; below 0 where it counts against.")
    contribution: float = strawberry.field(description="`value` times `weight`: its share of the score.")
    because: str | None = strawberry.field(description="The same in words, for people.")


@strawberry.type(description="Users with whom both are connected, among the latest 512 connections of each.")
class MutualConnections:
    count: int = strawberry.field(description="How many.")

    @field(graphql_type=list[User], description="Some of them, by id.")
    @staticmethod
    def witnesses(root: Parent[values.MutualConnections]) -> list[people.User]:
        return [people.User(id) for id in root.witnesses]


@strawberry.type(description="How likely a viewer turns to a user next, and what stands between the two.")
class Affinity:
    score: float = strawberry.field(
        description="0 and up, without a bound; above 10 is close. 0 for somebody never heard of, and after a block."
    )
    contributions: list[Contribution] = strawberry.field(description="They add up to the score.")
    last_interaction_at: datetime | None = strawberry.field(
        description="The latest event of positive weight between the two, either way; null where there is none."
    )
    outgoing: int = strawberry.field(description="Events of positive weight from the viewer to the user.")
    incoming: int = strawberry.field(description="Events of positive weight from the user to the viewer.")
    mutual_connections: MutualConnections = strawberry.field(description="With whom both are connected.")
    connection: Connection | None = strawberry.field(
        description="Where their connection stands; null where there never was one."
    )
    blocked: bool = strawberry.field(description="Whether either has blocked the other.")

    @field(graphql_type=User, description="The user.")
    @staticmethod
    def user(root: Parent[values.Affinity]) -> people.User:
        return people.User(root.user_id)


@strawberry.type(description="One of the viewer's ties who engaged with a piece of content.")
class Witness:
    interaction: ContentInteractionType = strawberry.field(description="Their latest interaction with it.")
    occurred_at: datetime = strawberry.field(description="When that was.")
    affinity: float = strawberry.field(description="The viewer's affinity to them.")

    @field(graphql_type=User, description="Who.")
    @staticmethod
    def user(root: Parent[values.Witness]) -> people.User:
        return people.User(root.user_id)


@strawberry.type(description="The viewer's ties (the latest 256) among the latest 128 who engaged with the content.")
class SocialProof:
    count: int = strawberry.field(description="How many.")
    strength: float = strawberry.field(description="How much their engagement weighs: closer and later is more.")
    witnesses: list[Witness] = strawberry.field(description="The strongest of them, as many as asked for.")


@strawberry.type(
    description="Per person reached, from 0 to 1, smoothed with a prior, so that 1 of 1 does not beat 900 of 1000."
)
class Rates:
    click_through: float = strawberry.field(description="Views and clicks per impression.")
    like: float = strawberry.field(description="Likes that are on, per user.")
    comment: float = strawberry.field(description="Comments and replies per user.")
    share: float = strawberry.field(description="Shares per user.")
    save: float = strawberry.field(description="Saves that are on, per user.")
    hide: float = strawberry.field(description="Users who hide it, per user.")


@strawberry.type(
    description="What there is to know of one candidate for a viewer's feed; zeros where nothing is known."
)
class CandidateSignals:
    content: Content = strawberry.field(description="The candidate.")
    score: float = strawberry.field(description="The default score of the preset; 0 where it is hidden.")
    contributions: list[Contribution] = strawberry.field(description="They add up to the score.")
    popularity: float = strawberry.field(
        description="How many users touched it for the first time lately: about their number per 18 hours."
    )
    trend: float = strawberry.field(description="How much the last hours and the last day turned to it: a logarithm.")
    rising: float = strawberry.field(
        description="How unusual the last hours are for it, in standard deviations of what was to be expected."
    )
    author_affinity: float = strawberry.field(description="The viewer's affinity to its author.")
    co_action: float = strawberry.field(
        description="How much people who engaged with what the viewer did, lately, engaged with this: 0 and up."
    )
    social_proof: SocialProof = strawberry.field(description="Which of the viewer's ties engaged with it.")
    rates: Rates = strawberry.field(description="What people do with it, per person reached.")
    reporters: int = strawberry.field(description="How many users reported it.")
    seen: bool = strawberry.field(description="Whether the viewer engaged with it; being shown it is not enough.")
    last_seen_at: datetime | None = strawberry.field(description="When the viewer did last.")
    hidden: bool = strawberry.field(description="Whether the viewer is not to see it.")
    hidden_because: HiddenBecause | None = strawberry.field(description="Why it is hidden; null where it is not.")

    @field(description="What the viewer did with it, by type, most first.")
    @staticmethod
    def my_interactions(root: Parent[values.CandidateSignals]) -> list[TypeCount]:
        return counts(root.my_interactions)

    @field(description="The strongest reason for it in words, such as `4 people you often message liked it`.")
    @staticmethod
    def because(root: Parent[values.CandidateSignals]) -> str | None:
        return reason(root.contributions)


@strawberry.type(description="People who lead the viewer to a suggestion.")
class TieProof:
    kind: TieKind = strawberry.field(description="How the viewer deals with them.")
    count: int = strawberry.field(description="How many.")

    @field(graphql_type=list[User], description="Some of them, latest first.")
    @staticmethod
    def witnesses(root: Parent[values.TieProof]) -> list[people.User]:
        return [people.User(id) for id in root.witnesses]


@strawberry.type(description="Somebody the viewer may want to know, and does not yet.")
class SuggestedUser:
    score: float = strawberry.field(description="What the list is sorted by; no unit.")
    contributions: list[Contribution] = strawberry.field(description="They add up to the score.")
    social_proof: list[TieProof] = strawberry.field(description="Who leads there, one entry for each kind of tie.")
    shared_contents: int = strawberry.field(
        description="With how many of the viewer's latest 64 contents they engaged lately too."
    )
    because: str = strawberry.field(description="The strongest reason, in words.")

    @field(graphql_type=User, description="Who.")
    @staticmethod
    def user(root: Parent[values.SuggestedUser]) -> people.User:
        return people.User(root.user_id)


@strawberry.type(description="Content that the viewer has not seen and may like.")
class RecommendedContent:
    content: Content = strawberry.field(description="The content.")
    score: float = strawberry.field(description="Its score for this viewer, before authors are spread; no unit.")
    contributions: list[Contribution] = strawberry.field(description="They add up to the score.")
    sources: list[CandidateSource] = strawberry.field(description="Where it was found.")
    social_proof: SocialProof = strawberry.field(description="Which of the viewer's ties engaged with it.")
    because: str = strawberry.field(description="The strongest reason, in words.")


@strawberry.type(description="Content that is catching on.")
class TrendingContent:
    content: Content = strawberry.field(description="The content.")
    score: float = strawberry.field(description="How much the last hours and the last day turned to it: a logarithm.")
    contributions: list[Contribution] = strawberry.field(description="They add up to the score.")
    popularity: float = strawberry.field(
        description="How many users (among ties: ties) touched it lately: about their number per 18 hours."
    )
    rising: float = strawberry.field(
        description="How unusual the last hours are for it, in standard deviations of what was to be expected."
    )
    users: int = strawberry.field(description="How many users engaged with it in all; among ties: how many ties.")
