"""Administrative commands: through the server that has the data folder, or without one in a process of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema.commands.operator import operator
from schema.settings import Settings
from signals.errors import StartupError
from tests.acceptance.conftest import served

TRACK = """
mutation T($id: ID!) {
  trackActivity(input: {id: $id, userId: "ann", activity: LOGIN}) { ... on Tracked { duplicate } }
}
"""


async def test_the_same_is_asked_of_a_server_and_of_the_engine_itself(tmp_path: Path) -> None:
    settings = Settings.load(data=tmp_path, heap="512m", log_level="error")
    async with operator(settings, None) as ask:
        assert await ask(TRACK, {"id": "one"}) == {"trackActivity": {"duplicate": False}}
    async with served(data=tmp_path), operator(settings, None) as ask:
        assert await ask(TRACK, {"id": "one"}) == {"trackActivity": {"duplicate": True}}


async def test_an_error_says_what_is_wrong_both_ways(tmp_path: Path) -> None:
    settings = Settings.load(data=tmp_path, heap="512m", log_level="error")
    async with operator(settings, None) as ask:
        with pytest.raises(StartupError, match="nothing"):
            await ask("{ nothing }", {})
    async with served(data=tmp_path) as client, operator(settings, str(client.http.base_url)) as ask:
        with pytest.raises(StartupError, match="nothing"):
            await ask("{ nothing }", {})
