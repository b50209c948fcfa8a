"""Nodes that have been read before: remembered by key, with the state they were in and when that was seen.

A node's stamp (``changed``) is new in every transaction that writes the node, so one stamp is one state. Of a node that
may have changed since it was read (``graph.changes``), the stamp is asked for; of the others, nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
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
    """A node in the state that ``stamp`` names; None where there is none. ``size`` in bytes.

    ``read``, ``tick``: the looks after which it was read, and after which it was last seen to be so still.
    """

    stamp: str
    value: T | None
    size: int
    read: float
    tick: float


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

    def questions(self, keys: Iterable[str], known: Mapping[str, Entry[T]]) -> list[tuple[str, str | None]]:
        """The keys, each with the stamp that is known, where what is known belongs to that stamp for sure."""
        return [(key, self._stamp(key, known.get(key))) for key in keys]

    def answered(
        self, rows: Iterable[Row], asked: Set[str], known: Mapping[str, Entry[T]], tick: float
    ) -> dict[str, T]:
        """The nodes that exist of those ``asked`` for, which were looked at no earlier than at ``tick``.

        They are remembered, but for those that may have been seen in the middle of a change.
        """
        amid = self._changes.since(dict.fromkeys(asked, tick))
        found: dict[str, T] = {}
        for row in rows:
            key = row[0]
            entry = known[key] if len(row) == 1 else self._entry(row, tick)
            entry.tick = max(entry.tick, tick)
            if entry.value is not None:
                found[key] = entry.value
            if len(row) > 1 and key not in amid and row[1] is not None:
                self._entries.keep(key, entry)
        for key in asked - found.keys() - amid:
            self._entries.keep(key, Entry(NOWHERE, None, NOTHING_BYTES, tick, tick))
        return found

    def _stamp(self, key: str, entry: Entry[T] | None) -> str | None:
        return entry.stamp if entry is not None and self._changes.vouched(key, entry.read) else None

    def _entry(self, row: Row, tick: float) -> Entry[T]:
        _, stamp, *values = row
        value = self._unpack(dict(zip(self._columns, values, strict=True)))
        return Entry(stamp or NOWHERE, value, _size(values, self._per_character), tick, tick)


def _size(values: Iterable[Any], per_character: int) -> int:
    characters = sum(len(value) for value in values if isinstance(value, str))
    return NODE_BYTES + per_character * characters
