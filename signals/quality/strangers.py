"""Whom to suggest: the first contact of two people, among all whom the viewer never had to do with."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from signals.clock import DAY_MS, to_ms
from signals.events import Event
from signals.packing import joined
from signals.quality.crowd import Numbers
from signals.quality.holdout import Log, sampled
from signals.quality.people import Neighbourhood, People
from signals.quality.ranks import Ranks, rank
from signals.replay import Replay
from signals.suggestions import suggestions
from signals.weights import Weights

SHORTLIST = 256
"""As many are suggested in earnest; the others stand behind, in the order of the first look."""
AHEAD = 1e6


class Meeting:
    """The task: rank all strangers for the viewer of a first contact."""

    def __init__(self, log: Log, people: People, weights: Weights, most: int) -> None:
        self._people, self._weights = people, weights
        met: set[tuple[str, str]] = set()
        later = []
        for position, event in enumerate(log.events):
            pair = _unordered(event)
            if position >= log.cut and pair not in met and people.knows(event):
                later.append(event)
            met.add(pair)
        self.asked, self.all = sampled(later, most), len(later)
        self.rows: dict[str, Ranks] = {}

    def look(self, event: Event, replay: Replay) -> None:
        now, people, places = to_ms(event.occurred_at), self._people, self._people.places
        viewer, truth = event.user_id, places[event.target_user_id or ""]
        if event.target_user_id in people.partners(viewer):
            return
        known = [places[id] for id in {viewer, *people.partners(viewer)} if id in places]
        here = Neighbourhood(viewer, replay, self._weights, now)
        for name, numbers in {
            "ours": self.scores(here, replay),
            "Adamic-Adar": self._adamic_adar(viewer),
            "popularity": people.crowd.counts.copy(),
        }.items():
            numbers[known] = -np.inf
            self.rows.setdefault(name, Ranks()).add(rank(numbers, truth), len(places) - len(known))

    def scores(self, here: Neighbourhood, replay: Replay) -> Numbers:
        """What is suggested, first; then the others, by how they are reached and by when they were active."""
        people, places, w = self._people, self._people.places, self._weights.suggestion
        people.attention(here.now)
        numbers: Numbers = -w.idle * np.log1p(np.maximum(0.0, here.now - people.active) / DAY_MS)
        for id, value in here.bridges().items():
            if id in places:
                numbers[places[id]] += w.mutual * np.log1p(value / w.mutual_least)
        listed = self._listed(here, replay)
        for id, score in listed.items():
            if id in places:
                numbers[places[id]] = AHEAD + score
        return numbers

    def _listed(self, here: Neighbourhood, replay: Replay) -> dict[str, float]:
        me = here.viewer.id
        ties = {}
        for other in here.viewer.circle:
            for key in (joined(me, other), joined(other, me)):
                if (pair := replay.tie(key)) is not None:
                    ties[key] = pair
        found = suggestions(
            here.viewer, here.strengths, here.circles, ties, {}, here.now, here.measure.habits, self._weights, SHORTLIST
        )
        return {user.user_id: user.score for user in found}

    def _adamic_adar(self, viewer: str) -> Numbers:
        people, places = self._people, self._people.places
        numbers = np.zeros(len(places))
        for w in people.partners(viewer):
            behind = people.partners(w)
            if len(behind) > 1:
                share = 1.0 / math.log(len(behind))
                for v in behind & places.keys():
                    numbers[places[v]] += share
        return numbers

    def added(self, events: Sequence[Event]) -> None:
        """The people know already."""


def _unordered(event: Event) -> tuple[str, str]:
    one, other = sorted((event.user_id, event.target_user_id or ""))
    return one, other
