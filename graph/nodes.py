"""Reads of ranking: implements ``resolvers.ports.Nodes``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from graph.driver import Database
from graph.habits import HabitsReader
from graph.hottest import Hottest
from graph.hottest_then import HottestThen
from graph.past import Past
from graph.queries import statement
from graph.recording import padded
from graph.unpacked import PACKED, UNPACKED, Row, Unpacked, questions
from signals.cut import Cut
from signals.habits import Habits
from signals.pairs import Pair
from signals.profiles import Card, Profile
from signals.vocabulary import Vocabulary
from signals.wanted import NOTHING, Found, Wanted

NODES_READ = statement("nodes_read")

USER = (
    *("id", "received", "contents", "partners", "times", "timesTail", "touched", "touchedTail"),
    *("circle", "circleTail", "links", "linksTail", "bars"),
)
CONTENT = (
    *("type", "id", "authorId", "createdAt", "first", "touches", "engagers", "engagersTail"),
    *("counts", "on", "reporters", "registered"),
)
PAIR = (
    *("n", "first", "last", "counts", "states", "heat", "touched", "engaged", "engagedId"),
    *("engagedAs", "visited", "spoke", "timeMs", "scrollSum", "scrollN"),
)
"""What ``nodes_read`` answers of each, in its order."""

CACHE_BYTES = 64_000_000
AT_ONCE = 5000
"""Keys of one kind in a statement."""


class NodeReader:
    """``cache``: bytes, roughly, for unpacked nodes; half of them for users, half for contents."""

    def __init__(self, database: Database, vocabulary: Vocabulary, *, cache: int = CACHE_BYTES) -> None:
        self._database = database
        self._past = Past(database, vocabulary)
        self._habits = HabitsReader(database)
        self._hottest = Hottest(database)
        self._hottest_then = HottestThen(database, self._past)
        self._profiles = Unpacked(Profile.unpack, USER, cache // 2, PACKED)
        self._cards = Unpacked(Card.unpack, CONTENT, cache // 2, UNPACKED)

    async def read(self, wanted: Wanted, cut: Cut | None) -> Found:
        """All of it, as it stands or as the events that ``cut`` holds make it."""
        present = await self._present(wanted)
        return present if cut is None else await self._past.found(wanted, cut, present)

    async def hottest(self, content_type: str | None, first: int, cut: Cut | None) -> list[str]:
        """Keys of the contents with the most first touches lately (18-hour half-life), hottest first, then by key."""
        if cut is None:
            return await self._hottest.keys(content_type, first)
        return await self._hottest_then.keys(content_type, first, cut)

    async def habits(self, cut: Cut | None) -> Habits:
        """The latest figures that were stored by then; the defaults where none were."""
        return await self._habits.habits(cut)

    async def _present(self, wanted: Wanted) -> Found:
        parts = [await self._part(part) for part in parts_of(wanted)]
        return parts[0] if len(parts) == 1 else merged(parts)

    async def _part(self, wanted: Wanted) -> Found:
        profiles, cards = self._profiles.known(wanted.profiles), self._cards.known(wanted.cards)
        pairs = padded({"interacted": sorted(wanted.interacted), "ties": sorted(wanted.ties)})
        nodes = {"users": questions(wanted.profiles, profiles), "contents": questions(wanted.cards, cards)}
        records = await self._database.read(NODES_READ, {"p": nodes, **pairs})
        rows: dict[str, list[Any]] = {record["kind"]: record["rows"] for record in records}
        return Found(
            profiles=self._profiles.nodes(rows.get("users", ()), profiles),
            cards=self._cards.nodes(rows.get("contents", ()), cards),
            interacted=_pairs(rows.get("interacted", ())),
            ties=_pairs(rows.get("ties", ())),
        )


def _pairs(rows: Iterable[Row]) -> dict[str, Pair]:
    return {row[0]: Pair.unpack(dict(zip(PAIR, row[1:], strict=True))) for row in rows}


def parts_of(wanted: Wanted, size: int = AT_ONCE) -> Iterator[Wanted]:
    """The same in parts of at most ``size`` keys of each kind; at least one."""
    kinds = (wanted.profiles, wanted.cards, wanted.interacted, wanted.ties)
    if max(map(len, kinds)) <= size:
        yield wanted
        return
    cut = ([frozenset(keys[n : n + size]) for n in range(0, len(keys), size)] for keys in map(sorted, kinds))
    for profiles, cards, interacted, ties in zip_longest(*cut, fillvalue=NOTHING):
        yield Wanted(profiles=profiles, cards=cards, interacted=interacted, ties=ties)


def merged(parts: list[Found]) -> Found:
    """All of the parts; of what is in several, the last."""
    return Found(
        profiles={key: value for part in parts for key, value in part.profiles.items()},
        cards={key: value for part in parts for key, value in part.cards.items()},
        interacted={key: value for part in parts for key, value in part.interacted.items()},
        ties={key: value for part in parts for key, value in part.ties.items()},
    )
