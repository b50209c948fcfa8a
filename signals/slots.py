"""What everybody did, by quarter of an hour and by UTC day, along one dimension at a time: what trends come from.

The days' totals are one short table. The slots also name who was there, and are kept as a log of changes, because a
busy day's names are too many to be read for each write: a chain of ``segments``, in which the changes of the same row
add up in any order. Names are tokens. Scores are kept in millionths: no order of adding changes a whole number.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple, TypeAlias

from signals.packing import SEPARATOR, add_count, unpack_rows

SLOT_MS = 900_000
MICRO = 1_000_000
TOKEN_CHARS = 8
TOKENS = 100_000
"""So many tokens are remembered."""


class Dimension(StrEnum):
    """What the events of a row have in common."""

    ALL = ""
    CATEGORY = "g"
    TYPE = "t"
    CONTENT_TYPE = "k"
    """``none`` for what is about no content."""
    COUNTRY = "o"
    DEVICE_TYPE = "d"
    """``unknown`` where nobody told, as of the country."""
    NEW = "n"
    """People whose first event ever lies in the slot; nothing but their number."""


@dataclass(slots=True)
class Cell:
    """One row of one slot: events, their duration in ms and vocabulary weight, and by tokens the distinct people.

    ``sessions``: a token for each session of each person, so that one that several people share is there repeatedly.
    """

    n: int = 0
    ms: int = 0
    score: float = 0.0
    users: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Total:
    """One row of a UTC day. ``users`` are distinct; ``sessions`` counts each session once for each person in it."""

    n: int = 0
    ms: int = 0
    score: float = 0.0
    users: int = 0
    sessions: int = 0


Where: TypeAlias = tuple[int, str, str]
"""Slot 0 to 95, dimension and value."""


@lru_cache(maxsize=TOKENS)
def token(id: str) -> str:
    """A short name for an id, of eight URL-safe characters. Two of a million share one with a chance of 1 in 500."""
    return urlsafe_b64encode(blake2b(id.encode(), digest_size=6).digest()).decode()


def micro(value: float) -> int:
    """``value`` in millionths."""
    return round(value * MICRO)


def unpack_tokens(packed: str | None) -> list[str]:
    """Tokens, which stand one after the other."""
    return [packed[n : n + TOKEN_CHARS] for n in range(0, len(packed), TOKEN_CHARS)] if packed else []


@dataclass(slots=True)
class Change:
    """What is added to a row; ``score`` in millionths, tokens with how often they are added (-1: taken away)."""

    n: int = 0
    ms: int = 0
    score: int = 0
    users: dict[str, int] = field(default_factory=dict)
    sessions: dict[str, int] = field(default_factory=dict)

    def pack(self) -> str:
        """The cells of a line; those at the end that are empty are left out."""
        users, users_gone = _tokens(self.users)
        sessions, sessions_gone = _tokens(self.sessions)
        numbers = f"{self.n or ''}\t{self.ms or ''}\t{self.score or ''}"
        return f"{numbers}\t{users}\t{sessions}\t{users_gone}\t{sessions_gone}".rstrip("\t")

    def add(self, cells: list[str]) -> None:
        """Add a line's cells."""
        n, ms, score, users, sessions, users_gone, sessions_gone = (cells + [""] * 7)[:7]
        self.n += int(n or 0)
        self.ms += int(ms or 0)
        self.score += int(score or 0)
        for named, packed, sign in (
            (self.users, users, 1),
            (self.sessions, sessions, 1),
            (self.users, users_gone, -1),
            (self.sessions, sessions_gone, -1),
        ):
            for name in unpack_tokens(packed):
                named[name] = named.get(name, 0) + sign

    @property
    def nothing(self) -> bool:
        """Whether it changes nothing."""
        return not (self.n or self.ms or self.score or any(self.users.values()) or any(self.sessions.values()))


def _tokens(named: Mapping[str, int]) -> tuple[str, str]:
    """Those that are added, and those that are taken away."""
    if not named:
        return "", ""
    if min(named.values()) == max(named.values()) == 1:
        return "".join(named), ""
    added = "".join([name * count for name, count in named.items() if count > 0])
    return added, "".join([name * -count for name, count in named.items() if count < 0])


def pack_changes(changes: Mapping[Where, Change]) -> str:
    """Lines of slot, dimension, value and the cells of the change."""
    return "\n".join(
        [
            f"{slot}\t{dimension}\t{value}\t{change.pack()}"
            for (slot, dimension, value), change in changes.items()
            if not change.nothing
        ]
    )


def unpack_changes(segments: Iterable[str]) -> dict[Where, Change]:
    """What the segments of a day say, added up."""
    changes: dict[Where, Change] = {}
    for segment in segments:
        for slot, dimension, value, *cells in unpack_rows(segment):
            where = (int(slot), dimension, value)
            change = changes.get(where)
            if change is None:
                change = changes[where] = Change()
            change.add(cells)
    return changes


def cancelled(segments: Mapping[str, str]) -> dict[str, str]:
    """A day's segments by key, without the names that came in one of them and left in another: what they say together
    stays the same. Only those that are not as they were."""
    changes = {key: unpack_changes([text]) for key, text in segments.items()}
    for where in {where for found in changes.values() for where in found}:
        there = [found[where] for found in changes.values() if where in found]
        _cancel([change.users for change in there])
        _cancel([change.sessions for change in there])
    texts = {key: pack_changes(found) for key, found in changes.items()}
    return {key: text for key, text in texts.items() if text != segments[key]}


def _cancel(rows: Sequence[dict[str, int]]) -> None:
    """Take from each name as many comings as leavings; it may have more of either."""
    for name in {name for row in rows for name, count in row.items() if count < 0}:
        came = sum(row[name] for row in rows if row.get(name, 0) > 0)
        left = -sum(row[name] for row in rows if row.get(name, 0) < 0)
        over = {1: min(came, left), -1: min(came, left)}
        for row in rows:
            sign = 1 if row.get(name, 0) > 0 else -1
            taken = min(abs(row.get(name, 0)), over[sign])
            over[sign] -= taken
            add_count(row, name, -sign * taken)


class Came(NamedTuple):
    """What one change says about who was there: events (below 0: less), people that came to a row and that left it."""

    slot: int
    dimension: str
    n: int
    users: list[str]
    gone: list[str]


def changes_of(segments: Iterable[str], dimensions: Collection[Dimension]) -> Iterator[Came]:
    """The changes of these dimensions, not added up, which is quicker where nobody asks for single rows."""
    wanted = frozenset(dimension.value + SEPARATOR for dimension in dimensions)
    for segment in segments:
        for line in segment.split("\n"):
            after = line.find(SEPARATOR) + 1
            if line[after : after + 2] in wanted:
                slot, dimension, _, *cells = line.split(SEPARATOR)
                n, _, _, users, _, gone = (cells + [""] * 6)[:6]
                yield Came(int(slot), dimension, int(n or 0), unpack_tokens(users), unpack_tokens(gone))


def unpack_slots(segments: Iterable[str]) -> dict[tuple[int, Dimension, str], Cell]:
    """The rows of a day, from the ``slots`` of all its segments in any order."""
    return {
        (slot, Dimension(dimension), value): Cell(
            change.n,
            change.ms,
            change.score / MICRO,
            [name for name, count in change.users.items() if count > 0],
            [name for name, count in change.sessions.items() for _ in range(count)],
        )
        for (slot, dimension, value), change in unpack_changes(segments).items()
        if change.n
    }


def total_line(dimension: str, value: str, numbers: Iterable[int]) -> str:
    """``numbers``: events, ms, score in millionths, users and sessions."""
    return SEPARATOR.join((dimension, value, *map(str, numbers)))


def pack_totals(totals: Mapping[tuple[Dimension, str], Total]) -> str:
    """The rows of a UTC day, a line each."""
    return "\n".join(
        total_line(dimension.value, value, (t.n, t.ms, micro(t.score), t.users, t.sessions))
        for (dimension, value), t in sorted(totals.items())
        if t.n
    )


def unpack_totals(properties: Mapping[str, Any]) -> dict[tuple[Dimension, str], Total]:
    """The rows of a UTC day, from the ``totals`` of its node."""
    return {
        (Dimension(dimension), value): Total(int(n), int(ms), int(score) / MICRO, int(users), int(sessions))
        for dimension, value, n, ms, score, users, sessions in unpack_rows(properties.get("totals"))
    }
