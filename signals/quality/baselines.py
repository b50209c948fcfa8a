"""What anybody would try first: popularity, frequency, last contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from signals.clock import to_ms
from signals.events import Event
from signals.quality.crowd import Numbers


class Contacts:
    """Between people. Whoever never had to do with the viewer stands behind, by popularity."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self._places = places
        self._received = np.zeros(len(places))
        self._last: dict[str, dict[str, int]] = {}
        self._count: dict[str, dict[str, int]] = {}

    def added(self, events: Sequence[Event]) -> None:
        for event in events:
            one, other, at = event.user_id, event.target_user_id or "", to_ms(event.occurred_at)
            self._last.setdefault(one, {})[other] = at
            self._last.setdefault(other, {})[one] = at
            counts = self._count.setdefault(one, {})
            counts[other] = counts.get(other, 0) + 1
            if other in self._places:
                self._received[self._places[other]] += 1

    def scores(self, viewer_id: str) -> dict[str, Numbers]:
        """Each baseline's numbers for everybody, by place."""
        return {
            "popularity": self._received.copy(),
            "frequency": self._over(self._count.get(viewer_id, {})),
            "last contact": self._over(self._last.get(viewer_id, {})),
        }

    def _over(self, values: Mapping[str, int]) -> Numbers:
        """The values by place; where there is none, or they are equal, popularity decides."""
        popular = self._received / (self._received.max(initial=0.0) + 1.0)
        numbers: Numbers = popular - 1.0
        for id, value in values.items():
            place = self._places.get(id)
            if place is not None:
                numbers[place] = value + popular[place]
        return numbers


class Looks:
    """Of content by users. What the viewer was never at stands behind, by popularity."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self._places = places
        self._latest = np.full(len(places), -np.inf)
        self._users = np.zeros(len(places))
        self._seen: dict[str, dict[str, tuple[int, int]]] = {}

    def added(self, events: Sequence[Event]) -> None:
        for event in events:
            key, at = key_of(event), to_ms(event.occurred_at)
            seen = self._seen.setdefault(event.user_id, {})
            count, _ = seen.get(key, (0, 0))
            self._users[self._places[key]] += not count
            self._latest[self._places[key]] = at
            seen[key] = count + 1, at

    def popular(self) -> Numbers:
        """Distinct users of all time, by place."""
        return self._users.copy()

    def latest(self) -> Numbers:
        """When anybody was last there, by place."""
        return self._latest.copy()

    def frequency(self, viewer_id: str) -> Numbers:
        return self._over({key: count for key, (count, _) in self._seen.get(viewer_id, {}).items()})

    def last_contact(self, viewer_id: str) -> Numbers:
        return self._over({key: at for key, (_, at) in self._seen.get(viewer_id, {}).items()})

    def _over(self, values: Mapping[str, int]) -> Numbers:
        popular = self._users / (self._users.max(initial=0.0) + 1.0)
        numbers: Numbers = popular - 1.0
        for key, value in values.items():
            numbers[self._places[key]] = value + popular[self._places[key]]
        return numbers


def key_of(event: Event) -> str:
    """The content an event is done to."""
    return "" if event.content is None else event.content.key
