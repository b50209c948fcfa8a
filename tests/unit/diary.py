"""Entries of a diary in one line each. Times are epoch ms; ids follow the order in which they are made."""

from __future__ import annotations

from itertools import count
from typing import Any

import orjson

from signals.diary import Entry
from signals.events import Face
from tests.factories import VOCABULARY

_ids = count(1)


def entry(at: int, name: str = "LOGIN", face: Face = Face.ACTIVITY, **more: Any) -> Entry:
    """What ann did; its metadata is any JSON value."""
    term = VOCABULARY.term(face, name)
    content = more.get("content_key")
    category = term.category or (content.partition(":")[0].lower() if content else "custom")
    fixed: dict[str, Any] = {"id": f"e{next(_ids):06}", "actor_id": "ann", "category": category, "action": term.action}
    if "metadata" in more:
        more["metadata"] = orjson.dumps(more["metadata"]).decode()
    return Entry(at=at, face=term.face.value, name=name, **(fixed | more))


def saw(at: int, key: str = "POST:1", name: str = "VIEW", **more: Any) -> Entry:
    """What ann did with a content."""
    return entry(at, name, Face.CONTENT, content_key=key, **more)


def met(at: int, other: str, name: str = "MESSAGE_SENT", **more: Any) -> Entry:
    """What ann did towards somebody."""
    return entry(at, name, Face.SOCIAL, target_user_id=other, **more)
