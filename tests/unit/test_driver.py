"""The driver's wall: which errors are tried again, what callers are told, deadlines and the slow log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from neo4j import AsyncDriver, Record
from neo4j.exceptions import (
    AuthError,
    ClientError,
    IncompleteCommit,
    Neo4jError,
    ResultConsumedError,
    ServiceUnavailable,
    SessionExpired,
)
from structlog.testing import capture_logs

from graph.driver import Database
from graph.errors import is_transient, translate
from graph.queries import Statement
from graph.singles import Outcome, outcome, single
from signals.errors import InvalidCursor, SociographError, Unavailable

ANY = Statement("any", "// Anything.\nRETURN 1")


def record(n: int) -> Record:
    return Record({"n": n})  # type: ignore[no-untyped-call]


def server_error(code: str) -> Neo4jError:
    return Neo4jError._hydrate_neo4j(code=code, message="text")


@pytest.mark.parametrize(
    "error",
    [
        server_error("Neo.TransientError.Transaction.DeadlockDetected"),
        server_error("Neo.ClientError.Schema.ConstraintValidationFailed"),
        server_error("Neo.ClientError.Cluster.NotALeader"),
        ServiceUnavailable("gone"),
        SessionExpired("gone"),
        IncompleteCommit("who knows"),
    ],
)
def test_worth_another_try(error: BaseException) -> None:
    assert is_transient(error)
    assert isinstance(translate(error), Unavailable)


@pytest.mark.parametrize(
    "error",
    [
        server_error("Neo.ClientError.Statement.SyntaxError"),
        server_error("Neo.DatabaseError.General.UnknownError"),
        ClientError("plain"),
        ValueError("ours"),
        TimeoutError(),
    ],
)
def test_not_worth_another_try(error: BaseException) -> None:
    assert not is_transient(error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (AuthError("no"), "user or the password"),
        (TimeoutError(), "in time"),
        (server_error("Neo.ClientError.Transaction.TransactionTimedOut"), "in time"),
        (ServiceUnavailable("gone"), "cannot be reached"),
        (server_error("Neo.ClientError.Database.DatabaseNotFound"), "no database"),
        (ResultConsumedError(cast("Any", None), "used twice"), "refused"),
        (server_error("Neo.DatabaseError.General.UnknownError"), "database failed"),
        (server_error("Neo.ClientError.Transaction.TransactionNotFound"), "database failed"),
    ],
)
def test_what_the_caller_is_told(error: BaseException, words: str) -> None:
    assert words in str(translate(error))


def test_a_refused_statement_is_no_outage() -> None:
    translated = translate(server_error("Neo.ClientError.Statement.SyntaxError"))
    assert type(translated) is SociographError
    assert "text" not in str(translated)


def test_our_own_errors_pass() -> None:
    ours = InvalidCursor()
    assert translate(ours) is ours


@pytest.mark.parametrize(("count", "name"), [(0, Outcome.NONE), (1, Outcome.ONE), (2, Outcome.SEVERAL)])
def test_the_three_outcomes_of_a_single_result(count: int, name: Outcome) -> None:
    records = [record(n) for n in range(count)]
    with capture_logs() as logs:
        found = single(records, ANY)
    assert outcome(records) is name
    assert found == (records[0] if records else None)
    assert [entry["statement"] for entry in logs] == (["any"] if name is Outcome.SEVERAL else [])


def database(seconds: float = 0.0, error: Exception | None = None, slow_ms: float = 500.0) -> Database:
    """A database whose driver takes its time and then answers one record or fails."""

    async def run(*_: object) -> object:
        await asyncio.sleep(seconds)
        if error is not None:
            raise error
        return SimpleNamespace(to_eager_result=read)

    async def read() -> object:
        return SimpleNamespace(records=[record(1)])

    @asynccontextmanager
    async def session(**_: object) -> AsyncIterator[object]:
        yield SimpleNamespace(run=run)

    return Database(cast("AsyncDriver", SimpleNamespace(session=session)), "any", slow_ms=slow_ms)


async def test_a_read_ends_at_its_deadline() -> None:
    with capture_logs() as logs, pytest.raises(Unavailable, match="in time"):
        await database(seconds=5.0, slow_ms=1.0).read(ANY, timeout=0.01)
    assert [(entry["event"], entry["statement"]) for entry in logs] == [("slow statement", "any")]


async def test_a_quick_read_is_not_logged() -> None:
    with capture_logs() as logs:
        assert [row["n"] for row in await database().read(ANY)] == [1]
    assert logs == []


async def test_foreign_errors_stop_at_the_wall() -> None:
    with pytest.raises(Unavailable) as caught:
        await database(error=ServiceUnavailable("gone")).read(ANY)
    assert isinstance(caught.value.__cause__, ServiceUnavailable)


async def test_bugs_are_not_disguised() -> None:
    with pytest.raises(ZeroDivisionError):
        await database(error=ZeroDivisionError()).read(ANY)
