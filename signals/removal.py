"""How much is taken out for good."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Removed:
    """How many of each are gone. ``events``: those that counted; ``retracted``: those that did not any more.

    ``people``, ``contents``, ``days``: nodes that nothing was left of; a day's slots are part of the day.
    """

    events: int = 0
    retracted: int = 0
    interactions: int = 0
    ties: int = 0
    connections: int = 0
    people: int = 0
    contents: int = 0
    days: int = 0

    def __add__(self, other: Removed) -> Removed:
        return Removed(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))
