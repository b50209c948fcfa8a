"""Recording on every engine: exactly once, whole or not at all, answered after the commit."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from graph.driver import Database
from signals.content import Content, Registration
from signals.events import ContentRef, Device, EntityRef, Event
from signals.outcomes import IdConflict, InvalidInput, NotFound, Overloaded, Retracted, Tracked
from tests.contract.stage import Counting, Stage, ids, staged
from tests.factories import ARTICLE, POST, active, again, at, did, met, visited
from tests.strategies import Record, Register, Retract

PHONE = Device("MOBILE", "Firefox", "130", "Android", "web", "2.1")
WHOLE = [
    did("VIEW", "ann", scroll_depth=0.25, position=3, impression_id="i1", reaction="wow", duration_ms=5),
    met("COMMENT", "ann", "bob", content=POST, session_id="s", metadata={"a": [1, None, {"b": 0.1}]}),
    visited("ann", "bob", source="search", device=PHONE, country="NO", time_zone="Europe/Oslo"),
    active("COMMUNITY_JOIN", "ann", 1, EntityRef("community", "7"), points=1.5, context=[True, "x"]),
    active("CUSTOM", "ann", 2, EntityRef("email", "1"), category="mail", action="opened", sent_at=at(3)),
    active("LOGIN", "ann", reported_at=None, metadata="\U0001f600 \u2028"),
]


@pytest.mark.parametrize("event", WHOLE, ids=lambda e: e.type)
async def test_an_event_comes_back_as_it_went_in(stage: Stage, event: Event) -> None:
    assert await stage.ports.recorder.record([event]) == [Tracked(event, duplicate=False)]
    assert await stage.ports.events.event(event.id) == event


async def test_nothing_to_record_is_nothing_recorded(stage: Stage) -> None:
    assert await stage.ports.recorder.record([]) == []
    assert await stage.recorded() == []


async def test_a_repetition_a_year_later_changes_nothing(stage: Stage) -> None:
    first = did("LIKE", "ann", country="NO")
    retry = replace(first, country="SE", device=PHONE, sent_at=at(9), received_at=at(366 * 86_400), occurred_at=at(7))
    await stage.agrees([Record((first,)), Record((retry, first)), Record((again(first),))])
    assert await stage.ports.recorder.record([retry]) == [Tracked(first, duplicate=True)]


async def test_other_facts_under_a_taken_id_change_nothing_and_show_what_is_recorded(stage: Stage) -> None:
    first, other = did("LIKE", "ann", id="a"), did("LIKE", "bob", ARTICLE, id="a")
    await stage.agrees([Record((first, other, again(first))), Record((other,))])
    assert await stage.ports.recorder.record([other]) == [IdConflict("a", first)]
    assert await stage.ports.people.seen(["bob"]) == [False]


async def test_a_thousand_events_in_one_call_answer_in_order(stage: Stage) -> None:
    events = [did("VIEW", f"user {n % 50}", ContentRef("POST", str(n % 30)), n) for n in range(1000)]
    outcomes = await stage.ports.recorder.record([*events, *events])
    assert outcomes == [Tracked(e, duplicate=False) for e in events] + [Tracked(e, duplicate=True) for e in events]
    await stage.consistent()


async def test_requests_at_the_same_moment_share_what_they_touch(stage: Stage) -> None:
    requests = [[did("LIKE", f"user {n % 5}", seconds=n), met("FOLLOW", f"user {n % 5}", "bob", n)] for n in range(60)]
    outcomes = await asyncio.gather(*(stage.ports.recorder.record(request) for request in requests))
    assert outcomes == [[Tracked(event, duplicate=False) for event in request] for request in requests]
    assert len(await stage.consistent()) == 120


async def test_the_same_event_from_many_requests_is_recorded_once(stage: Stage) -> None:
    event = did("LIKE", "ann")
    outcomes = await asyncio.gather(*(stage.ports.recorder.record([event]) for _ in range(30)))
    duplicates = [outcome.duplicate for [outcome] in outcomes if isinstance(outcome, Tracked)]
    assert sorted(duplicates) == [False] + [True] * 29
    assert await stage.consistent() == [event]


async def test_an_event_the_database_refuses_fails_alone(stage: Stage) -> None:
    good = [did("LIKE", f"user {n}", seconds=n) for n in range(20)]
    poison = did("LIKE", "half a \ud83d character")
    outcomes = await stage.ports.recorder.record([*good[:13], poison, *good[13:]])
    assert isinstance(outcomes.pop(13), InvalidInput)
    assert outcomes == [Tracked(event, duplicate=False) for event in good]
    assert ids(await stage.consistent()) == ids(good)


async def test_a_full_queue_asks_to_come_back_and_loses_nothing(database: Database) -> None:
    async with staged(database, capacity=50) as stage:
        requests = [[did("VIEW", f"user {n}", seconds=n) for _ in range(20)] for n in range(30)]
        outcomes = await asyncio.gather(*(stage.ports.recorder.record(request) for request in requests))
        refused = [r for r, o in zip(requests, outcomes, strict=True) if isinstance(o[0], Overloaded)]
        assert refused
        assert all(o.retry_after_ms > 0 for [o, *_] in outcomes if isinstance(o, Overloaded))
        taken = [e for r, o in zip(requests, outcomes, strict=True) if isinstance(o[0], Tracked) for e in r]
        assert ids(await stage.consistent()) == ids(taken)
        for request in refused:
            assert await stage.ports.recorder.record(request) == [Tracked(e, duplicate=False) for e in request]
        assert len(await stage.consistent()) == 600


async def test_stopping_writes_what_is_queued(database: Database) -> None:
    events = [did("VIEW", "ann", seconds=n) for n in range(40)]
    async with staged(database) as stage:
        asked = [asyncio.create_task(stage.ports.recorder.record([event])) for event in events]
        await asyncio.sleep(0)
    assert await asyncio.gather(*asked) == [[Tracked(event, duplicate=False)] for event in events]
    async with staged(database) as stage:
        assert ids(await stage.recorded()) == ids(events)


async def test_a_request_that_is_gone_disturbs_no_other(stage: Stage) -> None:
    gone = asyncio.create_task(stage.ports.recorder.record([did("VIEW", "ann")]))
    kept = asyncio.create_task(stage.ports.recorder.record([did("VIEW", "bob")]))
    await asyncio.sleep(0)
    gone.cancel()
    [outcome] = await kept
    assert isinstance(outcome, Tracked)
    [later] = await stage.ports.recorder.record([did("VIEW", "cat")])
    assert isinstance(later, Tracked)
    await stage.consistent()


async def test_taking_back_leaves_the_world_without_the_event(stage: Stage) -> None:
    like, unlike, visit = did("LIKE", "ann", seconds=1), did("UNLIKE", "ann", seconds=2), visited("ann", "bob", 3)
    retract = Retract(unlike.id, "a slip", at(60))
    await stage.agrees([Record((like, unlike, visit)), retract, retract, Record((unlike,))])
    [engagement] = await stage.ports.contents.engagements([POST], at(60))
    assert engagement.likes == 1
    for event in (like, visit):
        outcome = await stage.ports.recorder.retract(event.id, None, at(70))
        assert outcome == Retracted(replace(event, retracted_at=at(70)))
    assert await stage.recorded() == []
    assert await stage.ports.people.seen(["ann", "bob"]) == [False, False]
    assert await stage.ports.contents.contents([POST]) == [None]
    await stage.consistent()


async def test_taking_back_what_never_was_changes_nothing(stage: Stage) -> None:
    assert isinstance(await stage.ports.recorder.retract("unheard", None, at(0)), NotFound)


async def test_taking_back_uncovers_the_earlier_first_touch_and_connection(stage: Stage) -> None:
    first, second = did("VIEW", "ann", seconds=1), did("SHARE", "ann", seconds=90_000)
    ask = met("CONNECTION_REQUEST", "ann", "bob", 1)
    accept = met("CONNECTION_ACCEPT", "bob", "ann", 2)
    gone = [Retract(event.id, None, at(9)) for event in (first, accept, ask)]
    anew = met("CONNECTION_REQUEST", "bob", "ann", 5)
    await stage.agrees([Record((first, second, ask, accept)), *gone[:2], Record((anew,)), *gone[2:]])


async def test_taking_back_from_long_lists_leaves_every_answer_right(stage: Stage) -> None:
    crowd = [did("LIKE", f"user {n}", seconds=n) for n in range(140)]
    tour = [did("VIEW", "ann", ContentRef("ARTICLE", str(n)), n) for n in range(70)]
    talk = [met("MESSAGE_SENT", "ann", f"user {n % 3}", n) for n in range(270)]
    await stage.ports.recorder.record([*crowd, *tour, *talk])
    for event in (*crowd[137:], *tour[67:], *talk[266:], crowd[0], tour[0], talk[0]):
        assert isinstance(await stage.ports.recorder.retract(event.id, None, at(999)), Retracted)
    assert len(await stage.consistent()) == 467


async def test_a_user_named_like_a_content_is_somebody_else(stage: Stage) -> None:
    like, greet = did("LIKE", "ann", seconds=1), met("MENTION", "ann", POST.key, 2)
    more = did("VIEW", "ann", seconds=3), met("FOLLOW", "ann", POST.key, 4)
    await stage.agrees([Record((like, greet, *more)), Retract(like.id, None, at(9)), Retract(greet.id, None, at(9))])


async def test_registering_sets_what_is_said_and_keeps_the_rest(stage: Stage) -> None:
    known = Registration(content=POST, author_id="ann", created_at=at(0), tags=("a", "b"), language="no")
    changed = Registration(content=POST, tags=(), author_id="bob")
    unknown = Registration(content=ARTICLE)
    await stage.agrees(
        [Register((known, unknown)), Record((did("LIKE", "cat"),)), Register((changed,)), Register((unknown, changed))]
    )
    content = Content(ref=POST, author_id="bob", created_at=at(0), language="no")
    assert await stage.ports.contents.contents([POST, ARTICLE]) == [content, Content(ref=ARTICLE)]
    assert await stage.ports.people.seen(["ann", "bob", "dan"]) == [False, True, False]


async def test_registering_beside_recording_keeps_both(stage: Stage) -> None:
    register = stage.ports.recorder.register
    likes = [stage.ports.recorder.record([did("LIKE", f"user {n}", seconds=n)]) for n in range(20)]
    told = [register([Registration(content=POST, language="no"), Registration(content=POST)]) for _ in range(5)]
    await asyncio.gather(*likes, *told)
    [engagement] = await stage.ports.contents.engagements([POST], at(60))
    assert engagement.likes == 20
    assert await stage.ports.contents.contents([POST]) == [Content(ref=POST, language="no")]


async def test_contents_that_are_registered_at_once_share_transactions(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting()
    monkeypatch.setattr(stage.database._watch, "meter", counting)
    refs = [ContentRef("POST", f"p{n % 30}") for n in range(40)]
    said = [Registration(content=ref, language="no" if n < 30 else "en") for n, ref in enumerate(refs)]
    answers = await asyncio.gather(*(stage.ports.recorder.register([one]) for one in said))
    assert answers == [[Content(ref=one.content, language=one.language)] for one in said]
    assert counting.statements["register_write"] <= 2, "the first begins alone; the others go together"
    found = await stage.ports.contents.contents(refs[:30])
    assert [content and content.language for content in found] == ["en"] * 10 + ["no"] * 20


async def test_a_ready_writer_says_so(stage: Stage) -> None:
    assert await stage.writer.ready()
