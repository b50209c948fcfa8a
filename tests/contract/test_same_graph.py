"""The graph itself, and not only what is read from it, follows from the recorded events alone.

Bounded lists are made tiny, so that they overflow and lose members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import recording
from graph.driver import Database
from graph.queries import Statement
from signals import items, persons, whole_days
from signals.decay import Accumulator
from signals.latest import TAIL, Latest, LatestTimes
from signals.packing import unpack_rows
from signals.slots import Dimension, unpack_slots, unpack_tokens, unpack_totals
from signals.whole_days import SLOTS
from tests.contract.stage import Stage
from tests.factories import did, met
from tests.reads import play, same
from tests.strategies import Record, Register, Step, arrangements

LATER = 1_900_000_000_000
ARRIVAL = ("changed", "segments", "filled")
"""What may differ with the order of arrival."""
ENVELOPE = (Dimension.COUNTRY, Dimension.DEVICE_TYPE)
"""Of an event that is sent twice in two envelopes, the first stays."""
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
    nodes = {row["key"]: _comparable(row["key"].partition(" ")[0], row["node"]) for row in rows}
    return {key: node for key, node in nodes.items() if node.get("kind") != SLOTS} | slots(rows)


def slots(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By day what the segments say together: how they are cut depends on how the events came."""
    texts: dict[int, list[str]] = {}
    for row in rows:
        if row["node"].get("kind") == SLOTS:
            texts.setdefault(row["node"]["at"], []).append(row["node"]["slots"])
    cells = {day: unpack_slots(found) for day, found in texts.items()}
    for cell in (cell for day in cells.values() for cell in day.values()):
        assert len(set(cell.users)) == len(cell.users)
    return {
        f"slots {day}": {
            str(where): (cell.n, cell.ms, cell.score, sorted(cell.users), sorted(cell.sessions))
            for where, cell in found.items()
            if where[1] not in ENVELOPE
        }
        for day, found in cells.items()
        if found
    }


def _comparable(kind: str, node: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, size in _sizes(kind).items():
        values[name] = Latest.unpack(node, name, size).members()
    if kind == "user":
        values["times"] = LatestTimes.unpack(node, "times", persons.TIMES).times()
    for name in node.keys() & {"heat", "touches", "received"}:
        accumulator = Accumulator.unpack(node[name])
        values[name] = (accumulator.n, [accumulator.value(LATER, d) for d in (0.5, 1.0)])
    if "actors" in node:
        values["actors"] = sorted(unpack_tokens(node["actors"]))
    if "totals" in node:
        totals = unpack_totals(node)
        values["totals"] = {str(where): total for where, total in totals.items() if where[0] not in ENVELOPE}
    if "parts" in node:
        values["parts"] = _without_envelopes(node["parts"])
    plain = {name: value for name, value in node.items() if name not in ARRIVAL and not name.endswith(TAIL)}
    return plain | values


def _without_envelopes(parts: str) -> dict[str, list[int]]:
    """By slot, type, content type and session: events and ms."""
    found: dict[str, list[int]] = {}
    for slot, type, content_type, _, _, session, n, ms in unpack_rows(parts):
        sums = found.setdefault(str((slot, type, content_type, session)), [0, 0])
        sums[0] += int(n)
        sums[1] += int(ms)
    return found


def _sizes(kind: str) -> dict[str, int]:
    """The lists that a kind of node has."""
    people = {"touched": persons.TOUCHED, "circle": persons.CIRCLE, "links": persons.LINKS}
    return {"user": people, "content": {"engagers": items.ENGAGERS}}.get(kind, {})


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(orders=arrangements(), long=st.sampled_from((0, 20, 60, 800)), segment=st.sampled_from((1, 300, 16_384)))
async def test_the_same_events_make_the_same_graph(
    stage: Stage, orders: tuple[list[Step], list[Step]], long: int, segment: int
) -> None:
    """``long``: tails are folded at every other write, now and then, or never; so are segments."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_days, "SEGMENT", segment)
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
