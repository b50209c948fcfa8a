"""The parts of a score: what each is about, and how much of the sum it makes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contribution:
    """One term of a score: ``value`` of a signal times its ``weight``. ``because``: the same in words, for people."""

    signal: str
    value: float
    weight: float
    because: str | None = None

    @property
    def contribution(self) -> float:
        return self.value * self.weight


def total(contributions: Iterable[Contribution]) -> float:
    """The score that the contributions make: their sum, whatever their order."""
    return math.fsum(part.contribution for part in contributions)
