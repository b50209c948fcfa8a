"""Packed values: small tables kept in one string property, because engines read a string far faster than a list.

Lines are joined by a line feed, cells by a tab; ids hold neither, since control characters are refused at the intake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

SEPARATOR = "\t"


def joined(*cells: str) -> str:
    """The key made of ``cells``: unambiguous, because no cell holds a tab."""
    return SEPARATOR.join(cells)


def pack_rows(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(SEPARATOR.join(row) for row in rows)


def unpack_rows(packed: str | None) -> list[list[str]]:
    return [line.split(SEPARATOR) for line in packed.split("\n")] if packed else []


def pack_counts(counts: Mapping[str, int]) -> str:
    """Sorted, so that equal counts are equal strings; zeros are left out."""
    return "\n".join(f"{name}\t{count}" for name, count in sorted(counts.items()) if count)


def unpack_counts(packed: str | None) -> dict[str, int]:
    counts: dict[str, int] = {}
    if packed:
        for line in packed.split("\n"):
            name, _, count = line.partition(SEPARATOR)
            counts[name] = int(count)
    return counts


def add_count(counts: dict[str, int], name: str, by: int) -> None:
    """Add, and forget what came to nothing."""
    total = counts.get(name, 0) + by
    if total:
        counts[name] = total
    else:
        counts.pop(name, None)
