"""The list of whom rankings are not to reckon with, on every engine and for every process."""

from __future__ import annotations

import asyncio

from graph.archive import Archivist
from graph.consents import ConsentBook
from graph.driver import Database
from graph.engine import Engine
from graph.nodes import NodeReader
from graph.queries import Statement
from graph.quiet import EVERY_S, QuietPeople
from graph.standings import Standings
from resolvers.discretion import seen_by
from resolvers.feed import feed_signals
from resolvers.standpoint import Standpoint
from signals.archive import Objection, Record, packed, unpacked
from signals.outcomes import InvalidInput
from signals.standing import Declaration, Standing
from signals.weights import standard
from tests.contract.stage import Stage, connected, staged
from tests.factories import POST, VOCABULARY, at, did, met

OFF = Declaration(at(0), personalisation=False)
ON = Declaration(at(1), personalisation=True)
LIST = Statement("list", "// The whole list.\nMATCH (q:Quiet) RETURN q.id AS id, q.quiet AS quiet")


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def listed(database: Database) -> dict[str, bool]:
    return {row["id"]: row["quiet"] for row in await database.read(LIST)}


async def test_who_objects_is_on_the_list_until_they_agree(stage: Stage) -> None:
    people = QuietPeople(stage.database)
    book = ConsentBook(stage.writer, Standings(stage.database), people)
    assert await people.quiet() == set()
    for name in ("ann", "bob"):
        assert isinstance(await book.declare(name, OFF), Standing)
    assert await people.quiet() == {"ann", "bob"}
    await book.declare("ann", ON)
    assert await people.quiet() == {"bob"}
    await book.declare("ann", OFF)
    await book.declare("cat", Declaration(at(0), analytics=False))
    assert await people.quiet() == {"ann", "bob"}
    assert await QuietPeople(stage.database).quiet() == {"ann", "bob"}
    assert await listed(stage.database) == {"ann": True, "bob": True}


async def test_what_is_known_is_asked_again_after_a_second(stage: Stage) -> None:
    clock = Clock()
    people = QuietPeople(stage.database, clock)
    assert await people.quiet() == set()
    await stage.writer.declare("ann", OFF)
    assert await people.quiet() == set()
    clock.now = EVERY_S
    assert await people.quiet() == {"ann"}


async def test_another_process_knows_within_a_second(engine: Engine, database: Database) -> None:
    async with staged(database), connected(engine) as other:
        here = QuietPeople(database)
        there = ConsentBook(other.writer, Standings(other.database), QuietPeople(other.database))
        assert await here.quiet() == set()
        await asyncio.gather(*(there.declare(f"person-{n}", OFF) for n in range(20)))
        await asyncio.sleep(EVERY_S)
        assert len(await here.quiet()) == 20


async def test_an_id_is_not_kept_of_whoever_is_erased(stage: Stage) -> None:
    await stage.writer.declare("ann", OFF)
    standings = Standings(stage.database)
    async with stage.database.transaction() as tx:
        await standings.erase(tx, "ann", at(5))
    assert await listed(stage.database) == {}
    await stage.writer.declare("ann", Declaration(at(6), analytics=False))
    assert await listed(stage.database) == {}
    async with stage.database.transaction() as tx:
        await standings.readmit(tx, "ann")
    assert await listed(stage.database) == {"ann": True}


async def test_an_archive_keeps_the_list(stage: Stage) -> None:
    archivist = Archivist(stage.database, VOCABULARY, Standings(stage.database))
    for n in range(5):
        await stage.writer.declare(f"person-{n}", OFF)
    await stage.writer.declare("person-1", ON)
    records: list[Record] = []
    after: str | None = None
    while True:
        page, after = await archivist.page(2, after)
        records += page
        if after is None:
            break
    assert sum(isinstance(record, Objection) for record in records) == 4
    await stage.wipe()
    again = [unpacked(packed(record)) for record in records]
    assert await archivist.restore([r for r in again if not isinstance(r, InvalidInput)]) == [None] * len(records)
    assert await QuietPeople(stage.database).quiet() == {f"person-{n}" for n in (0, 2, 3, 4)}
    assert (await Standings(stage.database).read(["person-0"]))[0].personalisation is False


async def test_a_page_is_made_without_them(stage: Stage) -> None:
    people = QuietPeople(stage.database)
    book = ConsentBook(stage.writer, Standings(stage.database), people)
    await stage.writer.record(
        [
            *(met("MESSAGE_SENT", "ann", friend, n) for n, friend in enumerate(("bob", "cat"))),
            *(met("MESSAGE_SENT", friend, "ann", n) for n, friend in enumerate(("bob", "cat"))),
            *(did("LIKE", friend, POST, 10) for friend in ("bob", "cat")),
        ]
    )
    here = Standpoint(NodeReader(stage.database, VOCABULARY), standard(), VOCABULARY, at(60))

    async def proof(viewer: str, standpoint: Standpoint = here) -> set[str]:
        seen = seen_by(standpoint, await people.quiet(), viewer)
        [row] = (await feed_signals(seen, viewer, [POST])).candidates
        return {witness.user_id for witness in row.social_proof.witnesses}

    assert await proof("ann") == {"bob", "cat"}
    await book.declare("bob", OFF)
    assert await proof("ann") == {"cat"}
    assert await proof("ann", here.back(at(59), None)) == {"cat"}
    await book.declare("ann", OFF)
    assert await proof("ann") == set()
    await book.declare("ann", ON)
    await book.declare("bob", ON)
    assert await proof("ann") == {"bob", "cat"}
