"""An event as the properties of its node, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from signals.clock import from_ms, to_ms
from signals.connections import pair_key
from signals.events import JSON, ContentRef, Device, EntityRef, Event, Face
from signals.pairs import pair_of
from signals.vocabulary import Behaviour, Vocabulary


def rank_of(id: str) -> str:
    """ASCII text that sorts as ``id`` does by code point.

    Neo4j filters strings by UTF-16 unit and sorts them by code point, which differ beyond the BMP: a filter that goes
    on where a sort ended compares ranks.
    """
    return id if id.isascii() else "".join(c if c < "\x7f" else f"\x7f{ord(c):06x}" for c in id)


def properties(event: Event, fingerprint: int, seq: int, vocabulary: Vocabulary) -> dict[str, Any]:
    """The node's properties; what is None is left out. Times are epoch ms, JSON values are text."""
    entity = event.entity
    row: dict[str, Any] = {
        "id": event.id,
        "rank": None if event.id.isascii() else rank_of(event.id),
        "seq": seq,
        "fp": fingerprint,
        "face": event.face.value,
        "name": event.name,
        "category": event.category,
        "action": event.action,
        "type": event.type,
        "actorId": event.user_id,
        "contentKey": event.content.key if event.content is not None else None,
        "targetUserId": event.target_user_id,
        "entityType": entity.type if entity is not None else None,
        "entityId": entity.id if entity is not None else None,
        "pair": pair_of(event),
        "connection": _connection(event, vocabulary),
        "at": to_ms(event.occurred_at),
        "receivedAt": to_ms(event.received_at),
        "reportedAt": _ms(event.reported_at),
        "sentAt": _ms(event.sent_at),
        "sessionId": event.session_id,
        "durationMs": event.duration_ms,
        "metadata": _text(event.metadata),
        "context": _text(event.context),
        "scrollDepth": event.scroll_depth,
        "reaction": event.reaction,
        "position": event.position,
        "impressionId": event.impression_id,
        "shownAt": to_ms(event.occurred_at) if _shown(event) else None,
        "source": event.source,
        "points": event.points,
        "device": _device_text(event.device),
        "deviceType": event.device.type if event.device is not None else None,
        "country": event.country,
        "timeZone": event.time_zone,
    }
    return {name: value for name, value in row.items() if value is not None}


CARRIED = (
    "rank",
    "reportedAt",
    "sentAt",
    "metadata",
    "context",
    "reaction",
    "position",
    "impressionId",
    "shownAt",
    "source",
    "device",
    "retractReason",
)
"""What no aggregate is made of, and an event loses when it expires."""


def is_husk(node: Mapping[str, Any]) -> bool:
    """Whether nothing is left of an event but its id and fingerprint."""
    return "face" not in node


def event_of(node: Mapping[str, Any]) -> Event:
    """The event that a node's properties stand for."""
    get = node.get
    content, entity = get("contentKey"), get("entityType")
    return Event(
        id=node["id"],
        face=Face(node["face"]),
        name=node["name"],
        category=node["category"],
        action=node["action"],
        user_id=node["actorId"],
        content=ContentRef.of(content) if content is not None else None,
        target_user_id=get("targetUserId"),
        entity=EntityRef(entity, node["entityId"]) if entity is not None else None,
        occurred_at=from_ms(node["at"]),
        received_at=from_ms(node["receivedAt"]),
        reported_at=_instant(get("reportedAt")),
        sent_at=_instant(get("sentAt")),
        session_id=get("sessionId"),
        duration_ms=get("durationMs"),
        metadata=_value(get("metadata")),
        context=_value(get("context")),
        scroll_depth=get("scrollDepth"),
        reaction=get("reaction"),
        position=get("position"),
        impression_id=get("impressionId"),
        source=get("source"),
        points=get("points"),
        device=_device(get("device"), get("deviceType")),
        country=get("country"),
        time_zone=get("timeZone"),
        retracted_at=_instant(get("retractedAt")),
        retract_reason=get("retractReason"),
        expired_at=_instant(get("expiredAt")),
    )


def _shown(event: Event) -> bool:
    """Whether it is an impression that later events can be joined with."""
    return event.face is Face.CONTENT and event.name == "IMPRESSION" and event.impression_id is not None


def _connection(event: Event, vocabulary: Vocabulary) -> str | None:
    if event.target_user_id is None:
        return None
    if vocabulary.term(event.face, event.name).behaviour is not Behaviour.CONNECTION:
        return None
    return pair_key(event.user_id, event.target_user_id)


def _ms(instant: datetime | None) -> int | None:
    return None if instant is None else to_ms(instant)


def _instant(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)


def _text(value: JSON) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _value(text: str | None) -> JSON:
    value: JSON = None if text is None else orjson.loads(text)
    return value


def _device_text(device: Device | None) -> str | None:
    return None if device is None else orjson.dumps(device).decode()


def _device(text: str | None, type: str | None) -> Device | None:
    """Of an expired event the type is left."""
    if text is None:
        return None if type is None else Device(type)
    return Device(**orjson.loads(text))
