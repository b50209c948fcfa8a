"""The log keeps errors whole, but for what stood in variables."""

from __future__ import annotations

import json

import pytest
import structlog

from schema import logs


@pytest.mark.parametrize("as_json", [False, True])
def test_a_traceback_names_the_lines_and_not_the_values(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", as_json)
    secret = "+41 79 000 00 00"
    try:
        [secret].index("")
    except ValueError:
        structlog.get_logger("any").exception("unexpected error", operation="Any")
    said = capsys.readouterr().err
    assert "unexpected error" in said
    assert "ValueError" in said
    assert "[secret].index" in said
    assert secret not in said
    if as_json:
        assert json.loads(said)["operation"] == "Any"
