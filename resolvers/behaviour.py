"""How a user behaves within a window."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime, timedelta

from resolvers.ports import Diaries, Sessions
from resolvers.windows import window
from signals.behaviour import Behaviour, Observed, local_times
from signals.behaviour import behaviour as added

USUAL = timedelta(days=90)


async def behaviour(
    diaries: Diaries,
    sessions: Sessions,
    user_id: str,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
) -> Behaviour:
    """What the user did in the window, and what came in for them. Raises InvalidArgument."""
    asked = window(since, until, now, USUAL)
    entries, received, begun, zone = await asyncio.gather(
        diaries.diary([user_id], asked.start, asked.end),
        diaries.received(user_id, asked.start, asked.end),
        sessions.sessions(user_id, asked.start, asked.end, sys.maxsize),
        diaries.zone_before(user_id, asked.start),
    )
    keys = {entry.content_key for entry in entries if entry.content_key is not None}
    tags = await diaries.tags(sorted(keys)) if keys else {}
    observed = Observed(entries, local_times(entries, zone), received, tags, begun)
    return added(observed, asked.since, asked.until)
