"""Arguments that several fields take, with what they say to the caller."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeVar

import strawberry

from schema.enums import ContentType

T = TypeVar("T")

First = Annotated[int | None, strawberry.argument(description="How many at most, 1 to 500.")]
Viewer = Annotated[strawberry.ID, strawberry.argument(description="For whom; somebody nobody ever saw is no error.")]
AsOf = Annotated[
    datetime | None,
    strawberry.argument(description="Look from this instant: only what had occurred by then. Default: now."),
]
KnownAt = Annotated[
    datetime | None,
    strawberry.argument(
        description="Of that, only what the server had received by this instant: what could have been answered then."
    ),
]
TimeZone = Annotated[
    str | None,
    strawberry.argument(description="An IANA time zone, such as `Europe/Berlin`: whose hours and days these are."),
]
OfType = Annotated[ContentType | None, strawberry.argument(description="Only contents of this type.")]
Witnesses = Annotated[
    int | None, strawberry.argument(description="How many people to name as witnesses, 0 to 20, for each.")
]


def given(value: T | None) -> T | None:
    """The value of an optional argument; None where it was left out."""
    return None if value is strawberry.UNSET else value
