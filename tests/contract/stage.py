"""An engine behind the ports, and the comparison of all its answers with the oracle's."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from graph.contents import ContentReader
from graph.driver import Database, connect
from graph.engine import Engine
from graph.events import EventReader
from graph.people import PeopleReader
from graph.slot_days import SlotDays
from graph.summaries import SummaryReader
from graph.writer import Writer
from signals.events import Event, EventFilter
from tests import engines
from tests.factories import VOCABULARY
from tests.oracle import Oracle
from tests.reads import Answers, Cast, Ports, answers, pages, play, same
from tests.strategies import Record, Step


@dataclass(frozen=True, slots=True)
class Stage:
    """A running writer and the readers over one database."""

    database: Database
    writer: Writer
    ports: Ports

    async def wipe(self) -> None:
        await engines.wipe(self.database)

    async def agrees(self, steps: Sequence[Step], filters: Sequence[EventFilter] = ()) -> Answers:
        """Tell the oracle and the engine a history; every outcome and every answer is the same. The answers."""
        oracle = Ports.of(Oracle(VOCABULARY))
        expected = await play(oracle, steps)
        same(expected, await play(self.ports, steps))
        cast = Cast.of(steps)
        got = await answers(self.ports, cast, filters)
        same(await answers(oracle, cast, filters), got)
        return got

    async def recorded(self) -> list[Event]:
        """Every unretracted event there is."""
        return [event for page in await pages(self.ports, EventFilter(), 500) for event in page]

    async def consistent(self) -> list[Event]:
        """Whatever is there, answers follow from exactly the events that are there. Those events."""
        found = await self.recorded()
        oracle = Oracle(VOCABULARY)
        await oracle.record(found)
        cast = Cast.of([Record(tuple(found))]).some(12)
        same(await answers(Ports.of(oracle), cast), await answers(self.ports, cast))
        return found


@asynccontextmanager
async def staged(database: Database, deadline: float = 30.0, capacity: int = 20_000) -> AsyncIterator[Stage]:
    """A writer of its own over a database, stopped at the end. ``deadline`` in seconds."""
    writer = Writer(database, VOCABULARY, capacity=capacity, deadline=deadline)
    await writer.start()
    try:
        readers = (
            EventReader(database, VOCABULARY),
            PeopleReader(database, VOCABULARY),
            ContentReader(database, VOCABULARY),
            SummaryReader(database, SlotDays(database)),
        )
        yield Stage(database, writer, Ports(writer, *readers))
    finally:
        await writer.stop()


@asynccontextmanager
async def connected(engine: Engine, deadline: float = 30.0) -> AsyncIterator[Stage]:
    """As ``staged``, with a driver of its own, as another process would have."""
    async with (
        connect(engine.uri, engine.auth, engine.database, timeout=30.0) as database,
        staged(database, deadline) as stage,
    ):
        yield stage


def ids(events: Iterable[Event]) -> set[str]:
    return {event.id for event in events}


class Counting:
    """A meter that counts statements."""

    def __init__(self) -> None:
        self.statements = Counter[str]()

    def ran(self, statement: str, seconds: float) -> None:
        assert seconds >= 0
        self.statements[statement] += 1

    def retried(self, what: str) -> None: ...

    def wrote(self, events: int, seconds: float) -> None: ...
