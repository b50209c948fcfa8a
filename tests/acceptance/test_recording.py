"""What is recorded, once, and what is said about everything else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.acceptance.conftest import Client

EVENT = "query E($id: ID!) { event(id: $id) { id type retracted metadata receivedAt } }"
POST = {"type": "POST", "id": "p-recording"}


def like(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "userId": "rec-ann", "interaction": "LIKE", "content": POST, **more}


@pytest.mark.parametrize(
    ("face", "given", "type"),
    [
        ("content", {"interaction": "VIEW", "content": POST, "userId": "rec-ann"}, "post:view"),
        (
            "social",
            {"interaction": "CONNECTION_REQUEST", "targetUserId": "rec-bob", "userId": "rec-ann"},
            "social:connection_request",
        ),
        ("profileVisit", {"visitorId": "rec-ann", "profileUserId": "rec-bob"}, "profile:visit"),
        ("activity", {"userId": "rec-ann", "activity": "LOGIN"}, "auth:login"),
        (
            "activity",
            {"userId": "rec-ann", "activity": "CUSTOM", "category": "project", "action": "opened"},
            "project:opened",
        ),
    ],
)
async def test_every_kind_is_recorded_and_read_back(
    client: Client, face: str, given: dict[str, Any], type: str
) -> None:
    id = f"kind-{type}"
    outcome = await client.track(face, id=id, **given)
    assert outcome["__typename"] == "Tracked"
    assert not outcome["duplicate"]
    assert outcome["event"]["user"] == {"id": "rec-ann"}
    assert (await client.ask(EVENT, id=id))["event"]["type"] == type


async def test_an_id_is_made_where_there_is_none(client: Client) -> None:
    first, second = [
        await client.track("activity", userId="rec-ann", activity="SEARCH", occurredAt="2026-01-01T00:00:00Z")
        for _ in range(2)
    ]
    assert first["event"]["id"] != second["event"]["id"]


async def test_the_same_again_is_a_duplicate(client: Client) -> None:
    facts = like("dup-1", occurredAt="2026-01-05T09:30:00+01:00", metadata={"a": [1, 2.5, None]})
    assert not (await client.track("content", **facts))["duplicate"]
    again = await client.track("content", **facts, country="DE", device={"type": "MOBILE"})
    assert again["duplicate"]
    assert again["event"]["occurredAt"] == "2026-01-05T08:30:00.000Z"
    assert again["event"]["metadata"] == {"a": [1, 2.5, None]}


async def test_the_same_id_with_other_facts_is_a_conflict_that_shows_what_is_recorded(client: Client) -> None:
    await client.track("content", **like("conflict-1", metadata={"n": 1}))
    conflict = await client.track("content", **like("conflict-1", metadata={"n": 2}))
    assert conflict["__typename"] == "IdConflict"
    assert conflict["eventId"] == "conflict-1"
    assert conflict["recorded"] == {"id": "conflict-1", "type": "post:like", "metadata": {"n": 1}}


async def test_many_at_once_are_one(client: Client) -> None:
    outcomes = await asyncio.gather(*(client.track("content", **like("rush-1")) for _ in range(20)))
    assert sorted(outcome["duplicate"] for outcome in outcomes) == [False] + [True] * 19


async def test_a_batch_answers_each_event_in_order(client: Client) -> None:
    result = await client.track_batch(
        {"content": like("batch-1", occurredAt="2026-01-05T09:30:00Z")},
        {"content": like("batch-1", occurredAt="2026-01-05T09:30:00Z")},
        {"content": like("batch-1", occurredAt="2026-01-05T09:31:00Z")},
        {"content": like("batch-2", interaction="ADORE")},
        {"content": like("batch-3"), "activity": {"userId": "x", "activity": "LOGIN"}},
        {},
        None,
        {"activity": {"id": "batch-4", "userId": "rec-ann", "activity": "LOGOUT"}},
    )
    assert [r["__typename"] for r in result["results"]] == [
        "Tracked",
        "Tracked",
        "IdConflict",
        "InvalidInput",
        "InvalidInput",
        "InvalidInput",
        "InvalidInput",
        "Tracked",
    ]
    counts = {name: result[name] for name in ("tracked", "duplicates", "conflicts", "invalid", "overloaded")}
    assert counts == {"tracked": 2, "duplicates": 1, "conflicts": 1, "invalid": 4, "overloaded": 0}


async def test_an_empty_batch_is_nothing(client: Client) -> None:
    assert (await client.track_batch())["results"] == []


async def test_retracting_takes_back_and_keeps_readable(client: Client) -> None:
    await client.track("content", **like("retract-1"))
    retract = 'mutation R($id: ID!) { retract(eventId: $id, reason: "test") { __typename } }'
    assert (await client.ask(retract, id="retract-1"))["retract"] == {"__typename": "Retracted"}
    assert (await client.ask(EVENT, id="retract-1"))["event"]["retracted"]
    assert (await client.ask(retract, id="retract-nowhere"))["retract"] == {"__typename": "NotFound"}


async def test_registered_content_is_known(client: Client) -> None:
    ref = {"type": "ARTICLE", "id": "registered-1"}
    register = "mutation R($input: RegisterContentInput!) { registerContent(input: $input) { __typename } }"
    await client.ask(register, input={"content": ref, "authorId": "rec-bob", "tags": ["x"], "language": "de"})
    known = await client.ask("query C($ref: ContentRef!) { content(ref: $ref) { author { id } } }", ref=ref)
    assert known["content"] == {"author": {"id": "rec-bob"}}


async def test_what_was_never_seen_is_null(client: Client) -> None:
    answer = await client.ask(
        '{ event(id: "never") { id } user(id: "never") { id } session(id: "never") { id }'
        ' content(ref: {type: POST, id: "never"}) { id } }'
    )
    assert answer == {"event": None, "user": None, "session": None, "content": None}
