"""Nodes that have been unpacked before: remembered by key and stamp, and never used without asking for the stamp.

A node's stamp (``changed``) is new in every transaction that writes the node, so one stamp is one state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

T = TypeVar("T")

NODE_BYTES = 1000
UNPACKED = 7
"""Bytes that a character of packed text grows to as dictionaries of strings and numbers, measured over contents."""
PACKED = 2
"""The same where most lists stay packed, as those of users do."""

Row = Sequence[Any]
"""[key] where the stamp was known; else [key, stamp, value, value, ...], a value for each of the label's columns."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A node in the state ``stamp`` names; ``size`` in bytes, roughly."""

    stamp: str
    value: T
    size: int


class Unpacked(Generic[T]):
    """The most recently used nodes of one label, up to so many bytes."""

    def __init__(
        self, unpack: Callable[[Mapping[str, Any]], T], columns: Sequence[str], size: int, per_character: int
    ) -> None:
        self._per_character = per_character
        self._unpack = unpack
        self._columns = columns
        self._entries: LRUCache[str, Entry[T]] = LRUCache(size, lambda entry: entry.size)

    def known(self, keys: Iterable[str]) -> dict[str, Entry[T]]:
        """What is remembered of these; to be kept until the answer comes, because it may be forgotten meanwhile."""
        entries = self._entries
        return {key: entries[key] for key in keys if key in entries}

    def nodes(self, rows: Iterable[Row], known: Mapping[str, Entry[T]]) -> dict[str, T]:
        """The nodes that the rows say exist, by key; new states are remembered."""
        return {row[0]: known[row[0]].value if len(row) == 1 else self._fresh(row) for row in rows}

    def _fresh(self, row: Row) -> T:
        key, stamp, *values = row
        value = self._unpack(dict(zip(self._columns, values, strict=True)))
        size = _size(values, self._per_character)
        if stamp is not None and size <= self._entries.maxsize:
            self._entries[key] = Entry(stamp, value, size)
        return value


def _size(values: Iterable[Any], per_character: int) -> int:
    characters = sum(len(value) for value in values if isinstance(value, str))
    return NODE_BYTES + per_character * characters


def questions(keys: Iterable[str], known: Mapping[str, Entry[Any]]) -> list[tuple[str, str | None]]:
    """The keys, each with the stamp that is known."""
    return [(key, known[key].stamp if key in known else None) for key in keys]
