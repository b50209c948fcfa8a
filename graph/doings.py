"""What users did towards others, where it was read before: remembered with when that was.

An event names who did it (``graph.changes``). So as long as a user is not named, everything that begins at the user is
as it was, and so is what does not exist: a page of candidates is mostly content that the viewer never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.changes import Changes
from graph.recent import Recent
from signals.packing import SEPARATOR
from signals.pairs import Pair

NOTHING_BYTES, PAIR_BYTES = 400, 1400
"""What it takes to remember that there is nothing, and that there is something, roughly."""


@dataclass(slots=True)
class Doing:
    """What ``user`` did, as it was at ``tick``; None where there is nothing. ``size`` in bytes."""

    user: str
    pair: Pair | None
    tick: float
    size: int


class Doings:
    """Those looked at most recently, up to so many bytes. For relationships of one kind."""

    def __init__(self, size: int, changes: Changes) -> None:
        self._changes = changes
        self._doings: Recent[Doing] = Recent(size)

    def known(self, keys: Iterable[str]) -> dict[str, Pair | None]:
        """What is remembered of ``keys`` and has not changed since."""
        trusted = self._changes.trusted
        return {key: one.pair for key, one in self._doings.of(keys).items() if one.tick >= trusted(one.user)}

    def remember(self, keys: Iterable[str], pairs: Mapping[str, Pair], tick: float) -> None:
        """``keys`` were read and these ``pairs`` found, after the look at ``tick``; remembered but for those of users
        who may have been seen in the middle of a change."""
        for key in keys:
            user, pair = key.partition(SEPARATOR)[0], pairs.get(key)
            if tick >= self._changes.trusted(user):
                size = NOTHING_BYTES if pair is None else PAIR_BYTES
                self._doings.keep(key, Doing(user, pair, tick, size))
