"""``sociograph status``: what runs and whether it takes events."""

from __future__ import annotations

import json
from pathlib import Path

from tests.acceptance.command import csv, row, sociograph
from tests.acceptance.conftest import Client, served


async def test_without_a_server(tmp_path: Path) -> None:
    done = await sociograph("status", data=tmp_path, neo4j_password="hush", port=12345)  # noqa: S106
    assert done.status == 1
    assert "No server has this data folder open" in done.out
    assert "12345" in done.out
    assert "hush" not in done.out


async def test_with_a_server(tmp_path: Path) -> None:
    async with served(data=tmp_path) as client:
        await sociograph("import", "-", data=tmp_path, standard_input=csv(row("s-1"), row("s-2")).encode())
        done = await sociograph("status", "--json", data=tmp_path, neo4j_password="hush")  # noqa: S106
        said = json.loads(done.out)
        assert (done.status, said["ready"], said["reason"]) == (0, True, None)
        assert said["server"]["url"] == str(client.http.base_url).rstrip("/")
        assert (said["totals"]["totalEvents"], said["totals"]["uniqueUsers"]) == (2, 1)
        assert "hush" not in done.out
        table = await sociograph("status", data=tmp_path)
        assert (table.status, "total events" in table.out) == (0, True)


async def test_a_server_elsewhere(client: Client, tmp_path: Path) -> None:
    there = await sociograph("status", "--url", client.http.base_url, data=tmp_path)
    assert (there.status, str(client.http.base_url).rstrip("/") in there.out) == (0, True)
    gone = await sociograph("status", "--url", "http://127.0.0.1:9", data=tmp_path)
    assert (gone.status, "The server does not answer" in gone.out) == (1, True)
