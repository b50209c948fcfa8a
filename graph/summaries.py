"""Activity summaries: from the day roll-ups where they say it all, else from the events the filter's index finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from graph.driver import Database
from graph.pages import Path, path_of, predicates, window
from graph.queries import statement
from signals.clock import DAY_MS
from signals.events import ActivitySummary, EventFilter
from signals.items import ordered
from signals.rollups import Day

ACTIVE_USERS = statement("active_users")
CELLS_OF_SUBJECT = statement("cells_of_subject")

Cell = tuple[str, str, int, int]
"""Category, action, UTC day in epoch ms, events."""


async def summary(database: Database, filter: EventFilter) -> ActivitySummary:
    """Totals over the unretracted events that pass ``filter``."""
    path = path_of(filter)
    since, until = window(filter)
    if _rolled_up(filter, since, until):
        return await _from_rollups(database, path, since, until)
    parameters = {**predicates(filter, path), "from": since, "until": until}
    users, sessions = 0, 0
    cells: list[Cell] = []
    for row in await database.read(path.summary, parameters):
        if row["kind"] == "distinct":
            users, sessions = row["row"]
        else:
            cells.append(tuple(row["row"]))
    return _summed(cells, users, sessions)


def _rolled_up(filter: EventFilter, since: int, until: int) -> bool:
    """Whether whole days of one actor, or of everything, are asked for."""
    narrowed = (filter.types, filter.categories, filter.actions, filter.content, filter.target_user_id)
    return (
        filter.session_id is None and all(f is None for f in narrowed) and since % DAY_MS == 0 and until % DAY_MS == 0
    )


async def _from_rollups(database: Database, path: Path, since: int, until: int) -> ActivitySummary:
    window = {"from": since, "until": until}
    rows = await database.read(CELLS_OF_SUBJECT, {"subject": path.subject, **window})
    days = [Day.unpack(row["day"]) for row in rows]
    cells = [(*_named(type), day.at, n) for day in days for (_, type), (n, _ms) in day.cells.items()]
    if path.key is not None:
        return _summed(cells, int(bool(cells)), len({session for day in days for session in day.sessions}))
    distinct = {row["kind"]: row["n"] for row in await database.read(ACTIVE_USERS, window)}
    return _summed(cells, distinct.get("users", 0), distinct.get("sessions", 0))


def _named(type: str) -> tuple[str, str]:
    category, _, action = type.partition(":")
    return category, action


def _summed(cells: Iterable[Cell], users: int, sessions: int) -> ActivitySummary:
    types, categories, actions = Counter[str](), Counter[str](), Counter[str]()
    days = Counter[int]()
    for category, action, day, n in cells:
        types[f"{category}:{action}"] += n
        categories[category] += n
        actions[action] += n
        days[day] += n
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
