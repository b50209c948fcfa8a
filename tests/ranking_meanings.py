"""What single words of ranking mean: decay, activation, recency, a smoothed share, the latest of something.

Used by the oracle of ranking; no formula of the product is. Of signals.md directly, in instants and spans of time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from signals.contributions import Contribution
from tests.meanings import HALF_LIVES, UNIT

DAY = timedelta(days=1)
THREE_HOURS, EIGHTEEN_HOURS, DAYS = HALF_LIVES[2:5]
Weighed: TypeAlias = tuple[datetime, float]
"""When, and how much it counts."""
Part: TypeAlias = tuple[str, float, float]
"""Signal, value, weight."""


def decayed(done: Iterable[Weighed], half_life: timedelta, now: datetime) -> float:
    """E_k: every event worth half as much after each half-life."""
    return math.fsum(weight * math.exp2(-((now - at) / half_life)) for at, weight in done)


def activation(done: Iterable[Weighed], exponent: float, now: datetime) -> float:
    """V_d: about the sum of age^-d, in units of 18 hours."""
    done = list(done)
    mixture = math.fsum(math.pow(UNIT / half, exponent) * decayed(done, half, now) for half in HALF_LIVES)
    return mixture + math.pow(UNIT / HALF_LIVES[-1] / 6, exponent) * math.fsum(weight for _, weight in done)


def recency(at: datetime, now: datetime) -> float:
    """(1 + days since)^-1/2"""
    return 1 / math.sqrt(1 + (now - at) / DAY)


def logit(share: float) -> float:
    """L(x) = ln(x / (1 - x)) of x clipped to [0.01, 0.99]."""
    clipped = min(max(share, 0.01), 0.99)
    return math.log(clipped) - math.log(1 - clipped)


def smoothed(k: float, n: float, strength: float, prior: float) -> float:
    """k of n, with as many more of which the share ``prior`` did."""
    return (k + strength * prior) / (n + strength)


def latest(times: Mapping[str, datetime], size: int) -> dict[str, datetime]:
    """The ``size`` latest by (time, id), newest first."""
    newest = sorted(times.items(), key=lambda row: (row[1], row[0]), reverse=True)
    return dict(newest[:size])


def worded(parts: Iterable[Part]) -> tuple[Contribution, ...]:
    """Contributions without words, by name: their order means nothing."""
    return tuple(sorted((Contribution(*part) for part in parts), key=lambda part: part.signal))


def amount(parts: Iterable[Contribution]) -> float:
    return math.fsum(part.value * part.weight for part in parts)
