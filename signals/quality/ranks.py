"""Where the truth stood in each ranking, and what that makes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

TOP = 10


@dataclass(slots=True)
class Ranks:
    """One method's rank of the truth, and among how many, per scored event. Ties take the mean of their ranks."""

    ranks: list[float] = field(default_factory=list)
    among: list[int] = field(default_factory=list)

    def add(self, rank: float, among: int) -> None:
        self.ranks.append(rank)
        self.among.append(among)

    @property
    def mrr(self) -> float:
        """Mean reciprocal rank."""
        return mean([1.0 / rank for rank in self.ranks])

    @property
    def hits(self) -> float:
        """Share of the events whose truth is among the first ten."""
        return mean([float(rank <= TOP) for rank in self.ranks])

    @property
    def auc(self) -> float:
        """Mean share of the other candidates that stand behind the truth."""
        return mean([1.0 - (r - 1.0) / (n - 1.0) for r, n in zip(self.ranks, self.among, strict=True) if n > 1])

    def above(self, other: Ranks) -> tuple[float, float]:
        """By how much this MRR is above the other's over the same events, and the standard error of that."""
        return paired([1.0 / rank for rank in self.ranks], [1.0 / rank for rank in other.ranks])


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else math.nan


def paired(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float]:
    """The mean difference and its standard error."""
    differences = [a - b for a, b in zip(ours, theirs, strict=True)]
    middle, n = mean(differences), len(differences)
    if n < 2:
        return middle, math.nan
    return middle, math.sqrt(math.fsum((d - middle) ** 2 for d in differences) / (n - 1) / n)


def rank(scores: NDArray[np.float64], truth: int) -> float:
    """The rank of one candidate, from 1; -inf stands for no candidate."""
    score = scores[truth]
    return float((scores > score).sum()) + (float((scores == score).sum()) + 1.0) / 2.0
