"""Who is reached through the viewer's ties: friends of friends, by how close and how lately.

After Adamic and Adar ("Friends and neighbors on the Web", 2003): a shared acquaintance says the less the more people
that one knows. Here each side also counts by its strength or recency.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Set
from itertools import islice
from math import sqrt

from signals.clock import DAY_MS
from signals.profiles import Profile
from signals.weights import Weights


def bridges(
    viewer: Profile,
    strengths: Mapping[str, float],
    circles: Mapping[str, Profile],
    now: int,
    weights: Weights,
    wanted: Set[str] | None,
) -> dict[str, float]:
    """T(u, v) by user: the sum over the viewer's latest partners w of
    ``ln(1 + V_.5(u, w)) / ln(degree of w + 1) * (1 + days since w and v last dealt with each other)^-1/2``.

    ``strengths``: V_.5 of the viewer's ties by user. ``circles``: profiles of the viewer's latest partners.
    ``wanted``: whom to answer for; None: everybody reached. The viewer is not among them.
    """
    reached: dict[str, float] = {}
    # Two views of keys are intersected twice as fast as a view and a set.
    looked_for = None if wanted is None else dict.fromkeys(wanted).keys()
    for w in islice(viewer.circle, weights.bridges.ties):
        profile = circles.get(w)
        if profile is None:
            continue
        share = reach(strengths.get(w, 0.0), profile)
        if share <= 0:
            continue
        partners = profile.circle
        for v in _reached(partners, weights.bridges.partners, looked_for):
            last = partners[v]
            days = (now - last) / DAY_MS if now > last else 0.0
            reached[v] = reached.get(v, 0.0) + share / sqrt(1.0 + days)
    reached.pop(viewer.id, None)
    return reached


def _reached(partners: Mapping[str, int], count: int, looked_for: Set[str] | None) -> Iterable[str]:
    """The latest ``count`` partners, or those of them who are looked for."""
    if looked_for is None:
        return islice(partners, count)
    found = partners.keys() & looked_for
    # The few that are too many are taken out, which is quicker than to put the others together.
    return found.difference(islice(partners, count, None)) if found and len(partners) > count else found


def reach(strength: float, through: Profile) -> float:
    """How much of a tie's strength reaches each of the partners behind it."""
    return math.log1p(strength) / math.log(max(2, through.partners) + 1)


def recency(at: int, now: int) -> float:
    """(1 + days since)^-1/2"""
    return 1.0 / sqrt(1.0 + max(0, now - at) / DAY_MS)
