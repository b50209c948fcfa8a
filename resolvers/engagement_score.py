"""How engaged a user is."""

from __future__ import annotations

import asyncio
from datetime import datetime

from resolvers.histories import Histories
from resolvers.streaks import StreakKeeper
from resolvers.windows import window
from signals.clock import to_ms
from signals.engagement_score import EngagementScore, Present
from signals.engagement_score import engagement_score as reckoned
from signals.local_days import dates, local_date
from signals.vocabulary import Vocabulary
from signals.weights import EngagementScoreWeights


async def engagement_score(
    diaries: Histories,
    streaks: StreakKeeper,
    user_id: str,
    now: datetime,
    vocabulary: Vocabulary,
    weights: EngagementScoreWeights,
) -> EngagementScore:
    """From all that the user ever did."""
    asked, at = window(None, None, now), to_ms(now)
    entries, runs = await asyncio.gather(diaries.diary([user_id], asked.start, asked.end), streaks.of(user_id))
    present = Present(at, local_date(at, runs.zone))
    return reckoned(entries, dates(entries), runs.streak(at).current, present, vocabulary, weights)
