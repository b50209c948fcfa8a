"""What is put back from an archive is the graph it was made of, on one engine and from one to another."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.archive import OTHER_SALT, TAKEN, Archivist
from graph.constraints import migrate
from graph.driver import Database, connect
from graph.engine import Engine
from graph.habits import store
from graph.queries import Statement
from graph.retaining import Retainer
from graph.standings import Standings
from signals.archive import KeptStanding, Record, Salt, packed, unpacked
from signals.content import Registration
from signals.errors import InvalidCursor
from signals.events import ContentRef, Event
from signals.habits import Habits
from signals.outcomes import IdConflict, InvalidInput, Refused, RefusedBecause, Tracked
from signals.retention import Retention, Rule
from signals.standing import Declaration
from tests import engines
from tests.contract.stage import Stage, staged
from tests.contract.test_same_graph import graph
from tests.factories import POST, RECEIVED, VOCABULARY, at, did, met, visited
from tests.reads import play, same
from tests.strategies import Step, arrangements

EXAMPLES = int(os.environ.get("SOCIOGRAPH_TEST_EXAMPLES", "6"))
"""How many histories each test tries; a few are enough for every day."""

LOG = Statement(
    "log",
    """// Everything that is not derived.
    MATCH (e:Event) RETURN 'event ' + e.id AS key, properties(e) AS node
    UNION ALL
    MATCH (c:Content) WHERE c.registered = true
    RETURN 'content ' + c.key AS key, {a: c.authorId, at: c.createdAt, tags: c.tags, language: c.language} AS node
    UNION ALL
    MATCH (h:Habits) RETURN 'habits ' + h.id AS key, properties(h) AS node
    UNION ALL
    MATCH (s:Standing) RETURN 'standing ' + s.key AS key, properties(s) AS node
    """,
)


NOTHING = Rule(days=1, keep="nothing")


async def everything(database: Database) -> tuple[dict[str, Any], list[str]]:
    """Log, what was declared and what is derived, by key; and the events' ids in commit order."""
    rows = {row["key"]: dict(row["node"]) for row in await database.read(LOG, timeout=30.0)}
    placed = (node for key, node in rows.items() if key.startswith("event ") and "seq" in node)
    order = sorted((node.pop("seq"), node["id"]) for node in placed)
    return rows | await graph(database), [id for _, id in order]


def archive(database: Database) -> Archivist:
    return Archivist(database, VOCABULARY, Standings(database))


async def taken(database: Database, first: int = 500) -> list[Any]:
    """The whole archive as JSON that went through a file."""
    found: list[Record] = []
    after: str | None = None
    while True:
        page, after = await archive(database).page(first, after)
        assert len(page) <= first + 1
        found += page
        if after is None:
            return [orjson.loads(orjson.dumps(packed(record))) for record in found]


def read(lines: Sequence[Any]) -> list[Any]:
    return [unpacked(line) for line in lines]


async def put_back(database: Database, lines: Sequence[Any], size: int = 500) -> list[str | None]:
    records = read(lines)
    return [
        why
        for start in range(0, len(records), size)
        for why in await archive(database).restore(records[start : start + size])
    ]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(orders=arrangements(), page=st.sampled_from((1, 3, 500)))
async def test_an_archive_makes_the_same_graph(stage: Stage, orders: tuple[list[Step], list[Step]], page: int) -> None:
    """Twice in a row: what is there already stays as it is."""
    await stage.wipe()
    await play(stage.ports, orders[0])
    await store(stage.database, Habits(repeat=0.25), RECEIVED, 3)
    expected = await everything(stage.database)
    lines = await taken(stage.database, page)
    await stage.wipe()
    for _ in range(2):
        assert set(await put_back(stage.database, lines, page)) == {None}
        found = await everything(stage.database)
        same(expected[0], found[0])
        assert found[1] == expected[1]
    assert await taken(stage.database) == lines


def world() -> list[Event]:
    events = [did(name, user, seconds=n) for n, (name, user) in enumerate([("VIEW", "ann"), ("LIKE", "bob")] * 3)]
    more = [met("FOLLOW", "ann", "bob", 9), visited("bob", "ann", 10), met("MESSAGE_SENT", "bob", "ann", 11)]
    odd = did("VIEW", "\U0001f600", seconds=5, metadata={"a": [1, 1.0, None, "\u2028"]}, time_zone="Europe/Oslo")
    return [*events, *more, odd]


async def filled(database: Database) -> tuple[dict[str, Any], list[str]]:
    events = world()
    async with staged(database) as stage:
        await stage.writer.record(events)
        await stage.writer.retract(events[0].id, "by mistake", RECEIVED + timedelta(hours=1))
        facts = Registration(content=POST, author_id="cid", created_at=at(-5), tags=("a", "b"), language="pt")
        await stage.writer.register([facts])
        await stage.writer.declare("ann", Declaration(at(20), analytics=False))
        await stage.writer.declare("bob", Declaration(at(21), personalisation=True))
    await store(database, Habits(), RECEIVED, len(events))
    return await everything(database)


@pytest.mark.parametrize("way", ["embedded to neo4j", "neo4j to embedded"])
async def test_from_one_engine_to_another(way: str, embedded_engine: Engine, neo4j_engine: Engine) -> None:
    start, end = (embedded_engine, neo4j_engine) if way.startswith("embedded") else (neo4j_engine, embedded_engine)
    async with connect(start.uri, start.auth, start.database) as ours, connect(end.uri, end.auth, end.database) as new:
        for database in (ours, new):
            await migrate(database)
            await engines.wipe(database)
        expected = await filled(ours)
        assert set(await put_back(new, await taken(ours), 7)) == {None}
        found = await everything(new)
    same(expected[0], found[0])
    assert found[1] == expected[1]


async def test_what_has_expired_is_put_back_as_it_was_left(stage: Stage) -> None:
    """And its ids stay taken: the same again is a duplicate, other facts are a conflict."""
    events = world()
    assert {type(outcome) for outcome in await stage.writer.record(events)} == {Tracked}
    await stage.writer.retract(events[-1].id, "by mistake", RECEIVED)
    table = Retention(default=Rule(days=1, keep="aggregates"), categories={}, types={"social:follow": NOTHING})
    await Retainer(stage.database, stage.writer, VOCABULARY, table).run(RECEIVED)
    expected = await everything(stage.database)
    lines = await taken(stage.database, 2)
    assert sum("husk" in line for line in lines) == 1
    await stage.wipe()
    for size in (3, 500):
        assert set(await put_back(stage.database, lines, size)) == {None}
        found = await everything(stage.database)
        same(expected[0], found[0])
        assert found[1] == expected[1]
    assert all(isinstance(outcome, Tracked) and outcome.duplicate for outcome in await stage.writer.record(events))
    others = [replace(event, duration_ms=1) for event in events]
    assert Counter(map(type, await stage.writer.record(others))) == {IdConflict: len(events) - 1, InvalidInput: 1}
    forged = [line | {kind: each | {"fingerprint": "1"}} for line in lines for kind, each in line.items()]
    assert set(await put_back(stage.database, [line for line in forged if "habits" not in line])) == {TAKEN}


async def test_ids_that_engines_sort_in_two_ways_are_all_found(stage: Stage) -> None:
    """By code point and by UTF-16 unit."""
    odd = [
        "a",
        "b\ufffd",
        "b\ufffd1",
        "b\U0001f600",
        "b\U0001f6001",
        "\ufffd",
        "\ufffd\U0001f600",
        "\U0001f600",
        "\ue000",
    ]
    contents = [Registration(content=ContentRef("POST", id)) for id in odd]
    await stage.writer.register(contents)
    for size in (1, 2, 3, 500):
        found = [unpacked(line) for line in await taken(stage.database, size)]
        assert sorted(each.content.id for each in found if isinstance(each, Registration)) == sorted(odd)


async def test_who_objected_is_recorded_as_far_as_they_were_and_no_further(stage: Stage) -> None:
    await filled(stage.database)
    lines = await taken(stage.database)
    await stage.wipe()
    assert set(await put_back(stage.database, lines)) == {None}
    [outcome] = await stage.writer.record([did("LIKE", "ann")])
    assert outcome == Refused(RefusedBecause.NO_CONSENT)


async def test_who_was_erased_does_not_come_back(stage: Stage) -> None:
    await filled(stage.database)
    lines = await taken(stage.database)
    await stage.wipe()
    async with stage.database.transaction() as tx:
        await Standings(stage.database).erase(tx, "ann", RECEIVED)
    whys = await put_back(stage.database, [line for line in lines if "event" in line])
    refused = [why for why in whys if why is not None]
    assert set(refused) == {Refused(RefusedBecause.ERASED).message}
    assert {event.user_id for event in await stage.recorded()} == {"bob", "\U0001f600"}
    assert all(event.target_user_id is None for event in await stage.recorded())


async def test_what_was_decided_since_holds(stage: Stage) -> None:
    """An erasure above all: no older archive lifts it."""
    await filled(stage.database)
    lines = await taken(stage.database)
    await stage.writer.declare("bob", Declaration(at(30), analytics=False))
    async with stage.database.transaction() as tx:
        await Standings(stage.database).erase(tx, "ann", RECEIVED)
    await stage.writer.register([Registration(content=POST, author_id="dan", tags=("c",))])
    expected = await everything(stage.database)
    assert set(await put_back(stage.database, lines)) == {None}
    same(expected[0], (await everything(stage.database))[0])


async def test_keys_of_another_salt_would_mean_nobody(stage: Stage) -> None:
    await filled(stage.database)
    lines = [{"salt": "ab" * 32}, *(await taken(stage.database))[1:]]
    whys = await put_back(stage.database, lines)
    assert [why for line, why in zip(lines, whys, strict=True) if "standing" in line] == [OTHER_SALT] * 2
    assert whys[0] == OTHER_SALT
    await stage.wipe()
    assert (await put_back(stage.database, lines))[0] is None
    assert (await taken(stage.database))[0] == {"salt": "ab" * 32}


async def test_other_facts_under_an_id_are_told(stage: Stage) -> None:
    event = did("LIKE", "ann")
    await stage.writer.record([event])
    [why] = await archive(stage.database).restore([replace(event, user_id="bob")])
    assert why is not None
    assert event.id in why


async def test_events_that_come_meanwhile_are_left_to_the_next_archive(stage: Stage) -> None:
    await stage.writer.record([did("LIKE", "ann", seconds=n) for n in range(5)])
    first, after = await archive(stage.database).page(2, "events:0:")
    await stage.writer.record([did("LIKE", "bob")])
    found = [*first]
    while after is not None and after.startswith("events"):
        page, after = await archive(stage.database).page(2, after)
        found += page
    assert [event.user_id for event in found if isinstance(event, Event)] == ["ann"] * 5


@pytest.mark.parametrize("cursor", ["", "events", "events:1", "other:0:", "events:x:", "events:0:x", "habits:0:x"])
async def test_a_cursor_of_somebody_else_is_refused(stage: Stage, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        await archive(stage.database).page(2, cursor)


async def test_a_salt_stands_before_what_was_declared(stage: Stage) -> None:
    await stage.writer.declare("ann", Declaration(at(20), analytics=False))
    records, _ = await archive(stage.database).page(1, None)
    assert [type(record) for record in records] == [Salt, KeptStanding]
