"""What many turn to within the next day: lists of what is trending, every six hours."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from signals.clock import DAY_MS, HOUR_MS, to_ms
from signals.contributions import total
from signals.decay import Accumulator
from signals.quality.baselines import key_of
from signals.quality.contents import Seen
from signals.quality.holdout import Log
from signals.quality.ranks import mean, paired
from signals.replay import Replay
from signals.trending import decayed, trend
from signals.weights import Weights

EVERY_MS = 6 * HOUR_MS
AHEAD_MS = DAY_MS
LEAST = 20
"""Fewer contents that anybody turns to within the day make no list to compare with."""
TOP, DEEP = 10, 50
WEEK = 4


class Trending:
    """Looks at the clock of the log instead of at single events. ``figures``: precision at 10 and NDCG at 50 of each
    list, by method."""

    def __init__(self, log: Log, weights: Weights) -> None:
        self._weights = weights
        self._touches = _first_touches(log)
        self._end = self._touches[-1][0] - AHEAD_MS if self._touches else 0
        self._next = to_ms(log.events[log.cut].occurred_at) if log.cut < len(log.events) else self._end + 1
        self._place = 0
        self._listed: list[int] = []
        self.figures: dict[str, list[tuple[float, float]]] = {}

    def before(self, instant: int, replay: Replay) -> None:
        """Everything before ``instant`` has been added: take the snapshots that are due."""
        while self._next < instant and self._next <= self._end:
            self._snapshot(self._next, replay)
            self._next += EVERY_MS

    def _snapshot(self, now: int, replay: Replay) -> None:
        while self._place < len(self._touches) and self._touches[self._place][0] <= now:
            self._place += 1
        ahead = Counter[str]()
        for at, key in islice(self._touches, self._place, None):
            if at > now + AHEAD_MS:
                break
            ahead[key] += 1
        cards = {key: card.touches for key in replay.cards() if (card := replay.card(key)) is not None and card.users}
        truth = {key: count for key, count in ahead.items() if key in cards}
        if len(truth) < LEAST:
            return
        self._listed.append(len(cards))
        for name, scores in self._scores(cards, now).items():
            best = sorted(scores, key=lambda key: (-scores[key], key))[:DEEP]
            self.figures.setdefault(name, []).append((precision(best, truth), ndcg(best, truth)))

    def _scores(self, cards: Mapping[str, Accumulator], now: int) -> dict[str, dict[str, float]]:
        return {
            "ours": {key: total(trend(touches, now, self._weights)) for key, touches in cards.items()},
            "popularity": {key: float(touches.n) for key, touches in cards.items()},
            "popularity, decayed": {key: decayed(touches, WEEK, now) for key, touches in cards.items()},
        }

    @property
    def among(self) -> float:
        """How many contents there were to list, on average."""
        return mean(self._listed)

    def above(self, name: str) -> tuple[float, float] | None:
        """By how much our precision is above that of another list, and the standard error."""
        if name == "ours":
            return None
        return paired([p for p, _ in self.figures["ours"]], [p for p, _ in self.figures[name]])

    def averages(self) -> dict[str, tuple[float, float]]:
        """Mean precision and NDCG by method."""
        return {
            name: (mean([p for p, _ in found]), mean([g for _, g in found])) for name, found in self.figures.items()
        }


def _first_touches(log: Log) -> list[tuple[int, str]]:
    """When a user was with a content for the first time, oldest first."""
    seen, touches = Seen(), []
    for event in log.events:
        if key_of(event) not in seen.of(event.user_id):
            touches.append((to_ms(event.occurred_at), key_of(event)))
        seen.add(event.user_id, key_of(event))
    return touches


def precision(best: Sequence[str], truth: Mapping[str, int]) -> float:
    """The share of the first ten that are among the true ten, of which equal ones stand by key."""
    true = sorted(truth, key=lambda key: (-truth[key], key))[:TOP]
    return len({*best[:TOP]} & {*true}) / TOP


def ndcg(best: Sequence[str], truth: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain of the first fifty; gains are first touches."""
    ideal = sorted(truth.values(), reverse=True)[:DEEP]
    return _gain([truth.get(key, 0) for key in best[:DEEP]]) / _gain(ideal)


def _gain(counts: Sequence[int]) -> float:
    return math.fsum(count / math.log2(place + 2) for place, count in enumerate(counts))
