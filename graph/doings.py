"""What users did towards others, where it was read before: remembered by user, with when that was.

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

NOTHING_BYTES, PAIR_BYTES = 200, 1200
"""What it takes to remember that there is nothing, and that there is something, roughly."""


@dataclass(slots=True)
class Doing:
    """Of one user, as it was at ``tick``: pairs by key, None where there is none; ``size`` in bytes."""

    tick: float
    pairs: dict[str, Pair | None]
    size: int = 0


class Doings:
    """Of the users looked at most recently, up to so many bytes. For relationships of one kind."""

    def __init__(self, size: int, changes: Changes) -> None:
        self._changes = changes
        self._users: Recent[Doing] = Recent(size)

    def known(self, keys: Iterable[str]) -> dict[str, Pair | None]:
        """What is remembered of ``keys`` and has not changed since."""
        users = by_user(keys)
        doings = self._users.of(users)
        changed = self._changes.since({user: doing.tick for user, doing in doings.items()})
        found: dict[str, Pair | None] = {}
        for user in doings.keys() - changed:
            pairs = doings[user].pairs
            found |= {key: pairs[key] for key in users[user] if key in pairs}
        return found

    def remember(self, keys: Iterable[str], pairs: Mapping[str, Pair], tick: float) -> None:
        """``keys`` were read and these ``pairs`` found, after the look at ``tick``; remembered but for those of users
        who may have been seen in the middle of a change."""
        users = by_user(keys)
        amid = self._changes.since(dict.fromkeys(users, tick))
        for user, own in users.items():
            if user not in amid:
                self._add(user, {key: pairs.get(key) for key in own}, tick)

    def _add(self, user: str, pairs: dict[str, Pair | None], tick: float) -> None:
        doing = self._users.pop(user)
        if doing is None or self._changes.since({user: min(doing.tick, tick)}):
            doing = Doing(tick, {})
        doing.tick = max(doing.tick, tick)
        news = pairs.keys() - doing.pairs.keys()
        doing.size += sum(NOTHING_BYTES if pairs[key] is None else PAIR_BYTES for key in news)
        doing.pairs |= pairs
        self._users.keep(user, doing)


def by_user(keys: Iterable[str]) -> dict[str, list[str]]:
    """The keys by the user they begin at."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(key.partition(SEPARATOR)[0], []).append(key)
    return found
