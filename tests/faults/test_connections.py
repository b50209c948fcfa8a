"""The way to the database: cut in mid-transaction, slow at commits, frozen; locks that others hold; hot nodes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from graph.driver import Database
from graph.engine import Engine
from graph.writer import LOCK
from signals.content import Registration
from signals.errors import Unavailable
from signals.outcomes import Overloaded, Tracked
from signals.standing import Declaration
from tests.contract.stage import Stage, connected, ids, staged
from tests.factories import POST, at, did
from tests.faults.crowd import DEADLINE_S, FREEZE_S, PATIENCE_S, Crowd, in_time, timed
from tests.faults.proxy import Fault, Proxy, proxied, whole

WRITES: dict[str, Callable[[Stage], Awaitable[object]]] = {
    "record": lambda stage: stage.writer.record([did("LIKE", "ann", id="frozen")]),
    "retract": lambda stage: stage.writer.retract("nothing", None, at(0)),
    "register": lambda stage: stage.writer.register([Registration(content=POST)]),
    "declare": lambda stage: stage.writer.declare("ann", Declaration(at(0), analytics=True)),
}


@asynccontextmanager
async def behind(engine: Engine, deadline: float = DEADLINE_S) -> AsyncIterator[tuple[Proxy, Stage]]:
    """A writer and readers that reach the engine through a proxy."""
    async with proxied(engine) as (proxy, reached), connected(reached, deadline=deadline) as stage:
        yield proxy, stage


async def holds_exactly(database: Database, *crowds: Crowd) -> None:
    """Everything sent is there, nothing else, and every figure says so; nothing was called new twice."""
    sent = [event for crowd in crowds for event in crowd.sent]
    new = [id for crowd in crowds for id in crowd.new]
    assert len(new) == len(set(new))
    async with staged(database) as stage:
        assert ids(await stage.consistent()) == ids(sent)


@pytest.mark.parametrize("moment", [Fault.BEFORE, Fault.AFTER], ids=["before the commit", "after the commit"])
async def test_a_connection_cut_in_mid_transaction(engine: Engine, database: Database, moment: Fault) -> None:
    chance = random.Random(1)
    async with behind(engine) as (proxy, stage):
        proxy.at_commit = lambda: moment if chance.random() < 0.3 else Fault.NONE
        crowd = Crowd(stage.writer)
        await crowd.send(8)
        assert proxy.struck > 3
        assert in_time(crowd.slowest)
    await holds_exactly(database, crowd)


async def test_connections_cut_at_any_moment(engine: Engine, database: Database) -> None:
    chance = random.Random(2)
    async with behind(engine) as (proxy, stage):
        proxy.cuts = lambda: chance.random() < 0.1
        crowd = Crowd(stage.writer)
        await crowd.send(6)
        proxy.cuts = whole
        assert proxy.struck > 3
        assert in_time(crowd.slowest)
    await holds_exactly(database, crowd)


async def test_commits_slower_than_the_deadline_are_found_done(engine: Engine, database: Database) -> None:
    async with behind(engine) as (proxy, stage):
        proxy.at_commit, proxy.delay_s = lambda: Fault.SLOW, DEADLINE_S + 1.5
        events = [did("LIKE", f"user-{n}", id=f"slow-{n}") for n in range(20)]
        outcomes, seconds = await timed(stage.writer.record(events))
        assert [type(outcome) for outcome in outcomes] == [Overloaded] * 20
        assert in_time(seconds, DEADLINE_S - 0.5), "the answer does not wait for the commit"
        await asyncio.sleep(proxy.delay_s)
        proxy.at_commit = lambda: Fault.NONE
        outcomes = await stage.writer.record(events)
        assert [outcome.duplicate for outcome in outcomes if isinstance(outcome, Tracked)] == [True] * 20


async def test_slow_commits_are_shared(engine: Engine, database: Database) -> None:
    async with behind(engine, deadline=PATIENCE_S) as (proxy, stage):
        proxy.at_commit, proxy.delay_s = lambda: Fault.SLOW, 0.3
        crowd = Crowd(stage.writer, lanes=50)
        await crowd.send(3, sizes=(1,))
        assert crowd.overloaded == 0
        assert proxy.struck < 150 / 3, "requests that wait together are written together"
    await holds_exactly(database, crowd)


async def test_a_frozen_way_is_answered_in_time_and_recovers(engine: Engine, database: Database) -> None:
    async with behind(engine) as (proxy, stage):
        crowd = Crowd(stage.writer)
        await crowd.send(3, prefix="before-")
        proxy.freeze()
        answers = await asyncio.gather(*(timed(write(stage)) for write in WRITES.values()))
        for answer, seconds in answers:
            assert in_time(seconds)
            assert isinstance(answer[0] if isinstance(answer, list) else answer, Overloaded)
        with pytest.raises(Unavailable):
            await stage.database.read(LOCK, {"holder": "nobody"}, timeout=0.5)
        sending = asyncio.create_task(crowd.send(3, prefix="meanwhile-"))
        await asyncio.sleep(FREEZE_S / 2)
        proxy.thaw()
        await sending
        assert crowd.overloaded > 0
        assert in_time(crowd.slowest)
        crowd.sent.append(did("LIKE", "ann", id="frozen"))
        await crowd.taken(crowd.sent[-1:])
    await holds_exactly(database, crowd)


async def test_a_lock_that_another_process_holds(engine: Engine, database: Database) -> None:
    async with connected(engine, deadline=DEADLINE_S) as stage:
        crowd = Crowd(stage.writer)
        held = asyncio.Event()
        done = asyncio.Event()

        async def hold() -> None:
            async with database.transaction(timeout=PATIENCE_S) as tx:
                await tx.run(LOCK, {"holder": "another"})
                held.set()
                await done.wait()
                raise KeyError("it never commits")

        holder = asyncio.create_task(hold())
        await held.wait()
        sending = asyncio.create_task(crowd.send(1))
        await asyncio.sleep(DEADLINE_S + 1.0)
        done.set()
        with pytest.raises(KeyError):
            await holder
        await sending
        assert in_time(crowd.slowest)
    await holds_exactly(database, crowd)


async def test_two_processes_on_the_same_hot_nodes(engine: Engine, database: Database) -> None:
    async with connected(engine, deadline=DEADLINE_S) as one, connected(engine, deadline=DEADLINE_S) as other:
        crowds = [Crowd(stage.writer) for stage in (one, other)]

        async def hot(crowd: Crowd, name: str) -> None:
            events = [did("LIKE", f"fan-{n % 3}", POST, seconds=n, id=f"{name}-{n}") for n in range(120)]
            crowd.sent += events
            await asyncio.gather(*(crowd.taken(events[n : n + 4]) for n in range(0, 120, 4)))

        await asyncio.gather(*(hot(crowd, name) for crowd, name in zip(crowds, ("one", "other"), strict=True)))
        assert in_time(max(crowd.slowest for crowd in crowds))
    await holds_exactly(database, *crowds)
