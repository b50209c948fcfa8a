"""Every limit has a clear answer, none is a fault of the server, and one bad event harms no other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.acceptance.conftest import Client

LIKE = {"userId": "limit-ann", "interaction": "LIKE", "content": {"type": "POST", "id": "p-limits"}}
MIB = 1024 * 1024


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"in": value}
    return value


@pytest.mark.parametrize(
    ("given", "path", "said"),
    [
        ({"id": "i" * 129}, ["id"], "128"),
        ({"id": ""}, ["id"], "empty"),
        ({"userId": "u" * 129}, ["userId"], "128"),
        ({"id": "bell\a"}, ["id"], "U+0007"),
        ({"userId": "half \ud83d"}, ["userId"], "U+D83D"),
        ({"content": {"type": "POST", "id": "\udc00"}}, ["content", "id"], "U+DC00"),
        ({"content": {"type": "POEM", "id": "1"}}, ["content", "type"], "POEM"),
        ({"interaction": "ADORE"}, ["interaction"], "ADORE"),
        ({"occurredAt": "2026-01-05T09:30:00"}, ["occurredAt"], "offset"),
        ({"occurredAt": "yesterday"}, ["occurredAt"], "ISO 8601"),
        ({"metadata": {"text": "x" * 4096}}, ["metadata"], "4096"),
        ({"metadata": deep(11)}, ["metadata"], "deep"),
        ({"metadata": deep(500)}, ["metadata"], "deep"),
        ({"metadata": {"n": 2**63}}, ["metadata", "n"], "64 bits"),
        ({"metadata": {"n": -(10**40)}}, ["metadata", "n"], "64 bits"),
        ({"metadata": {"n": [1, "\ud800"]}}, ["metadata", "n", "1"], "U+D800"),
        ({"metadata": {"\ud800": 1}}, ["metadata"], "U+D800"),
        ({"durationMs": 2**31}, ["durationMs"], "2147483647"),
        ({"durationMs": -1}, ["durationMs"], "from 0"),
        ({"scrollDepth": 2**70}, ["scrollDepth"], ""),
        ({"userId": None}, ["userId"], ""),
        ({"speling": 1}, ["speling"], ""),
    ],
)
async def test_a_bad_event_is_told_what_is_wrong_and_where(
    client: Client, given: dict[str, Any], path: list[str], said: str
) -> None:
    event = {"id": "limit-bad", **LIKE, **given}
    alone = await client.track("content", **event)
    assert alone["__typename"] == "InvalidInput", alone
    problem = alone["problems"][0]
    assert problem["path"][: len(path)] == path
    assert said in problem["message"]

    good = {"content": {"id": "limit-good", "occurredAt": "2026-01-05T09:30:00Z", **LIKE}}
    batch = await client.track_batch(good, {"content": event}, good)
    assert [r["__typename"] for r in batch["results"]] == ["Tracked", "InvalidInput", "Tracked"]


async def test_what_is_just_within_the_limits_is_recorded(client: Client) -> None:
    metadata = {"n": 2**63 - 1, "m": -(2**63), "deep": deep(8), "text": "é\u2028" * 700, "big": 1e300}
    outcome = await client.track("content", **LIKE, id="i" * 128, metadata=metadata)
    assert outcome["__typename"] == "Tracked", outcome
    assert outcome["event"]["metadata"] == metadata


async def test_a_batch_of_a_thousand_and_no_more(client: Client) -> None:
    batch = [{"content": {"id": f"thousand-{n}", **LIKE}} for n in range(1000)]
    assert (await client.track_batch(*batch))["tracked"] == 1000
    answer = await client.send("mutation B($e: [EventInput!]!) { trackBatch(events: $e) { tracked } }", e=[*batch, {}])
    assert "1000" in answer["errors"][0]["message"]
    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ events(first: 501) { pageInfo { endCursor } } }", "LIMIT_EXCEEDED"),
        ("{ events(first: -1) { pageInfo { endCursor } } }", None),
        ('{ events(after: "garbage") { pageInfo { endCursor } } }', "INVALID_CURSOR"),
        ('{ events(filter: {since: "2026-01-05T09:30:00"}) { pageInfo { endCursor } } }', None),
        ("{ content(ref: {type: POEM, id: 1}) { id } }", None),
        ("{" + "a{" * 3000, None),
    ],
)
async def test_reads_say_what_they_cannot_do(client: Client, query: str, code: str | None) -> None:
    answer = await client.send(query)
    assert answer["errors"][0]["message"]
    assert answer["errors"][0].get("extensions", {}).get("code") != "INTERNAL"
    if code:
        assert answer["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("id", ["half \ud83d", "nul \0", "x" * 10_000, "e\u0301", " "])
async def test_reads_by_any_string_are_answered(client: Client, id: str) -> None:
    answer = await client.send(
        "query R($id: ID!) { event(id: $id) { id } user(id: $id) { id } session(id: $id) { id } }", id=id
    )
    for error in answer.get("errors", []):
        assert error["extensions"]["code"] == "INVALID_ARGUMENT", error


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b'{"query": "{ __typename }", "variables": {"x": NaN}}', 400, "NaN"),
        (b'{"query": "{ __typename }", "variables": {"x": Infinity}}', 400, "Infinity"),
        (b'{"query": "{ __typename }"', 400, "line 1"),
        (b'{"query": "{ \xed\xa0\x80 }"}', 400, "UTF-8"),
        (b"[" * 100_000, 400, "nested too deeply"),
        (b"[]", 400, "one operation"),
        (b" " * (2 * MIB + 1), 413, "2097152 bytes"),
    ],
)
async def test_requests_that_are_no_graphql(client: Client, body: bytes, status: int, said: str) -> None:
    response = await client.post(body)
    assert response.status_code == status
    assert said in response.json()["errors"][0]["message"]


async def test_large_bodies_without_a_length_are_refused_as_well(client: Client) -> None:
    async def pieces() -> Any:
        for _ in range(40):
            yield b" " * (MIB // 16)

    response = await client.http.post("/graphql", content=pieces(), headers={"content-type": "application/json"})
    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"


async def test_two_mebibytes_are_read(client: Client) -> None:
    body = json.dumps({"query": "{ __typename }"}).encode()
    assert (await client.post(body + b" " * (2 * MIB - len(body)))).status_code == 200
