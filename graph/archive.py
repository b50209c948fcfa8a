"""The whole log as records, page by page, and putting such records back: implements ``resolvers.ports.Archive``.

Pages go by places that writes do not move: keys, and the order of commits. A record is put back as if it came for the
first time, with the times it had, so what is derived follows from the same events and comes out the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

import neo4j

from graph import quiet, recording, registering, retracting
from graph.constraints import again
from graph.driver import Database, Transaction
from graph.errors import DATABASE_ERRORS, translate
from graph.habits import store_in
from graph.queries import Statement, statement
from graph.records import CARRIED, event_of
from graph.standings import Gate, Keys, Standings
from signals.archive import Husk, KeptStanding, Objection, Record, Salt, StoredHabits, Stripped
from signals.clock import from_ms, to_ms
from signals.content import Registration
from signals.errors import InvalidCursor
from signals.events import ContentRef, Event
from signals.habits import Habits
from signals.outcomes import IdConflict, Refused
from signals.packing import unpack_rows
from signals.standing import Standing
from signals.vocabulary import Vocabulary

ARCHIVE_CONTENTS = statement("archive_contents")
ARCHIVE_EVENTS = statement("archive_events")
ARCHIVE_HABITS = statement("archive_habits")
ARCHIVE_HUSK = statement("archive_husk")
ARCHIVE_IDS = statement("archive_ids")
ARCHIVE_PRINTS = statement("archive_prints")
ARCHIVE_SALT = statement("archive_salt")
ARCHIVE_QUIET = statement("archive_quiet")
ARCHIVE_STANDINGS = statement("archive_standings")
ARCHIVE_STRIP = statement("archive_strip")
HABITS_SEQ = statement("habits_seq")
LOCK = statement("lock")
REGISTER_READ = statement("register_read")
SALT = statement("standing_salt")
STANDINGS_READ = statement("standings_read")
STANDING_WRITE = statement("standing_write")

PATIENCE_S = 60.0
TAKEN = "this id is taken by other facts; nothing was changed"
OTHER_SALT = "people are known by other keys in this database, and something is declared about them; use an empty one"


class Part(StrEnum):
    """The parts of an archive, in their order: who may be recorded comes before anything is."""

    STANDINGS = "standings"
    OBJECTIONS = "objections"
    CONTENTS = "contents"
    EVENTS = "events"
    HUSKS = "husks"
    HABITS = "habits"


PARTS = tuple(Part)
UNSURE = re.compile("[\ud800-\U0010ffff]")
MANY = 10
"""Ids that are looked through for one that is in a page."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page begins: after a key, a place in commit order or a time.

    ``n``: of the events, the last one's place in commit order; of keys, how many after ``after`` are to be passed over.
    """

    part: Part
    after: str = ""
    n: int = 0

    @classmethod
    def of(cls, cursor: str | None) -> Place:
        """The place that a cursor stands for; the beginning without one. Raises InvalidCursor."""
        if cursor is None:
            return cls(PARTS[0])
        try:
            part, n, after = cursor.split(":", 2)
            place = cls(Part(part), after, abs(int(n)))
            if place.part in (Part.EVENTS, Part.HABITS):
                int(place.after or 0)
        except ValueError as error:
            raise InvalidCursor from error
        return place

    @property
    def cursor(self) -> str:
        return f"{self.part}:{self.n}:{self.after}"

    def past(self, keys: Sequence[str], first: int) -> Place:
        """The place after these keys, which came in order; the next part where they are fewer than ``first``.

        Neo4j sorts strings by code point and compares them by UTF-16 unit. So it is asked for what comes after a key
        for which both are the same, and what follows that and was read already is passed over.
        """
        if len(keys) < first:
            return Place(PARTS[PARTS.index(self.part) + 1])
        for passed, key in enumerate(reversed(keys)):
            if not UNSURE.search(key):
                return Place(self.part, key, passed)
        return Place(self.part, self.after, self.n + len(keys))

    def next_part(self) -> Place | None:
        """The beginning of the next part; None after the last."""
        following = PARTS.index(self.part) + 1
        return Place(PARTS[following]) if following < len(PARTS) else None


class Known(Standings):
    """Standings by which those who were erased stay out; what was recorded before a consent ended was recorded."""

    def gate(self, keys: Keys, standings: Mapping[str, Mapping[str, Any]]) -> Gate:
        """Who may pass, by what was read."""
        erased = {key: {"erasedAt": node["erasedAt"]} for key, node in standings.items() if node.get("erasedAt")}
        return Gate(keys, erased, required=False)


class Archivist:
    """``standings``: those of the process, which are told when the salt becomes another one."""

    def __init__(self, database: Database, vocabulary: Vocabulary, standings: Standings) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._standings = standings

    async def page(self, first: int, after: str | None) -> tuple[list[Record], str | None]:
        """Up to ``first`` records, maybe none, and where to go on; None at the end. Raises InvalidCursor."""
        place = Place.of(after)
        match place.part:
            case Part.STANDINGS:
                return await self._standings_page(place, first)
            case Part.OBJECTIONS:
                rows = await self._database.read(ARCHIVE_QUIET, {"after": int(place.after or 0), "limit": first})
                last = str(rows[-1]["n"]) if rows else ""
                found = [Objection(row["id"]) for row in rows if row["quiet"]]
                return [*found], _following(place, last, len(rows) == first)
            case Part.CONTENTS:
                rows = await self._keyed(ARCHIVE_CONTENTS, place, first)
                following = place.past([row["key"] for row in rows], first)
                return [registration_of(row) for row in rows if row["registered"]], following.cursor
            case Part.EVENTS:
                return await self._events(place, first)
            case Part.HUSKS:
                rows = await self._keyed(ARCHIVE_IDS, place, first * MANY)
                following = place.past([row["id"] for row in rows], first * MANY)
                return [husk_of(row) for row in rows if row["husk"]], following.cursor
            case Part.HABITS:
                rows = await self._database.read(ARCHIVE_HABITS, {"after": int(place.after or -1), "limit": first})
                last = str(rows[-1]["habits"]["at"]) if rows else ""
                return [habits_of(row["habits"]) for row in rows], _following(place, last, len(rows) == first)

    async def _keyed(self, read: Statement, place: Place, first: int) -> list[neo4j.Record]:
        return await self._database.read(read, {"after": place.after, "skip": place.n, "limit": first})

    async def _standings_page(self, place: Place, first: int) -> tuple[list[Record], str | None]:
        """Before the first of them stands the salt."""
        rows = await self._database.read(ARCHIVE_STANDINGS, {"after": place.after, "limit": first})
        records: list[Record] = [KeptStanding(row["standing"]["key"], Standing.unpack(row["standing"])) for row in rows]
        if records and not place.after:
            records.insert(0, Salt((await self._database.read(SALT))[0]["salt"]))
        last = rows[-1]["standing"]["key"] if rows else ""
        return records, _following(place, last, len(rows) == first)

    async def _events(self, place: Place, first: int) -> tuple[list[Record], str | None]:
        """The events there were when the first page of them was read."""
        until = place.n or int((await self._database.read(HABITS_SEQ))[0]["value"])
        begin = int(place.after or 0) + 1
        last = min(begin + first - 1, until)
        rows = await self._database.read(ARCHIVE_EVENTS, {"first": begin, "last": last})
        nodes = sorted((row["event"] for row in rows), key=lambda node: int(node["seq"]))
        following = Place(Part.EVENTS, str(last), until) if last < until else place.next_part()
        return [stored(node) for node in nodes], following.cursor if following else None

    async def restore(self, records: Sequence[Record]) -> list[str | None]:
        """Put records back, all or none of them: one reason per record that was not taken; None where it stands.

        What is there already stays as it is.
        """

        async def attempt() -> list[str | None]:
            async with self._database.transaction(name="restore", timeout=PATIENCE_S) as tx:
                return await self._restored(tx, records)

        try:
            whys = await again(attempt)
        except DATABASE_ERRORS as error:
            raise translate(error) from error
        if any(isinstance(record, Salt) for record in records):
            self._standings.forget()
        return whys

    async def _restored(self, tx: Transaction, records: Sequence[Record]) -> list[str | None]:
        await tx.run(LOCK, {"holder": uuid4().hex})
        whys: list[str | None] = []
        foreign: str | None = None
        for record in records:
            match record:
                case Salt():
                    foreign = await self._take_salt(tx, record)
                    whys.append(foreign)
                case KeptStanding():
                    if foreign is None:
                        await self._declare(tx, record)
                    whys.append(foreign)
                case Objection():
                    await quiet.note(tx, record.user_id, quiet=True)
                    whys.append(None)
                case StoredHabits():
                    await store_in(tx, record.habits, record.at, record.value)
                    whys.append(None)
                case _:
                    whys.append(None)
        registrations = [record for record in records if isinstance(record, Registration)]
        if registrations:
            await self._register(tx, registrations)
        await self._log(tx, records, whys)
        return whys

    async def _declare(self, tx: Transaction, record: KeptStanding) -> None:
        """What was declared since, an erasure above all, holds on."""
        if not await tx.run(STANDINGS_READ, {"p": {"keys": [record.key]}}):
            await tx.run(STANDING_WRITE, {"key": record.key, "p": record.standing.pack()})

    async def _register(self, tx: Transaction, registrations: Sequence[Registration]) -> None:
        """What was registered since holds on."""
        keys = sorted({each.content.key for each in registrations})
        rows = await tx.run(REGISTER_READ, {"holder": uuid4().hex, "keys": keys})
        there = {row["content"]["key"] for row in rows if row["content"].get("registered")}
        missing = [each for each in registrations if each.content.key not in there]
        if missing:
            await registering.register(tx, missing, self._standings)

    async def _log(self, tx: Transaction, records: Sequence[Record], whys: list[str | None]) -> None:
        """Events, whole and stripped, in their order, and husks."""
        gone = {place: each for place, each in enumerate(records) if isinstance(each, Stripped | Husk)}
        ids = [each.event.id if isinstance(each, Stripped) else each.id for each in gone.values()]
        prints = {row["id"]: row["fp"] for row in await tx.run(ARCHIVE_PRINTS, {"p": {"ids": ids}})} if ids else {}
        events: dict[int, Event] = {place: each for place, each in enumerate(records) if isinstance(each, Event)}
        husks, stripped = [], []
        for (place, record), id in zip(gone.items(), ids, strict=True):
            if id in prints:
                whys[place] = None if prints[id] == record.print else TAKEN
            elif isinstance(record, Husk):
                husks.append({"id": id, "fp": record.print, "expiredAt": to_ms(record.expired_at)})
            else:
                events[place] = record.event
                stripped.append((place, record))
        places = sorted(events)
        reasons = await self._record(tx, [events[place] for place in places]) if places else []
        for place, reason in zip(places, reasons, strict=True):
            whys[place] = reason
        await self._expire(tx, [record for place, record in stripped if whys[place] is None], husks)

    async def _expire(self, tx: Transaction, stripped: Sequence[Stripped], husks: Sequence[dict[str, Any]]) -> None:
        rows = [
            {"id": each.event.id, "fp": each.print, "expiredAt": to_ms(each.event.expired_at)}
            for each in stripped
            if each.event.expired_at is not None
        ]
        if rows:
            await tx.run(ARCHIVE_STRIP, {"p": {"rows": rows, "gone": dict.fromkeys(CARRIED)}})
        if husks:
            await tx.run(ARCHIVE_HUSK, {"p": {"rows": husks}})

    async def _take_salt(self, tx: Transaction, salt: Salt) -> str | None:
        """Keys that are there under another salt would mean nobody any more."""
        if (await tx.run(SALT))[0]["salt"] == salt.value:
            return None
        if await tx.run(ARCHIVE_STANDINGS, {"after": "", "limit": 1}):
            return OTHER_SALT
        await tx.run(ARCHIVE_SALT, {"salt": salt.value})
        return None

    async def _record(self, tx: Transaction, events: Sequence[Event]) -> list[str | None]:
        """Record events, and take back those that had been taken back."""
        known = Known(self._database)
        outcomes = await recording.record(tx, events, self._vocabulary, known)
        whys = [outcome.message if isinstance(outcome, IdConflict | Refused) else None for outcome in outcomes]
        for event, why in zip(events, whys, strict=True):
            if why is None and event.retracted_at is not None:
                reason = event.retract_reason
                await retracting.retract(tx, event.id, reason, event.retracted_at, self._vocabulary)
        return whys


def _following(place: Place, last: str, more: bool) -> str | None:
    """The cursor after ``last``; where there was no more, that of the next part."""
    following = Place(place.part, last) if more else place.next_part()
    return following.cursor if following else None


def stored(node: Mapping[str, Any]) -> Event | Stripped:
    """The event that a node's properties stand for, and what they were made of where that is no longer there."""
    event = event_of(node)
    return event if event.expired_at is None else Stripped(event, node["fp"])


def husk_of(row: Mapping[str, Any]) -> Husk:
    """The id that a row keeps taken."""
    return Husk(row["id"], row["fp"], from_ms(row["expiredAt"]))


def registration_of(row: Mapping[str, Any]) -> Registration:
    """What was registered about a content."""
    created, tags = row["createdAt"], row["tags"]
    return Registration(
        content=ContentRef(row["type"], row["id"]),
        author_id=row["authorId"],
        created_at=None if created is None else from_ms(created),
        tags=None if tags is None else tuple(next(iter(unpack_rows(tags)), ())),
        language=row["language"],
    )


def habits_of(node: Mapping[str, Any]) -> StoredHabits:
    """The figures that a node's properties stand for."""
    return StoredHabits(from_ms(node["at"]), node["value"], Habits.of(node))
