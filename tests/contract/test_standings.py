"""What was declared about people decides what is recorded of them, on every engine and for every process."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from graph.driver import Database
from graph.engine import Engine
from graph.queries import Statement
from graph.standings import Standings
from graph.writer import Writer
from signals.events import Event
from signals.outcomes import IdConflict, Refused, RefusedBecause, Tracked
from signals.standing import UNKNOWN, Declaration, Standing
from tests.contract.stage import Stage, connected, ids, staged
from tests.contract.test_same_graph import graph
from tests.factories import RECEIVED, VOCABULARY, again, at, did, met, visited

OBJECTS = Declaration(at(0), analytics=False)
AGREES = Declaration(at(0), analytics=True)
NO_CONSENT, ERASED = Refused(RefusedBecause.NO_CONSENT), Refused(RefusedBecause.ERASED)

NODES = Statement("nodes", "// Everything declared.\nMATCH (s:Standing) RETURN properties(s) AS node")
SALTS = Statement("salts", "// The salt.\nMATCH (s:Schema) RETURN s.salt AS salt")


async def erase(database: Database, user_id: str) -> None:
    async with database.transaction() as tx:
        await Standings(database).erase(tx, user_id, at(9))


async def outcome(stage: Stage, event: Event) -> object:
    [found] = await stage.writer.record([event])
    return found


async def test_whoever_objected_is_not_recorded(stage: Stage) -> None:
    before = await graph(stage.database)
    assert await stage.writer.declare("ann", OBJECTS) == Standing(analytics=False, declared=(OBJECTS,))
    for event in (did("LIKE", "ann"), met("FOLLOW", "ann", "bob"), visited("ann", "bob")):
        assert await outcome(stage, event) == NO_CONSENT
    assert await graph(stage.database) == before
    assert await stage.recorded() == []


async def test_others_do_things_towards_whoever_objected(stage: Stage) -> None:
    await stage.writer.declare("ann", OBJECTS)
    assert isinstance(await outcome(stage, met("FOLLOW", "bob", "ann")), Tracked)


async def test_one_refused_event_keeps_no_other_back(stage: Stage) -> None:
    await stage.writer.declare("ann", OBJECTS)
    events = [did("LIKE", "ann"), did("LIKE", "bob"), met("FOLLOW", "ann", "bob"), met("FOLLOW", "bob", "ann")]
    outcomes = await stage.writer.record(events)
    assert [type(found) for found in outcomes] == [Refused, Tracked, Refused, Tracked]
    assert ids(await stage.consistent()) == ids([events[1], events[3]])


async def test_an_id_refused_is_free(stage: Stage) -> None:
    await stage.writer.declare("ann", OBJECTS)
    mine = did("LIKE", "ann")
    theirs = replace(mine, user_id="bob")
    assert [type(found) for found in await stage.writer.record([mine, theirs, mine])] == [Refused, Tracked, IdConflict]


async def test_what_was_recorded_before_is_still_a_duplicate(stage: Stage) -> None:
    event = did("LIKE", "ann")
    await stage.writer.record([event])
    await stage.writer.declare("ann", OBJECTS)
    assert await outcome(stage, again(event)) == Tracked(event, duplicate=True)
    assert isinstance(await outcome(stage, replace(event, user_id="bob")), IdConflict)


async def test_whoever_agrees_again_is_recorded_again(stage: Stage) -> None:
    await stage.writer.declare("ann", OBJECTS)
    assert await outcome(stage, did("LIKE", "ann")) == NO_CONSENT
    standing = await stage.writer.declare("ann", replace(AGREES, at=at(1)))
    assert isinstance(standing, Standing)
    assert standing.declared == (OBJECTS, replace(AGREES, at=at(1)))
    assert isinstance(await outcome(stage, did("LIKE", "ann")), Tracked)


async def test_where_consent_is_required_only_who_agreed_is_recorded(database: Database) -> None:
    writer = Writer(database, VOCABULARY, standings=Standings(database, required=True), deadline=30.0)
    await writer.start()
    try:
        assert await writer.record([did("LIKE", "ann")]) == [NO_CONSENT]
        await writer.declare("ann", Declaration(at(0), personalisation=True))
        assert await writer.record([did("LIKE", "ann")]) == [NO_CONSENT]
        await writer.declare("ann", AGREES)
        assert [type(o) for o in await writer.record([did("LIKE", "ann"), met("FOLLOW", "ann", "bob")])] == [
            Tracked
        ] * 2
        assert await writer.record([met("FOLLOW", "bob", "ann")]) == [NO_CONSENT]
    finally:
        await writer.stop()


async def test_nothing_is_recorded_of_whoever_was_erased_nor_towards_them(stage: Stage) -> None:
    await stage.writer.declare("ann", AGREES)
    await erase(stage.database, "ann")
    for event in (did("LIKE", "ann"), met("FOLLOW", "ann", "bob"), met("FOLLOW", "bob", "ann"), visited("bob", "ann")):
        assert await outcome(stage, event) == ERASED
    await erase(stage.database, "ann")
    assert await Standings(stage.database).read(["bob", "ann"]) == [UNKNOWN, Standing(True, None, (AGREES,), at(9))]
    async with stage.database.transaction() as tx:
        await Standings(stage.database).readmit(tx, "ann")
    assert isinstance(await outcome(stage, did("LIKE", "ann")), Tracked)


async def test_no_id_is_kept_in_the_clear(stage: Stage) -> None:
    await stage.writer.declare("ann", OBJECTS)
    await erase(stage.database, "ann")
    [row] = await stage.database.read(NODES)
    assert row["node"].keys() == {"key", "analytics", "declared", "erasedAt"}
    assert len(row["node"]["key"]) == 64
    assert "ann" not in str(row["node"])


async def test_a_process_that_starts_later_knows_people_by_the_same_keys(engine: Engine, database: Database) -> None:
    async with staged(database) as one:
        await one.writer.declare("ann", OBJECTS)
    async with connected(engine) as other:
        assert await outcome(other, did("LIKE", "ann")) == NO_CONSENT
    [salt] = [row["salt"] for row in await database.read(SALTS)]
    assert len(bytes.fromhex(salt)) == 32


async def test_an_objection_holds_at_once_for_every_process(engine: Engine, database: Database) -> None:
    """Two writers record for the same people; of what is sent after the answer, nothing is taken by either."""
    async with staged(database) as one, connected(engine) as other:
        for n in range(10):
            person = f"person-{n}"
            early = [did("VIEW", person, seconds=k) for k in range(8)]
            telling = [asyncio.create_task(w.writer.record([e])) for e in early for w in (one, other)]
            standing = await (one, other)[n % 2].writer.declare(person, Declaration(RECEIVED, analytics=False))
            assert isinstance(standing, Standing)
            late = await asyncio.gather(*(w.writer.record([did("VIEW", person)]) for w in (one, other)))
            assert late == [[NO_CONSENT], [NO_CONSENT]]
            outcomes = [found for [found] in await asyncio.gather(*telling)]
            recorded = {found.event.id for found in outcomes if isinstance(found, Tracked)}
            kept = ids(await one.ports.events.recent(person, 50, 0))
            assert kept == recorded
        await one.consistent()


async def test_declarations_of_two_processes_are_all_kept(engine: Engine, database: Database) -> None:
    async with staged(database) as one, connected(engine) as other:
        said = [Declaration(at(n), analytics=n % 2 == 0, personalisation=n % 3 == 0) for n in range(12)]
        await asyncio.gather(*((one, other)[n % 2].writer.declare("ann", each) for n, each in enumerate(said)))
        [standing] = await Standings(database).read(["ann"])
        now: tuple[bool | None, bool | None] = (None, None)
        for each in standing.declared:
            assert (each.analytics, each.personalisation) != now
            now = (each.analytics, each.personalisation)
        assert now == (standing.analytics, standing.personalisation)
        assert len(await database.read(NODES)) == 1
