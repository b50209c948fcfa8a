"""The graph itself, and not only what is read from it, follows from the recorded events alone.

Bounded lists are made tiny, so that they overflow and lose members.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import recording
from graph.driver import Database
from graph.queries import Statement
from signals import items, persons
from signals.decay import Accumulator
from signals.latest import TAIL, Latest, LatestTimes
from tests.contract.stage import Stage
from tests.factories import did, met
from tests.reads import play, same
from tests.strategies import Record, Register, Step, arrangements

LATER = 1_900_000_000_000
DUMP = Statement(
    "dump",
    """// Everything derived.
MATCH (u:User) WHERE u.done > 0 OR u.receivedN > 0 RETURN 'user ' + u.id AS key, properties(u) AS node
UNION ALL
MATCH (c:Content) WHERE c.n > 0 RETURN 'content ' + c.key AS key, properties(c) AS node
UNION ALL
MATCH ()-[p:INTERACTED]->() RETURN 'interacted ' + p.key AS key, properties(p) AS node
UNION ALL
MATCH ()-[p:TIE]->() RETURN 'tie ' + p.key AS key, properties(p) AS node
UNION ALL
MATCH ()-[p:CONNECTION]->() RETURN 'connection ' + p.key AS key, properties(p) AS node
UNION ALL
MATCH (d:Rollup) RETURN 'day ' + d.key AS key, properties(d) AS node
""",
)


async def graph(database: Database) -> dict[str, dict[str, Any]]:
    """Everything derived, by key; lists as read from list and tail; accumulators as values: their times may differ."""
    rows = await database.read(DUMP)
    return {row["key"]: _comparable(row["key"].partition(" ")[0], row["node"]) for row in rows}


def _comparable(kind: str, node: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, size in _sizes(kind).items():
        values[name] = Latest.unpack(node, name, size).members()
    if kind == "user":
        values["times"] = LatestTimes.unpack(node, "times", persons.TIMES).times()
    for name in node.keys() & {"heat", "touches", "received"}:
        accumulator = Accumulator.unpack(node[name])
        values[name] = (accumulator.n, [accumulator.value(LATER, d) for d in (0.5, 1.0)])
    plain = {name: value for name, value in node.items() if name != "changed" and not name.endswith(TAIL)}
    return plain | values


def _sizes(kind: str) -> dict[str, int]:
    """The lists that a kind of node has."""
    people = {"touched": persons.TOUCHED, "circle": persons.CIRCLE, "links": persons.LINKS}
    return {"user": people, "content": {"engagers": items.ENGAGERS}}.get(kind, {})


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(orders=arrangements(), long=st.sampled_from((0, 20, 60, 800)))
async def test_the_same_events_make_the_same_graph(
    stage: Stage, orders: tuple[list[Step], list[Step]], long: int
) -> None:
    """``long``: tails are folded at every other write, now and then, or never."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(items, "ENGAGERS", 2)
        patch.setattr(persons, "TOUCHED", 2)
        patch.setattr(persons, "TIMES", 3)
        patch.setattr(persons, "CIRCLE", 1)
        patch.setattr(persons, "LINKS", 1)
        patch.setattr(recording, "LONG", long)
        graphs = []
        for steps in orders:
            await stage.wipe()
            await play(stage.ports, steps)
            graphs.append(await graph(stage.database))
        kept = await stage.recorded()
        await stage.wipe()
        await play(stage.ports, [Record(tuple(kept)), *(step for step in orders[1] if isinstance(step, Register))])
        graphs.append(await graph(stage.database))
    same(graphs[0], graphs[1])
    same(graphs[2], graphs[0])


async def test_taking_the_latest_touch_back_leaves_the_old_one_exact(stage: Stage) -> None:
    old, new = did("VIEW", "ann", seconds=-400 * 86_400), did("VIEW", "bob", seconds=0)
    await stage.ports.recorder.record([old])
    expected = await graph(stage.database)
    await stage.ports.recorder.record([new])
    await stage.ports.recorder.retract(new.id, None, new.received_at)
    same(expected, await graph(stage.database))


async def test_a_late_first_touch_moves_it_exactly(stage: Stage) -> None:
    late, early = did("VIEW", "ann", seconds=0), did("VIEW", "ann", seconds=-400 * 86_400)
    talk = met("MESSAGE_SENT", "ann", "bob", seconds=1)
    await stage.ports.recorder.record([early, late, talk])
    expected = await graph(stage.database)
    await stage.wipe()
    for event in (talk, late, early):
        await stage.ports.recorder.record([event])
    same(expected, await graph(stage.database))
