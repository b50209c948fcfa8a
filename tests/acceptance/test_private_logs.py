"""What a server says in its log, with every statement in it and errors of every kind, holds nobody's id."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.people import PeopleReader
from tests.acceptance.conftest import served
from tests.acceptance.test_tracing import prepared

MARK = "zq7391"
PERSON, OTHER = f"{MARK}-ann", f"{MARK}-bob"
COMMON = {"sessionId": f"{MARK}-s", "metadata": {MARK: MARK}, "device": {"browser": MARK}}
READ = f"""
query {MARK}($id: ID!, $other: ID!) {{
  {MARK}: user(id: $id) {{ recentActivity {{ id }} relationTo(userId: $other) {{ states }} streak {{ current }} }}
  session(id: "{MARK}-s") {{ id }}
  affinities(viewerId: $id, userIds: [$other]) {{ score }}
  events(filter: {{userId: $id}}) {{ edges {{ node {{ id }} }} }}
}}
"""


async def fails(_: PeopleReader, user_ids: list[str]) -> list[bool]:
    raise KeyError(f"nobody is called {user_ids[0]}")


async def test_no_id_is_in_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: dict[str, Any] = {"log_level": "info", "log_json": True, "slow_statement_ms": 0.0}
    async with served(data=tmp_path, **settings) as client:
        await prepared(client)
        post = {"type": "POST", "id": f"{MARK}-p"}
        first = {"id": f"{MARK}-1", "userId": PERSON, "interaction": "LIKE", "content": post, **COMMON}
        assert (await client.track("content", **first))["__typename"] == "Tracked"
        assert (await client.track("content", **(first | {"userId": OTHER})))["__typename"] == "IdConflict"
        follow = {"userId": PERSON, "interaction": "FOLLOW", "targetUserId": OTHER, **COMMON}
        assert (await client.track("social", **follow))["__typename"] == "Tracked"
        assert "errors" not in await client.send(READ, id=PERSON, other=OTHER)
        await client.send(f"{{ {MARK} }}")
        await client.post(f'{{"query": "{MARK}", {MARK}')
        await client.http.get(f"/{MARK}?user={PERSON}")
        await client.send("mutation R($id: ID!) { retract(eventId: $id) { __typename } }", id=f"{MARK}-1")
        await client.send(
            "mutation C($id: ID!) { setConsent(userId: $id, analytics: false) { __typename } }", id=PERSON
        )
        with monkeypatch.context() as patch:
            patch.setattr(PeopleReader, "seen", fails)
            answer = await client.send(READ, id=PERSON, other=OTHER)
            assert "INTERNAL" in {error["extensions"]["code"] for error in answer["errors"]}
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    assert {"unexpected error", "slow statement"} <= {line["event"] for line in lines}
    assert any("KeyError" in line.get("exception", "") for line in lines)
    assert [line for line in lines if MARK in json.dumps(line)] == []
