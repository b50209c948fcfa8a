"""Contents by what people did with them. The type shows a value of ``signals.top_content``."""

from __future__ import annotations

import strawberry

from schema.types.contents import Content


@strawberry.type(description="What people did with a content in a span of time. All are events, not states.")
class TopContent:
    content: Content = strawberry.field(description="The content.")
    value: float = strawberry.field(description="What the list is sorted by.")
    events: int = strawberry.field(description="How many events.")
    unique_users: int = strawberry.field(description="How many users they are from.")
    views: int = strawberry.field(description="Events of the action `view`.")
    likes: int = strawberry.field(description="Events of the action `like`, those taken back with `unlike` among them.")
    comments: int = strawberry.field(description="Comments and replies.")
    shares: int = strawberry.field(description="Events of the action `share`.")
    saves: int = strawberry.field(description="Events of the action `save`, those taken back with `unsave` among them.")
    time_spent_ms: float = strawberry.field(description="The durations of the events, in milliseconds.")
    mean_dwell_ms: float | None = strawberry.field(
        description="The mean of the durations given, in milliseconds; null where none was."
    )
    average_scroll_depth: float | None = strawberry.field(
        description="The mean of the scroll depths given, in percent; null where none was."
    )
    score: float = strawberry.field(description="The weights of the events, as the vocabulary has them, added up.")
    engagement_rate: float = strawberry.field(
        description=(
            "How many likes and more there are per view, from 0 to 1, smoothed with a prior, so that 1 of 1 does not "
            "beat 900 of 1000."
        )
    )
    withheld: bool = strawberry.field(
        description="Whether analysts are told less than there is: what fewer than k people did is left out."
    )
