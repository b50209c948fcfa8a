"""The log keeps errors whole, but for what stood in variables."""

from __future__ import annotations

import ast
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from schema import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The log of the other tests goes where it went."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("as_json", [False, True])
def test_a_traceback_names_the_lines_and_not_the_values(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", as_json)
    phone = "+41 79 000 00 00"
    try:
        [phone].index("")
    except ValueError:
        structlog.get_logger("any").exception("unexpected error", operation="Any")
    said = capsys.readouterr().err
    assert "unexpected error" in said
    assert "ValueError" in said
    assert "[phone].index" in said
    assert phone not in said
    if as_json:
        assert json.loads(said)["operation"] == "Any"


class Odd(Exception):
    """An error that quotes what it was about."""


def nested(person: str) -> None:
    try:
        raise KeyError(person)
    except KeyError as error:
        raise Odd(f"nobody is called {person}") from error


@pytest.mark.parametrize("level", ["info", "debug"])
@pytest.mark.parametrize("as_json", [False, True])
def test_the_words_of_an_error_are_for_debugging(level: str, as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level, as_json)
    person = "person-7391"
    try:
        nested(person)
    except Odd:
        structlog.get_logger("any").exception("unexpected error")
    said = capsys.readouterr().err
    for told in ("KeyError", "Odd", "which led to:", "raise KeyError(person)"):
        assert told in said
    assert (person in said) is (level == "debug")


def test_a_group_tells_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", as_json=True)
    structlog.get_logger("any").error("several", exc_info=ExceptionGroup("person-7391", [KeyError("x"), Odd("y")]))
    exception = json.loads(capsys.readouterr().err)["exception"]
    assert [line.rpartition(".")[-1] for line in exception.splitlines()] == ["  | KeyError", "Odd", "ExceptionGroup"]


def test_of_other_libraries_the_first_line_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", as_json=True)
    logging.getLogger("asyncio").error("Task exception was never retrieved\nexception=KeyError('person-7391')")
    person = "person-7391"
    try:
        nested(person)
    except Odd:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    said = capsys.readouterr().err
    first, second = map(json.loads, said.splitlines())
    assert first["event"] == "Task exception was never retrieved"
    assert second["event"] == "Exception in ASGI application"
    assert "Odd" in second["exception"]
    assert person not in said


ROOT = Path(__file__).parents[2]
METHODS = {"info", "warning", "error", "exception", "critical"}
HARMLESS = {
    # figures
    *(
        "ms",
        "was",
        "now",
        "cleared",
        "events",
        "of",
        "seconds",
        "status",
        "pid",
        "next_try_s",
        "results",
        "entries",
        "n",
    ),
    # names out of our own code, its files and its settings, and what an engine says of itself
    *(
        "statement",
        "code",
        "wal",
        "flush",
        "checked",
        "log",
        "engine",
        "name",
        "description",
        "schema_version",
        "field",
    ),
    # of an error: our own words, or its kind
    *("reason", "cause", "error", "exc_info"),
    # made up here, and says nothing about whose it is
    *("erasure",),
}
"""What a line at the level info or above may say besides its message."""
TOLD = {"reason", "cause", "error"}
OURS = re.compile(
    r"str\(translate\(\w+\)\)|cause_of\(\w+\)|type\(\w+\)\.__name__|self\._missing|_said\(\w+\)|str\(error\)"
)


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of a log at the level info or above, and where it is."""
    for folder in ("graph", "resolvers", "schema", "signals"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
                    of = node.func.value
                    if isinstance(of, ast.Name) and of.id in ("log", "logger"):
                        yield f"{file.relative_to(ROOT)}:{node.lineno}", node


CALLS = dict(calls())


@pytest.mark.parametrize("where", CALLS)
def test_every_line_of_the_log_says_what_it_may(where: str) -> None:
    call = CALLS[where]
    assert len(call.args) == 1
    assert isinstance(call.args[0], ast.Constant), "a message is always the same; what varies has a name"
    assert {keyword.arg for keyword in call.keywords} <= HARMLESS
    for keyword in call.keywords:
        if keyword.arg in TOLD:
            assert OURS.fullmatch(ast.unparse(keyword.value)), ast.unparse(keyword.value)


def test_the_calls_are_found() -> None:
    assert len(CALLS) > 20
    names = {node.id for call in CALLS.values() for node in ast.walk(call) if isinstance(node, ast.Name)}
    assert not names & {"user_id", "actor_id", "target_user_id", "event_id", "session_id", "viewer_id"}
