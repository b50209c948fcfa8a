"""A rehearsal of the audit log's statements, of entries that are far in the past."""

from __future__ import annotations

import asyncio

from graph.audit import ABOUT, FIRST, PAGE, RENAME, WRITE
from graph.driver import Database, Transaction


async def rehearse_audit_in(transaction: Transaction, nobody: str) -> None:
    """What writes, in a transaction that is taken back."""
    entry = {"id": nobody, "at": 0, "subjects": [nobody], "fields": [nobody]}
    await transaction.run(WRITE, {"p": {"entries": [entry]}})
    await transaction.run(RENAME, {"p": {"entries": [{"id": nobody, "subjects": [nobody]}]}})


async def rehearse_audit(database: Database, nobody: str) -> None:
    """What reads."""
    who = {"principal": nobody, "user": nobody, "key": nobody}
    await asyncio.gather(
        database.read(FIRST, {"until": 1}),
        database.read(PAGE, {**who, "from": 0, "at": 1, "id": "", "limit": 1}),
        database.read(ABOUT, {"user": nobody, "from": 0, "until": 1}),
    )
