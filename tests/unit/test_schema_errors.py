"""What callers are told when something fails, and what the log keeps."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from signals.errors import InvalidArgument, InvalidCursor, LimitExceeded, Unavailable
from tests.unit.surface import Ports, ask

EVENT = '{ event(id: "e") { id } }'


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Unavailable(), "UNAVAILABLE"),
        (InvalidCursor(), "INVALID_CURSOR"),
        (InvalidArgument("first is 0."), "INVALID_ARGUMENT"),
        (LimitExceeded("too many."), "LIMIT_EXCEEDED"),
    ],
)
async def test_our_errors_are_told_with_a_code(failure: Exception, code: str) -> None:
    with capture_logs() as logs:
        answer = await ask(Ports(failure=failure), EVENT)
    assert [error.message for error in answer.errors] == [str(failure)]
    assert answer.codes() == [code]
    assert answer.errors[0].path == ["event"]
    assert logs == []


async def test_the_unexpected_is_logged_whole_and_masked() -> None:
    failure = ZeroDivisionError("secret")
    with capture_logs() as logs:
        answer = await ask(Ports(failure=failure), f"query Find {EVENT.replace('event', 'alice: event', 1)}")
    assert answer.codes() == ["INTERNAL"]
    assert "secret" not in answer.errors[0].message
    [entry] = logs
    assert (entry["log_level"], entry["field"]) == ("error", "event")
    assert "alice" not in str(entry)
    assert entry["exc_info"] is failure


@pytest.mark.parametrize(
    ("query", "variables", "message"),
    [
        ("{ event(id: ", {}, "Syntax Error"),
        ("{ nothing }", {}, "Cannot query field 'nothing'"),
        ("query ($id: ID!) { event(id: $id) { id } }", {}, "Variable '$id' has invalid value"),
        ("query ($n: Int) { events(first: $n) { edges { cursor } } }", {"n": "many"}, "Int cannot represent"),
        (
            "query ($r: ContentRef!) { content(ref: $r) { id } }",
            {"r": {"type": "POEM", "id": "1"}},
            "Value 'POEM' does not exist in 'ContentType' enum",
        ),
        (
            "query ($s: DateTime) { events(filter: {since: $s}) { edges { cursor } } }",
            {"s": "2026-03-01T12:00:00"},
            "A DateTime has no offset",
        ),
    ],
)
async def test_what_graphql_says_is_told_as_it_is(query: str, variables: dict[str, object], message: str) -> None:
    with capture_logs() as logs:
        answer = await ask(Ports(), query, variables)
    assert message in answer.errors[0].message
    assert logs == []
