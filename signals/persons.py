"""What a user's own events, and those towards the user, add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from signals.clock import to_ms
from signals.decay import Accumulator
from signals.events import Event
from signals.latest import Latest, LatestTimes
from signals.pairs import UNIT_WEIGHT
from signals.vocabulary import Term

TIMES = 256
TOUCHED = 64
CIRCLE = 256
LINKS = 512


@dataclass(slots=True)
class Person:
    """Kept per user. ``done``: events as actor, the first of them at ``first`` (epoch ms); ``received_n``: events by
    anybody towards the user.

    Of events of positive weight: ``received``: by others towards the user, decayed by weight; ``times``: the latest
    person-to-person ones in either direction; ``circle``: the latest partners of those; ``touched``: the latest
    contents; ``contents`` and ``partners``: how many contents and ties there are, a tie of each direction counting one.
    ``bars``: ties, in either direction, with a block or a mute on.
    What one does to oneself is no person-to-person event. ``links``: the latest connections, in words of
    ``signals.profiles``.
    """

    done: int = 0
    first: int | None = None
    received_n: int = 0
    received: Accumulator = field(default_factory=Accumulator)
    times: LatestTimes = field(default_factory=lambda: LatestTimes(TIMES))
    touched: Latest = field(default_factory=lambda: Latest(TOUCHED))
    circle: Latest = field(default_factory=lambda: Latest(CIRCLE))
    links: Latest = field(default_factory=lambda: Latest(LINKS))
    contents: int = 0
    partners: int = 0
    bars: int = 0

    def act(self, event: Event, term: Term, count: int = 1) -> None:
        """The user did this (``count`` -1 takes it back)."""
        self.done += count
        if term.weight > 0 and event.target_user_id is not None and event.target_user_id != event.user_id:
            self._time(to_ms(event.occurred_at), count)

    def receive(self, event: Event, term: Term, count: int = 1) -> None:
        """Somebody did this to the user."""
        self.received_n += count
        if term.weight > 0 and event.target_user_id != event.user_id:
            at = to_ms(event.occurred_at)
            self.received.add(at, count, term.weight / UNIT_WEIGHT)
            self._time(at, count)

    def _time(self, at: int, count: int) -> None:
        if count > 0:
            self.times.add(at)
        else:
            self.times.remove(at)

    def pack(self) -> dict[str, Any]:
        """Properties of the user's node; None removes one."""
        return {
            "done": self.done,
            "first": self.first,
            "received": self.received.pack() or None,
            "receivedN": self.received_n,
            "contents": self.contents or None,
            "partners": self.partners or None,
            "bars": self.bars or None,
            **self.times.pack("times"),
            **self.touched.pack("touched"),
            **self.circle.pack("circle"),
            **self.links.pack("links"),
        }

    @classmethod
    def unpack(cls, properties: Mapping[str, Any]) -> Person:
        return cls(
            done=properties.get("done") or 0,
            first=properties.get("first"),
            received_n=properties.get("receivedN") or 0,
            received=Accumulator.unpack(properties.get("received")),
            times=LatestTimes.unpack(properties, "times", TIMES),
            touched=Latest.unpack(properties, "touched", TOUCHED),
            circle=Latest.unpack(properties, "circle", CIRCLE),
            links=Latest.unpack(properties, "links", LINKS),
            contents=properties.get("contents") or 0,
            partners=properties.get("partners") or 0,
            bars=properties.get("bars") or 0,
        )
