"""Events taken out for good: what is left is the graph that the others make, property by property."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import recording
from graph.driver import Database
from graph.queries import Statement
from graph.removing import remove
from signals import items, persons, whole_days
from signals.decay import Accumulator
from signals.removal import Removed
from tests.contract.stage import Stage
from tests.contract.test_same_graph import graph
from tests.factories import POST, VOCABULARY, at, did, met, visited
from tests.reads import play, same
from tests.strategies import Record, Register, Retract, Step, arrangements

EXAMPLES = int(os.environ.get("SOCIOGRAPH_TEST_EXAMPLES", "6"))
"""How many histories each test tries; a few are enough for every day."""

REST = Statement(
    "rest",
    """// What is not derived, and the names of nodes.
    MATCH (e:Event) RETURN 'event ' + e.id AS key, e.retractedAt IS NULL AS value
    UNION ALL
    MATCH (c:Content) WHERE c.registered
    RETURN 'facts ' + c.key AS key, [c.authorId, c.createdAt, c.tags, c.language, c.n] AS value
    UNION ALL
    MATCH (u:User) WHERE coalesce(u.done, 0) + coalesce(u.receivedN, 0) = 0 AND NOT u.id IN $known
    RETURN 'bare ' + u.id AS key, true AS value
    """,
)
RECEIVED = Statement("received", "// Of one user.\nMATCH (u:User {id: $id}) RETURN u.received AS received")
SLOW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


async def whole(database: Database, known: Collection[str] = ()) -> dict[str, Any]:
    """All there is, by key; ``known``: users of whom a retracted event may speak."""
    found = {row["key"]: row["value"] for row in await database.read(REST, {"known": sorted(known)})}
    return {**await graph(database), **found}


@pytest.fixture
def tiny() -> Iterator[pytest.MonkeyPatch]:
    """Bounded lists so short that they overflow and lose members."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(items, "ENGAGERS", 2)
        patch.setattr(persons, "TOUCHED", 2)
        patch.setattr(persons, "TIMES", 3)
        patch.setattr(persons, "CIRCLE", 1)
        patch.setattr(persons, "LINKS", 1)
        yield patch


async def take_out(stage: Stage, ids: Sequence[str], size: int) -> Removed:
    """So many at a time."""
    removed = Removed()
    for start in range(0, len(ids), size):
        async with stage.database.transaction(timeout=30.0) as tx:
            removed += await remove(tx, ids[start : start + size], VOCABULARY)
    return removed


def without(steps: Iterable[Step], ids: Collection[str]) -> list[Step]:
    """The same history, had these events never been."""
    kept: list[Step] = []
    for step in steps:
        if isinstance(step, Record):
            kept.append(Record(tuple(event for event in step.events if event.id not in ids)))
        elif isinstance(step, Register) or step.event_id not in ids:
            kept.append(step)
    return kept


def mentioned(steps: Iterable[Step]) -> set[str]:
    """Users of whom an event that is retracted may be all there is."""
    gone = {step.event_id for step in steps if isinstance(step, Retract)}
    events = [event for step in steps if isinstance(step, Record) for event in step.events if event.id in gone]
    return {id for event in events for id in (event.user_id, event.target_user_id) if id is not None}


@SLOW
@given(
    orders=arrangements(),
    data=st.data(),
    size=st.sampled_from((1, 3, 100)),
    long=st.sampled_from((0, 60, 800)),
    segment=st.sampled_from((1, 300, 16_384)),
)
async def test_what_is_left_is_the_graph_of_the_others(
    stage: Stage,
    tiny: pytest.MonkeyPatch,
    orders: tuple[list[Step], list[Step]],
    data: st.DataObject,
    size: int,
    long: int,
    segment: int,
) -> None:
    tiny.setattr(whole_days, "SEGMENT", segment)
    tiny.setattr(recording, "LONG", long)
    known = sorted({event.id for step in orders[0] if isinstance(step, Record) for event in step.events})
    gone = data.draw(st.lists(st.sampled_from(known), unique=True, min_size=1))
    await stage.wipe()
    await play(stage.ports, orders[0])
    removed = await take_out(stage, gone, size)
    left = await whole(stage.database, mentioned(orders[0]))
    assert removed.events + removed.retracted == len(gone)
    await stage.wipe()
    await play(stage.ports, without(orders[1], set(gone)))
    same(await whole(stage.database, mentioned(orders[0])), left)


async def test_what_nobody_else_knows_is_gone(stage: Stage) -> None:
    events = [did("LIKE", "ann"), met("MESSAGE_SENT", "ann", "bob", 1), visited("bob", "ann", 2)]
    await stage.ports.recorder.record(events)
    removed = await take_out(stage, [event.id for event in events], 100)
    assert await whole(stage.database) == {}
    assert removed == Removed(events=3, interactions=1, ties=2, people=2, contents=1, days=6)


async def test_ids_that_are_not_there_count_for_nothing(stage: Stage) -> None:
    event = did("LIKE", "ann")
    await stage.ports.recorder.record([event])
    expected = await whole(stage.database)
    assert await take_out(stage, ["nothing", "at all"], 100) == Removed()
    same(expected, await whole(stage.database))


async def test_the_same_again_is_recorded_as_new(stage: Stage) -> None:
    event = did("LIKE", "ann")
    await stage.ports.recorder.record([event])
    expected = await whole(stage.database)
    await take_out(stage, [event.id], 100)
    [outcome] = await stage.ports.recorder.record([event])
    assert not outcome.duplicate  # type: ignore[union-attr]
    same(expected, await whole(stage.database))


async def test_a_retracted_event_goes_without_a_trace(stage: Stage) -> None:
    event, other = did("LIKE", "ann"), did("LIKE", "bob", POST, 1)
    await stage.ports.recorder.record([other])
    expected = await whole(stage.database)
    await stage.ports.recorder.record([event])
    await stage.ports.recorder.retract(event.id, None, at(5))
    assert await take_out(stage, [event.id], 100) == Removed(retracted=1, people=1)
    same(expected, await whole(stage.database))


async def test_nearly_all_of_a_sum_taken_away_leaves_the_rest_exact(stage: Stage) -> None:
    """Each takes 99 of 100 parts of what is left of the sum that fades fastest, all of them every digit stored."""
    told = [met("MESSAGE_SENT", "ann", "bob", -1990 * n) for n in range(12)]
    await stage.ports.recorder.record(told)
    await take_out(stage, [event.id for event in told[:9]], 100)
    left = await received(stage.database, "bob")
    await stage.wipe()
    await stage.ports.recorder.record(told[9:])
    assert left.sums == pytest.approx((await received(stage.database, "bob")).sums, rel=1e-9)


async def received(database: Database, id: str) -> Accumulator:
    [row] = await database.read(RECEIVED, {"id": id})
    return Accumulator.unpack(row["received"])
