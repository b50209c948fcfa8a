"""Erasing a person: whatever the database holds about somebody goes, and nothing of them is recorded from then on.

First the person is marked as erased (``graph.standings``), in a transaction that every writer sees. Then the events go,
some at a time, so that others record and read meanwhile a graph of exactly the events that are there. How far it has
come stands on a node of its own, which alone names the person until the end: what was stopped goes on when the process
starts again, or when it is asked for again, and what several processes do at once is done once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import structlog

from graph.changes import mark
from graph.driver import Database, Transaction
from graph.erasable import PATIENCE_S, foreseen, traces
from graph.errors import DATABASE_ERRORS
from graph.pages import END_OF_TIME
from graph.queries import statement
from graph.removing import remove
from graph.slot_names import forget_name
from graph.stamps import stamp
from graph.standings import Standings
from signals.clock import from_ms, to_ms
from signals.erasure import Certificate, batches
from signals.errors import Unavailable
from signals.removal import Removed
from signals.rollups import day_of
from signals.vocabulary import Vocabulary

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LOCK = statement("lock")
ERASE_AUTHORSHIPS = statement("erase_authorships")
ERASE_BESIDES = statement("erase_besides")
ERASE_KEYS = statement("erase_keys")
ERASE_USER = statement("erase_user")
ERASURE_READ = statement("erasure_read")
ERASURE_WRITE = statement("erasure_write")
ERASURES_OF_PERSON = statement("erasures_of_person")
ERASURES_RUNNING = statement("erasures_running")

RUNNING, DONE = "running", "done"
AT_ONCE = 250
"""Events that are taken out in one transaction, at most."""
FEWEST = 25
LONG_S = 0.5
"""From so many seconds a transaction takes long, and the next has half as many events, but no fewer than these."""
CONTENTS = 500
"""Contents that lose their author in one transaction."""
SOON = timedelta(seconds=1)
"""So that the entry about the erasure itself, made in the same millisecond maybe, is renamed as well."""
DAYS = 20
"""Days whose slots are read, and written where the person's name stands in them, in one transaction."""
PAUSE_S = 5.0
"""Until it is tried again after the database was away."""
BREATH = 0.25
"""How long others are left alone after each transaction, as a share of the time that it took."""

T = TypeVar("T")


class Turns(Protocol):
    """What lets a transaction have its turn among those of the writer."""

    async def in_turn(self, work: Callable[[Transaction], Awaitable[T]], patience_s: float, /) -> T: ...


class Audits(Protocol):
    """The log of who read what about whom."""

    async def forget(self, user_id: str, until: datetime, /) -> int:
        """Name a person by a hash alone in everything before ``until``; in how many entries."""
        ...


class Eraser:
    """Implements ``resolvers.ports.Eraser``. ``clock`` gives the present."""

    def __init__(
        self,
        database: Database,
        writer: Turns,
        standings: Standings,
        audits: Audits,
        vocabulary: Vocabulary,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._writer = writer
        self._standings = standings
        self._audits = audits
        self._vocabulary = vocabulary
        self._clock = clock
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._open = False
        self._size = AT_ONCE

    async def erase(self, user_id: str, at: datetime, wait_s: float) -> Certificate:
        """Erase a person, who was not erased before, and answer when that is done, or how far it is after ``wait_s``.

        Raises Unavailable, also before it is open: while the graph is prepared nobody may change it.
        """
        if not self._open:
            raise Unavailable
        begun = await self._writer.in_turn(partial(self._begin, user_id=user_id, at=at), PATIENCE_S)
        certificate = certificate_of(begun)
        if certificate.finished_at is not None:
            return certificate
        await asyncio.wait([self._going_on(begun["id"], user_id)], timeout=wait_s)
        return certificate_of(await self._writer.in_turn(partial(_read, id=begun["id"]), PATIENCE_S))

    async def foresee(self, user_id: str, at: datetime) -> Certificate:
        """What erasing somebody now would take out; changes nothing. Raises Unavailable."""
        key = (await self._standings.keys()).of(user_id)
        removed = await foreseen(self._database, user_id)
        rows = await self._database.read(ERASE_BESIDES, {"id": user_id, "until": END_OF_TIME})
        besides = {row["kind"]: row["n"] for row in rows}
        return Certificate(
            id=None,
            person=key,
            requested_at=at,
            removed=removed,
            authorships=besides.get("authorships", 0),
            api_keys=besides.get("keys", 0),
        )

    async def certificates(self, user_id: str, first: int) -> list[Certificate]:
        """Of a person, the latest first. Raises Unavailable."""
        key = (await self._standings.keys()).of(user_id)
        rows = await self._database.read(ERASURES_OF_PERSON, {"key": key, "limit": first})
        return [certificate_of(row["erasure"]) for row in rows]

    async def lift(self, user_id: str) -> bool:
        """Let somebody be recorded again; False where the erasure is not finished. Raises Unavailable."""
        return await self._writer.in_turn(partial(self._lifted, user_id=user_id), PATIENCE_S)

    def open(self) -> None:
        """From now on: the graph is prepared."""
        self._open = True

    async def resume(self) -> None:
        """Open, and go on with what was stopped. Raises Unavailable."""
        self.open()
        for row in await self._database.read(ERASURES_RUNNING):
            log.info("an erasure goes on", erasure=row["erasure"]["id"])
            self._going_on(row["erasure"]["id"], row["erasure"]["userId"])

    async def stop(self) -> None:
        """Stop between two transactions, or in one, which leaves nothing."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _going_on(self, id: str, user_id: str) -> asyncio.Task[None]:
        """The task that is at it."""
        task = self._under_way.get(id)
        if task is None:
            task = self._under_way[id] = asyncio.create_task(self._finished(id, user_id), name="erasure")
            task.add_done_callback(lambda _: self._under_way.pop(id, None))
        return task

    async def _finished(self, id: str, user_id: str) -> None:
        """Return when it is done; a database that is gone is waited for."""
        while True:
            try:
                return await self._all(id, user_id)
            except Unavailable as error:
                log.warning("an erasure goes on later", erasure=id, reason=str(error))
            except DATABASE_ERRORS as error:
                log.error("an erasure cannot go on; ask for it again", erasure=id, cause=type(error).__name__)
                return None
            await asyncio.sleep(PAUSE_S)

    async def _all(self, id: str, user_id: str) -> None:
        days = await self._days(id, user_id)
        while await self._events(id, user_id):
            log.debug("looking whether all of it is gone", erasure=id)
        for start in range(0, len(days), DAYS):
            await self._turn(partial(forget_name, user_id=user_id, days=days[start : start + DAYS]))
        while await self._turn(partial(self._authorships, id=id, user_id=user_id)):
            log.debug("more contents", erasure=id)
        audits = await self._audits.forget(user_id, self._clock() + SOON)
        await self._turn(partial(self._end, id=id, user_id=user_id, audits=audits))
        log.info("an erasure is done", erasure=id)

    async def _days(self, id: str, user_id: str) -> list[int]:
        """The days on which the person did anything, before the first event went: noted, for later nobody knows."""
        noted = (await self._turn(partial(_read, id=id))).get("trail")
        if noted is None:
            found = {day_of(t.at) async for span in traces(self._database, user_id) for t in span if t.actor == user_id}
            noted = " ".join(map(str, sorted(found)))
            await self._turn(partial(_note, id=id, noted={"trail": noted}))
        return [int(day) for day in noted.split()]

    async def _events(self, id: str, user_id: str) -> bool:
        """Take out all events that are there now; whether there were any."""
        found = False
        async for span in traces(self._database, user_id):
            for ids in batches(span, user_id, AT_ONCE):
                found = True
                await self._in_parts(id, user_id, ids)
        return found

    async def _in_parts(self, id: str, user_id: str, ids: list[str]) -> None:
        """Take events out, fewer at a time where a transaction takes so long that others would wait."""
        clock = asyncio.get_running_loop().time
        while ids:
            some, ids = ids[: self._size], ids[self._size :]
            started = clock()
            await self._turn(partial(self._removed, id=id, user_id=user_id, ids=some))
            if clock() - started > LONG_S:
                self._size = max(FEWEST, self._size // 2)
            else:
                self._size = min(AT_ONCE, 2 * self._size)

    async def _turn(self, work: Callable[[Transaction], Any]) -> Any:
        started = asyncio.get_running_loop().time()
        answer = await self._writer.in_turn(work, PATIENCE_S)
        await asyncio.sleep(BREATH * (asyncio.get_running_loop().time() - started))
        return answer

    async def _begin(self, tx: Transaction, user_id: str, at: datetime) -> Mapping[str, Any]:
        """Nothing more is recorded of the person; the erasure that goes with that."""
        standing = await self._standings.erase(tx, user_id, at)
        key = (await self._standings.keys(tx)).of(user_id)
        since = to_ms(standing.erased_at or at)
        rows = await tx.run(ERASURES_OF_PERSON, {"key": key, "limit": 1})
        if rows and rows[0]["erasure"]["requestedAt"] == since:
            return dict(rows[0]["erasure"])
        begun = {"id": uuid4().hex, "key": key, "userId": user_id, "state": RUNNING, "requestedAt": since}
        await tx.run(ERASURE_WRITE, {"id": begun["id"], "p": begun})
        return begun

    async def _removed(self, tx: Transaction, id: str, user_id: str, ids: Sequence[str]) -> None:
        removed = await remove(tx, ids, self._vocabulary, leaving=user_id)
        await _add(tx, id, asdict(removed))

    async def _authorships(self, tx: Transaction, id: str, user_id: str) -> bool:
        """Take the author's name from some contents; whether there were any."""
        await tx.run(LOCK, {"holder": uuid4().hex})
        rows = await tx.run(ERASE_AUTHORSHIPS, {"id": user_id, "limit": CONTENTS, "changed": stamp()})
        await mark(tx, [row["key"] for row in rows])
        await _add(tx, id, {"authorships": len(rows)})
        return bool(rows)

    async def _end(self, tx: Transaction, id: str, user_id: str, audits: int) -> None:
        """What is left, and the name on the certificate."""
        await tx.run(LOCK, {"holder": uuid4().hex})
        if (await _read(tx, id))["state"] == DONE:
            return
        at = to_ms(self._clock())
        keys = await tx.run(ERASE_KEYS, {"id": user_id, "at": at, "until": END_OF_TIME})
        await tx.run(ERASE_USER, {"id": user_id})
        await _add(tx, id, {"apiKeys": len(keys), "audits": audits})
        await tx.run(ERASURE_WRITE, {"id": id, "p": {"state": DONE, "finishedAt": at, "userId": None, "trail": None}})

    async def _lifted(self, tx: Transaction, user_id: str) -> bool:
        await tx.run(LOCK, {"holder": uuid4().hex})
        key = (await self._standings.keys(tx)).of(user_id)
        rows = await tx.run(ERASURES_OF_PERSON, {"key": key, "limit": 1})
        if rows and rows[0]["erasure"]["state"] == RUNNING:
            return False
        await self._standings.readmit(tx, user_id)
        return True


async def _read(tx: Transaction, id: str) -> Mapping[str, Any]:
    [row] = await tx.run(ERASURE_READ, {"id": id})
    return dict(row["erasure"])


async def _note(tx: Transaction, id: str, noted: Mapping[str, Any]) -> None:
    await tx.run(ERASURE_WRITE, {"id": id, "p": noted})


async def _add(tx: Transaction, id: str, more: Mapping[str, int]) -> None:
    """Add to the numbers of an erasure."""
    known = await _read(tx, id)
    sums = {name: known.get(name, 0) + n for name, n in more.items() if n}
    if sums:
        await tx.run(ERASURE_WRITE, {"id": id, "p": sums})


def certificate_of(node: Mapping[str, Any]) -> Certificate:
    """The certificate that a node's properties stand for."""
    finished = node.get("finishedAt")
    return Certificate(
        id=node["id"],
        person=node["key"],
        requested_at=from_ms(node["requestedAt"]),
        finished_at=None if finished is None else from_ms(finished),
        removed=Removed(**{f.name: node.get(f.name, 0) for f in fields(Removed)}),
        authorships=node.get("authorships", 0),
        api_keys=node.get("apiKeys", 0),
        audits=node.get("audits", 0),
    )
