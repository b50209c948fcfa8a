"""A data folder of an older release: the service starts, says what it is at, and then serves what it served."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from graph.driver import connect
from graph.engine import embedded
from graph.queries import Statement
from tests.acceptance.conftest import Client, served

OLDER = Statement(
    "older",
    """// As an older release left it.
    MATCH (s:Schema) REMOVE s.fold RETURN count(*) AS n
    UNION ALL
    MATCH (c:Content) SET c.n = 0, c.users = 0, c.touches = '1' RETURN count(*) AS n
    """,
)
POST = {"type": "POST", "id": "upgraded"}
ASKED = "query Q($ref: ContentRef!) { content(ref: $ref) { engagement { uniqueUsers likes byType { type count } } } }"


async def engagement(client: Client) -> Any:
    return (await client.ask(ASKED, ref=POST))["content"]["engagement"]


async def test_a_folder_of_an_older_release_is_served(tmp_path: Path) -> None:
    async with served(data=tmp_path) as client:
        for user in ("ann", "bob"):
            tracked = await client.track("content", id=f"like-{user}", userId=user, interaction="LIKE", content=POST)
            assert tracked["__typename"] == "Tracked", tracked
        expected = await engagement(client)
    async with (
        embedded(tmp_path, "512m") as engine,
        connect(engine.uri, engine.auth, engine.database) as database,
        database.transaction(timeout=30.0) as transaction,
    ):
        await transaction.run(OLDER)
    async with served(data=tmp_path) as client:
        assert (await client.http.get("/health/live")).status_code == 200
        async with asyncio.timeout(60):
            while reason := await client.why_not_ready():
                assert "derived anew" in reason
                await asyncio.sleep(0.1)
        assert await engagement(client) == expected
        assert expected["uniqueUsers"] == 2
