"""Coming back to content one has been at: what ties are between people, from what is kept per user and content."""

from __future__ import annotations

import math
from dataclasses import dataclass

from signals.affinity import logit
from signals.decay import UNIT_MS
from signals.habits import Habits
from signals.pairs import Pair, term_of
from signals.profiles import Profile
from signals.vocabulary import Vocabulary
from signals.weights import AgainWeights

SOONEST_MS = 60_000


@dataclass(frozen=True, slots=True)
class Visits:
    """The viewer's positive events with a content: how many, the first and the last (epoch ms)."""

    n: int
    first: int
    last: int

    @classmethod
    def of(cls, mine: Pair | None, vocabulary: Vocabulary) -> Visits | None:
        """None where there are none: being shown something, or hiding it, is no visit."""
        if mine is None or mine.touched is None or mine.engaged is None:
            return None
        n = sum(count for name, count in mine.counts.items() if term_of(vocabulary, name).weight > 0)
        return cls(n, mine.touched, mine.engaged)


def kept(habits: Habits, w: AgainWeights) -> float:
    """The share that the other terms of a score keep for a content one has been at: less where people come back."""
    back = min(0.99, max(0.0, habits.again))
    return w.fading / (w.fading + back / (1.0 - back))


def again(viewer: Profile, mine: Visits, now: int, habits: Habits, w: AgainWeights) -> float:
    """What having been at a content adds to what is kept of its score: ``(1 - kept) new + regular L(again) -
    clock (1 + 1 / spread) ln(1 + a) + strength ln B``, a = the contents that the viewer has been at since the last
    visit, as far as they are listed; B: ``activation``.
    """
    spread = min(w.spread_most, max(w.spread_least, habits.again_spread))
    a = viewer.touched_since(mine.last)
    value = (1.0 - kept(habits, w)) * w.new + w.regular * logit(habits.again)
    return value - w.clock * (1.0 + 1.0 / spread) * math.log1p(a) + w.strength * math.log(activation(mine, now))


def activation(mine: Visits, now: int) -> float:
    """B, close to the sum over events of ``age^-1/2``, ages in units of 18 hours, from count, first and last time.

    After Petrov ("Computationally efficient approximation of the base-level learning equation in ACT-R", 2006): the
    latest exactly, the others as if spread evenly.
    """
    latest: float = max(SOONEST_MS, now - mine.last) / UNIT_MS
    oldest: float = max(SOONEST_MS, now - mine.first) / UNIT_MS
    return 1.0 / math.sqrt(latest) + (mine.n - 1) * 2.0 / (math.sqrt(oldest) + math.sqrt(latest))
