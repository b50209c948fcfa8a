"""What one user's events towards one target add up to: the interaction graph's relationship.

The same fold serves a user and a piece of content (INTERACTED) and a user and another user (TIE).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from signals.clock import to_ms
from signals.decay import Accumulator
from signals.events import ContentRef, Event, Face
from signals.packing import add_count, joined, pack_counts, pack_rows, unpack_counts, unpack_rows
from signals.vocabulary import Behaviour, Term, Vocabulary

VISIT = "profile.PROFILE_VISIT"
BLOCK, MUTE = "BLOCK", "MUTE"
TURN = 2.0
"""Weight from which an event towards a person is a turn in a conversation, which waits for an answer."""
UNIT_WEIGHT = 5.0
"""The weight that counts 1 in a tie: a message, a reply, a comment."""


def code(event: Event) -> str:
    """``content.LIKE``: the face and name an event is counted under."""
    return f"{event.face.value}.{event.name}"


def item_of(event: Event) -> ContentRef | None:
    """The content an event is done to. What a social event merely mentions is not."""
    return event.content if event.face in (Face.CONTENT, Face.ACTIVITY) else None


def pair_of(event: Event) -> str | None:
    """The key of the relationship an event adds to: user and content, or user and user. None: it stands alone."""
    item = item_of(event)
    target = item.key if item is not None else event.target_user_id
    return None if target is None else joined(event.user_id, target)


def term_of(vocabulary: Vocabulary, code: str) -> Term:
    """The vocabulary's row of a ``code``; a neutral one where the deployment has dropped the row since."""
    face, _, name = code.partition(".")
    return _term(vocabulary, Face(face), name)


def meaning(vocabulary: Vocabulary, event: Event) -> Term:
    """The vocabulary's row of an event, as ``term_of``."""
    return _term(vocabulary, event.face, event.name)


def _term(vocabulary: Vocabulary, face: Face, name: str) -> Term:
    found = vocabulary.terms.get((face, name))
    return found or Term(name, face, None, name.lower(), 0.0, Behaviour.COUNT, None, on=True, target=None)


@dataclass(slots=True)
class State:
    """A switch: on or off by the event with the largest (at, id)."""

    at: int
    id: str
    on: bool


@dataclass(slots=True)
class Pair:
    """Everything one user's unretracted events towards one target add up to. Times are epoch ms.

    ``touched``: the first event of positive weight; ``engaged``: the latest, with its code in ``engaged_as``.
    ``heat``: the events of positive weight, decayed, for ties between people; None for content, whose heat is that of
    all its users. ``spoke``: the latest turn towards a person (message, mention, follow; no visit, no read receipt).
    """

    counts: dict[str, int] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    n: int = 0
    heat: Accumulator | None = None
    first: int = 0
    last: int = 0
    touched: int | None = None
    engaged: int | None = None
    engaged_id: str = ""
    engaged_as: str = ""
    visited: int | None = None
    spoke: int | None = None
    time_ms: int = 0
    scroll_sum: float = 0.0
    scroll_n: int = 0

    def on(self) -> list[str]:
        """The states that are on, sorted."""
        return sorted(name for name, state in self.states.items() if state.on)

    @property
    def bars(self) -> bool:
        """Whether one keeps the other away: a block or a mute is on."""
        return self.is_on(BLOCK) or self.is_on(MUTE)

    def is_on(self, name: str) -> bool:
        """Whether this state is on."""
        return name in self.states and self.states[name].on

    def add(self, event: Event, term: Term) -> None:
        """Fold one event in; the order of calls does not matter."""
        at = to_ms(event.occurred_at)
        self.first = min(self.first, at) if self.n else at
        self.last = max(self.last, at) if self.n else at
        self.n += 1
        name = code(event)
        add_count(self.counts, name, 1)
        self.time_ms += event.duration_ms or 0
        if event.scroll_depth is not None:
            self.scroll_sum += event.scroll_depth
            self.scroll_n += 1
        if name == VISIT:
            self.visited = at if self.visited is None else max(self.visited, at)
        if term.weight > 0:
            self._engage(at, event.id, name)
            if self.heat is not None:
                self.heat.add(at, weight=term.weight / UNIT_WEIGHT)
            if event.face is Face.SOCIAL and term.weight >= TURN:
                self.spoke = at if self.spoke is None else max(self.spoke, at)
        if term.behaviour is Behaviour.STATE:
            self._switch(at, event.id, term)

    def _engage(self, at: int, id: str, name: str) -> None:
        self.touched = at if self.touched is None else min(self.touched, at)
        if self.engaged is None or (at, id) > (self.engaged, self.engaged_id):
            self.engaged, self.engaged_id, self.engaged_as = at, id, name

    def _switch(self, at: int, id: str, term: Term) -> None:
        name = term.state or term.name
        known = self.states.get(name)
        if known is None or (at, id) > (known.at, known.id):
            self.states[name] = State(at, id, term.on)

    @classmethod
    def between(cls, code: str) -> Pair:
        """The empty pair that events of this code belong to: a tie keeps its heat."""
        tie = code.startswith((Face.SOCIAL.value, Face.PROFILE.value))
        return cls(heat=Accumulator() if tie else None)

    def kept(self) -> Pair:
        """What it is now, for ``Item.replace`` and the like to compare with later; without the heat."""
        return replace(self, counts=dict(self.counts), states=dict(self.states), heat=None)

    def pack(self) -> dict[str, Any]:
        """Properties of the relationship; None removes one."""
        return {
            "n": self.n,
            "first": self.first,
            "last": self.last,
            "on": " ".join(self.on()) or None,
            "counts": pack_counts(self.counts),
            "states": pack_rows((k, str(s.at), s.id, "1" if s.on else "0") for k, s in sorted(self.states.items()))
            or None,
            "heat": None if self.heat is None else self.heat.pack(),
            "touched": self.touched,
            "engaged": self.engaged,
            "engagedId": self.engaged_id or None,
            "engagedAs": self.engaged_as or None,
            "visited": self.visited,
            "spoke": self.spoke,
            "timeMs": self.time_ms or None,
            "scrollSum": self.scroll_sum if self.scroll_n else None,
            "scrollN": self.scroll_n or None,
        }

    @classmethod
    def unpack(cls, properties: Mapping[str, Any]) -> Pair:
        return cls(
            counts=unpack_counts(properties["counts"]),
            states={k: State(int(at), id, on == "1") for k, at, id, on in unpack_rows(properties.get("states"))},
            n=properties["n"],
            heat=Accumulator.unpack(properties["heat"]) if properties.get("heat") is not None else None,
            first=properties["first"],
            last=properties["last"],
            touched=properties.get("touched"),
            engaged=properties.get("engaged"),
            engaged_id=properties.get("engagedId") or "",
            engaged_as=properties.get("engagedAs") or "",
            visited=properties.get("visited"),
            spoke=properties.get("spoke"),
            time_ms=properties.get("timeMs") or 0,
            scroll_sum=properties.get("scrollSum") or 0.0,
            scroll_n=properties.get("scrollN") or 0,
        )
