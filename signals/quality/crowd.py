"""Many users or contents at once: what the formulas say of those the viewer has nothing to do with.

The same formulas as ``signals.affinity`` and ``signals.feed`` over arrays; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from signals.decay import HALF_LIVES_MS, UNIT_MS, Accumulator

Numbers = NDArray[np.float64]
HALF_LIVES = np.array(HALF_LIVES_MS, dtype=np.float64)


class Crowd:
    """The accumulators of many, side by side, by a position that each id is given."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.places = {id: place for place, id in enumerate(ids)}
        size = len(self.places)
        self.sums = np.zeros((size, len(HALF_LIVES_MS)))
        self.totals, self.times, self.counts = np.zeros(size), np.zeros(size), np.zeros(size)

    def put(self, id: str, accumulator: Accumulator) -> None:
        place = self.places.get(id)
        if place is not None:
            self.sums[place] = accumulator.sums
            self.totals[place], self.times[place] = accumulator.total, accumulator.t
            self.counts[place] = accumulator.n

    def decayed(self, now: int) -> Numbers:
        """E_k of all at ``now``: one row each."""
        ages = np.maximum(0.0, now - self.times)
        rows: Numbers = self.sums * np.exp2(-ages[:, None] / HALF_LIVES)
        return rows

    def value(self, decayed: Numbers, exponent: float) -> Numbers:
        """V_d of all, as ``Accumulator.value``."""
        last = (UNIT_MS / HALF_LIVES_MS[-1] / 6) ** exponent
        values: Numbers = decayed @ (UNIT_MS / HALF_LIVES) ** exponent + last * self.totals
        return values
