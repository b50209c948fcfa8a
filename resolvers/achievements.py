"""What a user has achieved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from resolvers.ports import Diaries
from resolvers.windows import window
from signals.achievements import Achievement, metadata_needed
from signals.achievements import achievements as reached
from signals.achievements_table import Rule
from signals.streaks import follow
from signals.vocabulary import Vocabulary


async def achievements(
    diaries: Diaries,
    user_id: str,
    rules: Sequence[Rule],
    freezes: int,
    now: datetime,
    vocabulary: Vocabulary,
) -> list[Achievement]:
    """One per rule, in their order, from all that the user ever did. ``freezes``: days that a streak may miss."""
    asked = window(None, None, now)
    entries, moments = await asyncio.gather(
        diaries.diary([user_id], asked.start, asked.end, metadata=metadata_needed(rules)),
        diaries.moments(user_id),
    )
    return reached(rules, entries, follow(moments, freezes), vocabulary)
