"""The graph in memory, event by event: what ranking would read at every instant of a log.

The same fold, the same packed values and the same way back from them as with a database, so that a number found here
is the number that is served.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import nsmallest
from typing import TypeVar

from signals.clock import to_ms
from signals.content import Registration
from signals.cut import Cut
from signals.events import ContentRef, Event
from signals.habits import Habits, Tally
from signals.packing import joined
from signals.pairs import Pair, item_of, meaning
from signals.profiles import Card, Profile
from signals.vocabulary import Vocabulary
from signals.wanted import Found, Wanted
from signals.weights import Weights, standard
from signals.world import World

Row = TypeVar("Row")


class Replay:
    """Add events in the order they occurred; read at any time. Satisfies the port ``Nodes``: a cut is ignored, since
    only what was added is there. Retracted events are left out."""

    def __init__(self, vocabulary: Vocabulary, weights: Weights | None = None) -> None:
        self._vocabulary = vocabulary
        self._weights = weights or standard()
        self._world = World(vocabulary, days=False)
        self._tally = Tally()
        self._facts: dict[str, Registration] = {}
        self._profiles: dict[str, Profile] = {}
        self._cards: dict[str, Card] = {}
        self._ties: dict[str, Pair | None] = {}
        self._settled = True

    def add(self, event: Event) -> None:
        """One more event."""
        if event.retracted:
            return
        term = meaning(self._vocabulary, event)
        self._world.record(event, term)
        self._settled = False
        item, other = item_of(event), event.target_user_id
        self._profiles.pop(event.user_id, None)
        if item is not None:
            self._cards.pop(item.key, None)
        elif other is not None:
            self._profiles.pop(other, None)
            self._ties.pop(joined(event.user_id, other), None)
        if term.weight > 0:
            self._tally.add(event)

    def register(self, registration: Registration) -> None:
        """Facts about a content, over those known before; None leaves what is there."""
        key = registration.content.key
        known = self._facts.get(key, registration)
        self._facts[key] = replace(
            registration,
            author_id=known.author_id if registration.author_id is None else registration.author_id,
            created_at=known.created_at if registration.created_at is None else registration.created_at,
        )
        self._cards.pop(key, None)

    def profile(self, id: str) -> Profile | None:
        known = self._profiles.get(id)
        if known is None:
            person = self._here().persons.get(id)
            if person is None:
                return None
            known = self._profiles[id] = Profile.unpack({"id": id, **person.pack()})
        return known

    def card(self, key: str) -> Card | None:
        known = self._cards.get(key)
        if known is None:
            item, facts = self._here().items.get(key), self._facts.get(key)
            if item is None and facts is None:
                return None
            ref = ContentRef.of(key)
            properties = {"type": ref.type, "id": ref.id, **(item.pack() if item is not None else {})}
            known = self._cards[key] = Card.unpack({**properties, **_told(facts)})
        return known

    def tie(self, key: str) -> Pair | None:
        """A TIE by its key."""
        if key not in self._ties:
            self._ties[key] = _packed(self._here().ties.get(key))
        return self._ties[key]

    def interacted(self, key: str) -> Pair | None:
        """An INTERACTED by its key."""
        return _packed(self._here().interacted.get(key))

    def cards(self) -> Iterator[str]:
        """Keys of all contents that events were about."""
        return iter(self._here().items)

    async def read(self, wanted: Wanted, cut: Cut | None = None) -> Found:  # noqa: ARG002 - the port's
        return Found(
            profiles=_found((id, self.profile(id)) for id in wanted.profiles),
            cards=_found((key, self.card(key)) for key in wanted.cards),
            interacted=_found((key, self.interacted(key)) for key in wanted.interacted),
            ties=_found((key, self.tie(key)) for key in wanted.ties),
        )

    async def hottest(self, content_type: str | None, first: int, cut: Cut | None = None) -> list[str]:  # noqa: ARG002
        hot = (
            (-heat, key)
            for key, item in self._here().items.items()
            if (heat := item.hot) is not None and content_type in (None, ContentRef.of(key).type)
        )
        return [key for _, key in nsmallest(first, hot)]

    async def habits(self, cut: Cut | None = None) -> Habits:  # noqa: ARG002 - the port's
        return self.habits_now()

    def habits_now(self) -> Habits:
        """The figures of all that was added."""
        return self._tally.habits(self._weights.habits)

    def _here(self) -> World:
        if not self._settled:
            self._world.settle()
            self._settled = True
        return self._world


def _packed(pair: Pair | None) -> Pair | None:
    """As it comes back from the database."""
    return None if pair is None or not pair.n else Pair.unpack(pair.pack())


def _told(facts: Registration | None) -> dict[str, object]:
    if facts is None:
        return {}
    created_at = None if facts.created_at is None else to_ms(facts.created_at)
    return {"registered": True, "authorId": facts.author_id, "createdAt": created_at}


def _found(rows: Iterable[tuple[str, Row | None]]) -> dict[str, Row]:
    return {key: value for key, value in rows if value is not None}
