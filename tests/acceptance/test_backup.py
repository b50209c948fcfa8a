"""``sociograph backup`` beside a server, and ``sociograph restore`` into another folder and over what is there."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.acceptance.command import sociograph
from tests.acceptance.conftest import Client, served
from tests.acceptance.test_tracing import prepared

TOTAL = "{ activitySummary { totalEvents } }"
AT = "2026-03-01T09:00:00Z"


async def record(client: Client, *ids: str) -> None:
    for id in ids:
        outcome = await client.track("activity", id=id, userId="ann", activity="LOGIN", occurredAt=AT)
        assert outcome["__typename"] == "Tracked", outcome


async def test_what_was_backed_up_is_back(tmp_path: Path) -> None:
    data, other, file = tmp_path / "data", tmp_path / "other", tmp_path / "copy.zip"
    async with served(data=data) as client:
        await prepared(client)
        await record(client, "one", "two")
        made = await sociograph("backup", file, data=data)
        assert (made.status, made.err) == (0, ""), made
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [*(data / "backups").iterdir()] == []
        assert "sociograph_backup_timestamp_seconds 1." in (await client.http.get("/metrics")).text
        await record(client, "three")
        busy = await sociograph("restore", file, "--replace", data=data)
        assert busy.status == 2
        assert "is open in another process" in busy.err
        nowhere = await sociograph("backup", tmp_path / "none" / "copy.zip", data=data)
        assert (nowhere.status, "there is no folder" in nowhere.err) == (2, True), nowhere
        assert (await client.ask(TOTAL))["activitySummary"]["totalEvents"] == 3
    restored = await sociograph("restore", file, data=other)
    assert (restored.status, restored.out) == (0, f"{other}: 2 events.\n"), restored
    kept = await sociograph("restore", file, data=data)
    assert (kept.status, "--replace" in kept.err) == (2, True), kept
    replaced = await sociograph("restore", file, "--replace", data=data)
    assert (replaced.status, replaced.out) == (0, f"{data}: 2 events.\n"), replaced
    assert len([*data.glob("replaced-*")]) == 1


async def test_a_neo4j_is_not_ours_to_restore(tmp_path: Path) -> None:
    done = await sociograph("restore", tmp_path / "copy.zip", data=tmp_path, neo4j_uri="bolt://127.0.0.1:1")
    assert done.status == 2
    assert "Neo4j" in done.err
