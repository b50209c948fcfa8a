"""A power-law mixture of exponential decays: one accumulator that answers for minutes and for years.

Half-lives ``H_k = 300 s * 6^k`` for k = 0..6 (5 minutes to 162 days) and the all-time sum of weights W. An event of
weight w at t adds ``w * 2^-((now - t) / H_k)`` to each. Adding commutes and takes subtraction at the event's own time,
so the value depends on the set of events alone.

``V_d = sum_k (18 h / H_k)^d E_k + (18 h / 162 d)^d * 6^-d * W`` is close to the sum over events of ``w * age^-d`` with
ages in units of 18 hours: the base-level activation of ACT-R (Anderson and Schooler, 1991) before its logarithm.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from math import exp2
from typing import TypeAlias

HALF_LIVES_MS = tuple(300_000 * 6**k for k in range(7))
UNIT_MS = HALF_LIVES_MS[3]
"""18 hours: the age at which one event is worth 1 in ``value``, whatever the exponent."""


Aged: TypeAlias = tuple[float, float, float, float, float, float, float]
"""Sums by half-life at one instant."""
NOTHING: Aged = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

PACKED = "\t".join(["%d", "%d", *["%.12g"] * (1 + len(HALF_LIVES_MS))])
WORN = 1e-6
"""A sum that a subtraction leaves less of than this share has lost its precision (12 digits are kept)."""


@cache
def _factors(exponent: float) -> tuple[float, ...]:
    """What each of the sums is multiplied by in V_d, and last what the undecayed total is."""
    oldest = math.pow(UNIT_MS / HALF_LIVES_MS[-1] / 6, exponent)
    return *(math.pow(UNIT_MS / h, exponent) for h in HALF_LIVES_MS), oldest


def _shares(age: int) -> tuple[float, ...]:
    """What is left by half-life; ``age`` in ms, as a negative number."""
    # Written out, because it is done several times for every event.
    h0, h1, h2, h3, h4, h5, h6 = HALF_LIVES_MS
    return (
        exp2(age / h0),
        exp2(age / h1),
        exp2(age / h2),
        exp2(age / h3),
        exp2(age / h4),
        exp2(age / h5),
        exp2(age / h6),
    )


@dataclass(slots=True)
class Accumulator:
    """Decayed sums of weights by half-life, all as of ``t`` (epoch ms); undecayed, ``total`` weight and count ``n``.

    ``worn``: what was taken away was nearly all of a sum, so that it has to be added up again from the events.
    ``stored``: the sums as they were read, which have the fewest digits of all.
    """

    n: int = 0
    t: int = 0
    total: float = 0.0
    sums: list[float] = field(default_factory=lambda: [0.0] * len(HALF_LIVES_MS))
    worn: bool = field(default=False, compare=False)
    stored: list[float] | None = field(default=None, compare=False)

    def add(self, at: int, count: int = 1, weight: float = 1.0) -> None:
        """Add ``count`` events of a weight each at ``at`` (epoch ms); a negative count takes them away again."""
        self.n += count
        if self.n == 0:
            self.t, self.total, self.sums, self.worn = 0, 0.0, [0.0] * len(HALF_LIVES_MS), False
            self.stored = None
            return
        more, before = count * weight, self.sums
        self.total += more
        if self.n == count:
            self.t, self.sums = at, [more] * len(HALF_LIVES_MS)
        elif at > self.t:
            self.sums = [e * share + more for e, share in zip(before, _shares(self.t - at), strict=True)]
            self.t = at
        else:
            self.sums = [e + more * share for e, share in zip(before, _shares(at - self.t), strict=True)]
            if count < 0 and any(e < WORN * was for e, was in zip(self.sums, self.stored or before, strict=True)):
                self.worn = True

    @classmethod
    def of(cls, times: Iterable[int]) -> Accumulator:
        """The accumulator that exactly these events (epoch ms) make, each of weight 1."""
        return cls.weighing((at, 1.0) for at in times)

    @classmethod
    def weighing(cls, events: Iterable[tuple[int, float]]) -> Accumulator:
        """The accumulator that exactly these events make: time (epoch ms) and weight of each."""
        accumulator = cls()
        for at, weight in sorted(events):
            accumulator.add(at, weight=weight)
        return accumulator

    def value(self, now: int, exponent: float) -> float:
        """V_d at ``now`` (epoch ms) for d = ``exponent``; before the latest event, the value as of that event."""
        return self.mixed(self.aged(now), exponent)

    def aged(self, now: int) -> Aged:
        """The sums at ``now`` (epoch ms), by half-life: what every value of that instant is made of."""
        if self.n <= 0:
            return NOTHING
        # Written out, because a page of candidates asks for thousands of these.
        age = self.t - now if now > self.t else 0
        h0, h1, h2, h3, h4, h5, h6 = HALF_LIVES_MS
        e0, e1, e2, e3, e4, e5, e6 = self.sums
        return (
            e0 * exp2(age / h0),
            e1 * exp2(age / h1),
            e2 * exp2(age / h2),
            e3 * exp2(age / h3),
            e4 * exp2(age / h4),
            e5 * exp2(age / h5),
            e6 * exp2(age / h6),
        )

    def mixed(self, sums: Aged, exponent: float) -> float:
        """``value`` of the instant whose ``aged`` sums these are."""
        f0, f1, f2, f3, f4, f5, f6, last = _factors(exponent)
        e0, e1, e2, e3, e4, e5, e6 = sums
        value = last * self.total + f0 * e0 + f1 * e1 + f2 * e2 + f3 * e3 + f4 * e4 + f5 * e5 + f6 * e6
        return max(0.0, value)

    def pack(self) -> str:
        """Count, time, total weight and the sums, 12 digits each."""
        if not self.n:
            return ""
        return PACKED % (self.n, self.t, self.total, *self.sums)

    @classmethod
    def unpack(cls, packed: str | None) -> Accumulator:
        if not packed:
            return cls()
        n, t, total, *sums = packed.split("\t")
        known = [float(e) for e in sums]
        return cls(int(n), int(t), float(total), known, stored=known)
