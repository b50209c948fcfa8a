"""Who is not reckoned with in rankings: implements ``resolvers.ports.Discretion``.

Rankings meet thousands of people at once, so the list of those who objected is kept in memory, by id: all of it at
first, then what changed, which is asked for once a second.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Set

from graph.driver import Database, Transaction
from graph.queries import statement

NEXT = statement("quiet_next")
WRITE = statement("quiet_write")
FORGET = statement("quiet_forget")
READ = statement("quiet_read")

EVERY_S = 1.0
"""How long another process may go on with what it knows."""


class QuietPeople:
    """The list, as it was at most a second ago. ``clock``: seconds, from anywhere."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._ids: Set[str] = frozenset()
        self._n = 0
        self._due: float | None = None
        self._turn = asyncio.Lock()

    async def quiet(self) -> Set[str]:
        """The ids of all who objected. Raises Unavailable."""
        if self._is_due():
            async with self._turn:
                if self._is_due():
                    await self._catch_up()
        return self._ids

    def stale(self) -> None:
        """Something was declared here: the next read asks."""
        self._due = None

    def _is_due(self) -> bool:
        return self._due is None or self._clock() >= self._due

    async def _catch_up(self) -> None:
        due = self._clock() + EVERY_S
        rows = await self._database.read(READ, {"n": self._n})
        if rows:
            back = {row["id"] for row in rows if not row["quiet"]}
            self._ids = (self._ids - back) | {row["id"] for row in rows if row["quiet"]}
            self._n = max(row["n"] for row in rows)
        self._due = due


async def note(tx: Transaction, user_id: str, *, quiet: bool) -> None:
    """Put somebody on the list, or say that they are to be reckoned with again, under the writers' lock."""
    [row] = await tx.run(NEXT)
    await tx.run(WRITE, {"id": user_id, "quiet": quiet, "n": row["n"]})


async def forget(tx: Transaction, user_id: str) -> None:
    """Keep nothing of somebody here, under the writers' lock."""
    await tx.run(FORGET, {"id": user_id})
