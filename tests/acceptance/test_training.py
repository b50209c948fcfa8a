"""``sociograph export-training``: rows that say what the API says, and nothing of what came later."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import pytest_asyncio

from signals.habits import Habits
from signals.training import SCORE_PARTS
from tests.acceptance.command import sociograph
from tests.acceptance.conftest import Client, served

PLAN = ("simulate", "--days", 4, "--users", 40, "--until", "2026-03-01")
EXPORT = ("export-training", "--from", "view", "--negatives", 1)
SAMPLE = 25
NUMBERS = {
    "score": "score",
    "popularity": "popularity",
    "trend": "trend",
    "rising": "rising",
    "author_affinity": "authorAffinity",
    "co_action": "coAction",
    "social_proof_count": "socialProofCount",
    "social_proof_strength": "socialProofStrength",
    "reporters": "reporters",
    "seen": "seen",
    "hidden": "hidden",
    "hidden_because": "hiddenBecause",
}
RATES = {
    "rate_click_through": "clickThrough",
    "rate_like": "like",
    "rate_comment": "comment",
    "rate_share": "share",
    "rate_save": "save",
    "rate_hide": "hide",
}
ASKED = f"""
query Row($viewer: ID!, $candidates: [ContentRef!]!, $asOf: DateTime!, $knownAt: DateTime) {{
  feedSignals(viewerId: $viewer, candidates: $candidates, asOf: $asOf, knownAt: $knownAt) {{
    candidates {{ lastSeenAt myInteractions {{ type count }} content {{ createdAt }} }}
    columns {{
      {" ".join(NUMBERS.values())}
      rates {{ {" ".join(RATES.values())} }}
      contributions {{ signal contribution }}
    }}
  }}
}}
"""


def read(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


@pytest_asyncio.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Client, Path, Path]]:
    """A server with a simulated town, its data folder, and the rows exported before it was started."""
    folder = tmp_path_factory.mktemp("town")
    data, alone = folder / "data", folder / "alone.parquet"
    assert (await sociograph(*PLAN, data=data)).status == 0
    done = await sociograph(*EXPORT, alone, data=data)
    assert (done.status, "Reading from the engine." in done.err) == (0, True), done
    async with served(data=data) as client:
        yield client, data, alone


async def asked(client: Client, row: dict[str, Any], known: bool = False) -> dict[str, Any]:
    """What the API says about a row's candidate at the row's instant, as the row says it."""
    as_of = row["as_of"].isoformat()
    ref = {"type": row["content_type"], "id": row["content_id"]}
    when = {"asOf": as_of, "knownAt": as_of if known else None}
    data = await client.ask(ASKED, viewer=row["viewer_id"], candidates=[ref], **when)
    [candidate], columns = data["feedSignals"]["candidates"], data["feedSignals"]["columns"]
    said = {name: columns[field][0] for name, field in NUMBERS.items()}
    said |= {name: columns["rates"][field][0] for name, field in RATES.items()}
    parts = {part["signal"]: part["contribution"][0] for part in columns["contributions"]}
    assert parts.keys() <= set(SCORE_PARTS)
    said |= {f"score_{name}": parts.get(name, 0.0) for name in SCORE_PARTS}
    mine = {each["type"]: each["count"] for each in candidate["myInteractions"]}
    said["interactions"] = sum(mine.values())
    said |= {f"my_{n}": mine.get(f"{row['content_type'].lower()}:{n}", 0) for n in ("view", "like", "comment", "dwell")}
    said["hours_since_seen"] = hours(candidate["lastSeenAt"], row)
    said["age_hours"] = hours(candidate["content"]["createdAt"], row)
    return said


def differing(row: dict[str, Any], said: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Columns whose value is not what the API said; sums of many terms may differ in their last digits."""
    return {name: (row[name], value) for name, value in said.items() if not same(row[name], value)}


def same(value: Any, said: Any) -> bool:
    if isinstance(value, float) and isinstance(said, float | int):
        return math.isclose(value, said, rel_tol=1e-9, abs_tol=1e-12)
    return bool(value == said)


def hours(since: str | None, row: dict[str, Any]) -> float | None:
    if since is None:
        return None
    age: timedelta = row["as_of"] - datetime.fromisoformat(since)
    return age / timedelta(hours=1) if age >= timedelta(0) else None


async def test_a_row_says_what_the_api_says_of_its_instant(town: tuple[Client, Path, Path]) -> None:
    client, _, alone = town
    rows = read(alone)
    telling = [row for row in rows if row["social_proof_count"] and row["author_affinity"] and row["interactions"]]
    assert len(telling) > SAMPLE
    chance = random.Random(1)
    for row in [*chance.sample(rows, SAMPLE), *chance.sample(telling, SAMPLE)]:
        said = await asked(client, row)
        assert differing(row, said) == {}


async def test_beside_a_server_it_writes_the_same(town: tuple[Client, Path, Path], tmp_path: Path) -> None:
    client, data, alone = town
    beside = tmp_path / "beside.parquet"
    done = await sociograph(*EXPORT, beside, data=data)
    assert (done.status, f"Reading from the server at {str(client.http.base_url).rstrip('/')}" in done.err) == (0, True)
    assert pq.read_table(beside).equals(pq.read_table(alone))


async def test_rows_of_a_span_are_those_of_the_whole(town: tuple[Client, Path, Path], tmp_path: Path) -> None:
    _, data, alone = town
    path = tmp_path / "span.parquet"
    span = ("--since", "2026-02-26T06:00", "--until", "2026-02-27")
    assert (await sociograph(*EXPORT, path, *span, data=data)).status == 0
    since, until = datetime(2026, 2, 26, 6, tzinfo=UTC), datetime(2026, 2, 27, tzinfo=UTC)
    expected = [row for row in read(alone) if since <= row["shown_at"] < until]
    assert len(expected) > 50
    assert read(path) == expected


async def test_a_row_of_today_goes_by_the_habits_that_are_stored(
    town: tuple[Client, Path, Path], tmp_path: Path
) -> None:
    client, data, alone = town
    habits = None
    while habits is None:
        await asyncio.sleep(0.1)
        habits = (await client.ask("{ populationHabits { repeat } }"))["populationHabits"]
    assert habits["repeat"] != Habits().repeat
    before = max((row for row in read(alone) if row["social_proof_count"]), key=lambda row: row["author_affinity"])
    ref = {"type": before["content_type"], "id": before["content_id"]}
    now = datetime.now(UTC).isoformat()
    await client.track("content", id="today", userId=before["viewer_id"], interaction="VIEW", content=ref)
    path = tmp_path / "today.parquet"
    for options, known in (((), False), (("--known",), True)):
        done = await sociograph("export-training", "--from", "view", "--since", now, path, *options, data=data)
        assert done.status == 0, done
        [row] = read(path)
        assert (row["event_id"], row["author_affinity"] > 0) == ("today", True)
        assert differing(row, await asked(client, row, known)) == {}


async def test_what_followed_is_the_label(town: tuple[Client, Path, Path]) -> None:
    client, _, alone = town
    rows = read(alone)
    order = [(row["shown_at"], row["event_id"], row["sampled"]) for row in rows]
    assert order == sorted(order)
    shown = [row for row in rows if not row["sampled"]]
    liked = [row for row in shown if row["label_type"] == "post:like"]
    assert 10 < len(liked) < len(shown) / 2
    for row in random.Random(2).sample(liked, 10):
        content = {"type": "POST", "id": row["content_id"]}
        at = row["label_at"].isoformat()
        until = (row["label_at"] + timedelta(milliseconds=1)).isoformat()
        filter = {"userId": row["viewer_id"], "content": content, "types": ["post:like"], "since": at, "until": until}
        found = await client.ask("query E($f: EventFilter) { events(filter: $f) { edges { node { id } } } }", f=filter)
        assert len(found["events"]["edges"]) == 1
        assert row["label_at"] - row["shown_at"] <= timedelta(hours=24)
        assert (row["engaged"], row["gain"]) == (True, 3.0)


async def test_impressions_and_what_was_known(client: Client, tmp_path: Path) -> None:
    ref = {"type": "POST", "id": "trained-1"}
    did = {"userId": "trained", "content": ref, "impressionId": "page-1"}
    events = [
        {"id": "t-0", "userId": "other", "content": ref, "interaction": "LIKE", "occurredAt": "2026-01-05T08:00:00Z"},
        {**did, "id": "t-1", "interaction": "IMPRESSION", "position": 2, "occurredAt": "2026-01-05T09:00:00Z"},
        {**did, "id": "t-2", "interaction": "CLICK", "occurredAt": "2026-01-05T09:01:00Z"},
    ]
    tracked = await client.track_batch(*({"content": event} for event in events))
    assert tracked["tracked"] == 3
    for options, known in (((), False), (("--known",), True)):
        path = tmp_path / "impressions.parquet"
        span = ("--since", "2026-01-05", "--until", "2026-01-06")
        done = await sociograph("exportTraining", path, *span, *options, "--url", client.http.base_url)
        assert done.status == 0, done
        [row] = [row for row in read(path) if row["viewer_id"] == "trained"]
        assert (row["impression_id"], row["position"], row["label_type"]) == ("page-1", 2, "post:click")
        assert (row["popularity"] > 0) is not known, "the like was received long after"
        said = await asked(client, row, known)
        assert differing(row, said) == {}


async def test_what_keeps_it_from_running(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    for arguments, said in (
        ((path, "--since", "yesterday"), "is no ISO 8601 time"),
        ((path, "--from", "clicks"), "--from"),
        ((path, "--negatives", "-1"), "--negatives"),
        ((tmp_path, "--url", client.http.base_url), "cannot be written"),
    ):
        done = await sociograph("export-training", *arguments)
        assert (done.status, said in done.err) == (2, True), done
    nothing = await sociograph("export-training", path, "--until", "1990-01-01", "--url", client.http.base_url)
    assert (nothing.status, "There are no impressions" in nothing.err, read(path)) == (0, True, []), nothing
