"""The part of the graph that a batch of events touches: loaded, folded in memory, written back.

Nothing here knows a database: ``touched`` says which keys to read, ``World`` is given their properties and answers with
the properties to write. A world that was given nothing is a graph in memory. Whatever order events come in, the same
set makes the same world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from signals.clock import to_ms
from signals.connections import Settled, Step, pair_key, settle
from signals.days import Days
from signals.events import ContentRef, Event
from signals.items import Item, named
from signals.packing import SEPARATOR, joined
from signals.pairs import Pair, code, item_of, meaning, pair_of
from signals.persons import Person
from signals.rollups import EVERYTHING, day_of, key_of, subjects
from signals.vocabulary import Behaviour, Term, Vocabulary

Rows = list[dict[str, Any]]

FOLD = 3
"""Which way of folding this is: to be raised when the same events come to be stored otherwise than before."""

IDENTITY = frozenset(("id", "key", "from", "to"))
"""Properties by which a row is told from others; of a content, ``key`` alone would do."""


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
        for subject in subjects(event, None if item is None else item.key):
            self.days.add(key_of(subject, day))

    def keys(self) -> dict[str, list[str]]:
        """Statement parameters, sorted so that every writer touches things in one order."""
        return {name: sorted(getattr(self, name)) for name in self.__slots__}


def touched(events: Iterable[tuple[Event, Term]]) -> Touched:
    """What recording ``events``, each with its meaning, needs to read."""
    keys = Touched()
    for event, term in events:
        keys.add(event, term)
    return keys


def untouched(event: Event, term: Term) -> Touched:
    """What taking ``event`` back needs to read: of a tie, the other direction as well."""
    keys = touched([(event, term)])
    keys.ties.update([reverse(key) for key in keys.ties])
    return keys


def reverse(key: str) -> str:
    """The key of the tie in the other direction."""
    source, _, target = key.partition(SEPARATOR)
    return joined(target, source)


def late(events: Iterable[Event], loaded: Loaded) -> list[str]:
    """Keys of the days of everything that are to be read as well: of first events that turn out not to be the first."""
    keys = set()
    for event in events:
        first = loaded.users.get(event.user_id, {}).get("first")
        if first is not None and to_ms(event.occurred_at) < first:
            keys.add(key_of(EVERYTHING, day_of(first)))
    return sorted(keys - loaded.days.keys())


@dataclass(frozen=True, slots=True)
class Loaded:
    """Properties by key, as they stand in the graph; what is absent does not exist. ``steps`` by connection key.

    ``standings`` are for whoever decides what may be recorded; nothing is folded into them.
    """

    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    contents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    interacted: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ties: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    connections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    days: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    steps: Mapping[str, list[Step]] = field(default_factory=dict)
    standings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class World:
    """Folds events into what was loaded. ``record`` each new event, then ``settle``, then read ``changes``.

    ``settle`` may come after every event: it costs what changed since the last time. ``days``: whether the roll-ups are
    kept as well.
    """

    def __init__(self, vocabulary: Vocabulary, loaded: Loaded | None = None, *, days: bool = True) -> None:
        self._vocabulary = vocabulary
        self._loaded = loaded or Loaded()
        self._days = Days(self._loaded.days) if days else None
        self.persons: dict[str, Person] = {}
        self.items: dict[str, Item] = {}
        self.interacted: dict[str, Pair] = {}
        self.ties: dict[str, Pair] = {}
        self.steps: dict[str, list[Step]] = {}
        self.connections: dict[str, Settled] = {}
        self._was: dict[str, Pair] = {}
        self._tied: dict[str, tuple[int | None, bool]] = {}
        self._stepped: set[str] = set()
        self._firsts: dict[str, int | None] = {}

    def record(self, event: Event, term: Term | None = None) -> None:
        """One new event; ``term``: its meaning, where the caller knows it."""
        term = term or meaning(self._vocabulary, event)
        key = pair_of(event)
        if key is not None:
            self._changing(key, event).add(event, term)
        self._count(event, term, 1)
        person, at = self.persons[event.user_id], to_ms(event.occurred_at)
        if person.first is None or at < person.first:
            self._begin(event.user_id, at)
        if term.behaviour is Behaviour.CONNECTION:
            self._step(event)

    def take_back(self, event: Event, remaining: Iterable[Event], first: int | None = None) -> None:
        """One event less; ``remaining`` are the other unretracted events of its pair, ``first`` the time of the user's
        first other event (epoch ms), which matters where this was the first."""
        began = self._person(event.user_id).first == to_ms(event.occurred_at)
        self.take_out([event], remaining, {event.user_id: first} if began else {})

    def take_out(self, events: Iterable[Event], remaining: Iterable[Event], firsts: Mapping[str, int | None]) -> None:
        """So many events less; ``remaining`` are all other unretracted events of their pairs.

        ``firsts``: of users whose first event is among these, the time of the first other one (epoch ms; None: none).
        """
        folded: dict[tuple[str, bool], Pair] = {}
        for event in events:
            term, key, done_to = meaning(self._vocabulary, event), pair_of(event), item_of(event) is not None
            if key is not None:
                self._changing(key, event)
                folded[key, done_to] = Pair.between(code(event))
            self._count(event, term, -1)
            if term.behaviour is Behaviour.CONNECTION:
                self._unstep(event)
        for other in remaining:
            pair = folded.get((pair_of(other) or "", item_of(other) is not None))
            if pair is not None:
                pair.add(other, meaning(self._vocabulary, other))
        for (key, done_to), pair in folded.items():
            (self.interacted if done_to else self.ties)[key] = pair
        for user, first in firsts.items():
            self._begin(user, first)

    def _unstep(self, event: Event) -> None:
        key = pair_key(event.user_id, event.target_user_id or "")
        steps = self.steps.get(key)
        known = self._loaded.steps.get(key, ()) if steps is None else steps
        self.steps[key] = [step for step in known if step.id != event.id]
        self._stepped.add(key)

    def _begin(self, user: str, first: int | None) -> None:
        person = self.persons[user]
        self._firsts.setdefault(user, person.first)
        person.first = first

    def _changing(self, key: str, event: Event) -> Pair:
        """The event's pair, having kept what ``settle`` will compare it with."""
        if item_of(event) is not None:
            pair = self._pair(self.interacted, self._loaded.interacted, key, event)
            if key not in self._was:
                self._was[key] = pair.kept()
        else:
            pair = self._pair(self.ties, self._loaded.ties, key, event)
            self._tied.setdefault(key, (pair.engaged, pair.bars))
        return pair

    def _count(self, event: Event, term: Term, count: int) -> None:
        item = item_of(event)
        self._person(event.user_id).act(event, term, count)
        if event.target_user_id is not None and item is None:
            self._person(event.target_user_id).receive(event, term, count)
        if self._days is not None:
            self._days.count(event, term, to_ms(event.occurred_at), None if item is None else item.key, count)

    def _step(self, event: Event) -> None:
        key = pair_key(event.user_id, event.target_user_id or "")
        steps = self.steps.setdefault(key, list(self._loaded.steps.get(key, ())))
        steps.append(Step(to_ms(event.occurred_at), event.id, event.name, event.user_id))
        self._stepped.add(key)

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

    def settle(self) -> None:
        """Carry what changed over to the contents and persons it is summed up in."""
        for key, was in self._was.items():
            self._settle_interacted(key, was, self.interacted[key])
        for key, (engaged, barred) in self._tied.items():
            self._settle_tie(key, engaged, self.ties[key].engaged)
            self._settle_bar(key, barred, self.ties[key].bars)
        for key in self._stepped:
            self._settle_connection(key)
        if self._days is not None:
            self._settle_days(self._days)
        self._was.clear()
        self._tied.clear()
        self._stepped.clear()
        self._firsts.clear()

    def _settle_days(self, days: Days) -> None:
        for user, was in self._firsts.items():
            now = self.persons[user].first
            if was is not None:
                days.begin(was, -1)
            if now is not None:
                days.begin(now)
        days.settle()

    def _settle_interacted(self, key: str, old: Pair, new: Pair) -> None:
        user, _, content = key.partition(SEPARATOR)
        self._item(content).replace(user, old, new)
        if old.engaged != new.engaged:
            person = self._person(user)
            person.contents += (new.engaged is not None) - (old.engaged is not None)
            if new.engaged is None:
                person.touched.remove(content)
            else:
                person.touched.put(content, new.engaged)

    def _settle_tie(self, key: str, old: int | None, new: int | None) -> None:
        """Both ends have each other in their circles, by the later of the two directions."""
        one, _, other = key.partition(SEPARATOR)
        if one == other or old == new:
            return
        for me, partner in ((one, other), (other, one)):
            person = self._person(me)
            person.partners += (new is not None) - (old is not None)
            if new is not None and (old is None or new > old):
                person.circle.advance(partner, new)
                continue
            times = [at for at in (new, self._engaged_back(key)) if at is not None]
            if times:
                person.circle.put(partner, max(times))
            else:
                person.circle.remove(partner)

    def _settle_bar(self, key: str, old: bool, new: bool) -> None:
        if old != new:
            for me in {*key.split(SEPARATOR)}:
                self._person(me).bars += new - old

    def _engaged_back(self, key: str) -> int | None:
        """When the tie of the other direction was last engaged."""
        back = reverse(key)
        if back in self.ties:
            return self.ties[back].engaged
        engaged: int | None = self._loaded.ties.get(back, {}).get("engaged")
        return engaged

    def _settle_connection(self, key: str) -> None:
        one, _, other = key.partition(SEPARATOR)
        known = self.connections.get(key)
        before = known.since if known is not None else self._loaded.connections.get(key, {}).get("since")
        state = self.connections[key] = settle(self.steps[key])
        if one == other:
            return
        for me, partner in ((one, other), (other, one)):
            links = self._person(me).links
            if state.status is None:
                links.remove(partner)
                continue
            if before is not None and before > state.since:
                links.moved_back()
            links.put(partner, state.since, word(state.status, state.response_ms, state.requested_by))

    def full(self) -> list[str]:
        """Keys of the roll-ups, segments of slots, that ``changes`` needs the texts of."""
        return [] if self._days is None else self._days.full()

    def changes(self, stamp: str, segments: Mapping[str, str] | None = None) -> dict[str, Rows]:
        """Rows to write, once, by what and whether it is new: ``newUsers``, ``oldUsers``, ``newTies``, ...

        ``stamp``: what users, contents and days of everything are marked with; another one for every transaction.
        ``segments``: the texts of those that are ``full``.
        """
        loaded, changed = self._loaded, {"changed": stamp}
        users = {i: {"id": i, **p.pack(), **changed} for i, p in self.persons.items()}
        contents = {k: {**named(ContentRef.of(k)), **i.pack(), **changed} for k, i in self.items.items()}
        return {
            **_split("Users", loaded.users, users),
            **_split("Contents", loaded.contents, contents),
            **_split("Interacted", loaded.interacted, {k: _keyed(k, p) for k, p in self.interacted.items() if p.n}),
            **_split("Ties", loaded.ties, {k: _keyed(k, p) for k, p in self.ties.items() if p.n}),
            **_split("Connections", loaded.connections, self._connections()),
            **self._rollups(stamp, segments or {}),
        }

    def _rollups(self, stamp: str, segments: Mapping[str, str]) -> dict[str, Rows]:
        if self._days is None:
            return {name: [] for name in ("newDays", "oldDays", "moreSlots", "moreActors")}
        written = self._days.written(segments, stamp)
        rows = _split("Days", self._loaded.days, written.nodes)
        return {
            "newDays": rows["newDays"] + written.new_segments,
            "oldDays": rows["oldDays"] + written.old_segments,
            "moreSlots": written.more_slots,
            "moreActors": written.more_actors,
        }

    def gone(self) -> dict[str, list[str]]:
        """Keys of what nothing is left of, by what it was."""
        connections = self._connections()
        return {
            "interacted": [k for k, p in self.interacted.items() if not p.n],
            "ties": [k for k, p in self.ties.items() if not p.n],
            "days": [] if self._days is None else self._days.gone(),
            "connections": [k for k in self.steps if k not in connections],
        }

    def bare(self) -> dict[str, list[str]]:
        """Users and contents that nothing is left of, among those that were loaded."""
        users, contents = self._loaded.users, self._loaded.contents
        persons = {id: self.persons.get(id) or Person.unpack(node) for id, node in users.items()}
        items = {key: self.items.get(key) or Item.unpack(node) for key, node in contents.items()}
        return {
            "users": [id for id, person in persons.items() if not person.done and not person.received_n],
            "contents": [key for key, item in items.items() if not item.n],
        }

    def _connections(self) -> dict[str, dict[str, Any]]:
        rows = {}
        for key, state in self.connections.items():
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


def word(status: str, response_ms: int | None, requested_by: str | None) -> str:
    """How a connection is told of in a list: ``signals.profiles.Link`` reads it."""
    return f"{status}:{'' if response_ms is None else response_ms}:{requested_by or ''}"


def _keyed(key: str, pair: Pair) -> dict[str, Any]:
    source, _, target = key.partition(SEPARATOR)
    return {"key": key, "from": source, "to": target, **pair.pack()}


def _split(what: str, loaded: Mapping[str, Mapping[str, Any]], rows: Mapping[str, dict[str, Any]]) -> dict[str, Rows]:
    """The rows of what is new, without properties that are None; of the others what is not as it was loaded."""
    new, old = [], []
    for key, row in rows.items():
        known = loaded.get(key)
        if known is None:
            new.append({name: value for name, value in row.items() if value is not None})
        else:
            get = known.get
            changed = {name: value for name, value in row.items() if value != get(name)}
            for name in IDENTITY & row.keys():
                changed[name] = row[name]
            old.append(changed)
    return {f"new{what}": new, f"old{what}": old}
