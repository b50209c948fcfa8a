"""The rehearsal of erasing somebody, in a transaction that is taken back: see ``graph.rehearsal``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from graph.driver import Database, Transaction
from graph.erasable import sizes
from graph.erasing import ERASURES_RUNNING, Eraser
from graph.standings import Standings
from signals.vocabulary import Vocabulary

T = TypeVar("T")
PATIENCE_S = 60.0
KINDS = ("users", "contents", "interacted", "ties", "connections", "days")


class _Within:
    """Gives everybody the same transaction; knows of no audit."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def in_turn(self, work: Callable[[Transaction], Awaitable[T]], _: float, /) -> T:
        return await work(self._tx)

    async def forget(self, *_: object) -> int:
        return 0


async def rehearse_erasing_in(
    tx: Transaction, database: Database, vocabulary: Vocabulary, nobody: str, now: datetime
) -> None:
    """Erase somebody who does not exist."""
    within = _Within(tx)
    eraser = Eraser(database, within, Standings(database), within, vocabulary, lambda: now)
    await eraser.erase(nobody, now, PATIENCE_S)
    await eraser.lift(nobody)
    await eraser.foresee(nobody, now)
    await eraser.certificates(nobody, 1)
    await sizes(database, {kind: [nobody] for kind in KINDS})
    await database.read(ERASURES_RUNNING)
