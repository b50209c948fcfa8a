"""Letting go of old events: an administrative act."""

from __future__ import annotations

from datetime import datetime

from resolvers.ports import Retaining
from signals.errors import InvalidArgument
from signals.retention import MAX_DAYS, Expiry


async def step(retaining: Retaining, days: int | None, after: str | None, dry_run: bool, now: datetime) -> Expiry:
    """A step of a run. Raises InvalidArgument for days that are none, InvalidCursor."""
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise InvalidArgument(f"days is {days}; it has to be 1 to {MAX_DAYS}.")
    return await retaining.step(now, days=days, after=after, dry_run=dry_run)
