"""Who is around a viewer: friends, and friends of friends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

PEOPLE = 1000
"""People in a neighbourhood, at most."""
HOPS = 2


def nearer_first(rings: Iterable[Iterable[str]], viewer_id: str) -> tuple[str, ...]:
    """The people of the rings, the nearest ring first, each ring by id; everybody once, without the viewer."""
    found: dict[str, None] = {}
    for ring in rings:
        found.update(dict.fromkeys(sorted(id for id in set(ring) if id != viewer_id and id not in found)))
    return tuple(found)[:PEOPLE]


def full(people: Sequence[str]) -> bool:
    """Whether nobody further away can belong to it."""
    return len(people) >= PEOPLE
