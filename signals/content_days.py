"""What people did with a piece of content on a UTC day: plain numbers, which the database adds up and sorts by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from signals.engagement_rate import INTERACTION
from signals.events import Event
from signals.packing import joined
from signals.rollups import identity
from signals.slots import MICRO, micro, unpack_tokens
from signals.vocabulary import Term

NAMED = {
    "VIEW": "views",
    "LIKE": "likes",
    "COMMENT": "comments",
    "REPLY": "comments",
    "SHARE": "shares",
    "SAVE": "saves",
}
"""Which number counts events of a name."""
WHOLE = ("n", "ms", "msN", "users", "views", "likes", "comments", "shares", "saves", "engaged", "scrollN")
MILLIONTHS = ("score", "scrollSum")
"""Numbers with a fraction: added up in millionths, so that no order of adding changes them."""


@dataclass(slots=True)
class ContentDay:
    """``numbers`` by property, those of MILLIONTHS in millionths; ``actors``: tokens, None where they were not read.

    ``more``: tokens to be added to them.
    """

    content: str
    at: int
    numbers: dict[str, int] = field(default_factory=dict)
    actors: str | None = ""
    more: str = ""

    @property
    def n(self) -> int:
        return self.numbers.get("n", 0)

    def add(self, event: Event, term: Term, count: int) -> None:
        """One event more (``count`` -1: less)."""
        self._count("n", count)
        if event.duration_ms is not None:
            self._count("ms", count * event.duration_ms)
            self._count("msN", count)
        if term.weight:
            self._count("score", count * micro(term.weight))
        if term.weight >= INTERACTION:
            self._count("engaged", count)
        name = NAMED.get(term.name)
        if name is not None:
            self._count(name, count)
        if event.scroll_depth is not None:
            self._count("scrollSum", count * micro(event.scroll_depth))
            self._count("scrollN", count)

    def _count(self, name: str, by: int) -> None:
        self.numbers[name] = self.numbers.get(name, 0) + by

    def come(self, token: str) -> None:
        """Somebody did something on this day for the first time."""
        self._count("users", 1)
        if self.actors is None:
            self.more += token
        else:
            self.actors += token

    def go(self, token: str) -> None:
        """Somebody's last event was taken back. ``actors`` must have been read."""
        self._count("users", -1)
        tokens = unpack_tokens(self.actors)
        tokens.remove(token)
        self.actors = "".join(tokens)

    def pack(self) -> dict[str, Any]:
        """Properties of the roll-up's node; None removes one. Actors that were not read stay, and get ``more``."""
        numbers = {name: self.numbers.get(name) or None for name in WHOLE}
        sums = {name: self.numbers.get(name) for name in MILLIONTHS}
        return {
            **identity(joined("c", self.content), self.at),
            **numbers,
            **{name: total / MICRO if total else None for name, total in sums.items()},
            **({} if self.actors is None else {"actors": self.actors}),
        }

    @classmethod
    def unpack(cls, content: str, at: int, properties: Mapping[str, Any]) -> ContentDay:
        numbers = {name: properties[name] for name in WHOLE if properties.get(name)}
        numbers |= {name: micro(properties[name]) for name in MILLIONTHS if properties.get(name)}
        return cls(content, at, numbers, properties.get("actors"))
