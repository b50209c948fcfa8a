"""What users did towards others, where it was read before: remembered by user, with the stamp of the user's node.

An event writes the node of who did it in the transaction that writes the relationship. So as long as the stamp of a
user is the same, everything that begins at the user is, too, and so is what does not exist: a page of candidates is
mostly content that the viewer never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cachetools import LRUCache

from signals.packing import SEPARATOR
from signals.pairs import Pair

NOTHING_BYTES, PAIR_BYTES = 200, 1500
"""What it takes to remember that there is nothing, and that there is something, roughly."""


@dataclass(slots=True)
class Doing:
    """Of one user, in the state that ``stamp`` names: pairs by key, None where there is none; ``size`` in bytes."""

    stamp: str
    pairs: dict[str, Pair | None]
    size: int = 0


class Doings:
    """Of the users looked at most recently, up to so many bytes. For relationships of one kind."""

    def __init__(self, size: int) -> None:
        self._users: LRUCache[str, Doing] = LRUCache(size, lambda doing: doing.size)

    def known(self, keys: Iterable[str], stamps: Mapping[str, str]) -> dict[str, Pair | None]:
        """What is remembered of ``keys``, from when the users that they begin at had these stamps."""
        found: dict[str, Pair | None] = {}
        for user, own in by_user(keys).items():
            doing = self._users.get(user)
            if doing is not None and doing.stamp == stamps.get(user):
                found |= {key: doing.pairs[key] for key in own if key in doing.pairs}
        return found

    def remember(self, keys: Iterable[str], pairs: Mapping[str, Pair], stamps: Mapping[str, str]) -> None:
        """``keys`` were read and these ``pairs`` found, while the users had the ``stamps`` they had before the read.

        A stamp that came with the answer would not do: nobody says which of the two was read first.
        """
        for user, own in by_user(keys).items():
            if user in stamps:
                self._add(user, stamps[user], {key: pairs.get(key) for key in own})

    def _add(self, user: str, stamp: str, pairs: dict[str, Pair | None]) -> None:
        known = self._users.pop(user, None)
        doing = known if known is not None and known.stamp == stamp else Doing(stamp, {})
        doing.pairs |= pairs
        doing.size += sum(NOTHING_BYTES if pair is None else PAIR_BYTES for pair in pairs.values())
        if doing.size <= self._users.maxsize:
            self._users[user] = doing


def by_user(keys: Iterable[str]) -> dict[str, list[str]]:
    """The keys by the user they begin at."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(user_of(key), []).append(key)
    return found


def user_of(key: str) -> str:
    """The user that a relationship of this key begins at."""
    return key.partition(SEPARATOR)[0]
