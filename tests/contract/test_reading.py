"""Reading on every engine: pages, windows, sessions and long histories."""

from __future__ import annotations

import base64
import random
from dataclasses import replace

import pytest

from signals.errors import InvalidCursor
from signals.events import ContentRef, Device, Event, EventFilter
from signals.people import ConnectionStatus
from tests.contract.stage import Stage
from tests.factories import ARTICLE, POST, VOCABULARY, active, at, did, met, visited
from tests.oracle import Oracle
from tests.reads import Ports, pages, same
from tests.strategies import Record

DAY = 86_400


async def test_an_empty_graph_answers_everything(stage: Stage) -> None:
    await stage.agrees([])
    assert await stage.ports.contents.contents([]) == []
    assert await stage.ports.contents.engagements([], at(0)) == []
    assert await stage.ports.people.seen([]) == []


async def test_answers_are_in_the_order_asked_and_repeat_what_is_asked_twice(stage: Stage) -> None:
    await stage.ports.recorder.record([did("VIEW", "ann"), did("VIEW", "ann", ARTICLE)])
    refs = [ARTICLE, ContentRef("PAGE", "none"), POST, ARTICLE]
    assert [c and c.ref for c in await stage.ports.contents.contents(refs)] == [ARTICLE, None, POST, ARTICLE]
    assert [e.views for e in await stage.ports.contents.engagements(refs, at(0))] == [1, 0, 1, 1]
    assert await stage.ports.people.seen(["bob", "ann", "ann"]) == [False, True, True]


async def test_a_page_goes_on_where_it_stopped_whatever_is_recorded_meanwhile(stage: Stage) -> None:
    events = [did("VIEW", "ann", seconds=n // 2) for n in range(10)]
    await stage.ports.recorder.record(events)
    first = await stage.ports.events.events(EventFilter(), 5, None)
    await stage.ports.recorder.record([did("VIEW", "bob", seconds=99), did("VIEW", "bob", seconds=-99)])
    rest = await stage.ports.events.events(EventFilter(), 5, first.cursors[-1])
    assert [*first.events, *rest.events] == events[::-1]
    assert (first.has_next, rest.has_next) == (True, True)
    taken_back = first.events[-1]
    await stage.ports.recorder.retract(taken_back.id, None, at(0))
    assert await stage.ports.events.events(EventFilter(), 5, first.cursors[-1]) == rest


@pytest.mark.parametrize(
    "cursor", ["", "?", "é", "bm9uc2Vuc2U=", base64.urlsafe_b64encode(b"x\ty").decode(), "A" * 999]
)
async def test_a_foreign_cursor_is_refused(stage: Stage, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        await stage.ports.events.events(EventFilter(), 5, cursor)


async def test_since_is_inclusive_and_until_exclusive_to_the_millisecond(stage: Stage) -> None:
    events = [did("VIEW", "ann", seconds=n / 1000) for n in range(4)]
    await stage.ports.recorder.record(events)
    window = EventFilter(since=at(0.001), until=at(0.003))
    assert list((await stage.ports.events.events(window, 9, None)).events) == events[2:0:-1]
    assert (await stage.ports.summaries.summary(window)).total_events == 2
    nothing = EventFilter(since=at(0.003), until=at(0.001))
    assert (await stage.ports.events.events(nothing, 9, None)).events == ()


async def test_at_one_instant_order_is_by_code_point(stage: Stage) -> None:
    names = ["\U0001f600", "\ufffd", "~", "z", "Z", "\u00e9", "e\u0301", "aa", "a", "10", "9", "\u200b"]
    await stage.agrees([Record(tuple(did("VIEW", "ann", id=name, session_id="s") for name in names))])
    visits = [visited(name, "ann") for name in names]
    asks = [met("CONNECTION_REQUEST", name, "ann") for name in names]
    await stage.ports.recorder.record([*visits, *asks])
    visitors = await stage.ports.people.visitors("ann", None, 50)
    assert [v.user_id for v in visitors] == sorted(names, reverse=True)
    found = await stage.ports.people.connections("ann", ConnectionStatus.REQUESTED, 50)
    assert [c.other_id for c in found] == sorted(names)


async def test_a_long_session_shows_its_first_500_events_and_knows_its_end(stage: Stage) -> None:
    events = [did("VIEW", "ann", ContentRef("POST", str(n % 7)), n, session_id="long") for n in range(505)]
    events[504] = replace(events[504], device=Device("TABLET"))
    await stage.ports.recorder.record(events[::-1])
    session = await stage.ports.events.session("long")
    oracle = Oracle(VOCABULARY)
    await oracle.record(events)
    same(await oracle.session("long"), session)
    assert session is not None
    assert (session.event_count, len(session.events), session.depth, session.exit) == (505, 500, 7, events[504])


async def test_a_long_conversation_is_told_from_its_latest_500_messages(stage: Stage) -> None:
    events = [
        met(name, *pair, seconds=n * 10 + offset)
        for n in range(180)
        for name, pair, offset in (
            ("MESSAGE_SENT", ("ann", "bob"), 0),
            ("MESSAGE_SENT", ("bob", "ann"), 1),
            ("MESSAGE_READ", ("bob", "ann"), 2 + n % 3),
        )
        if not (name == "MESSAGE_READ" and n % 5 == 0)
    ]
    assert len(events) > 500
    oracle = Oracle(VOCABULARY)
    await oracle.record(events)
    await stage.ports.recorder.record(events)
    for pair in (("ann", "bob"), ("bob", "ann")):
        same(await oracle.conversation(*pair), await stage.ports.people.conversation(*pair))


def decades(seed: int, count: int) -> list[Event]:
    """A seeded life: busy days, and years with a day now and then."""
    chance = random.Random(seed)
    times = [chance.choice((chance.randint(-900, 0) * DAY, chance.randint(-3, 0) * DAY)) for _ in range(count)]
    contents = [ContentRef("POST", str(n)) for n in range(9)]
    seconds = [time + chance.randint(0, DAY) for time in times]
    return [
        chance.choice(
            (
                lambda s: did(chance.choice(("VIEW", "LIKE", "UNLIKE")), "ann", chance.choice(contents), s),
                lambda s: met("FOLLOW", "ann", chance.choice("bcd"), s, session_id=chance.choice("xyz")),
                lambda s: active("LOGIN", chance.choice(("ann", "bob")), s, session_id=chance.choice("xyz")),
                lambda s: visited(chance.choice("bcd"), "ann", s),
            )
        )(s)
        for s in seconds
    ]


LIVES = [
    EventFilter(),
    EventFilter(user_id="ann"),
    EventFilter(user_id="ann", types=("auth:login",)),
    EventFilter(user_id="ann", content=ContentRef("POST", "3")),
    EventFilter(user_id="ann", until=at(-100 * DAY - 1)),
    EventFilter(user_id="ann", since=at(-400 * DAY), until=at(-20 * DAY)),
    EventFilter(target_user_id="ann", actions=("visit",)),
    EventFilter(content=ContentRef("POST", "3"), categories=("post",)),
    EventFilter(session_id="x", user_id="bob"),
    EventFilter(since=at(-12 * 3600 - 5 * DAY), until=at(-12 * 3600 - 2 * DAY)),
    EventFilter(since=at(-800 * DAY - 4321), until=at(-2 * DAY - 1234.567)),
    EventFilter(since=at(-5000), until=at(-100), types=("auth:login", "post:like")),
    EventFilter(since=at(-5000), until=at(-4900)),
    EventFilter(until=at(-300 * DAY), actions=("follow",)),
    EventFilter(categories=("post",)),
    EventFilter(user_id="ann", since=at(-12 * 3600 - 300 * DAY), until=at(-12 * 3600)),
    EventFilter(user_id="ann", types=("never:seen",)),
]


async def test_pages_and_summaries_of_long_histories(stage: Stage) -> None:
    events = decades(seed=7, count=1500)
    oracle = Oracle(VOCABULARY)
    await oracle.record(events)
    for start in range(0, len(events), 500):
        await stage.ports.recorder.record(events[start : start + 500])
    for filter in LIVES:
        expected = await pages(Ports.of(oracle), filter, 40)
        same(expected, await pages(stage.ports, filter, 40))
        same(await oracle.summary(filter), await stage.ports.summaries.summary(filter))
    for limit, offset in ((10, 0), (10, 300), (500, 700), (10, 5000), (0, 0)):
        expected_recent = await oracle.recent("ann", limit, offset)
        assert await stage.ports.events.recent("ann", limit, offset) == expected_recent
