"""The part of the graph that a batch of events touches: loaded, folded in memory, written back.

Nothing here knows a database: ``touched`` says which keys to read, ``World`` is given their properties and answers with
the properties to write. Whatever order events come in, the same set makes the same world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from signals.clock import to_ms
from signals.connections import Step, pair_key, settle
from signals.events import ContentRef, Event
from signals.items import Item, named
from signals.packing import SEPARATOR
from signals.pairs import Pair, code, item_of, pair_of, term_of
from signals.persons import Person
from signals.rollups import Day, day_of, key_of, subjects
from signals.vocabulary import Behaviour, Term, Vocabulary

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Touched:
    """Keys of what a batch touches."""

    users: set[str] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)
    interacted: set[str] = field(default_factory=set)
    ties: set[str] = field(default_factory=set)
    connections: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)

    def add(self, event: Event, term: Term) -> None:
        self.users.add(event.user_id)
        item, pair = item_of(event), pair_of(event)
        if item is not None and pair is not None:
            self.contents.add(item.key)
            self.interacted.add(pair)
        elif event.target_user_id is not None and pair is not None:
            self.users.add(event.target_user_id)
            self.ties.add(pair)
            if term.behaviour is Behaviour.CONNECTION:
                self.connections.add(pair_key(event.user_id, event.target_user_id))
        day = day_of(to_ms(event.occurred_at))
        self.days.update(key_of(subject, day) for subject in subjects(event))

    def keys(self) -> dict[str, list[str]]:
        """Statement parameters, sorted so that every writer touches things in one order."""
        return {name: sorted(getattr(self, name)) for name in self.__slots__}


def touched(events: Iterable[Event], vocabulary: Vocabulary) -> Touched:
    """What recording or taking back ``events`` needs to read."""
    keys = Touched()
    for event in events:
        keys.add(event, term_of(vocabulary, code(event)))
    return keys


@dataclass(frozen=True, slots=True)
class Loaded:
    """Properties by key, as they stand in the graph; what is absent does not exist. ``steps`` by connection key."""

    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    contents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    interacted: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ties: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    connections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    days: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    steps: Mapping[str, list[Step]] = field(default_factory=dict)


class World:
    """Folds events into what was loaded. ``record`` each new event, then ``settle`` once, then read ``changes``."""

    def __init__(self, vocabulary: Vocabulary, loaded: Loaded) -> None:
        self._vocabulary = vocabulary
        self._loaded = loaded
        self.persons: dict[str, Person] = {}
        self.items: dict[str, Item] = {}
        self.interacted: dict[str, Pair] = {}
        self.ties: dict[str, Pair] = {}
        self.days: dict[str, Day] = {}
        self.steps: dict[str, list[Step]] = {}

    def record(self, event: Event) -> None:
        """One new event."""
        term = term_of(self._vocabulary, code(event))
        pair = pair_of(event)
        if pair is not None and item_of(event) is not None:
            self._pair(self.interacted, self._loaded.interacted, pair, event).add(event, term)
        elif pair is not None:
            self._pair(self.ties, self._loaded.ties, pair, event).add(event, term)
        self._count(event, 1)
        if term.behaviour is Behaviour.CONNECTION:
            self._step(event)

    def take_back(self, event: Event, remaining: Iterable[Event]) -> None:
        """One event less; ``remaining`` are the other unretracted events of its pair."""
        pair = pair_of(event)
        if pair is not None:
            folded = Pair.between(code(event))
            for other in remaining:
                folded.add(other, term_of(self._vocabulary, code(other)))
            (self.interacted if item_of(event) is not None else self.ties)[pair] = folded
        self._count(event, -1)
        if term_of(self._vocabulary, code(event)).behaviour is Behaviour.CONNECTION:
            key = pair_key(event.user_id, event.target_user_id or "")
            self.steps[key] = [s for s in self._loaded.steps.get(key, ()) if s.id != event.id]

    def _count(self, event: Event, count: int) -> None:
        self._person(event.user_id).act(event, count)
        if event.target_user_id is not None and item_of(event) is None:
            self._person(event.target_user_id).receive(event, count)
        day = day_of(to_ms(event.occurred_at))
        for subject in subjects(event):
            self._day(subject, day).add(event, count)

    def _step(self, event: Event) -> None:
        key = pair_key(event.user_id, event.target_user_id or "")
        steps = self.steps.setdefault(key, list(self._loaded.steps.get(key, ())))
        steps.append(Step(to_ms(event.occurred_at), event.id, event.name, event.user_id))

    def _pair(self, pairs: dict[str, Pair], loaded: Mapping[str, Mapping[str, Any]], key: str, event: Event) -> Pair:
        pair = pairs.get(key)
        if pair is None:
            pair = pairs[key] = Pair.unpack(loaded[key]) if key in loaded else Pair.between(code(event))
        return pair

    def _person(self, id: str) -> Person:
        person = self.persons.get(id)
        if person is None:
            person = self.persons[id] = Person.unpack(self._loaded.users.get(id, {}))
        return person

    def _item(self, key: str) -> Item:
        item = self.items.get(key)
        if item is None:
            item = self.items[key] = Item.unpack(self._loaded.contents.get(key, {}))
        return item

    def _day(self, subject: str, at: int) -> Day:
        key = key_of(subject, at)
        day = self.days.get(key)
        if day is None:
            known = self._loaded.days.get(key)
            day = self.days[key] = Day.unpack(known) if known else Day(subject, at)
        return day

    def settle(self) -> None:
        """Carry the changed pairs over to the contents and persons they are summed up in."""
        for key, new in self.interacted.items():
            user, _, content = key.partition(SEPARATOR)
            known = self._loaded.interacted.get(key)
            old = Pair.unpack(known) if known else Pair()
            self._item(content).replace(user, old, new)
            if old.engaged != new.engaged:
                touched = self._person(user).touched
                if new.engaged is None:
                    touched.remove(content)
                else:
                    touched.put(content, new.engaged)

    def changes(self) -> dict[str, Rows]:
        """Rows to write, by what and whether it is new: ``newUsers``, ``oldUsers``, ``newTies``, ..."""
        loaded = self._loaded
        return {
            **_split("Users", loaded.users, {i: {"id": i, **p.pack()} for i, p in self.persons.items()}),
            **_split(
                "Contents", loaded.contents, {k: {**named(ContentRef.of(k)), **i.pack()} for k, i in self.items.items()}
            ),
            **_split("Interacted", loaded.interacted, {k: _keyed(k, p) for k, p in self.interacted.items() if p.n}),
            **_split("Ties", loaded.ties, {k: _keyed(k, p) for k, p in self.ties.items() if p.n}),
            **_split("Days", loaded.days, {k: d.pack() for k, d in self.days.items() if d.cells}),
            **_split("Connections", loaded.connections, self._connections()),
        }

    def gone(self) -> dict[str, list[str]]:
        """Keys of what nothing is left of, by what it was."""
        connections = self._connections()
        return {
            "interacted": [k for k, p in self.interacted.items() if not p.n],
            "ties": [k for k, p in self.ties.items() if not p.n],
            "days": [k for k, d in self.days.items() if not d.cells],
            "connections": [k for k in self.steps if k not in connections],
        }

    def _connections(self) -> dict[str, dict[str, Any]]:
        rows = {}
        for key, steps in self.steps.items():
            state = settle(steps)
            if state.status is not None:
                a, _, b = key.partition(SEPARATOR)
                rows[key] = {
                    "key": key,
                    "from": a,
                    "to": b,
                    "status": state.status.value,
                    "requestedBy": state.requested_by,
                    "since": state.since,
                    "responseMs": state.response_ms,
                }
        return rows


def _keyed(key: str, pair: Pair) -> dict[str, Any]:
    source, _, target = key.partition(SEPARATOR)
    return {"key": key, "from": source, "to": target, **pair.pack()}


def _split(name: str, loaded: Mapping[str, Any], rows: Mapping[str, dict[str, Any]]) -> dict[str, Rows]:
    return {
        f"new{name}": [row for key, row in rows.items() if key not in loaded],
        f"old{name}": [row for key, row in rows.items() if key in loaded],
    }
