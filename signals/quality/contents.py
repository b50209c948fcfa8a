"""What content a user turns to next: every content there is by then is a candidate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from signals.affinity import Closeness, Measure
from signals.again import Visits
from signals.clock import DAY_MS, to_ms
from signals.coaction import CoAction
from signals.events import Event
from signals.feed import Scene
from signals.packing import joined
from signals.profiles import Card, Profile
from signals.quality.baselines import Looks, key_of
from signals.quality.crowd import Crowd, Numbers
from signals.quality.holdout import Log, sampled
from signals.quality.ranks import Ranks, rank
from signals.replay import Replay
from signals.score import START_MS, lasting, returning, share_left
from signals.vocabulary import Vocabulary
from signals.weights import Weights
from signals.witnesses import Ties

Engagers: TypeAlias = Mapping[str, tuple[int, str]]

DECAY = 4
"""The half-life of the decayed popularity that stands beside ours: 4.5 days."""


class Catalogue:
    """All contents of a log, what is known of each whoever looks, and who is among the engagers of which."""

    def __init__(self, log: Log, replay: Replay, vocabulary: Vocabulary, weights: Weights) -> None:
        self.crowd = Crowd(dict.fromkeys(map(key_of, log.events)))
        self.first = np.full(len(self.places), np.inf)
        self._replay, self._vocabulary, self._weights = replay, vocabulary, weights
        self._cards: dict[str, Card] = {}
        self._engaged: dict[str, dict[int, int]] = {}
        self._arrays: dict[str, tuple[NDArray[np.intp], Numbers]] = {}
        self._changed: set[str] = set()
        self._seen = Seen()

    @property
    def places(self) -> dict[str, int]:
        return self.crowd.places

    def added(self, events: Sequence[Event]) -> None:
        """Events were added to the replay."""
        for event in events:
            self._changed.add(key_of(event))
            self._seen.add(event.user_id, key_of(event))

    def refresh(self) -> None:
        """Take over what changed."""
        for key in self._changed:
            old, new = self._cards.get(key), self._replay.card(key)
            if new is None:
                continue
            self._note(self.places[key], old.engagers if old is not None else {}, new.engagers)
            self._cards[key] = new
            self.crowd.put(key, new.touches)
            self.first[self.places[key]] = np.inf if new.first is None else new.first
        self._changed.clear()

    def _note(self, place: int, old: Engagers, new: Engagers) -> None:
        """The content's engagers changed."""
        for user in old.keys() - new.keys():
            del self._engaged[user][place]
            self._arrays.pop(user, None)
        for user, (at, _) in new.items():
            if user not in old or old[user][0] != at:
                self._engaged.setdefault(user, {})[place] = at
                self._arrays.pop(user, None)

    def _engagements(self, user: str) -> tuple[NDArray[np.intp], Numbers]:
        """Where the user is among the engagers, and since when."""
        known = self._arrays.get(user)
        if known is None:
            found = self._engaged.get(user, {})
            known = self._arrays[user] = (
                np.array([*found], dtype=np.intp),
                np.array([*found.values()], dtype=np.float64),
            )
        return known

    def scene(self, viewer_id: str, now: int) -> Scene:
        """The viewer at an instant, as the feed reads it."""
        replay, weights = self._replay, self._weights
        viewer = replay.profile(viewer_id) or Profile(viewer_id)
        touched = {key: self._cards[key] for key in viewer.touched if key in self._cards}
        co = CoAction.of(viewer, touched, now, weights)
        alike = {w: profile for w in co.closest(weights) if (profile := replay.profile(w)) is not None}
        return Scene(
            viewer=viewer,
            now=now,
            habits=replay.habits_now(),
            weights=weights,
            vocabulary=self._vocabulary,
            co=co.knowing(alike),
            ties=self._ties(viewer, now),
        )

    def _ties(self, viewer: Profile, now: int) -> Ties:
        measure = Measure.of(now, self._replay.habits_now(), self._weights)
        return Ties.of(self._close(viewer), measure, self._weights.witness, words=False)

    def _close(self, viewer: Profile) -> Iterator[Closeness]:
        replay = self._replay
        for other in viewer.circle.keys() & self._engaged.keys():
            out, into = replay.tie(joined(viewer.id, other)), replay.tie(joined(other, viewer.id))
            yield Closeness(viewer, replay.profile(other) or Profile(other), out, into)

    def scores(self, scene: Scene) -> Numbers:
        """Every content's score for the viewer, by place; -inf for what is not there yet."""
        w, factors, now = scene.weights.content, scene.factors, scene.now
        lasts, decayed = lasting(scene.habits, w), self.crowd.decayed(now)
        popular = np.log1p(self.crowd.value(decayed, 1.0) / w.popularity_least)
        steady = np.log1p(self.crowd.value(decayed, 0.5) / w.lasting_least)
        fresh = np.log(w.fresh_days * DAY_MS / (np.maximum(0.0, now - self.first) + START_MS))
        numbers: Numbers = (1.0 - lasts) * w.popularity * factors.popularity * popular
        numbers += lasts * w.lasting * factors.popularity * steady
        numbers += (1.0 - lasts) * w.fresh * factors.fresh * np.maximum(0.0, fresh)
        numbers[self.first > now] = -np.inf
        numbers += w.co_action * factors.co_action * np.log1p(self._co_action(scene) / w.co_least)
        numbers += w.proof * factors.proof * np.log1p(self._proof(scene) / w.proof_least)
        for key in self._touched(scene):
            mine = self._replay.interacted(joined(scene.viewer.id, key))
            if Visits.of(mine, scene.vocabulary) is not None:
                place = self.places[key]
                numbers[place] = share_left(scene) * numbers[place] + factors.again * returning(scene, mine)
        return numbers

    def _touched(self, scene: Scene) -> list[str]:
        return sorted(self._seen.of(scene.viewer.id))

    def _co_action(self, scene: Scene) -> Numbers:
        """``CoAction.score`` of all contents."""
        people = scene.co.people if scene.co is not None else {}
        found = [(self._engagements(user)[0], share) for user, share in people.items()]
        if not found:
            return np.zeros(len(self.places))
        places = np.concatenate([places for places, _ in found])
        shares = np.repeat([share for _, share in found], [len(places) for places, _ in found])
        sums: Numbers = np.bincount(places, shares, len(self.places)) / np.sqrt(self.crowd.counts + 1)
        return sums

    def _proof(self, scene: Scene) -> Numbers:
        """The closest of ties and co-actors among the engagers, of all contents."""
        best = np.zeros(len(self.places))
        alike = scene.co.alike if scene.co is not None else {}
        for user, close in [*alike.items(), *scene.ties.trust.items()]:
            places, times = self._engagements(user)
            recent = 1.0 / np.sqrt(1.0 + np.maximum(0.0, scene.now - times) / DAY_MS)
            best[places] = np.maximum(best[places], close * recent)
        return best


class Reading:
    """The task: rank the contents for the viewer of an event. ``first``: only what the viewer was never at, when the
    event is with such a one; else everything but the content that the viewer is at."""

    def __init__(self, log: Log, catalogue: Catalogue, most: int, *, first: bool) -> None:
        self._catalogue, self._first = catalogue, first
        self._looks = Looks(catalogue.places)
        self._seen = Seen()
        later = self._later(log)
        self.asked, self.all = sampled(later, most), len(later)
        self.rows: dict[str, Ranks] = {}

    def _later(self, log: Log) -> list[Event]:
        """The later events that can be asked about: by known users, with content that was there."""
        seen, there, later = Seen(), dict[str, int](), []
        users = {event.user_id for event in log.events[: log.cut]}
        for position, event in enumerate(log.events):
            key, at = key_of(event), to_ms(event.occurred_at)
            new = there.setdefault(key, at) == at
            if position >= log.cut and event.user_id in users and not new and self._fits(seen, event.user_id, key):
                later.append(event)
            seen.add(event.user_id, key)
        return later

    def _fits(self, seen: Seen, user: str, key: str) -> bool:
        return key not in seen.of(user) if self._first else key != seen.at.get(user)

    def look(self, event: Event, replay: Replay) -> None:  # noqa: ARG002 - the catalogue has it
        catalogue, viewer, now = self._catalogue, event.user_id, to_ms(event.occurred_at)
        if not self._fits(self._seen, viewer, key_of(event)):
            return
        catalogue.refresh()
        ours = catalogue.scores(catalogue.scene(viewer, now))
        out = catalogue.first > now
        out[[catalogue.places[key] for key in self._left_out(viewer)]] = True
        truth, among = catalogue.places[key_of(event)], int((~out).sum())
        for name, numbers in {"ours": ours, **self._baselines(viewer, now)}.items():
            numbers[out] = -np.inf
            self.rows.setdefault(name, Ranks()).add(rank(numbers, truth), among)

    def _left_out(self, viewer: str) -> Sequence[str]:
        if self._first:
            return list(self._seen.of(viewer))
        at = self._seen.at.get(viewer)
        return [] if at is None else [at]

    def _baselines(self, viewer: str, now: int) -> dict[str, Numbers]:
        looks, crowd = self._looks, self._catalogue.crowd
        if self._first:
            decayed: Numbers = crowd.decayed(now)[:, DECAY].copy()
            return {"popularity": looks.popular(), "popularity, decayed": decayed, "latest": looks.latest()}
        return {
            "popularity": looks.popular(),
            "frequency": looks.frequency(viewer),
            "last contact": looks.last_contact(viewer),
        }

    def added(self, events: Sequence[Event]) -> None:
        self._looks.added(events)
        for event in events:
            self._seen.add(event.user_id, key_of(event))


class Seen:
    """Which contents each user was at, and at which last."""

    def __init__(self) -> None:
        self.at: dict[str, str] = {}
        self._contents: dict[str, set[str]] = {}

    def of(self, user: str) -> set[str]:
        return self._contents.get(user, set())

    def add(self, user: str, key: str) -> None:
        self.at[user] = key
        self._contents.setdefault(user, set()).add(key)
