"""The log as the API tells it, turned back into events."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import graphql
import httpx
import pytest
from graphql import parse, validate

from schema.api import build_schema
from schema.remote import Server
from schema.remote_log import AT_ONCE, EVENTS, HABITS, RemoteLog
from schema.scalars import written_time
from signals.content import Content
from signals.events import ContentRef, EntityRef, Event, Face
from signals.figures import Figures
from signals.habits import Habits
from tests.factories import POST, VOCABULARY, active, at, did, met, visited
from tests.unit.surface import Ports, answered

NODE = {"receivedAt": "2026-03-31T12:00:00.000Z", "occurredAt": written_time(at(0)), "durationMs": None}


def told(event: Event) -> dict[str, Any]:
    """The event as the API answers the query."""
    ref = None if event.content is None else {"type": event.content.type, "id": event.content.id}
    base: dict[str, Any] = {
        **NODE,
        "id": event.id,
        "category": event.category,
        "action": event.action,
        "user": {"id": event.user_id},
    }
    base["durationMs"] = event.duration_ms
    other = {"id": event.target_user_id}
    if event.face is Face.CONTENT:
        place = {"scrollDepth": event.scroll_depth, "position": event.position, "impressionId": event.impression_id}
        return {**base, "__typename": "ContentInteraction", "contentName": event.name, "content": ref, **place}
    if event.face is Face.SOCIAL:
        return {**base, "__typename": "SocialInteraction", "socialName": event.name, "about": ref, "targetUser": other}
    if event.face is Face.PROFILE:
        return {**base, "__typename": "ProfileVisit", "profileUser": other}
    entity = None if event.entity is None else {"type": event.entity.type, "id": event.entity.id}
    return {**base, "__typename": "Activity", "activityName": event.name, "entity": entity}


EVERY_KIND = [
    did("IMPRESSION", "a", impression_id="i", position=3),
    did("SCROLL", "a", scroll_depth=40.5, duration_ms=70),
    met("FOLLOW", "a", "b"),
    met("MENTION", "a", "b", content=POST),
    visited("a", "b"),
    active("LOGIN", "a"),
    active("COMMUNITY_JOIN", "a", entity=EntityRef("community", "7")),
    active("PROBLEM_SOLVED", "a", entity=EntityRef("riddle", "7")),
    active("CUSTOM", "a", entity=EntityRef("sketch", "1"), category="sketch", action="opened"),
]


def log(answers: Any) -> tuple[RemoteLog, list[dict[str, Any]]]:
    asked: list[dict[str, Any]] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(200, json={"data": answers(asked[-1])})

    client = httpx.AsyncClient(transport=httpx.MockTransport(handle))
    return RemoteLog(Server(client, "http://127.0.0.1:1"), VOCABULARY), asked


@pytest.mark.parametrize("event", EVERY_KIND, ids=lambda event: event.type)
async def test_an_event_comes_back(event: Event) -> None:
    page = {"edges": [{"node": told(event)}], "pageInfo": {"hasNextPage": False, "endCursor": "c"}}
    reader, _ = log(lambda _: {"events": page})
    events, after = await reader.page(None, None)
    assert (list(events), after) == ([replace(event, reported_at=None, entity=None)], None)


async def test_pages_follow_each_other() -> None:
    page = {"edges": [], "pageInfo": {"hasNextPage": True, "endCursor": "next"}}
    reader, asked = log(lambda _: {"events": page})
    assert await reader.page(at(5), "here") == ([], "next")
    assert asked[0]["variables"] == {"filter": {"until": "2026-03-01T12:00:05.000Z"}, "after": "here", "first": 500}


async def test_facts_are_asked_for_many_at_once() -> None:
    refs = [ContentRef("POST", str(number)) for number in range(2 * AT_ONCE + 1)]
    made = datetime.fromisoformat("2026-01-01T00:00:00.000Z")

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        facts = {"author": {"id": "zoe"}, "createdAt": "2026-01-01T00:00:00.000Z"}
        bare = {"author": None, "createdAt": None}
        known = {"0": facts, "200": bare}
        return {name: known.get(ref["id"]) for name, ref in body["variables"].items()}

    reader, asked = log(answer)
    found = await reader.contents(refs)
    assert found[0] == Content(ref=refs[0], author_id="zoe", created_at=made)
    assert (found[1], found[-1], len(found)) == (None, Content(ref=refs[-1]), len(refs))
    assert len(asked) == 3


async def test_habits_come_with_their_date() -> None:
    row = {"at": written_time(at(3)), "repeat": 0.1, "reply": 0.2, "spread": 0.3, "again": 0.4, "againSpread": 0.5}
    row |= {"answer": 0.6, "answerLate": 0.7, "lasting": 0.8}
    reader, asked = log(lambda _: {"populationHabits": row})
    assert await reader.figures(at(7)) == Figures(at(3), Habits(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8))
    assert asked[0]["variables"] == {"by": written_time(at(7))}
    reader, _ = log(lambda _: {"populationHabits": None})
    assert await reader.figures(at(7)) is None


def test_all_habits_are_asked_for() -> None:
    asked = {name.lower() for name in HABITS.split()}
    assert {each.name.replace("_", "") for each in fields(Habits)} <= asked


def test_the_schema_takes_the_questions() -> None:
    schema = graphql.build_schema(build_schema(VOCABULARY).as_str())
    for question in (EVENTS, HABITS):
        assert validate(schema, parse(question)) == []


async def test_the_api_tells_what_is_stored() -> None:
    ports = Ports(known={"figures": Figures(at(3), Habits(repeat=0.25, again_spread=2.0))})
    data = await answered(ports, HABITS, {"by": written_time(at(7))})
    assert data["populationHabits"].items() >= {"at": written_time(at(3)), "repeat": 0.25, "againSpread": 2.0}.items()
