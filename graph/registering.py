"""Facts about content that do not come from events: author, creation, tags, language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from graph import changes
from graph.driver import Transaction
from graph.queries import statement
from graph.stamps import stamp
from graph.standings import Standings
from signals.clock import from_ms, to_ms
from signals.content import Content, Registration
from signals.events import ContentRef
from signals.items import named
from signals.packing import pack_rows, unpack_rows

REGISTER_READ = statement("register_read")
REGISTER_WRITE = statement("register_write")


async def register(tx: Transaction, registrations: Sequence[Registration], standings: Standings) -> list[Content]:
    """Set the facts given, keep the others; contents that repeat are set in order.

    Who was erased becomes nobody's author again.
    """
    keys = sorted({registration.content.key for registration in registrations})
    found = await tx.run(REGISTER_READ, {"holder": uuid4().hex, "keys": keys})
    erased = await standings.erased(tx, {r.author_id for r in registrations if r.author_id is not None})
    registrations = [replace(r, author_id=None) if r.author_id in erased else r for r in registrations]
    known = {row["content"]["key"]: dict(row["content"]) for row in found if row["kind"] == "content"}
    rows: dict[str, dict[str, Any]] = {}
    answers, mark = [], {"changed": stamp()}
    for registration in registrations:
        ref = registration.content
        row = rows.setdefault(ref.key, named(ref) | mark)
        row.update(_facts(registration))
        answers.append(content_of({**known.get(ref.key, {}), **row}))
    created, changed = [rows[key] for key in keys if key not in known], [rows[key] for key in keys if key in known]
    await tx.run(REGISTER_WRITE, {"created": created, "changed": changed})
    await changes.mark(tx, keys)
    return answers


def _facts(registration: Registration) -> dict[str, Any]:
    facts = {
        "registered": True,
        "authorId": registration.author_id,
        "createdAt": None if registration.created_at is None else to_ms(registration.created_at),
        "tags": None if registration.tags is None else pack_rows([registration.tags]),
        "language": registration.language,
    }
    return {name: value for name, value in facts.items() if value is not None}


def content_of(node: Mapping[str, Any]) -> Content:
    """The content that a node's properties stand for."""
    created = node.get("createdAt")
    tags = unpack_rows(node.get("tags"))
    return Content(
        ref=ContentRef(node["type"], node["id"]),
        author_id=node.get("authorId"),
        created_at=None if created is None else from_ms(created),
        tags=tuple(tags[0]) if tags else (),
        language=node.get("language"),
    )
