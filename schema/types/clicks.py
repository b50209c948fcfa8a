"""How often what was shown was clicked."""

from __future__ import annotations

import strawberry


@strawberry.type(description="What came of the impressions at one position of a list.")
class PositionRate:
    position: int = strawberry.field(description="The position; the first is 0.")
    impressions: int = strawberry.field(description="How often something was shown there.")
    clicks: int = strawberry.field(description="How many of these impressions were followed by an interaction.")
    rate: float = strawberry.field(description="Clicks per impression, from 0 to 1, smoothed with a prior.")


@strawberry.type(description="How often what was shown was clicked: interactions that name the impression's id.")
class ClickThrough:
    impressions: int = strawberry.field(description="How many impressions with an id there were.")
    clicks: int = strawberry.field(description="How many of them were followed by an interaction.")
    rate: float = strawberry.field(description="Clicks per impression, from 0 to 1, smoothed with a prior.")
    positions: list[PositionRate] = strawberry.field(description="The same by position, the first one first.")
    complete: bool = strawberry.field(
        description="False where there were more impressions than are read at once; then the latest are counted."
    )
    withheld: bool = strawberry.field(
        description="Whether analysts are told less than there is: positions of fewer than k people are left out."
    )
