"""What a user did lately."""

from __future__ import annotations

from collections.abc import Sequence

from resolvers.arguments import narrowed, page_size, skipped
from resolvers.ports import Events, Sequences
from signals.cut import Cut
from signals.events import Event, EventFilter

SHOWN = 10
"""Events where nobody says how many."""
SEQUENCE = 100
"""Events of a sequence where nobody says how many."""


async def activity(events: Events, user_id: str, limit: int | None, offset: int | None) -> list[Event]:
    """The user's events, newest first. Raises LimitExceeded and InvalidArgument."""
    return await events.recent(user_id, page_size("limit", limit, SHOWN), skipped("offset", offset))


async def sequence(
    sequences: Sequences, user_id: str, first: int | None, types: Sequence[str] | None, cut: Cut | None
) -> list[Event]:
    """The user's events of these types as seen from ``cut``, newest first. Raises LimitExceeded, InvalidArgument."""
    chosen = None if types is None else narrowed(EventFilter(types=tuple(types))).types
    return await sequences.sequence(user_id, page_size("first", first, SEQUENCE), chosen, cut)
