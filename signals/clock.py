"""Times: aware datetimes outside, epoch milliseconds inside the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
DAY_MS = 86_400_000
HOUR_MS = 3_600_000


def to_ms(instant: datetime) -> int:
    """Epoch milliseconds of an aware ``instant``, rounded down."""
    return (instant - EPOCH) // MILLISECOND


def from_ms(ms: int) -> datetime:
    """The aware UTC datetime of epoch milliseconds."""
    return EPOCH + timedelta(milliseconds=ms)


@lru_cache(maxsize=50_000)
def instant_of(ms: int) -> datetime:
    """``from_ms`` of a time that is likely to be asked for again, as those of the latest engagements are."""
    return from_ms(ms)


def whole_ms(instant: datetime) -> datetime:
    """``instant`` in UTC without what is finer than a millisecond, the resolution everything is kept in."""
    instant = instant.astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def corrected(occurred: datetime, sent: datetime | None, received: datetime) -> datetime:
    """The server's best estimate of when something happened.

    ``received - (sent - occurred)`` when the client says when it sent and ``occurred <= sent``, which cancels a wrong
    client clock; else ``occurred`` as given. Never later than ``received``, and never before 1970: a correction that
    would lead there is none.
    """
    if sent is not None and occurred <= sent and sent - occurred <= received - EPOCH:
        return received - (sent - occurred)
    return min(occurred, received)
