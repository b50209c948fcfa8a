"""Reads of ranking: implements ``resolvers.ports.Nodes``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import zip_longest
from typing import Any, TypeVar

from graph.changes import Changes
from graph.doings import Doings
from graph.driver import Database
from graph.habits import HabitsReader
from graph.hottest import Hottest
from graph.hottest_then import HottestThen
from graph.past import Past
from graph.queries import statement
from graph.recording import padded
from graph.unpacked import PACKED, UNPACKED, Entry, Row, Unpacked
from signals.cut import Cut
from signals.habits import Habits
from signals.pairs import Pair
from signals.profiles import Card, Profile
from signals.vocabulary import Vocabulary
from signals.wanted import NOTHING, Found, Wanted

T = TypeVar("T")

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

CACHE_BYTES = 256_000_000
AT_ONCE = 5000
"""Keys of one kind in a statement."""


class NodeReader:
    """``cache``: bytes, roughly, for what was unpacked: a quarter each for users and contents, an eighth for what users
    did with contents, and the rest for ties, of which a page has most."""

    def __init__(self, database: Database, vocabulary: Vocabulary, *, cache: int = CACHE_BYTES) -> None:
        self._database = database
        self._changes = Changes(database)
        self._past = Past(database, vocabulary)
        self._habits = HabitsReader(database)
        self._hottest = Hottest(database)
        self._hottest_then = HottestThen(database, self._past)
        self._profiles = Unpacked(Profile.unpack, USER, cache // 4, PACKED, self._changes)
        self._cards = Unpacked(Card.unpack, CONTENT, cache // 4, UNPACKED, self._changes)
        self._interacted = Doings(cache // 8, self._changes)
        self._ties = Doings(3 * cache // 8, self._changes)

    def view(self) -> View:
        """For one request."""
        return View(self)

    async def read(self, wanted: Wanted, cut: Cut | None) -> Found:
        """All of it, as it stands or as the events that ``cut`` holds make it."""
        await self.look()
        return await self.read_on(wanted, cut)

    async def look(self) -> None:
        """See what has been written until now."""
        await self._changes.look()

    async def read_on(self, wanted: Wanted, cut: Cut | None) -> Found:
        """As ``read``, but no newer than the last look has to be."""
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
        tick = self._changes.tick
        profiles, cards = self._profiles.known(wanted.profiles), self._cards.known(wanted.cards)
        interacted, ties = self._interacted.known(wanted.interacted), self._ties.known(wanted.ties)
        asked = self._profiles.doubtful(profiles) | (wanted.profiles - profiles.keys())
        asked_cards = self._cards.doubtful(cards) | (wanted.cards - cards.keys())
        unknown, unknown_ties = wanted.interacted - interacted.keys(), wanted.ties - ties.keys()
        rows = await self._rows(
            unknown,
            unknown_ties,
            self._profiles.questions(asked, profiles),
            self._cards.questions(asked_cards, cards),
        )
        there = self._profiles.answered(rows.get("users", ()), asked, profiles, tick)
        read = self._cards.answered(rows.get("contents", ()), asked_cards, cards, tick)
        did, tied = _pairs(rows.get("interacted", ())), _pairs(rows.get("ties", ()))
        self._interacted.remember(unknown, did, tick)
        self._ties.remember(unknown_ties, tied, tick)
        return Found(
            profiles=there | _values(profiles, profiles.keys() - asked),
            cards=read | _values(cards, cards.keys() - asked_cards),
            interacted=_there(interacted) | did,
            ties=_there(ties) | tied,
        )

    async def _rows(
        self, interacted: Set[str], ties: Set[str], users: Sequence[Any], contents: Sequence[Any]
    ) -> dict[str, list[Any]]:
        """By kind, of what there is. Nothing is asked where nothing is wanted."""
        if not (interacted or ties or users or contents):
            return {}
        pairs = padded({"interacted": sorted(interacted), "ties": sorted(ties)})
        nodes = {"users": users, "contents": contents}
        records = await self._database.read(NODES_READ, {"p": nodes, **pairs})
        return {record["kind"]: record["rows"] for record in records}


class View:
    """Implements ``resolvers.ports.NodesAhead``: looks once at what others have written, however often it reads."""

    def __init__(self, reader: NodeReader) -> None:
        self._reader = reader
        self._looking: asyncio.Task[None] | None = None
        self._looked = False
        self.hottest, self.habits = reader.hottest, reader.habits

    def ahead(self) -> None:
        """Begin to look."""
        if not self._looked:
            self._look()

    async def read(self, wanted: Wanted, cut: Cut | None) -> Found:
        """See ``NodeReader.read``."""
        if not self._looked:
            await asyncio.shield(self._look())
            # The task knows the request that it was made in, which knows this view.
            self._looking, self._looked = None, True
        return await self._reader.read_on(wanted, cut)

    def _look(self) -> asyncio.Task[None]:
        """Whoever reads meanwhile waits for the same look, also when another gives up waiting."""
        if self._looking is None:
            self._looking = asyncio.ensure_future(self._reader.look())
            self._looking.add_done_callback(_told)
        return self._looking


def _told(look: asyncio.Task[None]) -> None:
    """Why it failed is known to whoever waits for it, if anybody does."""
    if not look.cancelled():
        look.exception()


def _values(entries: Mapping[str, Entry[T]], keys: Iterable[str]) -> dict[str, T]:
    """What exists of these."""
    return {key: value for key in keys if (value := entries[key].value) is not None}


def _pairs(rows: Iterable[Row]) -> dict[str, Pair]:
    return {row[0]: Pair.unpack(dict(zip(PAIR, row[1:], strict=True))) for row in rows}


def _there(pairs: Mapping[str, Pair | None]) -> dict[str, Pair]:
    return {key: pair for key, pair in pairs.items() if pair is not None}


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
