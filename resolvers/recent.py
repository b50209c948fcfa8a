"""What a user did lately."""

from __future__ import annotations

from resolvers.arguments import page_size, skipped
from resolvers.ports import Events
from signals.events import Event

SHOWN = 10
"""Events where nobody says how many."""


async def activity(events: Events, user_id: str, limit: int | None, offset: int | None) -> list[Event]:
    """The user's events, newest first. Raises LimitExceeded and InvalidArgument."""
    return await events.recent(user_id, page_size("limit", limit, SHOWN), skipped("offset", offset))
