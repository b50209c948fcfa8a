"""Two API processes, each with a driver and a writer of its own, on overlapping histories at the same moment."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from graph.driver import Database
from graph.engine import Engine
from signals.content import Registration
from signals.events import Event
from signals.outcomes import IdConflict, Retracted, Tracked
from tests.contract.stage import Stage, connected, ids, staged
from tests.factories import POST, VOCABULARY, again, at, busy, did
from tests.oracle import Oracle
from tests.reads import Cast, Ports, answers, same
from tests.strategies import Record


async def told(stage: Stage, events: Sequence[Event], seed: int) -> list[tuple[Event, bool]]:
    """Record in batches of many sizes, a few at a time; each event with whether it was new."""
    chance = random.Random(seed)
    batches: list[list[Event]] = []
    rest = list(events)
    while rest:
        size = chance.choice((1, 1, 2, 5, 20))
        batches.append(rest[:size])
        rest = rest[size:]
    turns = asyncio.Semaphore(4)

    async def tell(batch: list[Event]) -> list[tuple[Event, bool]]:
        async with turns:
            outcomes = await stage.ports.recorder.record(batch)
        assert all(isinstance(outcome, Tracked) for outcome in outcomes), outcomes
        return [(e, not o.duplicate) for e, o in zip(batch, outcomes, strict=True) if isinstance(o, Tracked)]

    return [row for rows in await asyncio.gather(*map(tell, batches)) for row in rows]


async def test_overlapping_histories_count_once_and_exactly(engine: Engine, database: Database) -> None:
    chance = random.Random(3)
    events = busy(chance, 400)
    histories = [chance.sample(events, 300), chance.sample(events, 300)]
    async with staged(database) as one, connected(engine) as other:
        rows = await asyncio.gather(told(one, histories[0], 1), told(other, [again(e) for e in histories[1]], 2))
        new = Counter(event.id for row in rows for event, fresh in row if fresh)
        assert set(new.values()) == {1}
        assert new.keys() == ids(histories[0]) | ids(histories[1]) == ids(await one.consistent())


async def test_two_writers_with_other_facts_under_one_id_agree_on_one(engine: Engine, database: Database) -> None:
    mine = [did("LIKE", "ann", seconds=n) for n in range(40)]
    theirs = [replace(event, user_id="bob") for event in mine]
    async with staged(database) as one, connected(engine) as other:
        pairs = [
            await asyncio.gather(one.ports.recorder.record([a]), other.ports.recorder.record([b]))
            for a, b in zip(mine, theirs, strict=True)
        ]
        for [a], [b] in pairs:
            won, lost = (a, b) if isinstance(a, Tracked) else (b, a)
            assert isinstance(won, Tracked)
            assert isinstance(lost, IdConflict)
            assert lost.recorded == won.event
        assert len(await one.consistent()) == 40


async def test_recording_taking_back_and_registering_at_once(engine: Engine, database: Database) -> None:
    chance = random.Random(5)
    kept, gone = busy(chance, 150), busy(chance, 20)
    registration = Registration(content=POST, author_id="author")
    async with staged(database) as one, connected(engine) as other:
        await one.ports.recorder.record(gone)
        taking = [other.ports.recorder.retract(event.id, None, at(0)) for event in gone]
        telling = [told(one, kept[:100], 1), told(other, kept[50:], 2)]
        outcomes = await asyncio.gather(*telling, *taking, one.ports.recorder.register([registration]))
        assert sum(isinstance(outcome, Retracted) for outcome in outcomes) == 20
        oracle = Oracle(VOCABULARY)
        await oracle.record(kept)
        await oracle.register([registration])
        cast = Cast.of([Record((*kept, *gone))])
        cast = replace(cast, ids=tuple(sorted(ids(kept))))
        same(await answers(Ports.of(oracle), cast), await answers(other.ports, cast))
