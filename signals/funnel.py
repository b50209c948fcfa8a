"""How far people go with a content: from a look to sharing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

STEPS = ("VIEW", "LIKE", "COMMENT", "SHARE")
"""In this order; a reaction is a like, and a reply is a comment."""


@dataclass(frozen=True, slots=True)
class Step:
    """``users``: who did this step and all before it, in any order. ``of_previous``: their share of those of the step
    before; None for the first step, and where nobody is left."""

    step: str
    users: int
    of_previous: float | None


def funnel(rows: Iterable[tuple[Sequence[bool], int]]) -> tuple[Step, ...]:
    """The steps, from which of them some people did, and how many people these are."""
    users = [0] * len(STEPS)
    for did, people in rows:
        for place, step in enumerate(did):
            if not step:
                break
            users[place] += people
    shares = [None, *(after / before if before else None for before, after in pairwise(users))]
    return tuple(Step(*each) for each in zip(STEPS, users, shares, strict=True))
