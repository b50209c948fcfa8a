"""What somebody is to be told about their streak."""

from __future__ import annotations

from datetime import datetime

from resolvers.arguments import page_size
from resolvers.streaks import StreakKeeper
from signals.clock import to_ms
from signals.notifications import Notification
from signals.notifications import notifications as told
from signals.rewards import NotificationRules


async def notifications(
    streaks: StreakKeeper, rules: NotificationRules, user_id: str, since: datetime, first: int | None, now: datetime
) -> list[Notification]:
    """From ``since`` on, newest first. Raises LimitExceeded and InvalidArgument."""
    most = page_size("first", first)
    return told(user_id, await streaks.of(user_id), rules, to_ms(since), to_ms(now))[:most]
