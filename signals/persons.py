"""What a user's own events, and those towards the user, add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from signals.clock import to_ms
from signals.decay import Accumulator
from signals.events import Event
from signals.latest import Latest, LatestTimes

TIMES = 256
TOUCHED = 64


@dataclass(slots=True)
class Person:
    """Kept per user. ``done``: events as actor; ``received``: events by others and self towards the user, decayed.

    ``times``: the latest person-to-person events in either direction; ``touched``: the latest contents engaged with.
    """

    done: int = 0
    received: Accumulator = field(default_factory=Accumulator)
    times: LatestTimes = field(default_factory=lambda: LatestTimes(TIMES))
    touched: Latest = field(default_factory=lambda: Latest(TOUCHED))

    def act(self, event: Event, count: int = 1) -> None:
        """The user did this (``count`` -1 takes it back)."""
        self.done += count
        if event.target_user_id is not None and event.target_user_id != event.user_id:
            self._time(to_ms(event.occurred_at), count)

    def receive(self, event: Event, count: int = 1) -> None:
        """Somebody did this to the user."""
        at = to_ms(event.occurred_at)
        self.received.add(at, count)
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
            "received": self.received.pack() or None,
            "receivedN": self.received.n,
            "times": self.times.pack() or None,
            "touched": self.touched.pack() or None,
        }

    @classmethod
    def unpack(cls, properties: Mapping[str, Any]) -> Person:
        return cls(
            done=properties.get("done") or 0,
            received=Accumulator.unpack(properties.get("received")),
            times=LatestTimes.unpack(properties.get("times"), TIMES),
            touched=Latest.unpack(properties.get("touched"), TOUCHED),
        )
