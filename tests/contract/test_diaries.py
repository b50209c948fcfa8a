"""What diaries say of somebody's events, on every engine."""

from __future__ import annotations

import random
from dataclasses import replace

import orjson
import pytest

from graph import stamps
from graph.diaries import DiaryReader
from signals.clock import to_ms
from signals.diary import Entry, Moment
from signals.events import Device, EntityRef, Event
from tests.contract.stage import Stage
from tests.factories import RECEIVED, active, busy, did

FOREVER = to_ms(RECEIVED)


def entry(event: Event, metadata: bool) -> Entry:
    """The entry that stands for an event."""
    return Entry(
        at=to_ms(event.occurred_at),
        id=event.id,
        actor_id=event.user_id,
        face=event.face.value,
        name=event.name,
        category=event.category,
        action=event.action,
        content_key=event.content.key if event.content else None,
        target_user_id=event.target_user_id,
        entity_type=event.entity.type if event.entity else None,
        entity_id=event.entity.id if event.entity else None,
        session_id=event.session_id,
        duration_ms=event.duration_ms,
        scroll_depth=event.scroll_depth,
        points=event.points,
        time_zone=event.time_zone,
        country=event.country,
        device_type=event.device.type if event.device else None,
        metadata=orjson.dumps(event.metadata).decode() if metadata and event.metadata is not None else None,
    )


async def told(stage: Stage) -> list[Event]:
    """Events with everything that a diary knows, one of them taken back; those left, oldest first."""
    chance = random.Random(7)
    zones = (None, None, "Europe/Berlin", "Pacific/Apia")
    events = [replace(event, time_zone=chance.choice(zones)) for event in busy(chance, 120)]
    full = did("VIEW", "a", seconds=5, scroll_depth=0.5, points=2.5, country="DE", device=Device(type="MOBILE"))
    events += [
        replace(full, metadata={"yogaPath": "karma"}, duration_ms=70),
        active("PROBLEM_SOLVED", "b", 6, EntityRef("problem", "p1"), session_id="x"),
        *(did("VIEW", "a", seconds=9, id=id) for id in ("\U00010000", "\uffff", "z")),
    ]
    await stage.ports.recorder.record(events)
    gone = next(event for event in events if event.user_id == "a")
    await stage.ports.recorder.retract(gone.id, None, RECEIVED)
    events.remove(gone)
    return sorted(events, key=lambda event: (event.occurred_at, event.id))


async def test_a_diary_has_every_column_of_the_events_in_its_span(stage: Stage) -> None:
    events = await told(stage)
    reader = DiaryReader(stage.database)
    middle = to_ms(events[60].occurred_at)
    for who in (["a"], ["a", "b"], ["c", "nobody"], ["b", *(f"nobody-{n}" for n in range(250)), "a"], []):
        for since, until in ((0, FOREVER), (0, middle), (middle, FOREVER), (middle, middle)):
            for metadata in (False, True):
                wanted = [entry(event, metadata) for event in events if event.user_id in who]
                expected = [row for row in wanted if since <= row.at < until]
                assert await reader.diary(who, since, until, metadata) == expected


async def test_moments_are_everything(stage: Stage) -> None:
    events = await told(stage)
    reader = DiaryReader(stage.database)
    mine = [event for event in events if event.user_id == "a"]
    moments = [Moment(to_ms(event.occurred_at), event.id, event.time_zone, event.name) for event in mine]
    assert await reader.moments("a") == moments
    assert await reader.moments("nobody") == []


async def test_the_zone_before_is_that_of_the_latest_earlier_event_with_one(stage: Stage) -> None:
    events = [event for event in await told(stage) if event.user_id == "a"]
    reader = DiaryReader(stage.database)
    for event in (*events[:3], *events[30:33], events[-1]):
        earlier = [each for each in events if each.occurred_at < event.occurred_at and each.time_zone]
        expected = earlier[-1].time_zone if earlier else None
        assert await reader.zone_before("a", to_ms(event.occurred_at)) == expected
    assert await reader.zone_before("nobody", FOREVER) is None


async def test_the_mark_of_a_user_changes_with_what_the_user_did(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = DiaryReader(stage.database)
    await stage.ports.recorder.record([active("LOGIN", "b")])
    assert await reader.changed("b") is None, "nothing is to be remembered amid a change"
    monkeypatch.setattr(stamps, "APPLIED_S", 0.0)
    assert await reader.changed("a") is None
    login = active("LOGIN", "a")
    marks: list[str | None] = []
    for step in ("record", "again", "other", "more", "retract"):
        if step in ("record", "again"):
            await stage.ports.recorder.record([login])
        elif step == "other":
            await stage.ports.recorder.record([active("LOGIN", "b")])
        elif step == "more":
            await stage.ports.recorder.record([active("PING", "a", 5)])
        else:
            await stage.ports.recorder.retract(login.id, None, RECEIVED)
        marks.append(await reader.changed("a"))
    assert marks[0] == marks[1] == marks[2]
    assert len(set(marks)) == 3
