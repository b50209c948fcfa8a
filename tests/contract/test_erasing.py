"""A person is erased: the graph is the one without them, property by property, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
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
from graph.erasing import Eraser
from graph.queries import Statement
from graph.standings import Standings
from signals import whole_days
from signals.erasure import Certificate
from tests.contract.stage import Stage
from tests.contract.test_removing import SLOW, mentioned, tiny, whole, without
from tests.factories import RECEIVED, VOCABULARY
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


def numbers(certificate: Certificate) -> dict[str, Any]:
    return {**asdict(certificate.removed), "authorships": certificate.authorships, "keys": certificate.api_keys}


async def foreseen(stage: Stage, person: str) -> Certificate:
    """The dry run, which changes nothing."""
    before = await texts(stage.database)
    async with eraser_of(stage) as eraser:
        found = await eraser.foresee(person, RECEIVED)
    assert sorted(await texts(stage.database)) == sorted(before)
    return found
