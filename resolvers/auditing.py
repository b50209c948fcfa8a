"""Writing the audit log: acts before they happen, reads beside the request, equal ones counted together.

A read never waits. What is noted is written every second; what services read, once a minute for each field. The notes
are bounded: what has no room is counted, and the log itself says how much was lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import structlog

from resolvers.arguments import identified, page_size
from resolvers.ports import AuditLog
from signals.audit import AuditEntry, AuditFilter, AuditKind, AuditPage, Deed
from signals.errors import InvalidArgument, SociographError

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

EVERY_S: Final = 1.0
LAST_S: Final = 5.0
"""For the last entries, at the end."""
CAPACITY: Final = 10_000
"""Different deeds that wait to be written."""
USUAL: Final = timedelta(days=30)
"""How far back the log is read."""
ITSELF: Final = "sociograph"
"""Who says that something was lost."""


class Auditor:
    """Takes deeds down. ``log``: where they are kept; it may come later than this."""

    def __init__(self, log: Callable[[], AuditLog], now: Callable[[], datetime], *, capacity: int = CAPACITY) -> None:
        self._log, self._now, self._capacity = log, now, capacity
        self._noted: dict[tuple[datetime, Deed], int] = {}
        self._summed: dict[tuple[datetime, Deed], int] = {}
        self._unwritten: list[AuditEntry] = []
        self._lost = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def store(self) -> AuditLog:
        """Where the entries are kept."""
        return self._log()

    @property
    def waiting(self) -> int:
        """Deeds that are noted and not written."""
        return len(self._noted) + len(self._summed) + len(self._unwritten)

    async def act(self, deed: Deed, at: datetime) -> None:
        """Write a deed before it is done. Raises Unavailable: then it must not be done."""
        await self._log().add_entries([_entry(at, deed, 1)])

    def note(self, deed: Deed, at: datetime) -> None:
        """Have a deed written soon."""
        self._count(self._noted, (at.replace(microsecond=0), deed))

    def sum(self, deed: Deed, at: datetime) -> None:
        """Have a deed written with all that are equal to it, when the minute is over."""
        self._count(self._summed, (at.replace(second=0, microsecond=0), deed))

    async def start(self) -> None:
        """Begin to write what is noted."""
        self._task = asyncio.create_task(self._keep(), name="audit")

    async def stop(self) -> None:
        """Write all there is, if that can be done within five seconds."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        try:
            async with asyncio.timeout(LAST_S):
                await self.flush(everything=True)
        except TimeoutError:
            log.warning("the audit log could not be written to its end", entries=len(self._unwritten))

    async def flush(self, *, everything: bool = False) -> None:
        """Write what is noted, and the sums of minutes that are over. What cannot be written now is kept for later."""
        minute = self._now().replace(second=0, microsecond=0)
        due = [key for key in self._summed if everything or key[0] < minute]
        taken, lost = self._noted | {key: self._summed.pop(key) for key in due}, self._lost
        self._noted, self._lost = {}, 0
        self._unwritten += [_entry(at, deed, count) for (at, deed), count in taken.items()]
        if lost:
            self._unwritten.append(_entry(minute, Deed(AuditKind.LOST, ITSELF, ITSELF, ()), lost))
        try:
            if self._unwritten:
                await self._log().add_entries(self._unwritten)
                self._unwritten = []
        except SociographError as error:
            log.warning("the audit log cannot be written; it is tried again", cause=str(error))

    def _count(self, kept: dict[tuple[datetime, Deed], int], key: tuple[datetime, Deed]) -> None:
        if key in kept or self.waiting < self._capacity:
            kept[key] = kept.get(key, 0) + 1
        else:
            self._lost += 1

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self.flush()


async def page(
    audit: AuditLog,
    since: datetime | None,
    until: datetime | None,
    principal: str | None,
    user_id: str | None,
    first: int | None,
    after: str | None,
    now: datetime,
) -> AuditPage:
    """A page of the log, newest first. Raises InvalidArgument, InvalidCursor and LimitExceeded."""
    end = until or now
    begin = since or end - USUAL
    if begin >= end:
        raise InvalidArgument("until must be later than since.")
    about = None if user_id is None else identified(user_id)
    return await audit.entries(AuditFilter(begin, end, principal, about), page_size("first", first), after)


def _entry(at: datetime, deed: Deed, count: int) -> AuditEntry:
    return AuditEntry(str(uuid4()), at, deed, count)
