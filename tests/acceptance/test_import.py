"""``sociograph import``: everything in once, everything that is not in explained."""

from __future__ import annotations

import asyncio
import gzip
import json
import signal
from pathlib import Path

from tests.acceptance.command import begun, csv, row, sociograph
from tests.acceptance.conftest import Client, served

SAMPLE = Path(__file__).parents[2] / "sample" / "activity.csv"
TOTAL = "query T($filter: EventFilter) { activitySummary(filter: $filter) { totalEvents } }"


async def total(client: Client, user: str) -> int:
    answer = await client.ask(TOTAL, filter={"userId": user})
    count: int = answer["activitySummary"]["totalEvents"]
    return count


async def test_alone_and_then_beside_a_server(tmp_path: Path) -> None:
    data = tmp_path / "data"
    alone = await sociograph("import", SAMPLE, data=data)
    assert (alone.status, alone.out.split(": ")[-1]) == (0, "472 tracked, 0 duplicates, 0 rejected\n"), alone
    assert "Recording through the engine." in alone.err
    async with served(data=data) as client:
        beside = await sociograph("import", SAMPLE, data=data)
        assert (beside.status, beside.out.split(": ")[-1]) == (0, "0 tracked, 472 duplicates, 0 rejected\n"), beside
        assert f"Recording through the server at {str(client.http.base_url).rstrip('/')}" in beside.err
        assert (await client.ask("{ activitySummary { totalEvents } }"))["activitySummary"]["totalEvents"] == 472


async def test_what_is_wrong_is_kept_with_its_reason(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    rows = [row("mix-1", actor="mix"), row("mix-2", "STARE", actor="mix"), row(" mix-3", actor="mix"), "mix-4,VIEW"]
    path.write_text(csv(*rows, row("mix-1", "LIKE", actor="mix")))
    done = await sociograph("import", path, "--url", client.http.base_url)
    assert done.status == 1, done
    assert "1 tracked, 0 duplicates, 4 rejected" in done.out
    lines = (tmp_path / "mixed.csv.rejects.csv").read_text().splitlines()
    assert {line.split(",")[0] for line in lines[1:]} == {"3", "4", "5", "6"}
    assert any(line.startswith("4,content.id: begins or ends with white space; trim it, mix-3") for line in lines)
    assert any("already recorded with other facts" in line for line in lines)
    assert await total(client, "mix") == 1


async def test_foreign_names_and_repeated_deliveries(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "forum.csv.gz"
    again = row("forum-1", "ANSWER", "USER,4", "forum", ",Android - Native Mobile App,SP,BR")
    path.write_bytes(gzip.compress(csv(row("forum-1", "ANSWER", "USER,4", "forum"), again).encode()))
    done = await sociograph("import", path, "--map", "ANSWER=reply", "--url", client.http.base_url)
    assert (done.status, "1 tracked, 1 duplicates" in done.out) == (0, True), done
    assert not path.with_name("forum.csv.gz.rejects.csv").exists()


async def test_ndjson_from_standard_input(client: Client, tmp_path: Path) -> None:
    when = "2026-02-01T10:00:00Z"
    content = {"type": "POST", "id": "std"}
    lines = [
        {"registerContent": {"content": content, "authorId": "std-author"}},
        {"content": {"id": "std-1", "userId": "std", "interaction": "VIEW", "content": content, "occurredAt": when}},
        {"id": -2, "type": "LOGIN", "actor_id": "std", "occurred_at": when},
        {"profileVisit": {"id": "std-3", "visitorId": "std", "occurredAt": when}},
    ]
    given = "\n".join(map(json.dumps, lines)).encode()
    rejects = tmp_path / "r.csv"
    done = await sociograph("import", "-", "--rejects", rejects, "--url", client.http.base_url, standard_input=given)
    assert done.status == 1, done
    assert "2 tracked, 0 duplicates, 1 rejected, 1 pieces of content registered" in done.out
    assert "profileVisit.profileUserId: is missing" in rejects.read_text()
    known = await client.ask('{ content(ref: {type: POST, id: "std"}) { author { id } } event(id: "-2") { type } }')
    assert known == {"content": {"author": {"id": "std-author"}}, "event": {"type": "auth:login"}}


async def test_stopped_and_resumed(client: Client) -> None:
    rows = [row(f"stop-{n}", actor="stop") for n in range(2500)]
    process = await begun("import", "-", "--url", client.http.base_url)
    assert process.stdin
    process.stdin.write(csv(*rows[:2000]).encode())
    await process.stdin.drain()
    async with asyncio.timeout(150):
        while await total(client, "stop") < 1000:
            pass
    process.send_signal(signal.SIGINT)
    out, err = await process.communicate(b"")
    assert (process.returncode, b"Run the same command again" in err) == (130, True), (out, err)
    done = await sociograph("import", "-", "--url", client.http.base_url, standard_input=csv(*rows).encode())
    assert (done.status, "2,500 rows" in done.out, " 0 duplicates" in done.out) == (0, True, False), done
    assert await total(client, "stop") == 2500


async def test_what_keeps_it_from_running(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text(csv(row("1")))
    for arguments, said in (
        ([tmp_path / "absent.csv"], "absent.csv cannot be read: No such file"),
        ([path, "--map", "ANSWER=replay"], "did you mean REPLY"),
        ([path, "--map", "ANSWER"], "is not of the form ANSWER=reply"),
        ([path, path, "--rejects", tmp_path / "r.csv"], "takes one FILE"),
        ([path, "--rejects", path], "cannot be its own reject file"),
        ([path, "--url", "http://127.0.0.1:9"], "http://127.0.0.1:9/graphql cannot be reached"),
    ):
        done = await sociograph("import", *arguments, data=tmp_path / "data")
        assert (done.status, said in done.err) == (2, True), done
    assert not (tmp_path / "data").exists()
