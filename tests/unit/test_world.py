"""The fold of batches into a stored graph, without a database: what any sequence of batches stores, one fold makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals import items, persons
from signals.clock import to_ms
from signals.connections import Step
from signals.events import ContentRef, Event
from signals.items import named
from signals.latest import LEFT_OUT, TAIL, Latest
from signals.packing import joined
from signals.pairs import Pair, meaning
from signals.people import ConnectionStatus
from signals.profiles import Card, Link, Profile
from signals.world import Loaded, World, late, reverse, touched, untouched, word
from tests.factories import POST, VOCABULARY, at, did, met, visited
from tests.strategies import EVERYTHING, worlds

LISTS = {"users": ("times", "touched", "circle", "links"), "contents": ("engagers",)}
LATER = 1_900_000_000_000


class Store:
    """A graph of dictionaries that reads and writes as ``record_read`` and ``record_write`` do."""

    def __init__(self, long: int) -> None:
        self.long = long
        self.nodes: dict[str, dict[str, dict[str, Any]]] = {
            kind: {} for kind in ("users", "contents", "interacted", "ties", "connections", "days")
        }
        self.steps: dict[str, list[Step]] = {}

    def load(self, kind: str, keys: list[str]) -> dict[str, dict[str, Any]]:
        found = {}
        for key in keys:
            if key in self.nodes[kind]:
                node = found[key] = dict(self.nodes[kind][key])
                for name in LISTS.get(kind, ()):
                    if len(node.get(name + TAIL, "")) <= self.long:
                        node[name] = LEFT_OUT
        return found

    def loaded(self, keys: dict[str, list[str]]) -> Loaded:
        steps = {key: list(steps) for key, steps in self.steps.items()}
        return Loaded(steps=steps, **{kind: self.load(kind, keys[kind]) for kind in self.nodes})

    def record(self, events: Sequence[Event]) -> None:
        keys = touched((event, meaning(VOCABULARY, event)) for event in events).keys()
        loaded = self.loaded(keys)
        more = self.load("days", late(events, loaded))
        world = World(VOCABULARY, replace(loaded, days={**loaded.days, **more}))
        for event in events:
            world.record(event)
        world.settle()
        self.steps |= world.steps
        self.write(world)

    def write(self, world: World) -> None:
        segments = {key: self.nodes["days"][key]["slots"] for key in world.full()}
        for name, rows in world.changes("stamp", segments).items():
            if name.startswith("more"):
                for row in rows:
                    self.nodes["days"][row["key"]][name[4:].lower()] += row[name[4:].lower()]
                continue
            kind = name[3:].lower()
            for row in rows:
                node = self.nodes[kind].setdefault(row["id"] if kind == "users" else row["key"], {})
                node.update(row)
                for gone in [name for name, value in node.items() if value is None]:
                    del node[gone]
        for id, person in world.persons.items():
            if person.links.short:
                person.links = self.links(id)
                self.nodes["users"][id] |= {name: text or "" for name, text in person.links.pack("links").items()}

    def links(self, id: str) -> Latest:
        ends = [(row, {row["from"], row["to"]}) for row in self.nodes["connections"].values()]
        mine = [(row, *(both - {id})) for row, both in ends if id in both]
        return Latest.of(
            persons.LINKS, ((r["since"], o, word(r["status"], r.get("responseMs"), r["requestedBy"])) for r, o in mine)
        )


NAMES = [field.name for field in fields(Profile)]


def profile(id: str, node: dict[str, Any]) -> Any:
    found = Profile.unpack({"id": id, **node})
    values = {name: getattr(found, name) for name in NAMES if name != "received"}
    # The order of a map is part of what is promised.
    return values | {name: list(values[name].items()) for name in ("circle", "touched", "links")} | heat(found.received)


def card(node: dict[str, Any]) -> Any:
    found = Card.unpack(node)
    values = {name: getattr(found, name) for name in Card.__slots__ if name != "touches"}
    return values | {"engagers": list(found.engagers.items())} | heat(found.touches)


def heat(accumulator: Any) -> dict[str, Any]:
    return {"n": accumulator.n, "value": pytest.approx(accumulator.value(LATER, 0.5), rel=1e-6, abs=1e-9)}


@pytest.fixture(autouse=True)
def tiny() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((items, "ENGAGERS"), (persons, "TOUCHED"), (persons, "CIRCLE"), (persons, "LINKS")):
            patch.setattr(module, name, 2)
        patch.setattr(persons, "TIMES", 3)
        yield


def of_one_fold(events: Sequence[Event]) -> World:
    world = World(VOCABULARY, days=False)
    for event in events:
        world.record(event)
    world.settle()
    return world


@settings(deadline=None, max_examples=150)
@given(events=worlds(EVERYTHING, 30), size=st.integers(1, 9), long=st.sampled_from((0, 20, 60, 800)))
def test_batches_with_tails_store_what_one_fold_makes(events: list[Event], size: int, long: int) -> None:
    store = Store(long)
    for start in range(0, len(events), size):
        store.record(events[start : start + size])
    world = of_one_fold(sorted(events, key=lambda event: (event.occurred_at, event.id)))
    assert {id: profile(id, node) for id, node in store.nodes["users"].items()} == {
        id: profile(id, person.pack()) for id, person in world.persons.items()
    }
    assert {key: card(node) for key, node in store.nodes["contents"].items()} == {
        key: card({**named(ContentRef.of(key)), **item.pack()}) for key, item in world.items.items()
    }


@settings(deadline=None, max_examples=50)
@given(events=worlds(EVERYTHING, 20))
def test_settling_after_every_event_is_settling_once(events: list[Event]) -> None:
    events = sorted(events, key=lambda event: (event.occurred_at, event.id))
    world = World(VOCABULARY, days=False)
    for event in events:
        world.record(event)
        world.settle()
    once = of_one_fold(events)
    for id, person in once.persons.items():
        assert profile(id, world.persons[id].pack()) == profile(id, person.pack())
    assert world.items.keys() == once.items.keys()
    assert not world.changes("stamp")["newDays"]


def test_a_long_history_writes_the_tail_alone() -> None:
    store = Store(800)
    store.record([met("MESSAGE_SENT", "ann", "bob", 1)])
    folded = store.nodes["users"]["ann"]["circle"]
    store.record([met("MESSAGE_SENT", "ann", "carol", 2)])
    assert store.nodes["users"]["ann"]["circle"] == folded
    assert store.nodes["users"]["ann"]["circle" + TAIL].startswith("carol")
    assert list(Profile.unpack(store.nodes["users"]["ann"]).circle) == ["carol", "bob"]


def test_a_list_that_nothing_happened_to_is_not_written() -> None:
    store = Store(800)
    store.record([met("MESSAGE_SENT", "ann", "bob", 1)])
    store.record([met("MESSAGE_SENT", "ann", "bob", 2)])
    loaded = Loaded(users=store.load("users", ["ann"]))
    world = World(VOCABULARY, loaded)
    world.record(did("VIEW", "ann", POST, 3))
    world.settle()
    [row] = world.changes("stamp")["oldUsers"]
    assert "touched" + TAIL in row
    assert not {"circle", "circle" + TAIL, "times", "times" + TAIL, "links"} & row.keys()


def test_a_tie_counts_what_is_positive_by_weight() -> None:
    world = of_one_fold(
        [
            met("MESSAGE_SENT", "ann", "bob", 1),
            visited("ann", "bob", 2),
            met("MESSAGE_READ", "ann", "bob", 3),
            met("BLOCK", "ann", "bob", 4),
        ]
    )
    tie = world.ties[joined("ann", "bob")]
    assert tie.heat is not None
    assert (tie.n, tie.heat.n) == (4, 3)
    assert tie.heat.total == pytest.approx(1 + 0.2 + 0.2)
    assert tie.engaged == to_ms(at(3))
    assert tie.spoke == to_ms(at(1))
    bob = world.persons["bob"]
    assert (bob.received_n, bob.received.n) == (4, 3)
    assert bob.times.times() == [to_ms(at(s)) for s in (3, 2, 1)]


def test_a_tie_without_anything_positive_still_warms_up() -> None:
    blocked = of_one_fold([met("BLOCK", "ann", "bob", 1)]).ties[joined("ann", "bob")]
    again = Pair.unpack({name: value for name, value in blocked.pack().items() if value is not None})
    message = met("MESSAGE_SENT", "ann", "bob", 2)
    again.add(message, meaning(VOCABULARY, message))
    assert again.heat is not None
    assert again.heat.n == 1


def test_who_is_only_blocked_is_in_no_circle() -> None:
    world = of_one_fold([met("BLOCK", "ann", "bob", 1), met("MUTE", "bob", "ann", 2)])
    assert world.persons["ann"].circle.members() == world.persons["bob"].circle.members() == []
    assert world.persons["ann"].partners == 0
    assert world.persons["ann"].times.times() == []


def test_bars_are_ties_with_a_block_or_a_mute_on() -> None:
    events = [
        met("BLOCK", "ann", "bob", 1),
        met("MUTE", "ann", "bob", 2),
        met("MUTE", "bob", "ann", 3),
        met("BLOCK", "ann", "cat", 4),
        met("UNBLOCK", "ann", "cat", 5),
        met("MESSAGE_SENT", "ann", "dan", 6),
    ]
    world = of_one_fold(events)
    assert {id: person.bars for id, person in world.persons.items()} == {"ann": 2, "bob": 2, "cat": 0, "dan": 0}
    assert Profile.unpack({"id": "ann", **world.persons["ann"].pack()}).bars == 2


def test_what_one_does_to_oneself_makes_no_tie() -> None:
    world = of_one_fold([met("MENTION", "ann", "ann", 1)])
    ann = world.persons["ann"]
    assert (ann.partners, ann.circle.members(), ann.times.times(), ann.received.n) == (0, [], [], 0)
    assert (ann.done, ann.received_n) == (1, 1)


def test_partners_and_contents_are_distinct() -> None:
    world = of_one_fold(
        [
            met("MESSAGE_SENT", "ann", "bob", 1),
            met("MESSAGE_SENT", "ann", "bob", 2),
            met("MESSAGE_SENT", "bob", "ann", 3),
            did("VIEW", "ann", POST, 4),
            did("LIKE", "ann", POST, 5),
            did("HIDE", "ann", ContentRef("POST", "2"), 6),
        ]
    )
    assert (world.persons["ann"].partners, world.persons["bob"].partners) == (2, 2)
    assert world.persons["ann"].contents == 1
    assert [id for _, id, _ in world.persons["ann"].circle.members()] == ["bob"]


def test_reporters_are_distinct_users() -> None:
    world = of_one_fold([did("REPORT", user, POST, n) for n, user in enumerate(("ann", "ann", "bob"))])
    assert world.items[POST.key].reporters == 2
    assert world.items[POST.key].first is None


def test_links_say_status_requester_and_since() -> None:
    world = of_one_fold([met("CONNECTION_REQUEST", "ann", "b:o", 1), met("CONNECTION_ACCEPT", "b:o", "ann", 5)])
    found = Profile.unpack({"id": "ann", **world.persons["ann"].pack()}).links
    assert found == {"b:o": Link(ConnectionStatus.ACCEPTED, to_ms(at(5)), "ann", 4000)}
    found = Profile.unpack({"id": "b:o", **world.persons["b:o"].pack()}).links
    assert found == {"ann": Link(ConnectionStatus.ACCEPTED, to_ms(at(5)), "ann", 4000)}


def test_a_request_that_turns_out_earlier_has_its_list_read_again() -> None:
    store = Store(800)
    store.record([met("CONNECTION_REQUEST", "ann", "bob", 10), met("CONNECTION_REQUEST", "ann", "carol", 9)])
    store.record([met("CONNECTION_REQUEST", "ann", "dave", 8)])
    store.record([met("CONNECTION_REQUEST", "ann", "bob", 1)])
    assert list(Profile.unpack(store.nodes["users"]["ann"]).links) == ["carol", "dave"]


def test_taking_back_looks_at_the_other_direction() -> None:
    there, back = met("MESSAGE_SENT", "ann", "bob", 9), met("MESSAGE_SENT", "bob", "ann", 5)
    store = Store(-1)
    store.record([there, back])
    keys = untouched(there, meaning(VOCABULARY, there)).keys()
    assert keys["ties"] == sorted([joined("ann", "bob"), reverse(joined("ann", "bob"))])
    world = World(VOCABULARY, store.loaded(keys))
    world.take_back(there, [])
    world.settle()
    for me, other in (("ann", "bob"), ("bob", "ann")):
        assert world.persons[me].circle.members() == [(to_ms(at(5)), other, "")]
        assert world.persons[me].partners == 1


def test_taking_the_first_touch_back_asks_who_is_first_now() -> None:
    first, second = did("VIEW", "ann", POST, 1), did("VIEW", "bob", POST, 2)
    store = Store(-1)
    store.record([first, second])
    assert Card.unpack(store.nodes["contents"][POST.key]).first == to_ms(at(1))
    keys = untouched(first, meaning(VOCABULARY, first)).keys()
    world = World(VOCABULARY, store.loaded(keys))
    world.take_back(first, [])
    world.settle()
    assert world.items[POST.key].lost
