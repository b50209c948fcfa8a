"""What somebody did day by day."""

from __future__ import annotations

import asyncio
from datetime import date

from resolvers.ports import Diaries
from signals import local_days
from signals.clock import DAY_MS, EPOCH
from signals.daily import DailyActivity
from signals.daily import daily as day_by_day
from signals.errors import InvalidArgument, LimitExceeded
from signals.rewards import Goal

MOST_DAYS = 400
"""Dates that are answered at once."""


async def daily(diaries: Diaries, user_id: str, since: date, until: date, goal: Goal) -> list[DailyActivity]:
    """Every local date from ``since`` to ``until``, both among them. Raises InvalidArgument and LimitExceeded."""
    if until < since:
        raise InvalidArgument("until must not be before since; it is the last date that is answered.")
    count = (until - since).days + 1
    if count > MOST_DAYS:
        raise LimitExceeded(f"since to until are {count} dates; at most {MOST_DAYS} are answered at once.")
    start, end = max(0, _midnight(since) - DAY_MS), max(0, _midnight(until) + 2 * DAY_MS)
    entries, zone = await asyncio.gather(diaries.diary([user_id], start, end), diaries.zone_before(user_id, start))
    return list(day_by_day(entries, local_days.dates(entries, zone), since, until, goal))


def _midnight(day: date) -> int:
    """Epoch ms in UTC; no date begins a whole day before or after it anywhere."""
    return (day - EPOCH.date()).days * DAY_MS
