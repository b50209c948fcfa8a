"""How engagement moves: implements ``resolvers.ports.Trends``.

Roll-ups answer what they can, the log the rest (``signals.trend_parts``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import lru_cache

from graph.driver import Database
from graph.entries import EntryReader
from graph.queries import statement
from graph.slot_days import SlotDays
from signals.calendar import Period
from signals.clock import DAY_MS
from signals.rollups import EVERYTHING, key_of
from signals.slots import token
from signals.trend_parts import Piece, Plan, Rows, add, day_totals, of_entries, plan, rows, told_by_days
from signals.trends import BEFORE, EngagementTrends, Question, Table, answer, as_of_buckets, table
from signals.vocabulary import Vocabulary

TREND_DAYS = statement("trend_days")

CUTS = 8
"""So many quarters of an hour are read from the log; where more are cut, all of it is."""


class TrendReader:
    def __init__(self, database: Database, vocabulary: Vocabulary, slots: SlotDays) -> None:
        self._database = database
        self._entries = EntryReader(database)
        self._vocabulary = vocabulary
        self._slots = slots

    async def trends(self, question: Question) -> EngagementTrends:
        """The series of the question. Raises LimitExceeded for more than 50,000 buckets."""
        serving = rows(question.group, question.filter) if question.people is None else None
        before = question.before if question.wants.before else None
        planned = plan(question.periods, question.span, before)
        if serving is None or len(planned.cuts) > CUTS:
            return await self._from_log(question)
        whole, sliced = _shared(question, planned, serving)
        if not sliced and not planned.cuts:
            days = await self._days(whole)
            return told_by_days(as_of_buckets(question), tuple((day, totals) for day, _, totals in days if totals))
        return await self._from_rollups(question, planned, serving)

    async def _from_log(self, question: Question) -> EngagementTrends:
        counted = table()
        spans = [question.before] if question.wants.before else []
        spans = [span for span in (*spans, question.span) if span.start < span.end]
        if spans:
            span = Period(spans[0].start, spans[-1].end)
            async for entries in self._entries.entries(question.filter, question.people, span):
                of_entries(entries, question, self._vocabulary, str, counted)
                await asyncio.sleep(0)
        return answer(question, counted)

    async def _from_rollups(self, question: Question, planned: Plan, serving: Rows) -> EngagementTrends:
        counted = table()
        await asyncio.gather(
            self._whole_and_sliced(question, planned, serving, counted),
            *(self._from_cut(question, cut, counted) for cut in planned.cuts),
        )
        return answer(question, counted)

    async def _from_cut(self, question: Question, cut: Period, counted: Table) -> None:
        entries = await self._entries.found(question.filter, cut)
        of_entries(entries, question, self._vocabulary, token, counted)

    async def _whole_and_sliced(self, question: Question, planned: Plan, serving: Rows, counted: Table) -> None:
        whole, sliced = _shared(question, planned, serving)
        stamps: dict[int, str | None] = {}
        for day, stamp, totals in await self._days(whole.keys() | sliced.keys()):
            stamps[day] = stamp
            if day in whole and totals:
                add(day_totals(totals)[serving.totals], whole[day], serving.total_group, counted)
        wanted = {day: [(p.first, p.last) for p in pieces] for day, pieces in sliced.items() if day in stamps}
        if wanted:
            found = await self._slots.slices(serving.dimension, wanted, stamps)
            for day, slices in found.items():
                for piece in sliced[day]:
                    add(slices[piece.first, piece.last], piece.place, serving.group, counted)

    async def _days(self, days: Iterable[int]) -> list[tuple[int, str | None, str | None]]:
        """Start, stamp and totals of the UTC days that have events, in the order asked."""
        record = await self._database.single(TREND_DAYS, {"p": {"days": [_key(day) for day in days]}})
        return [] if record is None else record["rows"]


@lru_cache(maxsize=4096)
def _key(day: int) -> str:
    return key_of(EVERYTHING, day)


def _shared(question: Question, planned: Plan, serving: Rows) -> tuple[dict[int, int], dict[int, list[Piece]]]:
    """The days of which totals say all that is wanted, with their places; and the pieces of the others."""
    whole: dict[int, int] = {}
    sliced: dict[int, list[Piece]] = {}
    alone = _alone(question) if serving.alone and question.wants.users else set[int]()
    for piece in planned.pieces:
        if piece.whole and _total_serves(piece, question, alone):
            whole[piece.day] = piece.place
        else:
            sliced.setdefault(piece.day, []).append(piece)
    return whole, sliced


def _alone(question: Question) -> set[int]:
    """The UTC days that are all of a bucket."""
    since, until = question.span
    spans = ((max(period.start, since), min(period.end, until)) for period in question.periods)
    return {start for start, end in spans if end - start == DAY_MS}


def _total_serves(piece: Piece, question: Question, alone: set[int]) -> bool:
    """Whether a day's totals say all that is wanted of it: numbers of users cannot be added up."""
    wants = question.wants
    if piece.place == BEFORE:
        return not question.least  # how many people there were is to be known then
    if wants.sessions or wants.users_in_all or wants.sessions_in_all:
        return False
    return not wants.users or piece.day in alone
