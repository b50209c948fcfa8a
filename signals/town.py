"""Where a simulation takes place: its people, what they wrote and what stands between them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from signals.clock import from_ms
from signals.population import TAGS, Person
from signals.rows import REGISTER, Raw

FRESH = 250
"""Latest pieces of content that a feed chooses from."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Content that somebody wrote at ``at`` (epoch ms)."""

    type: str
    id: str
    author: int
    at: int
    appeal: float
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message that waits to be read."""

    id: str
    sender: int
    at: int


@dataclass(slots=True)
class Town:
    """The state of a simulation: its people and what stands between them."""

    name: str
    """Begins every id, so that no other town gives the same."""
    random: Random
    people: list[Person]
    fresh: deque[Piece] = field(default_factory=lambda: deque(maxlen=FRESH))
    touched: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """States a person set already, so that nothing is liked twice."""
    inbox: dict[int, list[Message]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """When (epoch ms) and who asked a person for a connection that is not answered yet."""
    meetings: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """When (epoch ms) a person will ask whom for a connection, latest first."""
    away: dict[int, tuple[int, int]] = field(default_factory=dict)
    """From when until when (epoch ms) a person does nothing at all."""
    connected: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new_id(self, kind: str) -> str:
        """An id of its own."""
        return f"{kind}-{self.name}-{next(self.numbers)}"

    def write(self, author: int, at: int, type: str) -> tuple[Piece, Raw]:
        """A new piece and its registration."""
        person = self.people[author]
        appeal = person.appeal * self.random.paretovariate(1.1)
        tags = tuple(sorted({self.random.choice(person.interests), self.random.choice(TAGS)}))
        piece = Piece(type, self.new_id(type.lower()), author, at, appeal, tags)
        self.fresh.append(piece)
        return piece, {
            REGISTER: {
                "content": {"type": type, "id": piece.id},
                "authorId": person.id,
                "createdAt": moment(at),
                "tags": list(tags),
                "language": person.place.language,
            }
        }


def moment(ms: int) -> str:
    """Epoch milliseconds as the API takes them."""
    return from_ms(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
