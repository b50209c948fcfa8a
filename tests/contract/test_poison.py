"""One event that no database takes harms no other, on every engine."""

from __future__ import annotations

from graph.driver import Database
from graph.events import EventReader
from graph.writer import Writer
from signals.outcomes import InvalidInput, Tracked
from tests.factories import VOCABULARY, did


async def test_poison_fails_alone(database: Database) -> None:
    writer = Writer(database, VOCABULARY)
    await writer.start()
    events = [did("VIEW", "ann", seconds=n, duration_ms=2**70 if n == 3 else 1) for n in range(8)]
    try:
        outcomes = await writer.record(events)
    finally:
        await writer.stop()
    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, InvalidInput)] == [3]
    assert sum(isinstance(outcome, Tracked) for outcome in outcomes) == 7
    recent = await EventReader(database, VOCABULARY).recent("ann", 10, 0)
    assert [event.id for event in recent] == [events[n].id for n in (7, 6, 5, 4, 2, 1, 0)]
