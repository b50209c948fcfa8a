"""Sessions: of a user, or of everybody within a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from resolvers.arguments import identified, page_size
from resolvers.ports import Sessions
from resolvers.windows import window
from signals.errors import LimitExceeded
from signals.sessions import Outline

LONGEST = timedelta(days=7)
"""As much of everybody's sessions is looked through at once."""
USUAL = timedelta(days=1)


async def of_user(
    sessions: Sessions,
    user_id: str,
    since: datetime | None,
    until: datetime | None,
    first: int | None,
    now: datetime,
) -> list[Outline]:
    """The sessions that a user began in the window, newest first. Raises LimitExceeded and InvalidArgument."""
    asked = window(since, until, now)
    return await sessions.sessions(identified(user_id), asked.start, asked.end, page_size("first", first))


async def of_everybody(
    sessions: Sessions, since: datetime | None, until: datetime | None, first: int | None, now: datetime
) -> list[Outline]:
    """The sessions that began in the window, newest first. Raises LimitExceeded and InvalidArgument."""
    asked = window(since, until, now, USUAL)
    if asked.until - asked.since > LONGEST:
        raise LimitExceeded(
            f"The sessions of everybody are listed for {LONGEST.days} days at once; "
            "give userId, or bring since and until closer together."
        )
    return await sessions.sessions(None, asked.start, asked.end, page_size("first", first))
