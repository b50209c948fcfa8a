"""What ranking reads: present and past, through a cache that other writers do not know of."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import history, hottest, past
from graph.driver import Database
from graph.engine import Engine
from graph.habits import HabitsKeeper, store
from graph.nodes import NodeReader
from graph.stamps import APPLIED_S
from signals import items, persons
from signals.content import Registration
from signals.cut import Cut
from signals.decay import Accumulator
from signals.events import ContentRef, Event
from signals.habits import Habits
from signals.items import Item
from signals.packing import joined
from signals.profiles import Card, Profile
from signals.wanted import Found, Wanted
from signals.weights import standard
from tests.contract.stage import Stage, connected, staged
from tests.factories import POST, RECEIVED, VOCABULARY, at, busy, did, met
from tests.reads import STRANGER, Cast, play, same
from tests.strategies import Record, Register, Step, histories

LATER = 1_900_000_000_000
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)


def everything(cast: Cast) -> Wanted:
    """Everybody and everything, and every pair there may be."""
    keys = [ref.key for ref in cast.contents]
    return Wanted(
        profiles=frozenset(cast.users),
        cards=frozenset(keys),
        interacted=frozenset(joined(user, key) for user, key in product(cast.users, keys)),
        ties=frozenset(joined(one, other) for one, other in product(cast.users, repeat=2)),
    )


def comparable(found: Found) -> dict[str, Any]:
    """By kind and key, in order where there is one; without what stands for nothing."""
    plain = {
        (kind.name, key): _plain(value) for kind in fields(found) for key, value in getattr(found, kind.name).items()
    }
    return {
        f"{kind} {key}": value
        for (kind, key), value in sorted(plain.items())
        if value not in (_plain(Profile(key)), _plain(Card(ContentRef.of(key))))
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Accumulator):
        return (value.n, [value.value(LATER, d) for d in (0.5, 1.0)])
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict) and "content.LIKE" not in value:
        return [(key, _plain(each)) for key, each in value.items()]
    return value


def reader(database: Database, cache: int = 0) -> NodeReader:
    return NodeReader(database, VOCABULARY, cache=cache)


async def rebuilt(stage: Stage, events: Iterable[Event], told: Iterable[Step], wanted: Wanted) -> dict[str, Any]:
    """What is wanted of a graph that is made of these events, and of what was registered."""
    await stage.wipe()
    await play(stage.ports, [Record(tuple(events)), *told])
    return comparable(await reader(stage.database).read(wanted, None))


@st.composite
def cuts(draw: st.DrawFn, events: Sequence[Event]) -> Cut:
    """At, just before, or just after something."""
    moments = sorted({event.occurred_at for event in events} | {RECEIVED})
    receipts = sorted({event.received_at for event in events} | {RECEIVED})
    near = st.sampled_from((-1, 0, 0, 1)).map(lambda ms: timedelta(milliseconds=ms))
    as_of = draw(st.sampled_from(moments)) + draw(near)
    known_at = draw(st.none() | st.sampled_from(receipts))
    return Cut(max(as_of, datetime(1970, 1, 1, tzinfo=UTC)), known_at if known_at is None else known_at + draw(near))


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(data=st.data(), steps=histories(), few=st.sampled_from((0, 3, 1000)), at_once=st.sampled_from((1, 3, 5000)))
async def test_the_past_is_the_graph_of_the_events_it_holds(
    stage: Stage, data: st.DataObject, steps: list[Step], few: int, at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(items, "ENGAGERS", 2)
        patch.setattr(persons, "TOUCHED", 2)
        patch.setattr(persons, "TIMES", 3)
        patch.setattr(persons, "LINKS", 1)
        patch.setattr(persons, "CIRCLE", 1)
        patch.setattr(past, "FEW", few)
        patch.setattr(history, "EVENTS", at_once)
        await stage.wipe()
        await play(stage.ports, steps)
        wanted = everything(Cast.of(steps))
        kept = await stage.recorded()
        cut = data.draw(cuts(kept), label="cut")
        then = comparable(await reader(stage.database).read(wanted, cut))
        hot = [await reader(stage.database).hottest(type, 2, cut) for type in (None, "POST")]
        told = [step for step in steps if isinstance(step, Register)]
        same(await rebuilt(stage, filter(cut.holds, kept), told, wanted), then)
        assert hot == [await sorted_hottest(stage.database, wanted, type, 2) for type in (None, "POST")]


async def sorted_hottest(database: Database, wanted: Wanted, type: str | None, first: int) -> list[str]:
    """The hottest of what is wanted, sorted here."""
    cards = (await reader(database).read(wanted, None)).cards
    hot = {key: Item(touches=card.touches).hot for key, card in cards.items() if type in (None, card.ref.type)}
    return [key for key, _ in sorted(((k, h) for k, h in hot.items() if h is not None), key=hottest.order)][:first]


async def test_registered_facts_are_taken_as_they_stand(stage: Stage) -> None:
    event = did("LIKE", "ann", seconds=10)
    await stage.ports.recorder.record([event])
    await stage.ports.recorder.register([Registration(content=POST, author_id="bob")])
    found = await reader(stage.database).read(Wanted(cards={POST.key}), Cut(at(9)))
    assert found.cards == {POST.key: Card(POST, author_id="bob", registered=True)}


async def test_keys_are_kept_apart(stage: Stage) -> None:
    """A user may be called what a content is called, and a part at a time may be read."""
    await stage.ports.recorder.record([did("LIKE", POST.key, POST), met("FOLLOW", "ann", POST.key)])
    found = await reader(stage.database, 10**6).read(Wanted(profiles={POST.key, STRANGER}, cards={POST.key}), None)
    assert found.profiles[POST.key].touched.keys() == found.cards.keys() == {POST.key}
    assert found.profiles.keys() == {POST.key}
    assert not found.interacted
    assert not found.ties


@pytest.mark.parametrize("cache", [0, 6_000, 10**7])
async def test_nothing_stale_is_served(engine: Engine, database: Database, cache: int) -> None:
    chance = random.Random(cache)
    cached = reader(database, cache)
    wanted = everything(Cast((), (*"abc", STRANGER), tuple(ContentRef("POST", n) for n in "123"), (), ()))
    async with staged(database) as one, connected(engine) as other:
        recorded: list[Event] = []
        for turn in range(60):
            stage = chance.choice((one, other))
            if recorded and turn % 5 == 0:
                event = recorded.pop(chance.randrange(len(recorded)))
                await stage.ports.recorder.retract(event.id, None, event.received_at)
            elif turn % 7 == 0:
                author = chance.choice("abc")
                await stage.ports.recorder.register([Registration(content=POST, author_id=author)])
            else:
                events = busy(chance, chance.choice((1, 1, 3)))
                await stage.ports.recorder.record(events)
                recorded += events
            same(comparable(await reader(database).read(wanted, None)), comparable(await cached.read(wanted, None)))
        await one.wipe()
        assert comparable(await cached.read(wanted, None)) == {}


async def test_what_is_read_amid_writes_is_current_in_the_end(engine: Engine, database: Database) -> None:
    chance = random.Random(9)
    cached = reader(database, 10**7)
    wanted = everything(Cast((), (*"abc", STRANGER), tuple(ContentRef("POST", n) for n in "123"), (), ()))
    async with staged(database) as one, connected(engine) as other:
        told = [asyncio.create_task(s.ports.recorder.record(busy(chance, 3))) for s in (one, other) * 20]
        while not all(task.done() for task in told):
            await asyncio.gather(*(cached.read(wanted, None) for _ in range(3)))
        await asyncio.gather(*told)
        stands = comparable(await reader(database).read(wanted, None))
        for pause in (0.0, APPLIED_S / 2, APPLIED_S, APPLIED_S):
            await asyncio.sleep(pause)
            same(stands, comparable(await cached.read(wanted, None)))


async def test_more_keys_than_a_statement_takes_are_read_in_parts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [Record(tuple(busy(random.Random(2), 60)))]
    await play(stage.ports, steps)
    wanted = everything(Cast.of(steps))
    whole = comparable(await reader(stage.database).read(wanted, None))
    monkeypatch.setattr("graph.nodes.AT_ONCE", 2)
    same(whole, comparable(await reader(stage.database).read(wanted, None)))


@pytest.mark.parametrize("rare", [0, 1000])
async def test_the_hottest_are_those_that_sorting_finds(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, rare: int
) -> None:
    """First with nothing known, then with floors that are remembered, too low, and too high after retractions."""
    monkeypatch.setattr(hottest, "RARE", rare)
    chance = random.Random(rare)
    refs = [
        ContentRef(chance.choice(("POST", "ARTICLE")), f"{n}\U0001f600" if n % 3 else f"{n}\uffff") for n in range(60)
    ]
    wanted = Wanted(cards=frozenset(ref.key for ref in refs))
    remembering = reader(stage.database)
    recorded: list[Event] = []
    for _ in range(4):
        seconds = [0, 0, *(chance.randint(-400 * 86_400, 86_400) for _ in range(8))]
        events = [did("LIKE", f"u{n}", chance.choice(refs), chance.choice(seconds)) for n in range(40)]
        await stage.ports.recorder.record(events)
        recorded += events
        for event in chance.sample(recorded, 10):
            recorded.remove(event)
            await stage.ports.recorder.retract(event.id, None, event.received_at)
        for type, first in product((None, "POST", "ARTICLE", "PAGE"), (1, 7, 200)):
            expected = await sorted_hottest(stage.database, wanted, type, first)
            assert await remembering.hottest(type, first, None) == expected


async def test_habits_are_those_stored_by_then(stage: Stage) -> None:
    nodes = reader(stage.database)
    assert await nodes.habits(Cut(at(0))) == Habits()
    old, new = Habits(0.1, 0.2, 0.3, 0.4, 0.5), Habits(0.6, 0.7, 0.8, 0.9, 1.0)
    await asyncio.gather(store(stage.database, new, at(20), 9), store(stage.database, old, at(10), 5))
    assert await nodes.habits(None) == new
    assert await nodes.habits(Cut(at(19.9))) == await nodes.habits(Cut(at(30), known_at=at(10))) == old
    assert await nodes.habits(Cut(at(9.999))) == Habits()


async def test_habits_are_reckoned_from_positive_events_oldest_first(stage: Stage) -> None:
    keeper = HabitsKeeper(stage.database, VOCABULARY, standard().habits)
    assert await keeper.due(at(100))
    await stage.ports.recorder.record(
        [
            met("MESSAGE_SENT", "b", "a", 2),
            met("MESSAGE_SENT", "a", "b", 1),
            met("MESSAGE_SENT", "a", "c", 3),
            met("MESSAGE_SENT", "a", "b", 86_400),
            met("BLOCK", "a", "c", 5),
            did("LIKE", "a", POST, 1),
            did("VIEW", "a", POST, 9),
            did("HIDE", "a", POST, 10),
        ]
    )
    trust = standard().habits.trust
    found = await keeper.refresh(at(90_000))
    assert found.repeat == pytest.approx((2 + trust * 0.5) / (4 + trust))
    assert found.reply == pytest.approx((2 + trust * 0.5) / (2 + trust))
    assert found.again == pytest.approx(trust * Habits().again / (1 + trust))
    assert await reader(stage.database).habits(None) == found
    assert not await keeper.due(at(90_001))
    assert await keeper.due(at(90_000 + 86_400))
    await stage.ports.recorder.record([met("FOLLOW", "a", "d", n) for n in range(8)])
    assert await keeper.due(at(90_001))
