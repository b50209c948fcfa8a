"""Numbers and times in words, for the ``because`` of a contribution."""

from __future__ import annotations

from functools import lru_cache

from signals.clock import DAY_MS, HOUR_MS

MINUTE_MS = 60_000
UNITS = ((365 * DAY_MS, "year"), (30 * DAY_MS, "month"), (DAY_MS, "day"), (HOUR_MS, "hour"), (MINUTE_MS, "minute"))


@lru_cache(maxsize=4096)
def number(count: int, one: str, many: str | None = None) -> str:
    """``1 person``, ``4 people``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def times(count: int) -> str:
    """``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(count) or f"{count:,} times"


def ago(age_ms: int) -> str:
    """``just now``, ``1 hour ago``, ``3 days ago``."""
    for unit, name in UNITS:
        if age_ms >= unit:
            return _before(age_ms // unit, name)
    return "just now"


@lru_cache(maxsize=1024)
def _before(count: int, unit: str) -> str:
    return f"{number(count, unit)} ago"
