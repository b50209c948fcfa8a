"""Balance: how somebody's activity divides over the values of one metadata key, and how evenly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from signals.diary import Entry
from signals.points import worth
from signals.vocabulary import Vocabulary

WHOLE_BELOW = 1e15
"""Below it a whole number is the same text whether a client sent 1 or 1.0."""


@dataclass(frozen=True, slots=True)
class Part:
    """What has one value. Shares are those of all parts, 0 where the whole is 0."""

    value: str
    events: int
    duration_ms: int
    points: float
    event_share: float
    duration_share: float
    points_share: float


@dataclass(frozen=True, slots=True)
class Balance:
    """``parts``: most events first, then by value. ``evenness``: 0, all in one, to 1, the same number in each."""

    parts: tuple[Part, ...]
    evenness: float


@dataclass(slots=True)
class _Sum:
    value: str
    points: list[float]
    events: int = 0
    duration_ms: int = 0


def value_under(metadata: str | None, key: str) -> str | None:
    """The scalar that the JSON text ``metadata`` has under ``key``, as text.

    None where it is no object, or has null, a list or an object there.
    """
    if metadata is None or not metadata.startswith("{"):
        return None
    value = orjson.loads(metadata).get(key)
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE_BELOW:
        value = int(value)
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, int | float) else None


def balance(entries: Iterable[Entry], key: str, vocabulary: Vocabulary) -> Balance:
    """``entries`` with their metadata; those without a value under ``key`` are left out."""
    sums: dict[str, _Sum] = {}
    for entry in entries:
        value = value_under(entry.metadata, key)
        if value is None:
            continue
        found = sums.setdefault(value, _Sum(value, []))
        found.events += 1
        found.duration_ms += entry.duration_ms or 0
        found.points.append(worth(entry, vocabulary))
    rows = sorted(sums.values(), key=lambda row: (-row.events, row.value))
    return Balance(_parts(rows), evenness([row.events for row in rows]))


def evenness(counts: Sequence[int]) -> float:
    """Shannon's entropy of the shares over the largest it could be (Pielou 1966); 0 for fewer than two counts."""
    if len(counts) < 2:
        return 0.0
    whole = sum(counts)
    entropy = -math.fsum(count / whole * math.log(count / whole) for count in counts)
    return min(1.0, entropy / math.log(len(counts)))


def _parts(rows: Sequence[_Sum]) -> tuple[Part, ...]:
    events, durations = sum(row.events for row in rows), sum(row.duration_ms for row in rows)
    points = math.fsum(part for row in rows for part in row.points)
    return tuple(
        Part(
            value=row.value,
            events=row.events,
            duration_ms=row.duration_ms,
            points=math.fsum(row.points),
            event_share=_share(row.events, events),
            duration_share=_share(row.duration_ms, durations),
            points_share=_share(math.fsum(row.points), points),
        )
        for row in rows
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
