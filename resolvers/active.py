"""How many people are active: everybody, or those around a viewer."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from resolvers.ports import Actives, Diaries
from signals.active import ActiveDate, Dates, Presence, active_dates
from signals.clock import DAY_MS
from signals.errors import InvalidArgument, LimitExceeded
from signals.withholding import crowded_date

DATES = 400
"""Local dates in one answer."""


async def active_users(
    actives: Actives, diaries: Diaries, dates: Dates, people: tuple[str, ...] | None, *, least: int = 0
) -> list[ActiveDate]:
    """The dates, oldest first. ``people``: only these; None: everybody, numbers of fewer than ``least`` withheld."""
    if people is None:
        found = list(active_dates(dates, await actives.presence(dates)))
        return [crowded_date(row, least) for row in found] if least else found
    entries = await diaries.diary(people, dates.bounds[0], dates.bounds[-1])
    presence = Presence.of(dates, ((entry.at, entry.actor_id) for entry in entries), await actives.firsts(people))
    return list(active_dates(dates, presence))


def dates_between(zone: ZoneInfo, since: int, until: int) -> Dates:
    """The local dates that overlap [since, until), epoch ms. Raises LimitExceeded, and InvalidArgument."""
    try:
        dates = Dates.of(zone, since, until) if until - since <= (DATES + 2) * DAY_MS else None
    except OverflowError:
        raise InvalidArgument("until must be before the end of the year 9999.") from None
    if dates is None or len(dates.days) - dates.shown > DATES:
        raise LimitExceeded(f"There are more than {DATES} dates between since and until; ask for a shorter time.")
    return dates
