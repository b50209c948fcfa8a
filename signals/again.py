"""Coming back to content one has been at: what ties are between people, from what is kept per user and content."""

from __future__ import annotations

import math

from signals.affinity import logit, since
from signals.decay import UNIT_MS
from signals.habits import Habits
from signals.pairs import Pair
from signals.profiles import Profile
from signals.weights import AgainWeights

SOONEST_MS = 60_000


def again(viewer: Profile, mine: Pair, last: int, now: int, habits: Habits, w: AgainWeights) -> float:
    """What having been at a content adds to its score: ``base + regular L(again) - clock ln(1 + a) / spread +
    strength ln B``, a = the contents that the viewer has been at since ``last`` (epoch ms), as far as they are listed.
    """
    spread = min(w.spread_most, max(w.spread_least, habits.again_spread))
    a = since(tuple(viewer.touched.values()), last)
    value = w.base + w.regular * logit(habits.again) - w.clock * math.log1p(a) / spread
    return value + w.strength * math.log(activation(mine, last, now))


def activation(mine: Pair, last: int, now: int) -> float:
    """B, close to the sum over events of ``age^-1/2``, ages in units of 18 hours, from count, first and last time.

    After Petrov ("Computationally efficient approximation of the base-level learning equation in ACT-R", 2006): the
    latest exactly, the others as if spread evenly.
    """
    latest: float = max(SOONEST_MS, now - last) / UNIT_MS
    oldest: float = max(SOONEST_MS, now - mine.first) / UNIT_MS
    return 1.0 / math.sqrt(latest) + (mine.n - 1) * 2.0 / (math.sqrt(oldest) + math.sqrt(latest))
