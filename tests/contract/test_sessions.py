"""Sessions, and what comes in for a person, as every engine tells them."""

from __future__ import annotations

import random
from dataclasses import replace

from graph.diaries import DiaryReader
from graph.sessions import SessionReader
from signals.behaviour import Received
from signals.clock import to_ms
from signals.content import Registration
from signals.events import ContentRef, Device, Event
from signals.sessions import Outline, Step, given, inferred
from tests.contract.stage import Stage
from tests.factories import ARTICLE, POST, RECEIVED, at, busy, did, met
from tests.meanings import looked_at

FOREVER = to_ms(RECEIVED)
DAY_S = 86_400


async def told(stage: Stage) -> list[Event]:
    """Events with and without a session, one of each taken back; those left."""
    chance = random.Random(11)
    devices = (None, None, Device(type="MOBILE"))
    events = [
        replace(event, session_id=chance.choice((None, None, "x", "y", "z")), device=chance.choice(devices))
        for event in busy(chance, 150)
    ]
    await stage.ports.recorder.record(events)
    for gone in (events[0], events[1]):
        await stage.ports.recorder.retract(gone.id, None, RECEIVED)
    return events[2:]


def step(event: Event) -> Step:
    thing = looked_at(event)
    return Step(
        to_ms(event.occurred_at), event.id, event.user_id, event.session_id, repr(thing), event.device is not None
    )


def expected(events: list[Event], user: str | None, since: int, until: int) -> list[Outline]:
    steps = [step(event) for event in events]
    found = [o for o in given(steps) + inferred(steps) if since <= o.start_ms < until and user in (None, o.user_id)]
    return sorted(found, key=lambda o: (o.start_ms, o.id), reverse=True)


async def test_sessions_of_everybody_and_of_one(stage: Stage) -> None:
    events = await told(stage)
    reader = SessionReader(stage.database)
    noon = to_ms(at(0))
    for user in (None, "a", "b", "nobody"):
        for since, until in ((0, FOREVER), (noon + 3_600_000, noon + 80_000_000), (noon, noon + 1)):
            for first in (1, 3, 500):
                found = await reader.sessions(user, since, until, first)
                assert found == expected(events, user, since, until)[:first]


async def test_events_by_id(stage: Stage) -> None:
    events = await told(stage)
    reader = SessionReader(stage.database)
    wanted = [events[3].id, "unknown", events[5].id, events[3].id]
    found = await reader.events_by_id(wanted)
    assert [event and event.id for event in found] == [events[3].id, None, events[5].id, events[3].id]
    assert await reader.events_by_id([]) == []


async def test_what_comes_in(stage: Stage) -> None:
    message = ContentRef("CONVERSATION_MESSAGE", "1")
    events = [
        met("MESSAGE_SENT", "bob", "ann", 5, content=message, id="m1"),
        met("CONNECTION_REQUEST", "bob", "ann", 5, id="c1"),
        met("CONNECTION_CANCEL", "bob", "ann", 3, id="c2"),
        met("MESSAGE_READ", "bob", "ann", 4),
        met("FOLLOW", "bob", "ann", 4),
        met("MESSAGE_SENT", "ann", "bob", 4),
        met("MESSAGE_SENT", "carol", "ann", 9, id="late"),
        met("MESSAGE_SENT", "carol", "ann", 6, id="gone"),
    ]
    await stage.ports.recorder.record(events)
    await stage.ports.recorder.retract("gone", None, RECEIVED)
    found = await DiaryReader(stage.database).received("ann", to_ms(at(3)), to_ms(at(9)))
    assert found == [
        Received(to_ms(at(3)), "c2", "bob", "CONNECTION_CANCEL", None),
        Received(to_ms(at(5)), "c1", "bob", "CONNECTION_REQUEST", None),
        Received(to_ms(at(5)), "m1", "bob", "MESSAGE_SENT", message.key),
    ]


async def test_tags_of_contents(stage: Stage) -> None:
    other = ContentRef("STORY", "1")
    await stage.ports.recorder.register(
        [
            Registration(content=POST, tags=("a", "b c")),
            Registration(content=ARTICLE, tags=()),
            Registration(content=other),
        ]
    )
    await stage.ports.recorder.record([did("VIEW", "ann", POST)])
    keys = [POST.key, ARTICLE.key, other.key, "POST:unknown"]
    assert await DiaryReader(stage.database).tags(keys) == {POST.key: ["a", "b c"]}
    assert await DiaryReader(stage.database).tags([]) == {}
