"""The mutations: what reaches the recorder, and what callers get back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from signals.events import ContentRef, EntityRef, Face
from signals.outcomes import IdConflict, InvalidInput, Overloaded, Problem, Retracted, Tracked
from tests.factories import NOON, RECEIVED, did
from tests.unit.surface import Ports, answered, ask

LIKE: dict[str, Any] = {
    "id": "e1",
    "userId": "ann",
    "interaction": "LIKE",
    "content": {"type": "POST", "id": "1"},
    "occurredAt": "2026-03-01T12:00:00Z",
    "metadata": {"from": ["feed", {"rank": 1}]},
}
BAD = {**LIKE, "id": "bad", "interaction": "LOVE"}
TRACK = """mutation ($i: ContentInteractionInput!) {
  trackContentInteraction(input: $i) {
    __typename
    ... on Tracked { duplicate event { id type occurredAt reportedAt user { id } metadata
                                       ... on ContentInteraction { interaction content { type id } } } }
    ... on InvalidInput { message problems { path message } }
    ... on IdConflict { message eventId recorded { id } }
    ... on Overloaded { message retryAfterMs }
  }
}"""
BATCH = """mutation ($e: [EventInput!]!) {
  trackBatch(events: $e) {
    tracked duplicates conflicts invalid overloaded
    results { __typename ... on Tracked { event { id } } ... on InvalidInput { problems { path message } } }
  }
}"""


def numbers(batch: dict[str, Any]) -> tuple[int, ...]:
    return tuple(batch[name] for name in ("tracked", "duplicates", "conflicts", "invalid", "overloaded"))


async def test_a_content_interaction_is_recorded_and_answered() -> None:
    ports = Ports()
    data = await answered(ports, TRACK, {"i": LIKE})
    assert data["trackContentInteraction"] == {
        "__typename": "Tracked",
        "duplicate": False,
        "event": {
            "id": "e1",
            "type": "post:like",
            "occurredAt": "2026-03-01T12:00:00.000Z",
            "reportedAt": "2026-03-01T12:00:00.000Z",
            "user": {"id": "ann"},
            "metadata": {"from": ["feed", {"rank": 1}]},
            "interaction": "LIKE",
            "content": {"type": "POST", "id": "1"},
        },
    }
    [event] = ports.recorded()
    assert (event.occurred_at, event.received_at, event.content) == (NOON, RECEIVED, ContentRef("POST", "1"))


@pytest.mark.parametrize(
    ("field", "input_type", "sent", "face"),
    [
        (
            "trackSocialInteraction",
            "SocialInteractionInput",
            {"userId": "a", "interaction": "FOLLOW", "targetUserId": "b"},
            Face.SOCIAL,
        ),
        ("trackProfileVisit", "ProfileVisitInput", {"visitorId": "a", "profileUserId": "b"}, Face.PROFILE),
        (
            "trackActivity",
            "ActivityInput",
            {"userId": "a", "activity": "CUSTOM", "category": "garden", "action": "dug", "points": 2},
            Face.ACTIVITY,
        ),
    ],
)
async def test_every_face_has_its_mutation(field: str, input_type: str, sent: dict[str, Any], face: Face) -> None:
    ports = Ports()
    data = await answered(ports, f"mutation ($i: {input_type}!) {{ {field}(input: $i) {{ __typename }} }}", {"i": sent})
    assert data[field] == {"__typename": "Tracked"}
    assert [event.face for event in ports.recorded()] == [face]


async def test_an_event_without_an_id_gets_one_and_happened_when_it_came() -> None:
    ports = Ports()
    await answered(ports, TRACK, {"i": {k: v for k, v in LIKE.items() if k not in {"id", "occurredAt"}}})
    [event] = ports.recorded()
    assert len(event.id) == 36
    assert event.occurred_at == RECEIVED


async def test_conflict_duplicate_and_overload_are_types() -> None:
    first = did("VIEW", "bea", id="e1")
    conflict = await answered(Ports(outcomes={"e1": IdConflict("e1", first)}), TRACK, {"i": LIKE})
    assert conflict["trackContentInteraction"]["recorded"] == {"id": "e1"}
    assert conflict["trackContentInteraction"]["eventId"] == "e1"
    duplicate = await answered(Ports(outcomes={"e1": Tracked(first, duplicate=True)}), TRACK, {"i": LIKE})
    assert duplicate["trackContentInteraction"]["duplicate"] is True
    overload = await answered(Ports(outcomes={"e1": Overloaded(40)}), TRACK, {"i": LIKE})
    assert overload["trackContentInteraction"]["retryAfterMs"] == 40


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"interaction": "LOVE"}, ["interaction"]),
        ({"occurredAt": "2026-03-01T12:00:00"}, ["occurredAt"]),
        ({"id": "x" * 129}, ["id"]),
        ({"userId": None}, ["userId"]),
        ({"content": {"type": "POEM", "id": "1"}}, ["content", "type"]),
        ({"metadata": {"deep": float("nan")}}, ["metadata", "deep"]),
        ({"metadata": {"big": 2**70}}, ["metadata", "big"]),
        ({"metadata": "\ud800"}, ["metadata"]),
        ({"durationMs": "long"}, ["durationMs"]),
        ({"colour": "red"}, ["colour"]),
        ({"device": {"type": "TOASTER"}}, ["device", "type"]),
    ],
)
async def test_wrong_input_in_a_variable_is_said_where_it_is(change: dict[str, Any], path: list[str]) -> None:
    ports = Ports()
    data = await answered(ports, TRACK, {"i": LIKE | change})
    result = data["trackContentInteraction"]
    assert result["__typename"] == "InvalidInput"
    assert [problem["path"] for problem in result["problems"]] == [path]
    assert ports.calls == []


@pytest.mark.parametrize("sent", ["text", 7, [], [LIKE]])
async def test_what_is_no_object_is_invalid(sent: Any) -> None:
    data = await answered(Ports(), TRACK, {"i": sent})
    assert data["trackContentInteraction"]["__typename"] == "InvalidInput"


@pytest.mark.parametrize("variables", [{}, {"i": None}])
async def test_a_missing_input_is_an_error_of_the_request(variables: dict[str, Any]) -> None:
    answer = await ask(Ports(), TRACK, variables)
    assert "ContentInteractionInput!" in answer.errors[0].message


async def test_one_bad_event_harms_no_other() -> None:
    ports = Ports(outcomes={"e2": Overloaded(5), "e3": Tracked(did("LIKE", "ann"), duplicate=True)})
    good = [{"content": LIKE | {"id": f"e{n}"}} for n in range(4)]
    bad: list[Any] = [{"content": BAD}, {}, None, 5, {"content": LIKE, "social": {}}, {"content": None}, {"other": 1}]
    data = await answered(ports, BATCH, {"e": [good[0], *bad, *good[1:]]})
    batch = data["trackBatch"]
    assert numbers(batch) == (2, 1, 0, 7, 1)
    kinds = [result["__typename"] for result in batch["results"]]
    assert kinds == ["Tracked", *["InvalidInput"] * 7, "Tracked", "Overloaded", "Tracked"]
    assert [p["path"] for p in batch["results"][1]["problems"]] == [["events", "1", "content", "interaction"]]
    assert batch["results"][3]["problems"][0]["path"] == ["events", "3"]
    assert [event.id for event in ports.recorded()] == ["e0", "e1", "e2", "e3"]
    assert len(ports.calls) == 1


async def test_what_the_recorder_refuses_is_placed_in_the_batch() -> None:
    refused = InvalidInput((Problem(("content", "metadata"), "cannot be kept"),))
    ports = Ports(outcomes={"e1": refused})
    data = await answered(ports, BATCH, {"e": [{"content": LIKE | {"id": "e0"}}, {"content": LIKE}]})
    assert data["trackBatch"]["results"][1]["problems"][0]["path"] == ["events", "1", "content", "metadata"]


async def test_a_batch_of_all_faces() -> None:
    ports = Ports()
    sent = [
        {"content": LIKE},
        {"social": {"userId": "a", "interaction": "MESSAGE_SENT", "targetUserId": "b"}},
        {"profileVisit": {"visitorId": "a", "profileUserId": "b"}},
        {"activity": {"userId": "a", "activity": "COMMUNITY_JOIN", "entity": {"type": "community", "id": "c"}}},
    ]
    assert numbers((await answered(ports, BATCH, {"e": sent}))["trackBatch"]) == (4, 0, 0, 0, 0)
    assert [event.face for event in ports.recorded()] == [Face.CONTENT, Face.SOCIAL, Face.PROFILE, Face.ACTIVITY]
    assert ports.recorded()[3].entity == EntityRef("community", "c")


async def test_a_batch_of_bad_events_does_not_reach_the_recorder() -> None:
    ports = Ports()
    assert numbers((await answered(ports, BATCH, {"e": [{"content": BAD}]}))["trackBatch"]) == (0, 0, 0, 1, 0)
    assert numbers((await answered(ports, BATCH, {"e": []}))["trackBatch"]) == (0, 0, 0, 0, 0)
    assert ports.calls == []


async def test_a_lone_event_is_a_batch_of_one() -> None:
    assert numbers((await answered(Ports(), BATCH, {"e": {"content": LIKE}}))["trackBatch"]) == (1, 0, 0, 0, 0)


async def test_a_batch_has_at_most_1000_events() -> None:
    full = [{"content": LIKE | {"id": f"e{n}"}} for n in range(1000)]
    assert numbers((await answered(Ports(), BATCH, {"e": full}))["trackBatch"]) == (1000, 0, 0, 0, 0)
    answer = await ask(Ports(), BATCH, {"e": [*full, full[0]]})
    assert answer.codes() == ["LIMIT_EXCEEDED"]
    assert "1001" in answer.errors[0].message


async def test_everything_in_a_request_was_received_at_once() -> None:
    ports = Ports()
    twice = " ".join(f"{alias}: trackActivity(input: $a) {{ __typename }}" for alias in "xy")
    await answered(ports, f"mutation ($a: ActivityInput!) {{ {twice} }}", {"a": {"userId": "a", "activity": "LOGIN"}})
    assert {event.received_at for event in ports.recorded()} == {RECEIVED}


RETRACT = """mutation ($id: ID!, $reason: String) {
  retract(eventId: $id, reason: $reason) {
    __typename
    ... on Retracted { event { id retracted retractedAt retractReason } }
    ... on InvalidInput { problems { path } }
    ... on NotFound { message }
    ... on Overloaded { retryAfterMs }
  }
}"""


async def test_a_retraction_is_answered_with_the_event() -> None:
    event = did("LIKE", "ann", id="e1", retracted_at=NOON + timedelta(days=1), retract_reason="a slip")
    ports = Ports(retraction=Retracted(event))
    data = await answered(ports, RETRACT, {"id": "e1", "reason": "a slip"})
    assert data["retract"]["event"] == {
        "id": "e1",
        "retracted": True,
        "retractedAt": "2026-03-02T12:00:00.000Z",
        "retractReason": "a slip",
    }
    assert ports.calls == [("retract", "e1", "a slip", RECEIVED)]


async def test_a_retraction_can_fail() -> None:
    assert (await answered(Ports(), RETRACT, {"id": "e1"}))["retract"]["__typename"] == "NotFound"
    data = await answered(Ports(retraction=Overloaded(9)), RETRACT, {"id": "e1"})
    assert data["retract"] == {"__typename": "Overloaded", "retryAfterMs": 9}
    ports = Ports()
    data = await answered(ports, RETRACT, {"id": "x" * 129, "reason": "y" * 257})
    assert [p["path"] for p in data["retract"]["problems"]] == [["eventId"], ["reason"]]
    assert ports.calls == []


REGISTER = """mutation ($r: RegisterContentInput!) {
  registerContent(input: $r) {
    __typename
    ... on Registered { content { id type author { id } tags } }
    ... on InvalidInput { problems { path } }
    ... on Overloaded { retryAfterMs }
  }
}"""


async def test_content_is_registered_and_not_read_again() -> None:
    ports = Ports()
    sent = {"content": {"type": "POST", "id": "1"}, "authorId": "ann", "tags": ["a", "b"]}
    data = await answered(ports, REGISTER, {"r": sent})
    assert data["registerContent"]["content"] == {
        "id": "1",
        "type": "POST",
        "author": {"id": "ann"},
        "tags": ["a", "b"],
    }
    assert [call[0] for call in ports.calls] == ["register"]


async def test_a_registration_can_fail() -> None:
    wrong = {"content": {"type": "POST", "id": ""}, "createdAt": "yesterday"}
    data = await answered(Ports(), REGISTER, {"r": wrong})
    assert [p["path"] for p in data["registerContent"]["problems"]] == [["content", "id"], ["createdAt"]]
    data = await answered(Ports(overloaded=True), REGISTER, {"r": {"content": {"type": "POST", "id": "1"}}})
    assert data["registerContent"]["__typename"] == "Overloaded"
