"""The rehearsal of erasing somebody, in a transaction that is taken back: see ``graph.rehearsal``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from graph.driver import Database, Transaction
from graph.erasable import sizes
from graph.erasing import ERASURES_RUNNING, Eraser
from graph.personal_data import PersonalDataReader
from graph.slot_names import SLOTS_REWRITE, forget_name
from graph.standings import Standings
from signals.audit import AuditPage
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

    async def entries(self, *_: object) -> AuditPage:
        return AuditPage((), (), has_next=False)


async def rehearse_erasing_in(
    tx: Transaction, database: Database, vocabulary: Vocabulary, nobody: str, now: datetime
) -> None:
    """Erase somebody who does not exist."""
    within = _Within(tx)
    eraser = Eraser(database, within, Standings(database), within, vocabulary, lambda: now)
    eraser.open()
    await eraser.erase(nobody, now, PATIENCE_S)
    await forget_name(tx, nobody, [0])
    await tx.run(SLOTS_REWRITE, {"p": {"segments": [], "days": []}})
    await eraser.lift(nobody)
    await eraser.foresee(nobody, now)
    await eraser.certificates(nobody, 1)
    await sizes(database, {kind: [nobody] for kind in KINDS})
    await database.read(ERASURES_RUNNING)
    await _holdings(database, within, nobody)


async def _holdings(database: Database, within: _Within, nobody: str) -> None:
    """Everything that is held about somebody who does not exist."""
    held = PersonalDataReader(database, Standings(database), within)
    after = (await held.held_about(nobody, 1, None)).next
    while after is not None:
        after = (await held.held_about(nobody, 1, after)).next
