"""The writer's queue, group commit, bisection, retries and deadline, over a database that only counts and fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from neo4j.exceptions import ClientError, Neo4jError, ServiceUnavailable, TransientError
from structlog.testing import capture_logs

from graph.driver import Database
from graph.meter import Meter, Unmetered
from graph.queries import Statement
from graph.writer import Writer
from signals.content import Registration
from signals.events import Event
from signals.outcomes import InvalidInput, Overloaded, Tracked
from signals.standing import Declaration
from tests.factories import POST, VOCABULARY, at, did

Failure = Callable[[list[str]], Exception | None]


def never(_ids: list[str]) -> None:
    return None


class Stub:
    """Stands where a ``Database`` does: an empty graph, ``failure`` decides about each write of event ids."""

    def __init__(self, failure: Failure = never) -> None:
        self.failure = failure
        self.commits: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.full = False
        self.broken: Exception | None = None
        self.meter: Meter = Unmetered()

    @asynccontextmanager
    async def transaction(self, *, timeout: float) -> AsyncIterator[Stub]:
        async with asyncio.timeout(timeout):
            await self.gate.wait()
            if self.broken:
                raise self.broken
            yield self

    async def run(self, statement: Statement, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        if statement.name == "lock" and self.full:
            raise failing(COMMIT)
        if statement.name == "record_read":
            return [{"kind": "value", "rows": [0]}]
        if statement.name == "standing_salt":
            return [{"salt": "00"}]
        if statement.name == "record_write":
            ids = [row["id"] for row in (parameters or {})["p"]["events"]]
            error = self.failure(ids)
            if error is not None:
                raise error
            self.commits.append(len(ids))
        return []


@asynccontextmanager
async def writing(stub: Stub, **options: Any) -> AsyncIterator[Writer]:
    writer = Writer(cast("Database", stub), VOCABULARY, **options)
    await writer.start()
    try:
        yield writer
    finally:
        stub.gate.set()
        await writer.stop()


def events(count: int, prefix: str = "e") -> list[Event]:
    return [did("VIEW", "ann", id=f"{prefix}{n}") for n in range(count)]


WRITES: dict[str, Callable[[Writer], Awaitable[object]]] = {
    "retract": lambda writer: writer.retract("e0", None, at(0)),
    "register": lambda writer: writer.register([Registration(content=POST)]),
    "declare": lambda writer: writer.declare("ann", Declaration(at(0), analytics=True)),
}


class Broken(Unmetered):
    """A meter that does what no meter may."""

    def wrote(self, events: int, seconds: float) -> None:
        raise RuntimeError(f"{events} events in {seconds} s")


async def test_the_writer_goes_on_whatever_else_breaks() -> None:
    stub = Stub()
    stub.meter = Broken()
    with capture_logs() as logs:
        async with writing(stub) as writer:
            answers = [await writer.record([event]) for event in events(3)]
    assert [type(outcome) for [outcome] in answers] == [Tracked] * 3
    assert [entry["log_level"] for entry in logs] == ["error"] * 3


async def test_concurrent_requests_share_a_transaction() -> None:
    stub = Stub()
    async with writing(stub) as writer:
        answers = await asyncio.gather(*(writer.record([event]) for event in events(100)))
    assert all(isinstance(outcome, Tracked) for [outcome] in answers)
    assert sum(stub.commits) == 100
    assert len(stub.commits) <= 2


async def test_a_transaction_is_never_larger_than_the_limit() -> None:
    stub = Stub()
    async with writing(stub, batch_limit=10) as writer:
        await asyncio.gather(*(writer.record(events(4, f"r{n}-")) for n in range(6)))
    assert max(stub.commits) <= 10


@pytest.mark.parametrize("poisonous", [{"e0"}, {"e5"}, {"e2", "e6"}])
async def test_poison_fails_alone(poisonous: set[str]) -> None:
    def refuse(ids: list[str]) -> Exception | None:
        return ClientError("refused") if poisonous & set(ids) else None

    async with writing(Stub(refuse)) as writer:
        outcomes = await writer.record(events(7))
    refused = {f"e{n}" for n, outcome in enumerate(outcomes) if isinstance(outcome, InvalidInput)}
    assert refused == poisonous
    assert sum(isinstance(outcome, Tracked) for outcome in outcomes) == 7 - len(poisonous)


def failing(code: str) -> Neo4jError:
    return Neo4jError._hydrate_neo4j(code=code, message="it failed")


COMMIT = "Neo.ClientError.Transaction.TransactionNotFound"
GENERAL = "Neo.DatabaseError.General.UnknownError"


@pytest.mark.parametrize("code", [COMMIT, GENERAL])
async def test_a_database_that_fails_at_everything_calls_no_event_wrong(code: str) -> None:
    stub = Stub(lambda _ids: failing(code))
    stub.full = True
    with capture_logs() as logs:
        async with writing(stub) as writer:
            outcomes = await writer.record(events(7))
    assert [type(outcome) for outcome in outcomes] == [Overloaded] * 7
    assert len(logs) <= 3, "what fails is told once, not once per event"


@pytest.mark.parametrize(("code", "expected"), [(COMMIT, Overloaded), (GENERAL, InvalidInput)])
async def test_only_an_event_whose_statement_fails_is_called_wrong(code: str, expected: type) -> None:
    async with writing(Stub(lambda ids: failing(code) if "e2" in ids else None)) as writer:
        outcomes = await writer.record(events(4))
    assert [type(outcome) for outcome in outcomes] == [Tracked, Tracked, expected, Tracked]


@pytest.mark.parametrize("write", WRITES)
async def test_a_database_that_fails_makes_every_write_come_back_later(write: str) -> None:
    stub = Stub()
    stub.broken = failing(COMMIT)
    async with writing(stub) as writer:
        assert isinstance(await WRITES[write](writer), Overloaded)


async def test_a_transient_error_is_tried_again() -> None:
    failures = iter([TransientError("deadlock"), TransientError("deadlock")])
    async with writing(Stub(lambda _ids: next(failures, None))) as writer:
        [outcome] = await writer.record(events(1))
    assert isinstance(outcome, Tracked)


async def test_a_database_that_is_gone_is_answered_within_the_deadline() -> None:
    async with writing(Stub(lambda _ids: ServiceUnavailable("gone")), deadline=0.2) as writer:
        async with asyncio.timeout(5):
            outcomes = await writer.record(events(3))
    assert all(isinstance(outcome, Overloaded) and outcome.retry_after_ms > 0 for outcome in outcomes)


async def test_a_database_that_hangs_is_answered_within_the_deadline() -> None:
    stub = Stub()
    stub.gate.clear()
    async with writing(stub, deadline=0.1) as writer:
        async with asyncio.timeout(5):
            first, second = await asyncio.gather(writer.record(events(1, "a")), writer.record(events(1, "b")))
    assert isinstance(first[0], Overloaded)
    assert isinstance(second[0], Overloaded)


async def test_what_has_begun_goes_on_after_the_deadline_and_is_found_done() -> None:
    stub = Stub()
    stub.gate.clear()
    async with writing(stub, deadline=0.1, patience=30.0) as writer:
        [first] = await writer.record(events(1))
        assert isinstance(first, Overloaded)
        assert first.retry_after_ms >= 100, "no sooner than what is under way has taken"
        stub.gate.set()
    assert stub.commits == [1]


async def test_what_waits_past_its_deadline_is_forgotten() -> None:
    stub = Stub()
    stub.gate.clear()
    async with writing(stub, deadline=0.2, patience=30.0) as writer:
        under_way = asyncio.create_task(writer.record(events(1, "a")))
        await asyncio.sleep(0)
        late = await asyncio.gather(*(writer.record(events(5, f"b{n}")) for n in range(10)))
        assert all(isinstance(outcome, Overloaded) for outcomes in late for outcome in outcomes)
        await under_way
        assert writer.waiting == 0
    assert stub.commits == [1], "nobody waits for the others, and whoever sends them again must not wait for them"


@pytest.mark.parametrize("write", WRITES)
async def test_every_write_has_the_deadline_also_while_it_waits_for_its_turn(write: str) -> None:
    stub = Stub()
    stub.gate.clear()
    async with writing(stub, deadline=0.1, patience=30.0) as writer:
        async with asyncio.timeout(5):
            first, second = await asyncio.gather(WRITES[write](writer), WRITES[write](writer))
    assert isinstance(first, Overloaded)
    assert isinstance(second, Overloaded)


async def test_stopping_ends_while_the_database_hangs() -> None:
    stub = Stub()
    stub.gate.clear()
    writer = Writer(cast("Database", stub), VOCABULARY, deadline=0.1, patience=0.3)
    await writer.start()
    answers = [asyncio.create_task(writer.record(events(1, f"r{n}"))) for n in range(20)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await writer.stop()
        assert all(isinstance(outcome, Overloaded) for [outcome] in await asyncio.gather(*answers))


async def test_a_full_queue_answers_at_once_with_a_wait() -> None:
    stub = Stub()
    stub.gate.clear()
    async with writing(stub, capacity=5) as writer:
        first = asyncio.create_task(writer.record(events(1, "a")))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(writer.record(events(5, "b")))
        await asyncio.sleep(0)
        assert writer.waiting == 5
        refused = await writer.record(events(1, "c"))
        stub.gate.set()
        assert all(isinstance(outcome, Tracked) for outcome in [*await first, *await waiting])
    assert isinstance(refused[0], Overloaded)


async def test_stopping_writes_what_is_queued() -> None:
    stub = Stub()
    async with writing(stub) as writer:
        answer = asyncio.create_task(writer.record(events(3)))
        await asyncio.sleep(0)
    assert all(isinstance(outcome, Tracked) for outcome in await answer)


async def test_after_stopping_nothing_is_taken() -> None:
    async with writing(Stub()) as writer:
        pass
    assert isinstance((await writer.record(events(1)))[0], Overloaded)
