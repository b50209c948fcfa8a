"""How engaged a user is."""

from __future__ import annotations

import asyncio
from datetime import datetime

from resolvers.ports import Diaries
from resolvers.windows import window
from signals.clock import to_ms
from signals.engagement_score import EngagementScore, Present
from signals.engagement_score import engagement_score as reckoned
from signals.local_days import dates, local_date
from signals.streaks import follow
from signals.vocabulary import Vocabulary
from signals.weights import EngagementScoreWeights


async def engagement_score(
    diaries: Diaries,
    user_id: str,
    freezes: int,
    now: datetime,
    vocabulary: Vocabulary,
    weights: EngagementScoreWeights,
) -> EngagementScore:
    """From all that the user ever did. ``freezes``: days that a streak may miss."""
    asked, at = window(None, None, now), to_ms(now)
    entries, moments = await asyncio.gather(diaries.diary([user_id], asked.start, asked.end), diaries.moments(user_id))
    streaks = follow(moments, freezes)
    present = Present(at, local_date(at, streaks.zone))
    return reckoned(entries, dates(entries), streaks.streak(at).current, present, vocabulary, weights)
