"""Sessions: of a user, or of everybody within a week."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from resolvers.arguments import identified, page_size
from resolvers.ports import Events, Sessions
from resolvers.windows import window
from signals.clock import to_ms
from signals.errors import LimitExceeded
from signals.events import Session
from signals.sessions import INFERRED, Outline

LONGEST = timedelta(days=7)
"""As much of everybody's sessions is looked through at once."""
USUAL = timedelta(days=1)


async def by_id(events: Events, sessions: Sessions, id: str) -> Session | Outline | None:
    """The session of this id: what a client marked with it, else what silence divides. Raises InvalidArgument."""
    event_id = identified(id.removeprefix(INFERRED), "id")
    found = await events.session(id)
    first = await events.event(event_id) if found is None and id != event_id else None
    if first is None or first.retracted:
        return found
    at = to_ms(first.occurred_at)
    begun = await sessions.sessions(first.user_id, at, at + 1, sys.maxsize)
    return next((one for one in begun if one.id == id), None)


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
