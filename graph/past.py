"""Nodes and pairs as they were: folded again from the events that a cut holds.

Where nothing that a cut leaves out touches a node, its present state is the answer; so only what later events touch is
folded. Registered facts are not events: they are taken as they stand. Retracted events count nowhere, at no time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import TypeVar

from graph.driver import Database
from graph.history import History, Subject
from graph.pages import END_OF_TIME
from graph.queries import statement
from graph.recording import padded
from signals.clock import to_ms
from signals.cut import Cut
from signals.events import ContentRef
from signals.items import named
from signals.packing import SEPARATOR, joined
from signals.pairs import Pair
from signals.profiles import Card, Profile
from signals.rollups import day_of
from signals.vocabulary import Vocabulary
from signals.wanted import Found, Wanted
from signals.world import World

PAST_ACTIVE = statement("past_active")
PAST_LATER = statement("past_later")

T = TypeVar("T")

FEW = 1000
"""So many events outside a cut are looked at one by one."""
BREATH = 500
"""So many events are folded before others have their turn."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Users, contents and pairs that some events touch."""

    users: Set[str]
    contents: Set[str]
    pairs: Set[str]

    @classmethod
    def by(cls, rows: Iterable[tuple[str, str | None, str | None, str | None]]) -> Touched:
        """From (actor, target, content, pair) of each event."""
        rows = list(rows)
        return cls(
            users={user for actor, target, _, _ in rows for user in (actor, target) if user is not None},
            contents={content for _, _, content, _ in rows if content is not None},
            pairs={pair for _, _, _, pair in rows if pair is not None},
        )

    def of(self, wanted: Wanted) -> Wanted:
        """The part of what is wanted that they touch."""
        return Wanted(
            profiles=wanted.profiles & self.users,
            cards=wanted.cards & self.contents,
            interacted=wanted.interacted & self.pairs,
            ties=wanted.ties & self.pairs,
        )


class Past:
    def __init__(self, database: Database, vocabulary: Vocabulary) -> None:
        self._database = database
        self._history = History(database)
        self._vocabulary = vocabulary

    async def found(self, wanted: Wanted, cut: Cut, present: Found) -> Found:
        """What is wanted as of the cut. ``present``: the same as it stands, read before this call."""
        stale = await self._stale(wanted, cut, present)
        if not any((stale.profiles, stale.cards, stale.interacted, stale.ties)):
            return present
        then = await self._folded(stale, cut, present)
        return Found(
            profiles=_instead(present.profiles, stale.profiles, then.profiles),
            cards=_instead(present.cards, stale.cards, then.cards),
            interacted=_instead(present.interacted, stale.interacted, then.interacted),
            ties=_instead(present.ties, stale.ties, then.ties),
        )

    async def _stale(self, wanted: Wanted, cut: Cut, present: Found) -> Wanted:
        """What events outside the cut touch, or may touch."""
        known_at = END_OF_TIME if cut.known_at is None else to_ms(cut.known_at)
        parameters = {"asOf": to_ms(cut.as_of), "knownAt": known_at, "limit": FEW + 1}
        rows = {row["kind"]: row["rows"] for row in await self._database.read(PAST_LATER, parameters)}
        occurred, received = rows.get("occurred", ()), rows.get("received", ())
        if len(received) > FEW:
            return wanted
        if len(occurred) <= FEW:
            return Touched.by([*occurred, *received]).of(wanted)
        return _both(Touched.by(received).of(wanted), await self._active(wanted, cut, present))

    async def _active(self, wanted: Wanted, cut: Cut, present: Found) -> Wanted:
        """What has events on the day of the cut or later; of pairs, those with an event after it."""
        as_of = to_ms(cut.as_of)
        subjects = [joined(kind, id) for id in wanted.profiles for kind in "ut"]
        subjects += [joined("c", key) for key in wanted.cards]
        parameters = {**padded({"subjects": subjects}), "from": day_of(as_of)}
        row = await self._database.single(PAST_ACTIVE, parameters)
        found = set() if row is None else {tuple(subject.split(SEPARATOR)) for subject in row["subjects"]}
        return Wanted(
            profiles={id for kind, id in found if kind != "c"},
            cards={key for kind, key in found if kind == "c"},
            interacted={key for key, pair in present.interacted.items() if pair.last > as_of},
            ties={key for key, pair in present.ties.items() if pair.last > as_of},
        )

    async def cards(self, keys: Iterable[str], cut: Cut) -> Mapping[str, Card]:
        """Contents folded from the log, without registered facts; those without an event by then are absent."""
        return (await self._folded(Wanted(cards=frozenset(keys)), cut, Found())).cards

    async def _folded(self, wanted: Wanted, cut: Cut, present: Found) -> Found:
        world = await self._world(subjects_of(wanted, present), cut)
        return read_out(world, wanted, present.cards)

    async def _world(self, subjects: Sequence[Subject], cut: Cut) -> World:
        """What the subjects' events add up to; whole for the subjects alone."""
        world = World(self._vocabulary, days=False)
        for place, event in enumerate(await self._history.events(subjects, cut)):
            world.record(event)
            if place % BREATH == 0:
                await asyncio.sleep(0)
        world.settle()
        return world


_ACTS = (("actors", "u"), ("targets", "t"))
"""Both sides of a user: the list of ``History`` and the roll-ups' letter."""


def content_subject(key: str) -> Subject:
    return Subject("contents", key, joined("c", key))


def subjects_of(wanted: Wanted, present: Found) -> list[Subject]:
    """Whose events make what is wanted. What has no pair now had none then."""
    subjects = [Subject(kind, id, joined(day, id)) for id in wanted.profiles for kind, day in _ACTS]
    subjects += [content_subject(key) for key in wanted.cards]
    for keys, pairs in ((wanted.interacted, present.interacted), (wanted.ties, present.ties)):
        for key in keys & pairs.keys():
            user, _, target = key.partition(SEPARATOR)
            if user not in wanted.profiles and target not in (wanted.cards if pairs is present.interacted else ()):
                subjects.append(Subject("pairs", key, joined("u", user), pairs[key].n))
    return subjects


def read_out(world: World, wanted: Wanted, facts: Mapping[str, Card]) -> Found:
    """What is wanted of a settled world, by way of its stored form; with the registered ``facts``."""
    cards = {
        key: Card.unpack({**named(ContentRef.of(key)), **world.items[key].pack()})
        for key in wanted.cards & world.items.keys()
    }
    for key in wanted.cards & facts.keys():
        told = facts[key]
        if told.registered:
            card = cards.get(key) or Card(told.ref)
            cards[key] = replace(card, author_id=told.author_id, created_at=told.created_at, registered=True)
    return Found(
        profiles={
            id: Profile.unpack({"id": id, **world.persons[id].pack()}) for id in wanted.profiles & world.persons.keys()
        },
        cards=cards,
        interacted=_pairs(world.interacted, wanted.interacted),
        ties=_pairs(world.ties, wanted.ties),
    )


def _pairs(folded: Mapping[str, Pair], wanted: Set[str]) -> dict[str, Pair]:
    return {key: Pair.unpack(folded[key].pack()) for key in wanted & folded.keys()}


def _instead(present: Mapping[str, T], stale: Set[str], then: Mapping[str, T]) -> dict[str, T]:
    return {**{key: value for key, value in present.items() if key not in stale}, **then}


def _both(one: Wanted, other: Wanted) -> Wanted:
    return Wanted(
        profiles=one.profiles | other.profiles,
        cards=one.cards | other.cards,
        interacted=one.interacted | other.interacted,
        ties=one.ties | other.ties,
    )
