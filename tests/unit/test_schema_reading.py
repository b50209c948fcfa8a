"""The reads: what the ports are asked, and how their values look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from signals.content import Content, ContentRelation
from signals.events import ActivitySummary, ContentRef, Device, EntityRef, EventFilter, EventPage, Session, Sums
from signals.people import Connection, ConnectionStatus, Conversation, ProfileVisitor, SocialRelation
from tests.factories import NOON, POST, RECEIVED, active, at, did, met, visited
from tests.unit.surface import Ports, answered, ask

EVENT = """query ($id: ID!) { event(id: $id) {
  __typename id type category action user { id } occurredAt receivedAt reportedAt sentAt sessionId country timeZone
  durationMs metadata context retracted device { type browser appVersion }
  ... on ContentInteraction { interaction content { id } scrollDepth reaction position impressionId }
  ... on SocialInteraction { did: interaction targetUser { id } about: content { id } }
  ... on ProfileVisit { profileUser { id } source }
  ... on Activity { activity entity { type id } points }
} }"""


async def read(event: Any) -> dict[str, Any]:
    data: dict[str, Any] = (await answered(Ports(known={"event": event}), EVENT, {"id": "e"}))["event"]
    return data


async def test_a_content_interaction() -> None:
    event = did(
        "SCROLL",
        "ann",
        id="e",
        sent_at=at(5),
        session_id="s",
        device=Device(type="MOBILE", browser="Firefox", app_version="2"),
        country="DE",
        time_zone="Europe/Berlin",
        duration_ms=1200,
        metadata={"a": [1]},
        context="feed",
        scroll_depth=40.5,
        position=0,
        impression_id="i",
    )
    data = await read(event)
    assert data == {
        "__typename": "ContentInteraction",
        "id": "e",
        "type": "post:scroll",
        "category": "post",
        "action": "scroll",
        "user": {"id": "ann"},
        "occurredAt": "2026-03-01T12:00:00.000Z",
        "receivedAt": "2026-03-31T12:00:00.000Z",
        "reportedAt": "2026-03-01T12:00:00.000Z",
        "sentAt": "2026-03-01T12:00:05.000Z",
        "sessionId": "s",
        "country": "DE",
        "timeZone": "Europe/Berlin",
        "durationMs": 1200,
        "metadata": {"a": [1]},
        "context": "feed",
        "retracted": False,
        "device": {"type": "MOBILE", "browser": "Firefox", "appVersion": "2"},
        "interaction": "SCROLL",
        "content": {"id": "1"},
        "scrollDepth": 40.5,
        "reaction": None,
        "position": 0,
        "impressionId": "i",
    }


async def test_the_other_faces() -> None:
    social = await read(met("MENTION", "ann", "bea", content=POST))
    assert (social["did"], social["targetUser"], social["about"]) == ("MENTION", {"id": "bea"}, {"id": "1"})
    visit = await read(visited("ann", "bea", source="search"))
    assert (visit["type"], visit["profileUser"], visit["source"]) == ("profile:visit", {"id": "bea"}, "search")
    activity = await read(active("PROBLEM_SOLVED", "ann", entity=EntityRef("problem", "7"), points=1.5))
    assert (activity["activity"], activity["points"]) == ("PROBLEM_SOLVED", 1.5)
    assert activity["entity"] == {"type": "problem", "id": "7"}


async def test_what_nobody_knows_is_null() -> None:
    query = """{ event(id: "e") { id } session(id: "s") { id } user(id: "nobody") { id }
                 content(ref: {type: POST, id: "0"}) { id } }"""
    assert await answered(Ports(), query) == {"event": None, "session": None, "user": None, "content": None}


EVENTS = """query ($f: EventFilter, $n: Int, $after: String) { events(filter: $f, first: $n, after: $after) {
  edges { cursor node { id ... on ContentInteraction { content { id } } } } pageInfo { hasNextPage endCursor } } }"""


async def test_a_page_of_events() -> None:
    ports = Ports(page=EventPage((did("LIKE", "ann", id="a"), met("FOLLOW", "a", "b", id="b")), ("c1", "c2"), True))
    data = await answered(ports, EVENTS)
    assert data["events"] == {
        "edges": [{"cursor": "c1", "node": {"id": "a", "content": {"id": "1"}}}, {"cursor": "c2", "node": {"id": "b"}}],
        "pageInfo": {"hasNextPage": True, "endCursor": "c2"},
    }
    assert ports.calls == [("events", EventFilter(), 50, None)]


async def test_an_empty_page_has_no_cursor() -> None:
    data = await answered(Ports(), EVENTS)
    assert data["events"] == {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


async def test_a_filter_reaches_the_port_whole() -> None:
    ports = Ports()
    sent = {
        "userId": "ann",
        "types": ["post:like"],
        "categories": [],
        "actions": ["like", "view"],
        "content": {"type": "POST", "id": 1},
        "targetUserId": "bea",
        "sessionId": "s",
        "since": "2026-03-01T14:00:00+02:00",
        "until": "2026-03-01T12:00:01Z",
    }
    await answered(ports, EVENTS, {"f": sent, "n": 500, "after": "c"})
    wanted = EventFilter(
        user_id="ann",
        types=("post:like",),
        categories=(),
        actions=("like", "view"),
        content=POST,
        target_user_id="bea",
        session_id="s",
        since=NOON,
        until=at(1),
    )
    assert ports.calls == [("events", wanted, 500, "c")]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ events(first: 501) { edges { cursor } } }", "LIMIT_EXCEEDED"),
        ("{ events(first: 0) { edges { cursor } } }", "INVALID_ARGUMENT"),
        ("{ events(first: -1) { edges { cursor } } }", "INVALID_ARGUMENT"),
        ('{ user(id: "a") { recentActivity(limit: 501) { id } } }', "LIMIT_EXCEEDED"),
        ('{ user(id: "a") { recentActivity(offset: 10001) { id } } }', "LIMIT_EXCEEDED"),
        ('{ user(id: "a") { recentActivity(offset: -1) { id } } }', "INVALID_ARGUMENT"),
        ('{ user(id: "a") { connections(first: 501) { status } } }', "LIMIT_EXCEEDED"),
        ('{ user(id: "a") { profileVisitors(first: 501) { visits } } }', "LIMIT_EXCEEDED"),
        ('{ user(id: "") { id } }', "INVALID_ARGUMENT"),
        ('{ event(id: "a\\u0000b") { id } }', "INVALID_ARGUMENT"),
        ('{ events(filter: {actions: ["a\\u0007"]}) { edges { cursor } } }', "INVALID_ARGUMENT"),
    ],
)
async def test_arguments_have_limits(query: str, code: str) -> None:
    assert (await ask(Ports(), query)).codes() == [code]


async def test_a_filter_has_at_most_100_choices() -> None:
    assert (await ask(Ports(), EVENTS, {"f": {"types": ["a:b"] * 101}})).codes() == ["LIMIT_EXCEEDED"]


@pytest.mark.parametrize("since", ["2026-03-01T12:00:00", "yesterday", 5])
async def test_a_filter_of_the_wrong_type_is_an_error_of_the_request(since: Any) -> None:
    answer = await ask(Ports(), EVENTS, {"f": {"since": since}})
    assert answer.data is None
    assert "DateTime" in answer.errors[0].message


async def test_null_is_the_default() -> None:
    ports = Ports()
    await answered(ports, "{ events(filter: null, first: null, after: null) { edges { cursor } } }")
    query = (
        '{ user(id: "a") { recentActivity(limit: null, offset: null) { id } connections(status: null) { status } } }'
    )
    await answered(ports, query)
    assert ports.calls[0] == ("events", EventFilter(), 50, None)
    assert ("recent", "a", 10, 0) in ports.calls
    assert ("connections", "a", ConnectionStatus.ACCEPTED, 50) in ports.calls


USER = """query ($id: ID!) { user(id: $id) { id
  recentActivity { id }
  connections(status: REQUESTED, first: 3) { user { id } other { id } status requestedBy { id } since responseMs }
  connectionWith(userId: "bea") { status requestedBy { id } }
  profileVisitors(since: "2026-03-01T00:00:00Z") { user { id } visits lastVisitAt repeated }
  relationTo(userId: "bea") { states byType { type count } firstAt lastAt }
  conversationWith(userId: "bea") { sent received sentAndRead receivedAndRead meanReadLatencyMs lastMessageAt }
} }"""


async def test_a_user_and_what_stands_between_two() -> None:
    connection = Connection(
        user_id="ann",
        other_id="bea",
        status=ConnectionStatus.REQUESTED,
        requested_by="bea",
        since=NOON,
        response_ms=None,
    )
    ports = Ports(
        page=EventPage((did("LIKE", "ann", id="e"),), ("c",), False),
        known={
            "connections": [connection],
            "connection": None,
            "visitors": [ProfileVisitor(user_id="cat", visits=2, last_visit_at=NOON)],
            "relation": SocialRelation(
                user_id="ann",
                other_id="bea",
                states=("FOLLOW",),
                by_type=(("social:follow", 1),),
                first_at=NOON,
                last_at=NOON,
            ),
            "conversation": Conversation(
                sent=2, received=1, sent_and_read=1, received_and_read=0, mean_read_latency_ms=1.5, last_message_at=NOON
            ),
        },
    )
    noon = "2026-03-01T12:00:00.000Z"
    data = await answered(ports, USER, {"id": "ann"})
    assert data["user"] == {
        "id": "ann",
        "recentActivity": [{"id": "e"}],
        "connections": [
            {
                "user": {"id": "ann"},
                "other": {"id": "bea"},
                "status": "REQUESTED",
                "requestedBy": {"id": "bea"},
                "since": noon,
                "responseMs": None,
            }
        ],
        "connectionWith": None,
        "profileVisitors": [{"user": {"id": "cat"}, "visits": 2, "lastVisitAt": noon, "repeated": True}],
        "relationTo": {
            "states": ["FOLLOW"],
            "byType": [{"type": "social:follow", "count": 1}],
            "firstAt": noon,
            "lastAt": noon,
        },
        "conversationWith": {
            "sent": 2,
            "received": 1,
            "sentAndRead": 1,
            "receivedAndRead": 0,
            "meanReadLatencyMs": 1.5,
            "lastMessageAt": noon,
        },
    }
    assert ("recent", "ann", 10, 0) in ports.calls
    assert ("connections", "ann", ConnectionStatus.REQUESTED, 3) in ports.calls
    assert ("visitors", "ann", NOON - timedelta(hours=12), 50) in ports.calls


CONTENT = """{ content(ref: {type: POST, id: "1"}) { type id author { id } createdAt tags language
  engagement { views likes uniqueUsers timeSpentMs averageScrollDepth popularity score byType { type count } }
  earlier: engagement(asOf: "2026-03-01T12:00:00Z") { views }
  relationOf(userId: "ann") { states byType { type count } firstAt lastAt } } }"""


async def test_content_is_read_once() -> None:
    known = Content(ref=POST, author_id="ann", created_at=NOON, tags=("a",), language="de")
    relation = ContentRelation(
        user_id="ann", content=POST, states=("LIKE",), by_type=(("post:like", 2),), first_at=NOON, last_at=NOON
    )
    ports = Ports(known={POST.key: known, "relation_to": relation})
    content = (await answered(ports, CONTENT))["content"]
    assert (content["author"], content["tags"], content["language"]) == ({"id": "ann"}, ["a"], "de")
    assert content["createdAt"] == "2026-03-01T12:00:00.000Z"
    assert content["relationOf"]["byType"] == [{"type": "post:like", "count": 2}]
    assert sorted(call[0] for call in ports.calls) == ["contents", "engagement_as_of", "engagements", "relation_to"]
    assert ("engagements", [POST], RECEIVED) in ports.calls
    assert ("engagement_as_of", POST, NOON) in ports.calls


async def test_content_below_a_list_is_read_in_one_call() -> None:
    events = tuple(did("LIKE", "ann", ContentRef("POST", str(n % 3))) for n in range(10))
    ports = Ports(page=EventPage(events, tuple("abcdefghij"), False))
    query = (
        "{ events { edges { node { ... on ContentInteraction { content { author { id } engagement { views } } } } } } }"
    )
    await answered(ports, query)
    refs = [ContentRef("POST", str(n)) for n in range(3)]
    assert ports.calls[1:] == [("contents", refs), ("engagements", refs, RECEIVED)]


async def test_a_session() -> None:
    events = tuple(did("VIEW", "ann", seconds=n, id=f"e{n}") for n in range(60))
    session = Session(
        id="s",
        events=events,
        event_count=60,
        start=at(0),
        end=at(59),
        duration_ms=59_000,
        depth=1,
        entry=events[0],
        exit=events[-1],
        device=Device(type="DESKTOP"),
    )
    query = """{ session(id: "s") { id eventCount start end durationMs depth entry { id } exit { id } device { type }
                 events { id } all: events(first: 500) { id } } }"""
    data = (await answered(Ports(known={"session": session}), query))["session"]
    assert (len(data.pop("events")), len(data.pop("all"))) == (50, 60)
    assert data == {
        "id": "s",
        "eventCount": 60,
        "start": "2026-03-01T12:00:00.000Z",
        "end": "2026-03-01T12:00:59.000Z",
        "durationMs": 59_000.0,
        "depth": 1,
        "entry": {"id": "e0"},
        "exit": {"id": "e59"},
        "device": {"type": "DESKTOP"},
    }


async def test_a_summary() -> None:
    summary = ActivitySummary(
        total_events=3,
        unique_users=2,
        sessions=1,
        by_category=(("post", 3),),
        by_type=(("post:view", 2), ("post:like", 1)),
        most_active_day="2026-03-01",
        most_common_action="view",
    )
    query = """{ activitySummary(filter: {userId: "ann"}) { totalEvents uniqueUsers sessions mostActiveDay
                 mostCommonAction byCategory { type count } byType { type count } } }"""
    ports = Ports(known={"summary": summary})
    assert (await answered(ports, query))["activitySummary"] == {
        "totalEvents": 3,
        "uniqueUsers": 2,
        "sessions": 1,
        "mostActiveDay": "2026-03-01",
        "mostCommonAction": "view",
        "byCategory": [{"type": "post", "count": 3}],
        "byType": [{"type": "post:view", "count": 2}, {"type": "post:like", "count": 1}],
    }
    assert ports.calls == [("summary", EventFilter(user_id="ann"), Sums(), None)]
