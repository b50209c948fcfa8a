"""Where recommended contents come from: what people close to the viewer, or like the viewer, touched lately."""

from __future__ import annotations

from collections.abc import Container, Mapping
from heapq import nsmallest

from signals.bridges import recency
from signals.profiles import Profile

TIES = "TIES"
CO_ACTION = "CO_ACTION"
TRENDING = "TRENDING"
WORDS = {
    TIES: "people you deal with engaged with it",
    CO_ACTION: "people who engaged with what you did engaged with it",
    TRENDING: "many people turn to it now",
}
"""The sources for people, from the closest to the farthest."""


def passed_on(
    closeness: Mapping[str, float],
    profiles: Mapping[str, Profile],
    seen: Container[str],
    content_type: str | None,
    now: int,
    count: int,
) -> list[str]:
    """The ``count`` contents that ``profiles`` pass on most: the sum over them of
    ``closeness * (1 + days since they touched it)^-1/2``; most first, then by key. ``seen`` ones are left out."""
    worth: dict[str, float] = {}
    prefix = "" if content_type is None else f"{content_type}:"
    for id, share in closeness.items():
        profile = profiles.get(id)
        if profile is None or share <= 0:
            continue
        for key, at in profile.touched.items():
            if key.startswith(prefix) and key not in seen:
                worth[key] = worth.get(key, 0.0) + share * recency(at, now)
    return nsmallest(count, worth, key=lambda key: (-worth[key], key))
