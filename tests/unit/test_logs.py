"""The log keeps errors whole, but for what stood in variables."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

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
