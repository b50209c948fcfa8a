"""A person is erased: the graph is the one without them, property by property, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import erasing, recording
from graph.driver import Database
from graph.engine import Engine
from graph.erasing import Eraser
from graph.queries import Statement
from graph.standings import Standings
from signals import whole_days
from signals.content import Registration
from signals.erasure import Certificate
from signals.outcomes import Refused, RefusedBecause, Tracked
from signals.slots import token
from tests.contract.stage import Stage
from tests.contract.test_removing import SLOW, mentioned, tiny, whole, without
from tests.factories import POST, RECEIVED, VOCABULARY, busy, did, met
from tests.reads import play, same
from tests.strategies import USERS, Record, Register, Step, arrangements

__all__ = ["tiny"]

LONG_S = 60.0
STRINGS = Statement(
    "strings",
    """// Every text there is, but for the salt.
    MATCH (n) WHERE NOT n:Schema RETURN labels(n)[0] AS kind, properties(n) AS values
    UNION ALL
    MATCH ()-[r]->() RETURN type(r) AS kind, properties(r) AS values""",
)


class NoAudits:
    """Nobody read anything about anybody."""

    async def forget(self, *_: object) -> int:
        return 0


@asynccontextmanager
async def eraser_of(stage: Stage) -> AsyncIterator[Eraser]:
    eraser = Eraser(
        stage.database, stage.writer, Standings(stage.database), NoAudits(), VOCABULARY, lambda: RECEIVED + DAY
    )
    await eraser.resume()
    try:
        yield eraser
    finally:
        await eraser.stop()


DAY = timedelta(days=1)


async def erase(stage: Stage, user_id: str) -> Certificate:
    async with eraser_of(stage) as eraser:
        return await eraser.erase(user_id, RECEIVED, LONG_S)


def of_person(steps: Iterable[Step], user_id: str) -> set[str]:
    """The ids of the events that somebody did or was the target of."""
    events = [event for step in steps if isinstance(step, Record) for event in step.events]
    return {event.id for event in events if user_id in (event.user_id, event.target_user_id)}


def unwritten(steps: Iterable[Step], user_id: str) -> list[Step]:
    """The same history, had nobody ever called this person an author whom the last word on it does."""
    last = {
        r.content: r.author_id
        for step in steps
        if isinstance(step, Register)
        for r in step.registrations
        if r.author_id
    }
    return [
        Register(
            tuple(
                replace(r, author_id=None if last.get(r.content) == user_id else r.author_id)
                for r in step.registrations
            )
        )
        if isinstance(step, Register)
        else step
        for step in steps
    ]


async def texts(database: Database) -> list[str]:
    """Every text in the database, with where it stands."""
    rows = await database.read(STRINGS)
    return [
        f"{row['kind']}.{name}: {value}" for row in rows for name, value in row["values"].items() if value is not None
    ]


@SLOW
@given(
    orders=arrangements(),
    person=st.sampled_from(USERS),
    size=st.sampled_from((1, 3, 100)),
    long=st.sampled_from((0, 60, 800)),
    segment=st.sampled_from((1, 300, 16_384)),
    later=st.integers(0, 6),
)
async def test_the_graph_is_the_one_without_the_person(
    stage: Stage,
    tiny: pytest.MonkeyPatch,
    orders: tuple[list[Step], list[Step]],
    person: str,
    size: int,
    long: int,
    segment: int,
    later: int,
) -> None:
    """``later``: so many steps of the history come while the erasure goes on, of whomever they are."""
    tiny.setattr(whole_days, "SEGMENT", segment)
    tiny.setattr(recording, "LONG", long)
    tiny.setattr(erasing, "AT_ONCE", size)
    steps, others = orders
    first, rest = steps[: len(steps) - later], steps[len(steps) - later :]
    await stage.wipe()
    await play(stage.ports, first)
    expected = await foreseen(stage, person)
    certificate, _ = await asyncio.gather(erase(stage, person), play(stage.ports, rest))
    left = await whole(stage.database, mentioned(steps))
    assert certificate.finished_at == RECEIVED + DAY
    if not rest:
        assert numbers(certificate) == numbers(expected)
    await stage.wipe()
    await play(stage.ports, unwritten(without(others, of_person(others, person)), person))
    same(await whole(stage.database, mentioned(steps)), left)


async def test_nothing_names_the_person(stage: Stage, tiny: pytest.MonkeyPatch) -> None:
    """No id, no token of it, no session of it: on no node and no relationship, not in the log of slots."""
    tiny.setattr(whole_days, "SEGMENT", 300)
    other = [did("VIEW", "bob", POST, n * 9000, session_id="shared") for n in range(20)]
    await stage.ports.recorder.record(other[:10])
    for n in range(12):
        told = [
            did("VIEW", "zelda", POST, n * 9000, session_id="zelda-alone"),
            did("LIKE", "zelda", POST, n * 9000 + 1, session_id="shared"),
            met("MESSAGE_SENT", "bob", "zelda", n * 9000 + 2),
            met("CONNECTION_REQUEST", "zelda", "bob", n * 9000 + 3),
        ]
        await stage.ports.recorder.record(told)
        await stage.ports.recorder.retract(told[0].id, None, RECEIVED)
        await stage.ports.recorder.record([other[10 + n]] if n < 10 else [])
    await stage.ports.recorder.register([Registration(content=POST, author_id="zelda")])
    await erase(stage, "zelda")
    held = await texts(stage.database)
    for name in ("zelda", token("zelda"), token("zelda-alone")):
        assert [text for text in held if name in text] == []
    left = await whole(stage.database)
    await stage.wipe()
    await stage.ports.recorder.record(other)
    await stage.ports.recorder.register([Registration(content=POST)])
    same(await whole(stage.database), left)


@pytest.mark.parametrize("turns", [1, 9, 20])
async def test_what_was_killed_goes_on(stage: Stage, engine: Engine, turns: int) -> None:
    """kill -9 after so many transactions; another process goes on while others record, and counts nothing twice."""
    events = busy(random.Random(5), 90)
    await stage.ports.recorder.record(events)
    for event in events[::7]:
        await stage.ports.recorder.retract(event.id, None, RECEIVED)
    expected = await foreseen(stage, "a")
    await killed(engine, "a", turns)
    [refused] = await stage.ports.recorder.record([did("LIKE", "a")])
    assert isinstance(refused, Refused)
    assert refused.reason is RefusedBecause.ERASED
    later = [event for event in busy(random.Random(6), 30) if "a" not in (event.user_id, event.target_user_id)]
    async with eraser_of(stage) as eraser:
        await asyncio.gather(*(stage.ports.recorder.record([event]) for event in later))
        certificate = await eraser.erase("a", RECEIVED + DAY, LONG_S)
        assert await eraser.certificates("a", 5) == [certificate]
    assert certificate.finished_at is not None
    assert certificate.requested_at == RECEIVED
    assert certificate.removed.events == expected.removed.events
    assert certificate.removed.retracted == expected.removed.retracted
    left = await whole(stage.database, "bc")
    await stage.wipe()
    others = [event for event in events if "a" not in (event.user_id, event.target_user_id)]
    await stage.ports.recorder.record([*others, *later])
    for event in events[::7]:
        await stage.ports.recorder.retract(event.id, None, RECEIVED)
    same(await whole(stage.database, "bc"), left)


async def killed(engine: Engine, person: str, turns: int) -> None:
    """An erasure by a process that is killed after so many transactions; it may be done by then."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.crashing_erasure", stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = {"uri": engine.uri, "auth": engine.auth, "database": engine.database, "person": person}
    process.stdin.write(json.dumps(told).encode() + b"\n")
    async with asyncio.timeout(LONG_S):
        said = 0
        while said < turns and (line := await process.stdout.readline()):
            said += line == b"turn\n"
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def test_two_processes_at_it_do_it_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE", 4)
    await stage.ports.recorder.record(busy(random.Random(7), 60))
    expected = await foreseen(stage, "b")
    async with eraser_of(stage) as one, eraser_of(stage) as two:
        certificates = await asyncio.gather(
            one.erase("b", RECEIVED, LONG_S), two.erase("b", RECEIVED + DAY, LONG_S), one.foresee("b", RECEIVED)
        )
    assert certificates[0].id == certificates[1].id
    assert numbers(certificates[1]) == numbers(expected)


async def test_stopped_by_an_orderly_end_it_is_resumed_at_the_next_start(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE", 2)
    await stage.ports.recorder.record(busy(random.Random(8), 60))
    async with eraser_of(stage) as eraser:
        begun = await eraser.erase("a", RECEIVED, 0.0)
        assert begun.finished_at is None
        assert not await eraser.lift("a")
    async with eraser_of(stage) as eraser:
        for _ in range(600):
            [certificate] = await eraser.certificates("a", 1)
            if certificate.finished_at is not None:
                break
            await asyncio.sleep(0.1)
        assert certificate.finished_at is not None
        assert [text for text in await texts(stage.database) if "userId" in text] == []
        assert await eraser.lift("a")
    [outcome] = await stage.ports.recorder.record([did("LIKE", "a")])
    assert isinstance(outcome, Tracked)


def numbers(certificate: Certificate) -> dict[str, Any]:
    return {**asdict(certificate.removed), "authorships": certificate.authorships, "keys": certificate.api_keys}


async def foreseen(stage: Stage, person: str) -> Certificate:
    """The dry run, which changes nothing."""
    before = await texts(stage.database)
    async with eraser_of(stage) as eraser:
        found = await eraser.foresee(person, RECEIVED)
    assert sorted(await texts(stage.database)) == sorted(before)
    return found
