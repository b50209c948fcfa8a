"""Numbers and times in words, for the ``because`` of a contribution."""

from __future__ import annotations

from functools import lru_cache

MINUTE_MS = 60_000
DAY = 24 * 60
UNITS = ((365 * DAY, "year"), (30 * DAY, "month"), (DAY, "day"), (60, "hour"), (1, "minute"))
"""In minutes."""


@lru_cache(maxsize=4096)
def number(count: int, one: str, many: str | None = None) -> str:
    """``1 person``, ``4 people``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def times(count: int) -> str:
    """``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(count) or f"{count:,} times"


def ago(age_ms: int) -> str:
    """``just now``, ``1 hour ago``, ``3 days ago``."""
    return _ago(age_ms // MINUTE_MS)


def another(age_ms: int) -> int:
    """At what age (ms) ``ago`` says something else."""
    minutes = max(0, age_ms // MINUTE_MS)
    unit = next((unit for unit, _ in UNITS if minutes >= unit), 1)
    nearest = (minutes // unit + 1) * unit
    return MINUTE_MS * min([nearest, *(larger for larger, _ in UNITS if minutes < larger)])


@lru_cache(maxsize=8192)
def _ago(minutes: int) -> str:
    for unit, name in UNITS:
        if minutes >= unit:
            return f"{number(minutes // unit, name)} ago"
    return "just now"
