"""What ranking goes by, looked up in a list of events: ties, circles, engagers, switches, connections.

Nothing is kept up to date: everything is worked out from all events each time it is asked for. That lists are bounded
is part of what they mean, and done by sorting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from signals.content import Registration
from signals.cut import Cut
from signals.events import ContentRef, Event, Face
from signals.people import Connection, ConnectionStatus
from signals.vocabulary import Behaviour, Term, Vocabulary
from tests.meanings import Negotiation, item, order
from tests.ranking_meanings import Weighed, activation, latest

PERSONAL = 5.0
"""Between people, an event of this weight counts as one: a message, a reply."""
TURN = 2.0
"""From this weight on an event between people is a turn in their talk: no visit, no receipt."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many of the latest are gone by."""

    engagers: int = 128
    touched: int = 64
    times: int = 256
    circle: int = 256
    links: int = 512


STANDARD = Bounds()


class Facts:
    """The facts seen from one instant: unretracted events, oldest first, and what was registered."""

    def __init__(
        self,
        events: Sequence[Event],
        registrations: Sequence[Registration],
        vocabulary: Vocabulary,
        now: datetime,
        cut: Cut | None = None,
        bounds: Bounds = STANDARD,
    ) -> None:
        live = [e for e in events if not e.retracted and (cut is None or seen_from(cut, e))]
        assert all(event.occurred_at <= now for event in live), "what has not happened has no age"
        self.events = sorted(live, key=order)
        self.registrations = registrations
        self.vocabulary = vocabulary
        self.now = now
        self.bounds = bounds
        # The same questions come again and again; facts never change.
        self.circle = cache(self._circle)
        self.links = cache(self._links)
        self.touched = cache(self._touched)
        self.engaged = cache(self._engaged)

    # ---- events

    def term(self, event: Event) -> Term:
        return self.vocabulary.term(event.face, event.name)

    def positive(self, event: Event) -> bool:
        return self.term(event).weight > 0

    def between(self, a: str, b: str) -> list[Event]:
        """What ``a`` did towards ``b``."""
        return [e for e in self.events if (e.user_id, e.target_user_id) == (a, b)]

    def dealings(self, user: str) -> list[Event]:
        """Positive events between the user and others, in either direction."""
        return [
            e
            for e in self.events
            if e.target_user_id is not None
            and e.target_user_id != e.user_id
            and user in (e.user_id, e.target_user_id)
            and self.positive(e)
        ]

    def done_to(self, ref: ContentRef) -> list[Event]:
        return [e for e in self.events if item(e) == ref]

    # ---- people

    def positives(self, a: str, b: str) -> list[Event]:
        return [e for e in self.between(a, b) if self.positive(e)]

    def weighed(self, events: Sequence[Event]) -> list[Weighed]:
        """Events between people, a message counting one."""
        return [(e.occurred_at, self.term(e).weight / PERSONAL) for e in events]

    def received(self, user: str) -> list[Weighed]:
        """What others turned to the user with."""
        return self.weighed([e for e in self.dealings(user) if e.target_user_id == user])

    def strength(self, a: str, b: str) -> float:
        """V_.5 of all that counts between the two."""
        return activation(self.weighed(self.positives(a, b) + self.positives(b, a)), 0.5, self.now)

    def times(self, user: str) -> list[datetime]:
        """The latest times of dealings with anybody."""
        return sorted((e.occurred_at for e in self.dealings(user)), reverse=True)[: self.bounds.times]

    def _circle(self, user: str) -> dict[str, datetime]:
        """The latest partners and when they last dealt with each other."""
        return latest({partner(e, user): e.occurred_at for e in self.dealings(user)}, self.bounds.circle)

    def partners(self, user: str) -> int:
        """Whom the user turned to, and who turned to the user: who is both counts twice."""
        return len({(e.user_id, e.target_user_id) for e in self.dealings(user)})

    def turned(self, a: str, b: str) -> datetime | None:
        """When ``a`` last said something to ``b``."""
        return max((e.occurred_at for e in self.between(a, b) if self.term(e).weight >= TURN), default=None)

    def switched_on(self, user: str, target: str | ContentRef, name: str) -> Event | None:
        """The event that put the switch where it is, if it is on."""
        towards = self.between(user, target) if isinstance(target, str) else self.done_to(target)
        told = [e for e in towards if e.user_id == user and self.term(e).state == name]
        return told[-1] if told and self.term(told[-1]).on else None

    def blocked(self, a: str, b: str) -> bool:
        """Either has blocked the other."""
        return any(self.switched_on(x, y, "BLOCK") is not None for x, y in ((a, b), (b, a)))

    def _links(self, user: str) -> dict[str, Connection]:
        """The latest connections, whatever became of them, by the other user."""
        others = {partner(e, user) for e in self.events if user in (e.user_id, e.target_user_id) and e.target_user_id}
        states = {other: state for other in others if (state := self._connection(user, other)) is not None}
        newest = latest({other: state.since for other, state in states.items()}, self.bounds.links)
        return {other: states[other] for other in newest}

    def _connection(self, user: str, other: str) -> Connection | None:
        tale = Negotiation()
        for event in self.events:
            ends = {event.user_id, event.target_user_id}
            if ends == {user, other} and self.term(event).behaviour is Behaviour.CONNECTION:
                tale.tell(event)
        if tale.status is None or tale.since is None:
            return None
        return Connection(
            user_id=user,
            other_id=other,
            status=tale.status,
            requested_by=tale.requested_by,
            since=tale.since,
            response_ms=tale.response_ms,
        )

    def connected(self, user: str) -> set[str]:
        return {other for other, link in self.links(user).items() if link.status is ConnectionStatus.ACCEPTED}

    # ---- contents

    def known(self, ref: ContentRef) -> bool:
        return bool(self.done_to(ref)) or any(told.content == ref for told in self.registrations)

    def author(self, ref: ContentRef) -> str | None:
        """As registered last; at every instant the same."""
        told = [r.author_id for r in self.registrations if r.content == ref and r.author_id is not None]
        return told[-1] if told else None

    def contents(self) -> set[ContentRef]:
        """Everything that somebody engaged with."""
        return {ref for e in self.events if (ref := item(e)) is not None and self.positive(e)}

    def first_touches(self, ref: ContentRef) -> list[Weighed]:
        """When each user first engaged with it."""
        first: dict[str, datetime] = {}
        for event in self.done_to(ref):
            if self.positive(event):
                first.setdefault(event.user_id, event.occurred_at)
        return [(at, 1.0) for at in first.values()]

    def _engaged(self, ref: ContentRef) -> dict[str, Event]:
        """The latest engagers and what each did last, newest first."""
        last = {e.user_id: e for e in self.done_to(ref) if self.positive(e)}
        newest = latest({user: event.occurred_at for user, event in last.items()}, self.bounds.engagers)
        return {user: last[user] for user in newest}

    def _touched(self, user: str) -> dict[ContentRef, datetime]:
        """The latest contents the user engaged with, and when last, newest first."""
        last = {
            ref.key: e.occurred_at
            for e in self.events
            if e.user_id == user and (ref := item(e)) is not None and self.positive(e)
        }
        return {ContentRef.of(key): at for key, at in latest(last, self.bounds.touched).items()}

    def engaged_with(self, user: str) -> int:
        """How many contents in all."""
        return len({item(e) for e in self.events if e.user_id == user and self.positive(e)} - {None})

    def counted(self, ref: ContentRef, *names: str) -> int:
        """Content interactions of these names."""
        found = Counter(e.name for e in self.done_to(ref) if e.face is Face.CONTENT)
        return sum(found[name] for name in names)

    def standing(self, ref: ContentRef, name: str) -> int:
        """Users whose switch is on."""
        users = {e.user_id for e in self.done_to(ref)}
        return sum(self.switched_on(user, ref, name) is not None for user in users)

    def reporters(self, ref: ContentRef) -> int:
        return len({e.user_id for e in self.done_to(ref) if e.name == "REPORT"})


def partner(event: Event, user: str) -> str:
    """The other one of an event between two people."""
    other = event.target_user_id if event.user_id == user else event.user_id
    assert other is not None
    return other


def seen_from(cut: Cut, event: Event) -> bool:
    """Occurred by then and, where that is asked, known by then."""
    occurred = event.occurred_at <= cut.as_of
    return occurred and (cut.known_at is None or event.received_at <= cut.known_at)
