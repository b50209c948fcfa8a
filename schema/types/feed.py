"""A feed's answer: one row per candidate, or the same numbers as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

import strawberry
from strawberry import Parent

from schema.enums import ContentType, HiddenBecause
from schema.fields import field
from schema.types.ranking import CandidateSignals
from signals import ranked as values


@dataclass(frozen=True, slots=True)
class Column:
    """One signal's contribution for every candidate."""

    signal: str
    contribution: Sequence[float]


def column(path: str) -> property:
    """What stands at ``path`` of every row."""
    read = attrgetter(path)
    return property(lambda self: list(map(read, self.rows)))


@dataclass(frozen=True, slots=True)
class Rated:
    """The rates of every candidate."""

    rows: tuple[values.CandidateSignals, ...]

    click_through = column("rates.click_through")
    like = column("rates.like")
    comment = column("rates.comment")
    share = column("rates.share")
    save = column("rates.save")
    hide = column("rates.hide")


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows turned into columns, each when it is asked for."""

    rows: tuple[values.CandidateSignals, ...]

    type = column("content.type")
    id = column("content.id")
    score = column("score")
    popularity = column("popularity")
    trend = column("trend")
    rising = column("rising")
    author_affinity = column("author_affinity")
    co_action = column("co_action")
    social_proof_count = column("social_proof.count")
    social_proof_strength = column("social_proof.strength")
    reporters = column("reporters")
    seen = column("seen")
    last_seen_at = column("last_seen_at")
    hidden = column("hidden")
    hidden_because = column("hidden_because")

    @property
    def rates(self) -> Rated:
        return Rated(self.rows)

    @property
    def contributions(self) -> list[Column]:
        """By signal; 0 where a candidate has none of it."""
        found: dict[str, list[float]] = {}
        for place, row in enumerate(self.rows):
            for part in row.contributions:
                column = found.setdefault(part.signal, [0.0] * len(self.rows))
                column[place] += part.contribution
        return [Column(signal, column) for signal, column in sorted(found.items())]


@strawberry.type(description="What one signal contributes to the score of each candidate.")
class ContributionColumn:
    signal: str = strawberry.field(description="What it is about.")
    contribution: list[float] = strawberry.field(
        description="Its share of each candidate's score; 0 where it has none."
    )


@strawberry.type(description="Rates per person reached, smoothed with a prior, one entry per candidate.")
class RateColumns:
    click_through: list[float] = strawberry.field(description="Views and clicks per impression.")
    like: list[float] = strawberry.field(description="Likes that are on, per user.")
    comment: list[float] = strawberry.field(description="Comments and replies per user.")
    share: list[float] = strawberry.field(description="Shares per user.")
    save: list[float] = strawberry.field(description="Saves that are on, per user.")
    hide: list[float] = strawberry.field(description="Users who hide it, per user.")


@strawberry.type(
    description="The numbers of all candidates as parallel lists, in the order asked: much cheaper to read in bulk."
)
class FeedColumns:
    type: list[ContentType] = strawberry.field(description="What each candidate is.")
    id: list[strawberry.ID] = strawberry.field(description="The caller's id of each candidate.")
    score: list[float] = strawberry.field(description="As in the rows; so are the others.")
    contributions: list[ContributionColumn] = strawberry.field(
        description="What the scores are made of, one column for each signal that occurs, by its name."
    )
    popularity: list[float] = strawberry.field(description="First touches by distinct users, about per 18 hours.")
    trend: list[float] = strawberry.field(description="How much the last hours and the last day turned to it.")
    rising: list[float] = strawberry.field(description="How unusual the last hours are, in standard deviations.")
    author_affinity: list[float] = strawberry.field(description="The viewer's affinity to the author.")
    co_action: list[float] = strawberry.field(description="What people of the same taste engaged with.")
    social_proof_count: list[int] = strawberry.field(description="How many of the viewer's ties engaged.")
    social_proof_strength: list[float] = strawberry.field(description="How much their engagement weighs.")
    rates: RateColumns = strawberry.field(description="What people do with it, per person reached.")
    reporters: list[int] = strawberry.field(description="How many users reported it.")
    seen: list[bool] = strawberry.field(description="Whether the viewer engaged with it.")
    last_seen_at: list[datetime | None] = strawberry.field(description="When the viewer did last.")
    hidden: list[bool] = strawberry.field(description="Whether the viewer is not to see it.")
    hidden_because: list[HiddenBecause | None] = strawberry.field(description="Why it is hidden.")


@strawberry.type(description="The signals of all candidates for one viewer.")
class FeedSignals:
    as_of: datetime = strawberry.field(description="The instant they hold for.")
    dropped: list[str] = strawberry.field(
        description=(
            "What is 0 or incomplete in this answer: features that did not fit into `budgetMs`, and `PERSONALISATION` "
            "where the viewer objected to it, and is answered as somebody without history."
        )
    )
    candidates: list[CandidateSignals] = strawberry.field(description="One row per candidate, in the order asked.")

    @field(graphql_type=FeedColumns, description="The same numbers as parallel lists.")
    @staticmethod
    def columns(root: Parent[values.FeedSignals]) -> Columns:
        return Columns(root.candidates)
