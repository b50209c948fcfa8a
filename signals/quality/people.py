"""Whom a user turns to next: everybody who was there in the first part is a candidate."""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np

from signals.affinity import Closeness, Measure, order, strength
from signals.bridges import bridges
from signals.clock import to_ms
from signals.events import Event
from signals.packing import joined
from signals.pairs import BLOCK, Pair
from signals.profiles import Profile
from signals.quality.baselines import Contacts
from signals.quality.crowd import Crowd, Numbers
from signals.quality.holdout import Log, sampled
from signals.quality.ranks import Ranks, rank
from signals.replay import Replay
from signals.weights import Weights


class People:
    """The users of the first part, what is known of each as a stranger, and who has a tie with whom."""

    def __init__(self, log: Log, replay: Replay, weights: Weights) -> None:
        given = log.events[: log.cut]
        ends = dict.fromkeys(id for e in given for id in (e.user_id, e.target_user_id or ""))
        self.crowd = Crowd(ends)
        self.active = np.full(len(ends), -np.inf)
        self._replay, self._weights = replay, weights
        self._partners: dict[str, set[str]] = {}
        self._changed: set[str] = set()
        self._barred: dict[str, set[str]] = {}
        for event in log.all:
            if event.name == BLOCK and event.target_user_id is not None:
                self._barred.setdefault(event.user_id, set()).add(event.target_user_id)
                self._barred.setdefault(event.target_user_id, set()).add(event.user_id)

    @property
    def places(self) -> dict[str, int]:
        return self.crowd.places

    def knows(self, event: Event) -> bool:
        return event.user_id in self.places and event.target_user_id in self.places

    def partners(self, id: str) -> set[str]:
        return self._partners.get(id, set())

    def apart(self, id: str) -> set[str]:
        """Who has to be looked at one by one: everybody with a tie, and whoever blocks or is blocked at any time."""
        return self.partners(id) | self._barred.get(id, set())

    def added(self, events: Sequence[Event]) -> None:
        """Events were added to the replay."""
        for event in events:
            one, other = event.user_id, event.target_user_id or ""
            self._partners.setdefault(one, set()).add(other)
            self._partners.setdefault(other, set()).add(one)
            self._changed.add(other)
            for id in (one, other):
                if id in self.places:
                    self.active[self.places[id]] = to_ms(event.occurred_at)

    def attention(self, now: int) -> Numbers:
        """The stranger's part of the affinity that does not depend on who looks."""
        for id in self._changed & self.places.keys():
            profile = self._replay.profile(id)
            if profile is not None:
                self.crowd.put(id, profile.received)
        self._changed.clear()
        w, decayed = self._weights.affinity, self.crowd.decayed(now)
        now_, usual = self.crowd.value(decayed, 1.0), self.crowd.value(decayed, 0.5)
        parts = w.attention * np.log1p(now_ / w.attention_least) - w.usual_stranger * np.log1p(usual / w.usual_least)
        numbers: Numbers = np.where(self.crowd.counts > 0, parts, 0.0)
        return numbers


class Neighbourhood:
    """One viewer at one instant, read as the service reads it."""

    def __init__(self, viewer_id: str, replay: Replay, weights: Weights, now: int) -> None:
        self.viewer = replay.profile(viewer_id) or Profile(viewer_id)
        self.now, self._replay, self._weights = now, replay, weights
        self.measure = Measure.of(now, replay.habits_now(), weights)
        latest = list(self.viewer.circle)[: weights.bridges.ties]
        self.strengths = {w: strength(*self.pair(w), now) for w in latest}
        self.circles = {w: profile for w in latest if (profile := replay.profile(w)) is not None}

    def pair(self, other: str) -> tuple[Pair | None, Pair | None]:
        me = self.viewer.id
        return self._replay.tie(joined(me, other)), self._replay.tie(joined(other, me))

    def bridges(self, wanted: Set[str] | None = None) -> dict[str, float]:
        return bridges(self.viewer, self.strengths, self.circles, self.now, self._weights, wanted)

    def order(self, other: str, bridged: float = 0.0) -> float:
        out, into = self.pair(other)
        profile = self._replay.profile(other) or Profile(other)
        return order(Closeness(self.viewer, profile, out, into, bridged), self.measure)


class Turning:
    """The task: rank everybody for the viewer of an event, by affinity and by the baselines."""

    def __init__(self, log: Log, people: People, weights: Weights, most: int) -> None:
        self._people, self._weights = people, weights
        later = [event for event in log.events[log.cut :] if people.knows(event)]
        self.asked, self.all = sampled(later, most), len(later)
        self._contacts = Contacts(people.places)
        self.rows: dict[str, Ranks] = {}

    def look(self, event: Event, replay: Replay) -> None:
        now, places = to_ms(event.occurred_at), self._people.places
        me, truth = places[event.user_id], places[event.target_user_id or ""]
        scores = {"ours": self.scores(event.user_id, replay, now), **self._contacts.scores(event.user_id)}
        for name, numbers in scores.items():
            numbers[me] = -np.inf
            self.rows.setdefault(name, Ranks()).add(rank(numbers, truth), len(places) - 1)

    def scores(self, viewer_id: str, replay: Replay, now: int) -> Numbers:
        """Everybody's affinity ``order`` by place."""
        people, places, w = self._people, self._people.places, self._weights.affinity
        here = Neighbourhood(viewer_id, replay, self._weights, now)
        numbers = people.attention(now)
        reached = {id: value for id, value in here.bridges().items() if id in places}
        if reached:
            at, values = np.array([places[id] for id in reached]), np.array([*reached.values()])
            numbers[at] += w.bridges * np.log1p(w.bridges_scale * values)
        for other in people.apart(viewer_id) & places.keys():
            numbers[places[other]] = here.order(other, reached.get(other, 0.0))
        return numbers

    def added(self, events: Sequence[Event]) -> None:
        self._contacts.added(events)
