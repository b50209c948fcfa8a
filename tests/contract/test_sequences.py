"""A user's events in sequence, as of any instant, on every engine."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import product

from graph.sequences import SequenceReader
from signals.cut import Cut
from tests.contract.stage import Stage
from tests.factories import RECEIVED, at, busy


async def test_a_sequence_is_what_filtering_finds(stage: Stage) -> None:
    chance = random.Random(4)
    events = [
        replace(event, received_at=RECEIVED + timedelta(days=chance.randint(0, 3))) for event in busy(chance, 200)
    ]
    await stage.ports.recorder.record(events)
    gone = next(event for event in events if event.user_id == "a")
    events.remove(gone)
    await stage.ports.recorder.retract(gone.id, None, RECEIVED)
    events.sort(key=lambda event: (event.occurred_at, event.id), reverse=True)
    reader = SequenceReader(stage.database)
    middle = events[100].occurred_at
    cuts = (None, Cut(middle), Cut(at(300_000), RECEIVED), Cut(middle, RECEIVED + timedelta(days=1)), Cut(at(-1)))
    for cut, types, first in product(cuts, (None, ("post:like", "profile:visit"), ("x",)), (1, 7, 500)):
        mine = [event for event in events if event.user_id == "a" and (cut is None or cut.holds(event))]
        expected = [event for event in mine if types is None or event.type in types][:first]
        assert await reader.sequence("a", first, types, cut) == expected
