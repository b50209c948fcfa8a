"""How a user's activity divides over the values of a metadata key."""

from __future__ import annotations

from datetime import datetime

from resolvers.histories import Histories
from resolvers.windows import window
from signals.balance import Balance
from signals.balance import balance as divided
from signals.vocabulary import Vocabulary


async def balance(
    diaries: Histories,
    user_id: str,
    key: str,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    vocabulary: Vocabulary,
) -> Balance:
    """The user's events in the window that have a value under ``key``. Raises InvalidArgument."""
    asked = window(since, until, now)
    entries = await diaries.diary([user_id], asked.start, asked.end, metadata=True)
    return divided(entries, key, vocabulary)
