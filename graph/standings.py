"""What was declared about people: their consent, and whether they were erased.

A person's node is found by a key that says nothing of the id: HMAC-SHA256 of it by the salt of this database. It does
not follow from events, so it is there before the first of them and stays when the last is gone.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from graph import quiet
from graph.driver import Database, Transaction
from graph.queries import statement
from signals.events import Event
from signals.outcomes import RefusedBecause
from signals.standing import UNKNOWN, Declaration, Standing, refusal

LOCK = statement("lock")
SALT = statement("standing_salt")
READ = statement("standings_read")
WRITE = statement("standing_write")

REMEMBERED = 100_000
"""People whose keys are kept in memory: some 20 MB."""


class Keys:
    """The keys of people by the salt of one database, which is never another one."""

    def __init__(self, salt: str) -> None:
        self._salt = bytes.fromhex(salt)
        self._known: dict[str, str] = {}

    def of(self, user_id: str) -> str:
        """64 hexadecimal digits, always the same ones for a person."""
        key = self._known.get(user_id)
        if key is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            key = self._known[user_id] = hmac.digest(self._salt, user_id.encode(), "sha256").hex()
        return key


class Gate:
    """Which events may be recorded, by the standings that were read in their own transaction."""

    def __init__(self, keys: Keys, standings: Mapping[str, Mapping[str, Any]], required: bool) -> None:
        self._keys = keys
        self._standings = {key: Standing.brief(node) for key, node in standings.items()}
        self._required = required

    def refused(self, event: Event) -> RefusedBecause | None:
        """Why ``event`` may not be recorded; None where it may."""
        if not self._standings and not self._required:
            return None
        target = None if event.target_user_id is None else self._of(event.target_user_id)
        return refusal(self._of(event.user_id), target, required=self._required)

    def _of(self, user_id: str) -> Standing:
        return self._standings.get(self._keys.of(user_id), UNKNOWN)


class Standings:
    """Reads and writes standings. ``required``: recording waits for consent."""

    def __init__(self, database: Database, *, required: bool = False) -> None:
        self._database = database
        self._required = required
        self._keys: Keys | None = None

    @property
    def required(self) -> bool:
        """Whether recording waits for consent."""
        return self._required

    async def keys(self, tx: Transaction | None = None) -> Keys:
        """How people are known here; ``tx``: where the salt is read if it must be."""
        if self._keys is None:
            found = await (self._database.read(SALT) if tx is None else tx.run(SALT))
            self._keys = Keys(found[0]["salt"])
        return self._keys

    def forget(self) -> None:
        """The database has taken over another salt."""
        self._keys = None

    def gate(self, keys: Keys, standings: Mapping[str, Mapping[str, Any]]) -> Gate:
        """Who may pass, by what was read."""
        return Gate(keys, standings, self._required)

    async def read(self, user_ids: Sequence[str]) -> list[Standing]:
        """One per person, in order."""
        keys = [(await self.keys()).of(id) for id in user_ids]
        found = by_key(row["standing"] for row in await self._database.read(READ, {"p": {"keys": sorted({*keys})}}))
        return [Standing.unpack(found.get(key, {})) for key in keys]

    async def erased(self, tx: Transaction, user_ids: Iterable[str]) -> set[str]:
        """Those of them who are erased, as seen by a transaction that has the lock."""
        keys = await self.keys(tx)
        ids = {keys.of(id): id for id in user_ids}
        rows = await tx.run(READ, {"p": {"keys": sorted(ids)}}) if ids else []
        return {ids[row["standing"]["key"]] for row in rows if row["standing"].get("erasedAt") is not None}

    async def declare(self, tx: Transaction, user_id: str, said: Declaration) -> Standing:
        """Declare something in a transaction; what commits later was recorded in knowledge of it."""
        return await self._changed(tx, user_id, lambda standing: standing.declare(said))

    async def erase(self, tx: Transaction, user_id: str, at: datetime) -> Standing:
        """From now on nothing of the person is recorded. A second time changes nothing."""
        return await self._changed(tx, user_id, lambda standing: standing.erased(at))

    async def readmit(self, tx: Transaction, user_id: str) -> Standing:
        """The person may be recorded again."""
        return await self._changed(tx, user_id, lambda standing: standing.readmitted())

    async def _changed(self, tx: Transaction, user_id: str, change: Callable[[Standing], Standing]) -> Standing:
        """The writers' lock comes first: batches go by what was committed before they took it."""
        await tx.run(LOCK, {"holder": uuid4().hex})
        key = (await self.keys(tx)).of(user_id)
        rows = await tx.run(READ, {"p": {"keys": [key]}})
        was = Standing.unpack(rows[0]["standing"]) if rows else UNKNOWN
        standing = change(was)
        if standing != was:
            await tx.run(WRITE, {"key": key, "p": standing.pack()})
            await _tell(tx, user_id, was, standing)
        return standing


async def _tell(tx: Transaction, user_id: str, was: Standing, now: Standing) -> None:
    """Keep the list of the quiet, which knows people by their ids, as the standings are."""
    if now.erased_at is not None:
        await quiet.forget(tx, user_id)
    elif was.quiet != now.quiet:
        await quiet.note(tx, user_id, quiet=now.quiet)


def by_key(nodes: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The nodes by their keys."""
    return {node["key"]: node for node in nodes}


def people_of(events: Iterable[Event]) -> set[str]:
    """Everybody whose standing decides about ``events``."""
    people = set()
    for event in events:
        people.add(event.user_id)
        if event.target_user_id is not None:
            people.add(event.target_user_id)
    return people
