"""``sociograph retain``: through the server that has the data folder, without one, and by itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.acceptance.command import sociograph
from tests.acceptance.conftest import Client, served

SHOWN = "{ user(id: %s) { recentActivity { id } } activitySummary(filter: {userId: %s}) { totalEvents } }"
TABLE = '[default]\ndays = 30\n[categories]\nauth = { days = 30, keep = "nothing" }\n'


def ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


async def told(client: Client) -> None:
    """Ann did three things, two of them long ago."""
    post = {"type": "POST", "id": "1"}
    for id, days in (("old", 400), ("new", 3)):
        given = {"id": id, "userId": "ann", "interaction": "VIEW", "content": post, "occurredAt": ago(days)}
        assert (await client.track("content", **given, metadata={"secret": 1}))["__typename"] == "Tracked"
    await client.track("activity", id="login", userId="ann", activity="LOGIN", occurredAt=ago(31))


async def shown(client: Client) -> tuple[list[str], int]:
    """Ids of what Ann did as far as it is shown, and how much of it is counted."""
    answer = await client.ask(SHOWN % ('"ann"', '"ann"'))
    return [each["id"] for each in answer["user"]["recentActivity"]], answer["activitySummary"]["totalEvents"]


async def test_a_server_is_asked(tmp_path: Path) -> None:
    async with served(data=tmp_path) as client:
        await told(client)
        dry = await sociograph("retain", "--dry-run", data=tmp_path)
        assert (dry.status, "1 event would expire" in dry.out) == (0, True), dry.err
        assert await shown(client) == (["new", "login", "old"], 3)
        done = await sociograph("retain", data=tmp_path)
        assert (done.status, "1 event expired" in done.out, "post:view" in done.out) == (0, True, True), done.err
        assert await shown(client) == (["new", "login"], 3)
        assert "0 events expired" in (await sociograph("retain", data=tmp_path)).out
        assert "1 event expired" in (await sociograph("retain", "--days", "7", data=tmp_path)).out
    again = await sociograph("retain", "--days", "1", data=tmp_path)
    assert (again.status, "1 event expired" in again.out) == (0, True), again.err


async def test_a_server_does_it_by_itself_and_by_its_table(tmp_path: Path) -> None:
    table = tmp_path / "retention.toml"
    table.write_text(TABLE, encoding="utf-8")
    async with served(data=tmp_path / "data") as client:
        await told(client)
    async with served(data=tmp_path / "data", retention=table, retain_every_hours=1.0) as client:
        for _ in range(200):
            if await shown(client) == (["new"], 2):
                break
            await asyncio.sleep(0.1)
        assert await shown(client) == (["new"], 2)


async def test_a_wrong_table_is_named_at_start(tmp_path: Path) -> None:
    table = tmp_path / "retention.toml"
    table.write_text("[default]\ndays = -1\n", encoding="utf-8")
    done = await sociograph("retain", data=tmp_path / "data", retention=table)
    assert (done.status, "default.days" in done.err) == (2, True)
