"""The link prediction of temporal graph benchmarks: average precision against one random destination per edge.

After DyGLib (Yu and others, "Towards better dynamic graph learning", 2023): the first 85 % of the events are given, the
rest comes in batches of 200; per batch, the average precision over its edges and as many with a random destination.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from signals.clock import to_ms
from signals.events import Event
from signals.quality.holdout import SEED
from signals.quality.people import Neighbourhood
from signals.quality.ranks import mean
from signals.replay import Replay
from signals.weights import Weights

GIVEN = 0.85
BATCH = 200


class Edges:
    """Scores of true and random destinations, by batch. ``per_batch``: the state stands still within a batch."""

    def __init__(self, events: Sequence[Event], weights: Weights) -> None:
        self._events, self._weights = events, weights
        self.start = int(len(events) * GIVEN)
        self._draw = Random(SEED)  # noqa: S311 - nothing secret
        self._destinations = sorted({event.target_user_id or "" for event in events})
        self.others = [self._draw.choice(self._destinations) for _ in events]
        self._scores: dict[int, list[tuple[float, float]]] = {}

    def score(self, position: int, replay: Replay) -> None:
        """The edge at ``position`` and its random counterpart, from what the replay holds."""
        event = self._events[position]
        now = to_ms(event.occurred_at)
        here = Neighbourhood(event.user_id, replay, self._weights, now)
        ends = (event.target_user_id or "", self.others[position])
        reached = here.bridges(set(ends))
        true, random = (here.order(other, reached.get(other, 0.0)) for other in ends)
        self._scores.setdefault((position - self.start) // BATCH, []).append((true, random))

    def average_precision(self) -> float:
        return mean([_average_precision(pairs) for pairs in self._scores.values()])


def of_instants(events: Sequence[Event], replay: Replay, weights: Weights) -> float:
    """State current at each instant."""
    edges, position = Edges(events, weights), 0
    while position < len(events):
        end = position
        while end < len(events) and events[end].occurred_at == events[position].occurred_at:
            end += 1
        for at in range(max(position, edges.start), end):
            edges.score(at, replay)
        for event in events[position:end]:
            replay.add(event)
        position = end
    return edges.average_precision()


def of_batches(events: Sequence[Event], replay: Replay, weights: Weights) -> float:
    """State brought up to date before each batch."""
    edges = Edges(events, weights)
    for event in events[: edges.start]:
        replay.add(event)
    for position in range(edges.start, len(events), BATCH):
        batch = range(position, min(position + BATCH, len(events)))
        for at in batch:
            edges.score(at, replay)
        for at in batch:
            replay.add(events[at])
    return edges.average_precision()


def _average_precision(pairs: Sequence[tuple[float, float]]) -> float:
    """Of true (first) and false scores: the mean, over the true ones, of the precision down to their score."""
    scores = np.array([score for pair in pairs for score in pair])
    labels = np.tile([1.0, 0.0], len(pairs))
    values, inverse = np.unique(-scores, return_inverse=True)
    positives = np.bincount(inverse, labels, len(values))
    all_ = np.bincount(inverse, minlength=len(values))
    precision = np.cumsum(positives) / np.cumsum(all_)
    return float((precision * positives).sum() / positives.sum())
