"""Events as a client would mean them, made in one line. Times are seconds after ``NOON``."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from signals.events import ContentRef, EntityRef, Event, Face
from signals.vocabulary import PROFILE_VISIT, Vocabulary

VOCABULARY = Vocabulary.load()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECEIVED = NOON + timedelta(days=30)
POST = ContentRef("POST", "1")
ARTICLE = ContentRef("ARTICLE", "1")

_ids = count(1)


def at(seconds: float) -> datetime:
    """The instant so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def _event(face: Face, name: str, seconds: float, **fields: Any) -> Event:
    term = VOCABULARY.term(face, name)
    fixed: dict[str, Any] = {
        "id": f"event-{next(_ids):06}",
        "category": term.category,
        "action": term.action,
        "occurred_at": at(seconds),
        "reported_at": at(seconds),
        "received_at": RECEIVED,
    }
    return Event(face=face, name=name, **(fixed | fields))


def did(name: str, user: str, ref: ContentRef = POST, seconds: float = 0, **fields: Any) -> Event:
    """A content interaction."""
    return _event(Face.CONTENT, name, seconds, category=ref.type.lower(), user_id=user, content=ref, **fields)


def met(name: str, user: str, other: str, seconds: float = 0, **fields: Any) -> Event:
    """A social interaction."""
    return _event(Face.SOCIAL, name, seconds, user_id=user, target_user_id=other, **fields)


def visited(user: str, profile: str, seconds: float = 0, **fields: Any) -> Event:
    """A profile visit."""
    return _event(Face.PROFILE, PROFILE_VISIT, seconds, user_id=user, target_user_id=profile, **fields)


def active(name: str, user: str, seconds: float = 0, entity: EntityRef | None = None, **fields: Any) -> Event:
    """An activity; its entity is content where the vocabulary says so. CUSTOM needs ``category`` and ``action``."""
    target = VOCABULARY.term(Face.ACTIVITY, name).target
    if entity is not None and target is not None and entity.type == target.lower():
        fields.setdefault("content", ContentRef(target, entity.id))
    return _event(Face.ACTIVITY, name, seconds, user_id=user, entity=entity, **fields)


def again(event: Event, **envelope: Any) -> Event:
    """The same facts in another envelope, as a retry brings them."""
    return replace(event, received_at=event.received_at + timedelta(minutes=5), **envelope)


def busy(chance: random.Random, count: int) -> list[Event]:
    """Events that fight over few users, contents, pairs and connections."""
    makers = (
        lambda s: did(chance.choice(("VIEW", "LIKE", "UNLIKE", "SAVE", "COMMENT")), chance.choice("abc"), POST, s),
        lambda s: did("VIEW", chance.choice("abc"), ContentRef("POST", str(chance.randint(1, 3))), s, duration_ms=7),
        lambda s: met(chance.choice(("CONNECTION_REQUEST", "CONNECTION_ACCEPT", "CONNECTION_REMOVE")), "a", "b", s),
        lambda s: met(chance.choice(("CONNECTION_ACCEPT", "CONNECTION_DECLINE")), "b", "a", s),
        lambda s: visited(chance.choice("abc"), "a", s, session_id=chance.choice("xy")),
    )
    return [chance.choice(makers)(chance.randint(0, 200_000)) for _ in range(count)]
