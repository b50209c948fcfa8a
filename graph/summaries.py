"""Activity summaries: implements ``resolvers.ports.Summaries``.

From roll-ups where they say it all, else from the events that the filter's index finds.
"""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from graph.driver import Database
from graph.everybody import Everybody
from graph.pages import Path, path_of, predicates, window
from graph.queries import statement
from graph.slot_days import SlotDays
from signals.clock import DAY_MS, HOUR_MS
from signals.events import ActivitySummary, EventFilter, Sums
from signals.peaks import Peaks, peaks
from signals.rollups import Day
from signals.slots import SLOT_MS
from signals.sums import Cell, Counted, by_time, cell, summed

CELLS_OF_SUBJECT = statement("cells_of_subject")

SECOND_MS = 1000
PATIENCE_S = 30.0
"""For a statement: a million events take their time."""
EVERYTHING = Sums()


class SummaryReader:
    def __init__(self, database: Database, slots: SlotDays) -> None:
        self._database = database
        self._everybody = Everybody(database, slots)

    async def summary(
        self, filter: EventFilter, wants: Sums = EVERYTHING, zone: ZoneInfo | None = None
    ) -> ActivitySummary:
        """Totals over the unretracted events that pass.

        The most active day is one of ``zone`` and peak hours are there where a zone is given, else it is one of UTC.
        """
        if path_of(filter).key is None:
            span = await self._everybody.span(filter)
            found = summed(*await self._everybody.counted(filter, wants, span))
            if zone is None:
                return found
            return _at(found, await self._everybody.peaks(filter, zone, span) or await self._peaks(filter, zone))
        if zone is None:
            return summed(*await self._counted(filter, DAY_MS))
        return await self._by_clock(filter, zone)

    async def mean_session_ms(self, filter: EventFilter) -> float | None:
        """How long sessions last from the first event that passes to the last, on average; None without sessions."""
        path = path_of(filter)
        since, until = window(filter)
        parameters = {**predicates(filter, path), "from": since, "until": until}
        row = await self._database.single(path.lengths, parameters, timeout=PATIENCE_S)
        return row["ms"] / row["sessions"] if row is not None and row["sessions"] else None

    async def _by_clock(self, filter: EventFilter, zone: ZoneInfo) -> ActivitySummary:
        for step in (HOUR_MS, SLOT_MS, SECOND_MS):
            counted = await self._counted(filter, step)
            found = peaks(zone, by_time(counted.cells), step)
            if found is not None:
                return _at(summed(*counted), found)
        raise AssertionError(f"{zone} is not ahead of UTC by whole seconds")

    async def _peaks(self, filter: EventFilter, zone: ZoneInfo) -> Peaks:
        """From the log."""
        summary = await self._by_clock(filter, zone)
        return Peaks(summary.peak_hours, summary.most_active_day)

    async def _counted(self, filter: EventFilter, step: int) -> Counted:
        path = path_of(filter)
        since, until = window(filter)
        if step >= HOUR_MS and _rolled_up(filter, since, until):
            return await self._from_rollups(path, since, until, step)
        parameters = {**predicates(filter, path), "from": since, "until": until, "step": step}
        users, sessions = 0, 0
        cells: list[Cell] = []
        for row in await self._database.read(path.summary, parameters, timeout=PATIENCE_S):
            if row["kind"] == "distinct":
                users, sessions = row["row"]
            else:
                cells.append(tuple(row["row"]))
        return Counted(cells, users, sessions)

    async def _from_rollups(self, path: Path, since: int, until: int, step: int) -> Counted:
        """Of one actor."""
        window = {"from": since, "until": until}
        rows = await self._database.read(CELLS_OF_SUBJECT, {"subject": path.subject, **window})
        days = [Day.unpack(row["day"]) for row in rows]
        cells = [
            cell(type, (day.at + hour * HOUR_MS) // step * step, n)
            for day in days
            for (hour, type), (n, _ms) in day.cells.items()
        ]
        return Counted(cells, int(bool(cells)), len({session for day in days for session in day.sessions}))


def _at(summary: ActivitySummary, found: Peaks) -> ActivitySummary:
    return replace(summary, most_active_day=found.day, peak_hours=found.hours)


def _rolled_up(filter: EventFilter, since: int, until: int) -> bool:
    """Whether whole days of one actor are asked for."""
    return (
        filter.user_id is not None
        and filter.of_every_type
        and all(f is None for f in (filter.session_id, filter.content, filter.target_user_id))
        and since % DAY_MS == 0
        and until % DAY_MS == 0
    )
