"""What a user has achieved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from resolvers.histories import Histories
from resolvers.streaks import StreakKeeper
from resolvers.windows import window
from signals.achievements import Achievement, metadata_needed
from signals.achievements import achievements as reached
from signals.achievements_table import Rule
from signals.vocabulary import Vocabulary


async def achievements(
    diaries: Histories,
    streaks: StreakKeeper,
    user_id: str,
    rules: Sequence[Rule],
    now: datetime,
    vocabulary: Vocabulary,
) -> list[Achievement]:
    """One per rule, in their order, from all that the user ever did."""
    asked = window(None, None, now)
    entries, runs = await asyncio.gather(
        diaries.diary([user_id], asked.start, asked.end, metadata=metadata_needed(rules)),
        streaks.of(user_id),
    )
    return reached(rules, entries, runs, vocabulary)
