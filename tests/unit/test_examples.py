"""Rows are made from what came before their impression, whatever the log looks like."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from resolvers.examples import Exporter
from resolvers.training import Collected, Collector, Plan, figures
from schema.commands.spool import File
from signals.clock import from_ms
from signals.content import Content, Registration
from signals.cut import Cut
from signals.events import ContentRef, Event
from signals.figures import Figures
from signals.habits import Habits
from signals.labels import Source
from signals.packing import joined
from signals.pairs import Pair
from signals.training import Example
from signals.wanted import Found, Wanted
from signals.weights import standard
from tests.factories import POST, VOCABULARY, at, busy, did

POSTS = [ContentRef("POST", str(number)) for number in range(6)]


@dataclass
class Pages:
    """A log in memory, a few events to a page."""

    events: Sequence[Event]
    size: int = 7
    facts: dict[ContentRef, Content] = field(default_factory=dict)
    stored: Sequence[Figures] = ()

    async def page(self, until: datetime | None, after: str | None) -> tuple[Sequence[Event], str | None]:
        rows = [event for event in self.events if until is None or event.occurred_at < until]
        rows.sort(key=lambda event: (event.occurred_at, event.id), reverse=True)
        start = int(after or 0)
        end = start + self.size
        return rows[start:end], str(end) if end < len(rows) else None

    async def contents(self, refs: Sequence[ContentRef]) -> list[Content | None]:
        return [self.facts.get(ref) for ref in refs]

    async def figures(self, by: datetime) -> Figures | None:
        return max((each for each in self.stored if each.at <= by), key=lambda each: each.at, default=None)


@dataclass
class Memory:
    """A history that knows nothing but what it was given, and remembers it."""

    added: list[Event] = field(default_factory=list)
    registered: list[Registration] = field(default_factory=list)
    looks: list[set[str]] = field(default_factory=list)
    hot: Sequence[ContentRef] = ()
    engaged: frozenset[str] = frozenset()

    def register(self, registration: Registration) -> None:
        self.registered.append(registration)

    def add(self, event: Event) -> None:
        self.added.append(event)

    async def read(self, wanted: Wanted, cut: Cut | None) -> Found:
        assert cut is None
        pairs = {key: Pair(n=1, engaged=1) for key in wanted.interacted & self.engaged}
        return Found(interacted=pairs)

    async def hottest(self, content_type: str | None, first: int, cut: Cut | None) -> list[str]:
        assert cut is None
        return [ref.key for ref in self.hot if ref.type == content_type][:first]

    async def habits(self, cut: Cut | None) -> Habits:
        raise AssertionError(cut)


async def exported(events: Sequence[Event], plan: Plan, memory: Memory) -> tuple[list[Example], list[set[str]]]:
    """The rows, and the ids of what the history held when each came."""
    with File() as file:
        await Collector(plan, VOCABULARY, file).read(Pages(events), lambda _: None)
        exporter = Exporter(memory, plan, standard(), VOCABULARY)
        rows, held = [], []
        async for example in exporter.examples(file.backwards()):
            rows.append(example)
            held.append({event.id for event in memory.added})
        return rows, held


def history(seed: int) -> list[Event]:
    chance = random.Random(seed)
    shown = [
        did("IMPRESSION", chance.choice("abc"), chance.choice(POSTS), chance.randint(0, 60), impression_id="i")
        for _ in range(30)
    ]
    rest = [replace(event, occurred_at=at(chance.randint(0, 60))) for event in busy(chance, 60)]
    return [replace(e, received_at=e.occurred_at + timedelta(seconds=chance.randint(0, 9))) for e in [*shown, *rest]]


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("seed", range(5))
async def test_only_what_came_before_is_in_a_row(seed: int, known: bool) -> None:
    events = history(seed)
    rows, held = await exported(events, Plan(known=known), Memory())
    impressions = [event for event in events if event.name == "IMPRESSION"]
    assert [row.impression.id for row in rows] == [
        event.id for event in sorted(impressions, key=lambda event: (event.occurred_at, event.id))
    ]
    for row, before in zip(rows, held, strict=True):
        shown_at = row.impression.occurred_at
        seen = {e.id for e in events if e.occurred_at < shown_at and (not known or e.received_at < shown_at)}
        assert before == seen
        assert from_ms(row.as_of) == shown_at - timedelta(milliseconds=1)
        assert (row.signals.content, row.sampled) == (row.impression.content, False)


async def test_a_log_comes_back_in_order_whatever_its_pages() -> None:
    events = history(9)
    with File() as file:
        collector = Collector(Plan(), VOCABULARY, file)
        found = await collector.read(Pages(events, size=3), lambda _: None)
        entries = list(file.backwards())
    assert found.events == len(events)
    order = [(entry.event.occurred_at, entry.event.id) for entry in entries]
    assert order == sorted(order)
    last = max(event.occurred_at for event in events if event.name == "IMPRESSION")
    by_id = {event.id: event for event in events}
    assert {e.event.id for e in entries} == {
        e.id for e in events if e.occurred_at < last or (e.name == "IMPRESSION" and e.occurred_at == last)
    }
    assert all(e.event == replace(by_id[e.event.id], reported_at=None, session_id=None) for e in entries)


async def collected(events: Sequence[Event], plan: Plan) -> tuple[Collected, list[str]]:
    with File() as file:
        found = await Collector(plan, VOCABULARY, file).read(Pages(events), lambda _: None)
        return found, [entry.event.id for entry in file.backwards() if entry.shown is not None]


async def test_rows_are_wanted_of_a_span_of_time() -> None:
    events = [did("VIEW", "a", POST, seconds) for seconds in range(10)]
    plan = Plan(source=Source.VIEW, since=at(3), until=at(6), within_ms=2000)
    found, shown = await collected(events, plan)
    assert shown == [event.id for event in events[3:6]]
    assert (found.impressions, found.last) == (3, at(5))
    assert found.events == 9, "what can be no outcome any more is not read"


async def test_what_is_received_too_late_is_not_kept() -> None:
    view = did("VIEW", "a", POST, 10, received_at=at(10))
    late, early = (did("LIKE", "b", POST, 5, received_at=at(received)) for received in (10, 9))
    with File() as file:
        await Collector(Plan(source=Source.VIEW, known=True), VOCABULARY, file).read(Pages([view, late, early]), print)
        assert [entry.event.id for entry in file.backwards()] == [early.id, view.id]


async def test_without_impressions_nothing_is_kept() -> None:
    found, shown = await collected([did("LIKE", "a")], Plan())
    assert (found.impressions, shown, found.contents) == (0, [], set())


async def test_negatives_are_hot_and_new_to_the_viewer_and_stay_the_same() -> None:
    events = [did("IMPRESSION", "a", ref, 5, impression_id="i", position=n) for n, ref in enumerate(POSTS[:2])]
    memory = Memory(
        hot=[*POSTS, ContentRef("STORY", "1")],
        engaged=frozenset({joined("a", POSTS[2].key), joined("b", POSTS[3].key)}),
    )
    rows, _ = await exported(events, Plan(negatives=2), memory)
    assert [row.sampled for row in rows] == [False, True, True] * 2
    sampled = [row for row in rows if row.sampled]
    assert {row.content for row in sampled} <= set(POSTS[3:])
    assert all(row.label is None for row in sampled)
    assert len({row.content for row in rows[:3]}) == 3
    again, _ = await exported(events, Plan(negatives=2), replace(memory, added=[]))
    assert again == rows
    others = [await exported(events, Plan(negatives=2, seed=seed), replace(memory, added=[])) for seed in range(2, 9)]
    assert any([row.content for row in other] != [row.content for row in rows] for other, _ in others)


async def test_facts_are_registered_where_there_are_any() -> None:
    memory = Memory()
    known = Content(ref=POST, author_id="zoe")
    Exporter(memory, Plan(), standard(), VOCABULARY).register([None, Content(ref=POSTS[1], language="en"), known])
    assert memory.registered == [Registration(content=POST, author_id="zoe")]


async def test_habits_are_those_that_were_stored_by_then() -> None:
    stored = [Figures(at(seconds), Habits(repeat=seconds / 100)) for seconds in (10, 20, 30, 40)]
    events = [did("VIEW", "a", POST, seconds) for seconds in (20, 25, 30, 35)]
    plan = Plan(source=Source.VIEW)
    with File() as file:
        log = Pages(events, stored=stored)
        found = await Collector(plan, VOCABULARY, file).read(log, lambda _: None)
    assert await figures(log, found) == stored[:3]
    exporter = Exporter(Memory(), plan, standard(), VOCABULARY, stored)
    seen = [exporter.habits(at(seconds)).repeat for seconds in (9.999, 10, 19.999, 20, 99)]
    assert seen == [Habits().repeat, 0.1, 0.1, 0.2, 0.4]
    assert await figures(log, Collected()) == []
    assert await figures(Pages(events), found) == []
