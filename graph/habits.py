"""The habits of a population: read from the latest events now and then, stored with a date.

So answers stay a function of what is stored: a read uses the figures that had been stored by then. Several processes
may keep them at once; they come to the same figures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import structlog
from cachetools import TTLCache

from graph.driver import Database, Transaction
from graph.history import windows
from graph.pages import END_OF_TIME
from graph.queries import statement
from signals.clock import from_ms, to_ms
from signals.cut import Cut
from signals.errors import Unavailable
from signals.events import Face
from signals.figures import Figures
from signals.habits import Habits, Tally
from signals.pairs import term_of
from signals.rollups import EVERYTHING
from signals.vocabulary import Vocabulary
from signals.weights import HabitsWeights

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

DAYS_OF_SUBJECT = statement("days_of_subject")
HABITS_EVENTS = statement("habits_events")
HABITS_LATEST = statement("habits_latest")
HABITS_SEQ = statement("habits_seq")
HABITS_STORE = statement("habits_store")

PEOPLE = 100_000
"""So many events between people are enough to go by."""
ALL = 500_000
"""So many events are looked through for them at most."""
AT_ONCE = 20_000
MANY_DAYS = 1_000_000
DAY = timedelta(days=1)
REMEMBERED_S = 10.0
PAUSE_S = 60.0

Row: TypeAlias = tuple[int, str, str, str, str, str | None, str | None]
"""Time (epoch ms), id, face, name, actor, target, content key."""


class HabitsKeeper:
    """Reckons habits and stores them."""

    def __init__(self, database: Database, vocabulary: Vocabulary, weights: HabitsWeights) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._weights = weights

    async def keep(self, now: Callable[[], datetime]) -> None:
        """Reckon anew whenever it is due, until cancelled. A database that is gone is waited for."""
        while True:
            try:
                if await self.due(now()):
                    await self.refresh(now())
            except Unavailable as error:
                log.warning("habits are reckoned later", error=str(error))
            await asyncio.sleep(PAUSE_S)

    async def due(self, now: datetime) -> bool:
        """Whether nothing is stored, or a day has passed, or there are twice as many events as then."""
        stored = await _stored(self._database, to_ms(now))
        if stored is None or now - from_ms(stored["at"]) >= DAY:
            return True
        return await self._value() >= 2 * max(1, int(stored["value"]))

    async def refresh(self, now: datetime) -> Habits:
        """Reckon from the latest events, and store with the date ``now``."""
        value = await self._value()
        habits = await self._reckoned(to_ms(now) + 1)
        await store(self._database, habits, now, value)
        return habits

    async def _value(self) -> int:
        row = await self._database.single(HABITS_SEQ)
        return 0 if row is None else int(row["value"])

    async def _reckoned(self, until: int) -> Habits:
        spans: list[list[Row]] = []
        people = seen = 0
        for since, end in await self._windows(until):
            row = await self._database.single(HABITS_EVENTS, {"from": since, "until": end})
            positive = [tuple(each) for each in ([] if row is None else row["rows"]) if self._positive(each)]
            spans.append(sorted(positive))
            people += sum(1 for each in positive if not about_content(each))
            seen += len([] if row is None else row["rows"])
            if people >= PEOPLE or seen >= ALL:
                break
        tally = Tally()
        for span in reversed(spans):
            for each in span:
                count(tally, each)
            await asyncio.sleep(0)
        return tally.habits(self._weights)

    async def _windows(self, until: int) -> list[tuple[int, int]]:
        """Spans of about AT_ONCE events, latest first."""
        parameters = {"subject": EVERYTHING, "from": 0, "to": until, "limit": MANY_DAYS}
        days = await self._database.read(DAYS_OF_SUBJECT, parameters)
        return [*windows([(row["at"], row["n"]) for row in days], until, AT_ONCE)][::-1]

    def _positive(self, row: Row) -> bool:
        _, _, face, name, *_ = row
        return term_of(self._vocabulary, f"{face}.{name}").weight > 0


class HabitsReader:
    """Implements ``resolvers.ports.Population``: what reads go by. The latest figures are believed for ten seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest: TTLCache[None, Habits] = TTLCache(1, REMEMBERED_S)

    async def habits(self, cut: Cut | None) -> Habits:
        """The latest figures that were stored by the cut; the defaults where none were."""
        if cut is not None:
            known_at = cut.as_of if cut.known_at is None else min(cut.as_of, cut.known_at)
            return _habits(await _stored(self._database, to_ms(known_at)))
        if None not in self._latest:
            self._latest[None] = _habits(await _stored(self._database, END_OF_TIME))
        return self._latest[None]

    async def figures(self, by: datetime) -> Figures | None:
        """What was stored last by then, with its date."""
        stored = await _stored(self._database, to_ms(by))
        return None if stored is None else Figures(from_ms(stored["at"]), _habits(stored))


async def store(database: Database, habits: Habits, at: datetime, value: int) -> None:
    """``value``: how many events had been recorded by then."""
    async with database.transaction(name=HABITS_STORE.name) as transaction:
        await store_in(transaction, habits, at, value)


async def store_in(transaction: Transaction, habits: Habits, at: datetime, value: int) -> None:
    """As ``store``, in a transaction of the caller's."""
    await transaction.run(
        HABITS_STORE, {"id": str(to_ms(at)), "p": {"at": to_ms(at), "value": value, **habits.named()}}
    )


async def _stored(database: Database, at: int) -> Mapping[str, Any] | None:
    row = await database.single(HABITS_LATEST, {"at": at})
    return None if row is None else row["habits"]


def _habits(stored: Mapping[str, Any] | None) -> Habits:
    return Habits() if stored is None else Habits.of(stored)


def about_content(row: Row) -> bool:
    """Whether the event is done to content; else it is done to a person."""
    return row[2] in (Face.CONTENT, Face.ACTIVITY)


def count(tally: Tally, row: Row) -> None:
    """Add one positive event; what one does to oneself is left out."""
    *_, actor, target, content = row
    if about_content(row):
        if content is not None:
            tally.content(actor, content)
    elif target is not None and target != actor:
        tally.person(actor, target)
