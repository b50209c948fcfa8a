"""The audit log in the graph: nodes of their own, which no event touches. Implements ``resolvers.ports.AuditLog``.

Where a person is erased, entries name them by their key (``graph.standings``) from then on. An entry is found by its
time; who looks for a person's entries walks backwards in spans that grow.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from graph import pages
from graph.driver import Database
from graph.errors import DATABASE_ERRORS, is_transient, translate
from graph.queries import Statement, statement
from graph.standings import Standings
from signals.audit import AuditEntry, AuditFilter, AuditKind, AuditPage, Deed
from signals.clock import DAY_MS, from_ms, to_ms

ABOUT = statement("audit_about")
FIRST = statement("audit_first")
PAGE = statement("audit_page")
RENAME = statement("audit_rename")
WRITE = statement("audit_write")

SPAN_MS = DAY_MS
GROWTH = 4
AT_ONCE = 500
"""Entries in a transaction."""
TRIES = 5
PAUSE_S = 0.02


class AuditStore:
    """Reads and writes entries. Raises Unavailable where the database is not there."""

    def __init__(self, database: Database, standings: Standings) -> None:
        self._database = database
        self._standings = standings

    async def add_entries(self, entries: Sequence[AuditEntry]) -> None:
        """Durable when it returns; an entry whose id is there already stays as it is."""
        names = await self._names(sorted({id for entry in entries for id in entry.deed.subjects}))
        for start in range(0, len(entries), AT_ONCE):
            rows = [_node(entry, names) for entry in entries[start : start + AT_ONCE]]
            await self._run(WRITE, {"p": {"entries": rows}})

    async def entries(self, filter: AuditFilter, first: int, after: str | None) -> AuditPage:
        """A page, newest first. Raises InvalidCursor."""
        since, until = to_ms(filter.since), to_ms(filter.until)
        at, id = (until, "") if after is None else min(pages.place(after), (until, ""))
        key = None if filter.user_id is None else (await self._standings.keys()).of(filter.user_id)
        who = {"principal": filter.principal, "user": filter.user_id, "key": key}
        found: list[Mapping[str, Any]] = []
        async for low, high in self._spans(since, at):
            span = {"from": low, "at": high, "id": id if high == at else "", "limit": first + 1 - len(found)}
            found += [row["entry"] for row in await self._database.read(PAGE, {**who, **span})]
            if len(found) > first:
                break
        shown = found[:first]
        return AuditPage(
            tuple(map(_entry, shown)), tuple(pages.cursor(dict(node)) for node in shown), has_next=len(found) > first
        )

    async def forget(self, user_id: str, until: datetime) -> int:
        """Name a person by their key alone in everything before ``until``; how many entries named them by their id."""
        key, count = (await self._standings.keys()).of(user_id), 0
        async for low, high in self._spans(0, to_ms(until)):
            rows = await self._database.read(ABOUT, {"from": low, "until": high, "user": user_id})
            for start in range(0, len(rows), AT_ONCE):
                some = [_renamed(row, user_id, key) for row in rows[start : start + AT_ONCE]]
                await self._run(RENAME, {"p": {"entries": some}})
            count += len(rows)
        return count

    async def _spans(self, since: int, until: int) -> AsyncIterator[tuple[int, int]]:
        """[low, high) backwards from ``until`` to ``since``, or to the first entry there is."""
        row = await self._database.single(FIRST, {"until": until + 1})
        first = None if row is None else row["at"]
        for span in () if first is None else spans(max(since, first), until):
            yield span

    async def _names(self, user_ids: Sequence[str]) -> Mapping[str, str]:
        """What each is called in an entry: the id, or the key of who was erased."""
        if not user_ids:
            return {}
        keys = await self._standings.keys()
        found = await self._standings.read(user_ids)
        return {id: keys.of(id) if one.erased_at else id for id, one in zip(user_ids, found, strict=True)}

    async def _run(self, statement: Statement, parameters: Mapping[str, Any]) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                async with self._database.transaction(name="audit") as transaction:
                    await transaction.run(statement, parameters)
            except DATABASE_ERRORS as error:
                if attempt == TRIES or not is_transient(error):
                    raise translate(error) from error
                await asyncio.sleep(PAUSE_S * 2**attempt)
            else:
                return


def spans(since: int, until: int) -> Iterator[tuple[int, int]]:
    """[low, high) in ms, backwards, ever longer; the last one begins at ``since``."""
    length = SPAN_MS
    while until >= since:
        low = max(since, until - length)
        yield low, until
        if low == since:
            return
        until, length = low, GROWTH * length


def _renamed(row: Mapping[str, Any], user_id: str, key: str) -> dict[str, Any]:
    return {"id": row["id"], "subjects": [key if id == user_id else id for id in row["subjects"]]}


def _node(entry: AuditEntry, names: Mapping[str, str]) -> dict[str, Any]:
    deed = entry.deed
    return {
        "id": entry.id,
        "at": to_ms(entry.at),
        "kind": deed.kind,
        "principal": deed.principal,
        "role": deed.role,
        "operation": deed.operation,
        "fields": list(deed.fields),
        "subjects": [names[id] for id in deed.subjects],
        "people": deed.people,
        "count": entry.count,
    }


def _entry(node: Mapping[str, Any]) -> AuditEntry:
    deed = Deed(
        kind=AuditKind(node["kind"]),
        principal=node["principal"],
        role=node["role"],
        fields=tuple(node.get("fields") or ()),
        operation=node.get("operation"),
        subjects=tuple(node.get("subjects") or ()),
        people=node["people"],
    )
    return AuditEntry(node["id"], from_ms(node["at"]), deed, node["count"])
