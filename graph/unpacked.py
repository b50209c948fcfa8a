"""Nodes that have been read before: remembered by key, with the state they were in and when that was seen.

A node's stamp (``changed``) is new in every transaction that writes the node, so one stamp is one state. Of a node that
may have changed since it was read (``graph.changes``), the stamp is asked for; of the others, nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from graph.changes import Changes
from graph.recent import Recent

T = TypeVar("T")

NODE_BYTES = 1000
NOTHING_BYTES = 300
UNPACKED = 7
"""Bytes that a character of packed text grows to as dictionaries of strings and numbers, measured over contents."""
PACKED = 2
"""The same where most lists stay packed, as those of users do."""
NOWHERE = ""
"""The stamp of what does not exist."""

Row = Sequence[Any]
"""[key] where the stamp was known; else [key, stamp, value, value, ...], a value for each of the label's columns."""


@dataclass(slots=True)
class Entry(Generic[T]):
    """A node in the state ``stamp`` names, as it was seen at ``tick``; None where there is none. ``size`` in bytes."""

    stamp: str
    value: T | None
    size: int
    tick: int


class Unpacked(Generic[T]):
    """The most recently used nodes of one label, up to so many bytes."""

    def __init__(
        self,
        unpack: Callable[[Mapping[str, Any]], T],
        columns: Sequence[str],
        size: int,
        per_character: int,
        changes: Changes,
    ) -> None:
        self._per_character = per_character
        self._unpack = unpack
        self._columns = columns
        self._changes = changes
        self._entries: Recent[Entry[T]] = Recent(size)

    def known(self, keys: Iterable[str]) -> dict[str, Entry[T]]:
        """What is remembered of these; to be kept until the answer comes, because it may be forgotten meanwhile."""
        return self._entries.of(keys)

    def doubtful(self, known: Mapping[str, Entry[T]]) -> set[str]:
        """Of which of these the stamp has to be asked for."""
        return self._changes.since({key: entry.tick for key, entry in known.items()})

    def answered(
        self, rows: Iterable[Row], asked: Collection[str], known: Mapping[str, Entry[T]], tick: int
    ) -> dict[str, T]:
        """The nodes that exist of those ``asked`` for, which were looked at no earlier than at ``tick``; remembered."""
        found: dict[str, T] = {}
        for row in rows:
            entry = known[row[0]] if len(row) == 1 else self._fresh(row, tick)
            entry.tick = max(entry.tick, tick)
            if entry.value is not None:
                found[row[0]] = entry.value
        for key in asked:
            if key not in found:
                self._entries.keep(key, Entry(NOWHERE, None, NOTHING_BYTES, tick))
        return found

    def _fresh(self, row: Row, tick: int) -> Entry[T]:
        key, stamp, *values = row
        value = self._unpack(dict(zip(self._columns, values, strict=True)))
        entry = Entry(stamp or NOWHERE, value, _size(values, self._per_character), tick)
        if stamp is not None:
            self._entries.keep(key, entry)
        return entry


def _size(values: Iterable[Any], per_character: int) -> int:
    characters = sum(len(value) for value in values if isinstance(value, str))
    return NODE_BYTES + per_character * characters


def questions(keys: Iterable[str], known: Mapping[str, Entry[Any]]) -> list[tuple[str, str | None]]:
    """The keys, each with the stamp that is known."""
    return [(key, known[key].stamp if key in known else None) for key in keys]
