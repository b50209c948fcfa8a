"""Activity summaries: from the day roll-ups where they say it all, else from the events the filter's index finds."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from graph.driver import Database
from graph.pages import Path, path_of, predicates, window
from graph.queries import statement
from graph.slot_days import SlotDays
from signals.clock import DAY_MS, HOUR_MS
from signals.events import ActivitySummary, EventFilter
from signals.items import ordered
from signals.peaks import Peaks, peaks
from signals.rollups import Day, day_of
from signals.slots import SLOT_MS, Dimension
from signals.trend_parts import day_totals

ACTIVE_SESSIONS = statement("active_sessions")
ACTIVE_USERS = statement("active_users")
CELLS_OF_SUBJECT = statement("cells_of_subject")
HOURS_OF_DAYS = statement("hours_of_days")
TOTALS_OF_DAYS = statement("totals_of_days")

SECOND_MS = 1000
PATIENCE_S = 30.0
"""For a statement: a million events take their time."""

Cell = tuple[str, str, int, int]
"""Category, action, start of a stretch of time in epoch ms, events."""


async def summary(database: Database, filter: EventFilter) -> ActivitySummary:
    """Totals over the unretracted events that pass ``filter``; the most active day is one of UTC."""
    return _summed(*await _counted(database, filter, DAY_MS))


async def summary_by_clock(database: Database, days: SlotDays, filter: EventFilter, zone: ZoneInfo) -> ActivitySummary:
    """The same with peak hours, by the clock and calendar of ``zone``."""
    rolled_up = _rolled_up(filter, *window(filter))
    if rolled_up and path_of(filter).key is None:
        found, everything = await asyncio.gather(
            _peaks_of_everybody(database, days, filter, zone), summary(database, filter)
        )
        if found is not None:
            return _at(everything, found)
    for step in (HOUR_MS, SLOT_MS, SECOND_MS)[0 if rolled_up else 1 :]:
        counted = await _counted(database, filter, step)
        found = peaks(zone, _by_time(counted.cells), step)
        if found is not None:
            return _at(_summed(*counted), found)
    raise AssertionError(f"{zone} is not ahead of UTC by whole seconds")


async def _peaks_of_everybody(database: Database, days: SlotDays, filter: EventFilter, zone: ZoneInfo) -> Peaks | None:
    """From the hours of whole days, or where those are no hours of the zone, from their slots."""
    since, until = window(filter)
    hours: dict[int, int] = {}
    record = await database.single(HOURS_OF_DAYS, {"from": since, "until": until})
    for day, packed in () if record is None else record["rows"]:
        counts = enumerate(map(int, packed.split()))
        hours.update((day + hour * HOUR_MS, n) for hour, n in counts if n)
    return peaks(zone, hours, HOUR_MS) or peaks(zone, await days.counts(since, until), SLOT_MS)


def _at(summary: ActivitySummary, found: Peaks) -> ActivitySummary:
    return replace(summary, most_active_day=found.day, peak_hours=found.hours)


async def mean_session_ms(database: Database, filter: EventFilter) -> float | None:
    """How long sessions last from the first event that passes to the last, on average; None without sessions."""
    path = path_of(filter)
    since, until = window(filter)
    parameters = {**predicates(filter, path), "from": since, "until": until}
    row = await database.single(path.lengths, parameters, timeout=PATIENCE_S)
    return row["ms"] / row["sessions"] if row is not None and row["sessions"] else None


class Counted(NamedTuple):
    """Events by type and time, distinct users and sessions."""

    cells: list[Cell]
    users: int
    sessions: int


async def _counted(database: Database, filter: EventFilter, step: int) -> Counted:
    path = path_of(filter)
    since, until = window(filter)
    if _rolled_up(filter, since, until) and step >= (DAY_MS if path.key is None else HOUR_MS):
        return await _from_rollups(database, path, since, until, step)
    parameters = {**predicates(filter, path), "from": since, "until": until, "step": step}
    users, sessions = 0, 0
    cells: list[Cell] = []
    for row in await database.read(path.summary, parameters, timeout=PATIENCE_S):
        if row["kind"] == "distinct":
            users, sessions = row["row"]
        else:
            cells.append(tuple(row["row"]))
    return Counted(cells, users, sessions)


def _rolled_up(filter: EventFilter, since: int, until: int) -> bool:
    """Whether whole days of one actor, or of everything, are asked for."""
    narrowed = (filter.types, filter.categories, filter.actions, filter.content, filter.target_user_id)
    return (
        filter.session_id is None and all(f is None for f in narrowed) and since % DAY_MS == 0 and until % DAY_MS == 0
    )


async def _from_rollups(database: Database, path: Path, since: int, until: int, step: int) -> Counted:
    window = {"from": since, "until": until}
    if path.key is None:
        return await _of_everybody(database, since, until)
    rows = await database.read(CELLS_OF_SUBJECT, {"subject": path.subject, **window})
    days = [Day.unpack(row["day"]) for row in rows]
    cells = [
        (*_named(type), (day.at + hour * HOUR_MS) // step * step, n)
        for day in days
        for (hour, type), (n, _ms) in day.cells.items()
    ]
    return Counted(cells, int(bool(cells)), len({session for day in days for session in day.sessions}))


async def _of_everybody(database: Database, since: int, until: int) -> Counted:
    """Whole days by type. From the first day on there are as many people as ever did something for the first time."""
    window = {"from": since, "until": until}
    record, sessions, users = await asyncio.gather(
        database.single(TOTALS_OF_DAYS, window),
        database.single(ACTIVE_SESSIONS, window),
        database.single(ACTIVE_USERS, window) if since else _nobody(),
    )
    cells: list[Cell] = []
    new = 0
    for day, totals, beginners in () if record is None else record["rows"]:
        new += beginners or 0
        cells += [(*_named(type), day, part.n) for type, part in day_totals(totals)[Dimension.TYPE].items()]
    return Counted(cells, new if users is None else users["n"], 0 if sessions is None else sessions["n"])


async def _nobody() -> None:
    return None


def _by_time(cells: Iterable[Cell]) -> Counter[int]:
    times = Counter[int]()
    for _, _, at, n in cells:
        times[at] += n
    return times


def _named(type: str) -> tuple[str, str]:
    category, _, action = type.partition(":")
    return category, action


def _summed(cells: Iterable[Cell], users: int, sessions: int) -> ActivitySummary:
    types, categories, actions = Counter[str](), Counter[str](), Counter[str]()
    days = Counter[int]()
    for category, action, at, n in cells:
        types[f"{category}:{action}"] += n
        categories[category] += n
        actions[action] += n
        days[day_of(at)] += n
    common = ordered(list(actions.items()))
    busiest = min(days, key=lambda day: (-days[day], day), default=None)
    return ActivitySummary(
        total_events=types.total(),
        unique_users=users,
        sessions=sessions,
        by_category=ordered(list(categories.items())),
        by_type=ordered(list(types.items())),
        most_active_day=None if busiest is None else datetime.fromtimestamp(busiest / 1000, UTC).date().isoformat(),
        most_common_action=common[0][0] if common else None,
    )
