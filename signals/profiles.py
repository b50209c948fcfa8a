"""What ranking knows of a user and of a piece of content: their nodes, unpacked. Values only; times are epoch ms.

Ids and words are interned: one of them stands in hundreds of lists, and a page of candidates looks up thousands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from operator import neg
from sys import intern
from typing import Any

from signals import persons
from signals.decay import Accumulator
from signals.events import ContentRef
from signals.items import Item
from signals.latest import Latest, LatestTimes
from signals.people import ConnectionStatus


@dataclass(frozen=True, slots=True)
class Link:
    """Where a user's connection with another stands, and since when; ``response_ms``: None while unanswered."""

    status: ConnectionStatus
    since: int
    requested_by: str | None
    response_ms: int | None = None

    @classmethod
    def of(cls, since: int, word: str) -> Link:
        """From ``STATUS:responseMs:requestedBy``, as a user's node keeps it."""
        status, response_ms, requested_by = word.split(":", 2)
        return cls(ConnectionStatus(status), since, requested_by or None, int(response_ms) if response_ms else None)


@dataclass(frozen=True)
class Profile:
    """A user as ranking sees them. All maps are newest first and bounded; "positive": of positive weight.

    ``received``: positive events of others towards the user, decayed by weight. ``times``: the latest positive
    person-to-person events in either direction, newest first. ``circle``: other user to the time of the latest
    positive event between the two, in either direction; ``circle_full``: there may be more partners than these.
    ``touched``: content key to the time of the user's latest positive event with it. ``contents``: how many distinct
    contents those are in all. ``partners``: distinct ties in all, each direction of a pair counting one.
    ``links``: connections. ``bars``: ties, in either direction, with a block or a mute on.
    """

    id: str
    received: Accumulator = field(default_factory=Accumulator)
    times: tuple[int, ...] = ()
    circle: dict[str, int] = field(default_factory=dict)
    circle_full: bool = False
    touched: dict[str, int] = field(default_factory=dict)
    contents: int = 0
    partners: int = 0
    links: dict[str, Link] = field(default_factory=dict)
    bars: int = 0

    @classmethod
    def unpack(cls, properties: Mapping[str, Any]) -> Profile:
        """From the properties of a user's node."""
        return Packed(properties)

    def possible_ties(self, others: Set[str]) -> Set[str]:
        """With whom of ``others`` a tie may stand that counts or bars: between all others there is surely none."""
        return others if self.bars or self.circle_full else others & self.circle.keys()

    def dealt_since(self, at: int) -> int:
        """How many of ``times`` lie after ``at``."""
        return bisect_left(self._dealt, -at)

    def touched_since(self, at: int) -> int:
        """How many of ``touched`` lie after ``at``."""
        return bisect_left(self._engaged, -at)

    @cached_property
    def _dealt(self) -> tuple[int, ...]:
        return tuple(map(neg, self.times))

    @cached_property
    def _engaged(self) -> tuple[int, ...]:
        return tuple(map(neg, self.touched.values()))


class Packed(Profile):
    """A profile that unpacks each of its lists when it is looked at: most are not."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        self.__dict__.update(
            id=properties["id"],
            contents=properties.get("contents") or 0,
            partners=properties.get("partners") or 0,
            bars=properties.get("bars") or 0,
            _properties=properties,
        )

    @cached_property
    def received(self) -> Accumulator:
        return Accumulator.unpack(self._of.get("received"))

    @cached_property
    def times(self) -> tuple[int, ...]:
        return tuple(LatestTimes.unpack(self._of, "times", persons.TIMES).times())

    @cached_property
    def circle(self) -> dict[str, int]:
        return {intern(id): at for at, id, _ in Latest.unpack(self._of, "circle", persons.CIRCLE).members()}

    @property
    def circle_full(self) -> bool:
        return len(self.circle) >= persons.CIRCLE

    @cached_property
    def touched(self) -> dict[str, int]:
        return {intern(key): at for at, key, _ in Latest.unpack(self._of, "touched", persons.TOUCHED).members()}

    @cached_property
    def links(self) -> dict[str, Link]:
        return {id: Link.of(at, word) for at, id, word in Latest.unpack(self._of, "links", persons.LINKS).members()}

    @property
    def _of(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.__dict__["_properties"]
        return found


@dataclass(frozen=True, slots=True)
class Card:
    """A piece of content as ranking sees it.

    ``first``: the first positive event, None without one. ``touches``: first positive events of distinct users.
    ``engagers``: user to (time, code such as ``content.LIKE``) of the user's latest positive event, newest first, the
    latest 128. ``counts``: events by code; ``on``: users by state that is on; ``reporters``: distinct users who
    reported it. ``registered``: facts about it were told, the author's id maybe among them.
    """

    ref: ContentRef
    author_id: str | None = None
    created_at: int | None = None
    first: int | None = None
    touches: Accumulator = field(default_factory=Accumulator)
    engagers: dict[str, tuple[int, str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    on: dict[str, int] = field(default_factory=dict)
    reporters: int = 0
    registered: bool = False
    told: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What follows from all this at any time, once somebody asked."""

    @property
    def known(self) -> bool:
        """Whether it was ever heard of; what is left of a content whose events were all taken back was not."""
        return self.registered or bool(self.counts)

    @property
    def users(self) -> int:
        """Distinct users with a positive event."""
        return self.touches.n

    @classmethod
    def unpack(cls, properties: Mapping[str, Any]) -> Card:
        """From the properties of a content's node."""
        item = Item.unpack(properties)
        return cls(
            ref=ContentRef(properties["type"], properties["id"]),
            author_id=properties.get("authorId"),
            created_at=properties.get("createdAt"),
            first=item.first,
            touches=item.touches,
            engagers={intern(id): (at, intern(word)) for at, id, word in item.engagers.members()},
            counts=item.counts,
            on=item.on,
            reporters=item.reporters,
            registered=bool(properties.get("registered")),
        )
