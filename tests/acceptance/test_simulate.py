"""``sociograph simulate``: something to look at, the same every time."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.acceptance.command import sociograph
from tests.acceptance.conftest import Client

PLAN = ("simulate", "--days", 2, "--users", 12, "--until", "2026-03-01", "--user-id", "amelie")


async def test_a_second_run_adds_nothing(client: Client, tmp_path: Path) -> None:
    first = await sociograph(*PLAN, "--url", client.http.base_url)
    assert first.status == 0, first
    assert " 0 duplicates, 0 rejected" in first.out
    again = await sociograph(*PLAN, "--url", client.http.base_url)
    assert (again.status, ": 0 tracked" in again.out) == (0, True), again
    path = tmp_path / "a.ndjson"
    assert (await sociograph(*PLAN, "--out", path)).status == 0
    from_file = await sociograph("import", path, "--url", client.http.base_url)
    assert (from_file.status, ": 0 tracked" in from_file.out) == (0, True), from_file
    known = await client.ask('{ user(id: "amelie") { recentActivity(limit: 5) { id } ties: connections { since } } }')
    assert len(known["user"]["recentActivity"]) == 5


async def test_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert (await sociograph(*PLAN, "--out", path)).status == 0
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 50
    assert {row["actor_id"] for row in rows} >= {"amelie"}
    out = await sociograph(*PLAN, "--out", "-")
    assert sum(line.startswith('{"registerContent"') for line in out.out.splitlines()) > 0


async def test_what_keeps_it_from_running(tmp_path: Path) -> None:
    for arguments, said in (
        (["--until", "tomorrow"], "is no ISO 8601 time"),
        (["--until", "2999-01-01"], "lies in the future"),
        (["--users", "0"], "--users"),
        (["--out", tmp_path / "absent" / "a.csv"], "cannot be written"),
    ):
        done = await sociograph("simulate", *arguments, data=tmp_path / "data")
        assert (done.status, said in done.err) == (2, True), done
