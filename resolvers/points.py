"""What a user has earned."""

from __future__ import annotations

import asyncio
from datetime import datetime

from resolvers.histories import Histories
from resolvers.windows import window
from signals import local_days
from signals.points import Points
from signals.points import points as added
from signals.vocabulary import Vocabulary


async def points(
    diaries: Histories,
    user_id: str,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    vocabulary: Vocabulary,
) -> Points:
    """What the user's events in the window earned. Raises InvalidArgument."""
    asked = window(since, until, now)
    entries, zone = await asyncio.gather(
        diaries.diary([user_id], asked.start, asked.end), diaries.zone_before(user_id, asked.start)
    )
    return added(entries, local_days.dates(entries, zone), vocabulary)
