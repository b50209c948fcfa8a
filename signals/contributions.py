"""The parts of a score: what each is about, and how much of the sum it makes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Term: TypeAlias = tuple[str, float, float]
"""Signal, value and weight: a contribution before its words."""


@dataclass(slots=True)
class Contribution:
    """One term of a score: ``value`` of a signal times its ``weight``. ``because``: the same in words, for people.

    A value, and yet not frozen: a page has thousands, and a frozen dataclass takes twice as long to make.
    """

    signal: str
    value: float
    weight: float
    because: str | None = None

    @property
    def contribution(self) -> float:
        return self.value * self.weight


def total(contributions: Iterable[Contribution]) -> float:
    """The score that the contributions make: their sum, whatever their order."""
    return math.fsum([part.value * part.weight for part in contributions])


TELLING = {"hidden": 2, "proof": 1}
"""Signals whose words come before those of others: being hidden decides, and people are the best reason."""


def reason(contributions: Iterable[Contribution]) -> str | None:
    """The words of the contribution that says most about the score; None where none has words."""
    best: tuple[int, float] | None = None
    because = None
    for part in contributions:
        if part.because is not None:
            telling = TELLING.get(part.signal, 0), part.value * part.weight
            if best is None or telling > best:
                best, because = telling, part.because
    return because
