"""How many people are active. The type shows a value of ``signals.active``."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

import strawberry

LocalDate: TypeAlias = date


@strawberry.type(description="How many people were active on a local date, and how that came about.")
class ActiveDate:
    date: LocalDate = strawberry.field(description="The date in the time zone asked for.")
    start: datetime = strawberry.field(description="When it begins.")
    dau: int = strawberry.field(description="Daily active users: those who did anything on the date.")
    wau: int = strawberry.field(description="Weekly active users: on the date or one of the 6 before.")
    mau: int = strawberry.field(description="Monthly active users: on the date or one of the 29 before.")
    stickiness: float = strawberry.field(description="`dau` / `mau`, from 0 to 1; 0 where nobody was active.")
    new: int = strawberry.field(description="Those of `dau` who never did anything before.")
    returning: int = strawberry.field(
        description="Those of `dau` who are not new and were active on one of the 30 dates before."
    )
    resurrected: int = strawberry.field(
        description="Those of `dau` who are not new and were not active on any of the 30 dates before."
    )
    dormant: int = strawberry.field(description="Users who were active by the end of the date, and are not in `mau`.")
    withheld: bool = strawberry.field(
        description=(
            "Whether analysts are told less than there is: numbers from 1 to k - 1 are 0, and with one of `new`, "
            "`returning` and `resurrected` the other two."
        )
    )
