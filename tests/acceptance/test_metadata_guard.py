"""The guard of metadata and context over HTTP."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Client, served

VISIT = {"userId": "guarded", "activity": "LOGIN"}
METADATA = {"from": "mail", "user": {"email": "ann@example.org", "plan": "free"}}


async def test_what_looks_like_personal_data_is_refused(client: Client) -> None:
    outcome = await client.track("activity", **VISIT, id="guarded-1", metadata=METADATA, context=[{"ip": "10.0.0.1"}])
    assert outcome["__typename"] == "InvalidInput"
    assert [problem["path"] for problem in outcome["problems"]] == [
        ["metadata", "user", "email"],
        ["context", "0", "ip"],
    ]
    assert "example.org" not in str(outcome)
    batch = await client.track_batch(
        {"activity": {**VISIT, "id": "guarded-2", "metadata": METADATA}}, {"activity": {**VISIT, "id": "guarded-3"}}
    )
    assert (batch["tracked"], batch["invalid"]) == (1, 1)
    assert batch["results"][0]["problems"][0]["path"] == ["events", "0", "activity", "metadata", "user", "email"]


async def test_or_hashed_so_that_a_retry_is_a_duplicate(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("hashed")
    async with served(data=data, metadata_guard="hash", metadata_key="only for tests") as client:
        await client.until_ready()
        first = await client.track("activity", **VISIT, id="guarded-1", metadata=METADATA)
        again = await client.track("activity", **VISIT, id="guarded-1", metadata=METADATA)
        assert (first["duplicate"], again["duplicate"]) == (False, True)
        kept = again["event"]["metadata"]
        assert kept["user"]["email"].startswith("hmac:")
        assert kept == {"from": "mail", "user": {"email": kept["user"]["email"], "plan": "free"}}
        other = {"user": {"email": "bob@example.org"}}
        outcome = await client.track("activity", **VISIT, id="guarded-1", metadata=other)
        assert outcome["__typename"] == "IdConflict"
