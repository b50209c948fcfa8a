"""The most recently used of many things, up to so many bytes.

What ``cachetools.LRUCache`` does, at a quarter of its cost for each look: a page of candidates takes a thousand.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """Something that knows how many bytes it takes, roughly."""

    size: int


S = TypeVar("S", bound=Sized)


class Recent(Generic[S]):
    """Things by key; ``most``: bytes. What is in here does not change its size."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._things: OrderedDict[str, S] = OrderedDict()

    def of(self, keys: Iterable[str]) -> dict[str, S]:
        """Those of these keys that are in here; they are the most recently used now."""
        get, touch, found = self._things.get, self._things.move_to_end, dict[str, S]()
        for key in keys:
            thing = get(key)
            if thing is not None:
                touch(key)
                found[key] = thing
        return found

    def keep(self, key: str, thing: S) -> None:
        """Put it in, unless it is too big, in the place of what was there; the least recently used go."""
        before = self._things.pop(key, None)
        if before is not None:
            self._size -= before.size
        if thing.size > self._most:
            return
        self._things[key] = thing
        self._size += thing.size
        while self._size > self._most:
            _, oldest = self._things.popitem(last=False)
            self._size -= oldest.size
