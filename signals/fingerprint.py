"""The fingerprint of an event's facts: what tells a repetition from another event under the same id."""

from __future__ import annotations

from hashlib import blake2b

import orjson

from signals.clock import to_ms
from signals.events import JSON, Event, Face
from signals.vocabulary import CUSTOM

INT64 = 2**63


def fingerprint(event: Event) -> int:
    """A signed 64-bit hash of the facts, the same on every machine and in every version.

    The facts: face and name, category and action of a CUSTOM activity, user, content, target user, entity, the time
    the client reported, session, duration, metadata, context, scroll depth, reaction, position, impression, source and
    points. Not facts: the id; the envelope (device, country, time zone, sent and received times) and the time that is
    corrected with it; the default time where the client reported none; what follows from the vocabulary, which may be
    edited (category and action of a known name, the content that an entity stands for).

    Numbers are compared by value (1 and 1.0 are the same), objects whatever the order of their keys, texts character by
    character (no Unicode normalisation), and null is the same as left out. A fact that is absent leaves no trace, so
    that a kind of fact added in a later version changes no fingerprint recorded before.
    """
    facts = orjson.dumps(_facts(event), option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(blake2b(facts, digest_size=8).digest(), "big", signed=True)


def _facts(event: Event) -> dict[str, JSON]:
    content, entity = event.content, event.entity
    activity = event.face is Face.ACTIVITY
    facts: dict[str, JSON] = {
        "face": event.face.value,
        "name": event.name,
        "type": event.type if activity and event.name == CUSTOM else None,
        "user": event.user_id,
        "content": None if content is None or activity else content.key,
        "target": event.target_user_id,
        "entity": None if entity is None else [entity.type, entity.id],
        "at": None if event.reported_at is None else to_ms(event.reported_at),
        "session": event.session_id,
        "duration": event.duration_ms,
        "metadata": _plain(event.metadata),
        "context": _plain(event.context),
        "scroll": _plain(event.scroll_depth),
        "reaction": event.reaction,
        "position": event.position,
        "impression": event.impression_id,
        "source": event.source,
        "points": _plain(event.points),
    }
    return {name: fact for name, fact in facts.items() if fact is not None}


def _plain(value: JSON) -> JSON:
    """``value`` with whole numbers as integers, however they were written."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and -INT64 <= value < INT64 else value
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value
