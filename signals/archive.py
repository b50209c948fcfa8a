"""What an archive of the log holds, one JSON object per record: everything that the graph follows from.

``{"event": ...}``: an event with all facts and its envelope, also one that was taken back; of an expired one what is
left, and the fingerprint of what it was. ``{"husk": ...}``: the id of an event that retention took out. ``{"content":
...}``: what was registered. ``{"habits": ...}``: figures that reads of the past go by. ``{"salt": ...}`` and
``{"standing": ...}``: what was declared about people, by keys that hold no id; ``{"objection": ...}``: who objected to
being reckoned with in rankings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from signals.checks import (
    CONTROL,
    decimal,
    instant,
    language,
    refuse,
    refuse_surrogates,
    snake_case,
    tags,
    whole_number,
    within_64_bits,
)
from signals.content import Registration
from signals.events import ContentRef, Device, EntityRef, Event, Face
from signals.forms import Check, Field, Form, Wrong, nested, one_of
from signals.habits import Habits
from signals.json_values import json_value
from signals.limits import ID_LENGTH, INT64_MAX, INT64_MIN, SCROLL_DEPTH_MAX, SHORT_TEXT_LENGTH, TEXT_LENGTH
from signals.outcomes import InvalidInput, Problem
from signals.standing import Declaration, Standing

FORMAT = 1
"""Of the records. A higher one is written by a newer release and not read by this one."""
NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")
HEXADECIMAL = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class StoredHabits:
    """``value``: how many events had been recorded when the figures were stored."""

    at: datetime
    value: int
    habits: Habits


@dataclass(frozen=True, slots=True)
class Salt:
    """By which people are known in this archive where their ids may not be kept: 64 hexadecimal digits."""

    value: str


@dataclass(frozen=True, slots=True)
class KeptStanding:
    """What was declared about the person of this key."""

    key: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Objection:
    """Somebody whom rankings are not to reckon with, by the id that they know people by."""

    user_id: str


@dataclass(frozen=True, slots=True)
class Stripped:
    """An event whose contents retention took; ``print``: the fingerprint of all it was."""

    event: Event
    print: int


@dataclass(frozen=True, slots=True)
class Husk:
    """An id that stays taken, by the fingerprint of the event that had it."""

    id: str
    print: int
    expired_at: datetime


Record: TypeAlias = Event | Stripped | Husk | Registration | StoredHabits | Salt | KeptStanding | Objection


def kept(longest: int) -> Check:
    """A check for text that was stored: 1 to ``longest`` characters without control characters."""

    def check(value: object) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            raise Wrong.because(f"must be a text of 1 to {longest} characters")
        refuse(CONTROL, value, "the control character")
        refuse_surrogates(value)
        return value

    return check


def matching(pattern: re.Pattern[str], what: str) -> Check:
    """A check for a text of this form."""

    def check(value: object) -> str:
        if not isinstance(value, str) or not pattern.match(value) or len(value) > SHORT_TEXT_LENGTH:
            raise Wrong.because(f"must be {what}")
        return value

    return check


def count(value: object) -> int:
    """A check for how many."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= INT64_MAX:
        raise Wrong.because("must be a whole number from 0")
    return value


def fingerprint(value: object) -> int:
    """A check for a signed 64-bit number, written as text: not every program reads such numbers whole."""
    try:
        if isinstance(value, str) and len(value) <= len(str(INT64_MIN)):
            return within_64_bits(int(value))
    except ValueError:
        pass
    raise Wrong.because("must be a whole number of 64 bits, as text")


def flag(value: object) -> bool:
    """A check for yes or no."""
    if not isinstance(value, bool):
        raise Wrong.because("must be true or false")
    return value


def several(check: Check) -> Check:
    """A check for a list of what ``check`` takes."""

    def check_all(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong.because("must be a list")
        return tuple(map(check, value))

    return check_all


identifier, name = kept(ID_LENGTH), matching(NAME, "a name in capitals")
reference = nested(
    Form({"type": Field("type", name, required=True), "id": Field("id", identifier, required=True)}), ContentRef
)
entity = nested(
    Form({"type": Field("type", snake_case, required=True), "id": Field("id", identifier, required=True)}), EntityRef
)
device = nested(
    Form(
        {
            "type": Field("type", kept(TEXT_LENGTH)),
            "browser": Field("browser", kept(TEXT_LENGTH)),
            "browserVersion": Field("browser_version", kept(TEXT_LENGTH)),
            "os": Field("os", kept(TEXT_LENGTH)),
            "platform": Field("platform", kept(TEXT_LENGTH)),
            "appVersion": Field("app_version", kept(TEXT_LENGTH)),
        }
    ),
    Device,
)

EVENT: Mapping[str, Field] = {
    "id": Field("id", identifier, required=True),
    "face": Field("face", one_of({face.value: face for face in Face}, "a face"), required=True),
    "name": Field("name", name, required=True),
    "category": Field("category", snake_case, required=True),
    "action": Field("action", snake_case, required=True),
    "userId": Field("user_id", identifier, required=True),
    "content": Field("content", reference),
    "targetUserId": Field("target_user_id", identifier),
    "entity": Field("entity", entity),
    "occurredAt": Field("occurred_at", instant, required=True),
    "receivedAt": Field("received_at", instant, required=True),
    "reportedAt": Field("reported_at", instant),
    "sentAt": Field("sent_at", instant),
    "sessionId": Field("session_id", identifier),
    "durationMs": Field("duration_ms", whole_number),
    "metadata": Field("metadata", json_value),
    "context": Field("context", json_value),
    "scrollDepth": Field("scroll_depth", decimal(0.0, SCROLL_DEPTH_MAX)),
    "reaction": Field("reaction", kept(TEXT_LENGTH)),
    "position": Field("position", whole_number),
    "impressionId": Field("impression_id", identifier),
    "source": Field("source", kept(TEXT_LENGTH)),
    "points": Field("points", decimal()),
    "device": Field("device", device),
    "country": Field("country", kept(TEXT_LENGTH)),
    "timeZone": Field("time_zone", kept(TEXT_LENGTH)),
    "retractedAt": Field("retracted_at", instant),
    "retractReason": Field("retract_reason", kept(TEXT_LENGTH)),
    "expiredAt": Field("expired_at", instant),
}
PRINT = "fingerprint"
"""What a stripped event has besides."""
HUSK: Mapping[str, Field] = {
    "id": Field("id", identifier, required=True),
    PRINT: Field("print", fingerprint, required=True),
    "expiredAt": Field("expired_at", instant, required=True),
}
DEVICE = {"type": "type", "browser": "browser", "browserVersion": "browser_version", "os": "os"}
DEVICE |= {"platform": "platform", "appVersion": "app_version"}
CONTENT: Mapping[str, Field] = {
    "content": Field("content", reference, required=True),
    "authorId": Field("author_id", identifier),
    "createdAt": Field("created_at", instant),
    "tags": Field("tags", tags),
    "language": Field("language", language),
}
HABITS: Mapping[str, Field] = {
    "at": Field("at", instant, required=True),
    "value": Field("value", count, required=True),
    **{each: Field(each, decimal(), required=True) for each in Habits().named()},
}
DECLARATION: Mapping[str, Field] = {
    "at": Field("at", instant, required=True),
    "analytics": Field("analytics", flag),
    "personalisation": Field("personalisation", flag),
}
STANDING: Mapping[str, Field] = {
    "key": Field("key", matching(HEXADECIMAL, "64 hexadecimal digits"), required=True),
    "analytics": Field("analytics", flag),
    "personalisation": Field("personalisation", flag),
    "declared": Field("declared", several(nested(Form(DECLARATION), Declaration))),
    "erasedAt": Field("erased_at", instant),
}


def packed(record: Record) -> dict[str, Any]:
    """The record as JSON; what is None is left out."""
    match record:
        case Event():
            return {"event": _packed(EVENT, record)}
        case Stripped():
            return {"event": {**_packed(EVENT, record.event), PRINT: str(record.print)}}
        case Husk():
            return {"husk": {"id": record.id, PRINT: str(record.print), "expiredAt": _plain(record.expired_at)}}
        case Registration():
            return {"content": _packed(CONTENT, record)}
        case StoredHabits():
            return {"habits": {"at": _plain(record.at), "value": record.value, **record.habits.named()}}
        case Salt():
            return {"salt": record.value}
        case Objection():
            return {"objection": {"userId": record.user_id}}
        case KeptStanding():
            return {"standing": {"key": record.key, **_packed(STANDING, record.standing)}}


def unpacked(raw: object) -> Record | InvalidInput:
    """The record that ``raw`` stands for, or what is wrong with it."""
    if not isinstance(raw, Mapping) or len(raw) != 1:
        return InvalidInput((Problem((), f"must be an object with one of {', '.join(KINDS)}"),))
    [(kind, value)] = raw.items()
    if kind not in KINDS:
        return InvalidInput((Problem((), f"must be an object with one of {', '.join(KINDS)}"),))
    try:
        record: Record = KINDS[kind](value)
    except Wrong as wrong:
        return InvalidInput(tuple(Problem((kind, *problem.path), problem.message) for problem in wrong.problems))
    return record


def _packed(fields: Mapping[str, Field], record: object) -> dict[str, Any]:
    """The fields that ``record`` has and that are not None."""
    found = ((key, getattr(record, field.name, None)) for key, field in fields.items())
    return {key: _plain(value) for key, value in found if value is not None}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case ContentRef() | EntityRef():
            return {"type": value.type, "id": value.id}
        case Device():
            return {key: part for key, name in DEVICE.items() if (part := getattr(value, name)) is not None}
        case Declaration():
            return _packed(DECLARATION, value)
        case tuple():
            return [_plain(each) for each in value]
    return value


def _event(raw: object) -> Event | Stripped:
    if isinstance(raw, Mapping) and PRINT in raw:
        fp = HUSK[PRINT].check(raw[PRINT])
        event = _whole({key: value for key, value in raw.items() if key != PRINT})
        if event.expired_at is None:
            raise Wrong(Problem((PRINT,), "is of no use without expiredAt"))
        return Stripped(event, fp)
    event = _whole(raw)
    if event.expired_at is not None:
        raise Wrong(Problem((PRINT,), "is missing; an event that has expired needs it"))
    return event


def _whole(raw: object) -> Event:
    event: Event = nested(Form(EVENT), Event)(raw)
    if event.face is Face.CONTENT and event.content is None:
        raise Wrong(Problem(("content",), "is missing; it is required for this face"))
    if event.face in (Face.SOCIAL, Face.PROFILE) and event.target_user_id is None:
        raise Wrong(Problem(("targetUserId",), "is missing; it is required for this face"))
    return event


def _habits(at: datetime, value: int, **named: float) -> StoredHabits:
    return StoredHabits(at, value, Habits.of(named))


def _standing(
    key: str,
    analytics: bool | None = None,
    personalisation: bool | None = None,
    declared: tuple[Declaration, ...] = (),
    erased_at: datetime | None = None,
) -> KeptStanding:
    return KeptStanding(key, Standing(analytics, personalisation, declared, erased_at))


KINDS: Mapping[str, Callable[[Any], Record]] = {
    "event": _event,
    "husk": nested(Form(HUSK), Husk),
    "content": nested(Form(CONTENT), Registration),
    "habits": nested(Form(HABITS), _habits),
    "salt": lambda value: Salt(matching(HEXADECIMAL, "64 hexadecimal digits")(value)),
    "standing": nested(Form(STANDING), _standing),
    "objection": nested(Form({"userId": Field("user_id", kept(ID_LENGTH), required=True)}), Objection),
}
"""What reads each kind of record. Raises Wrong."""
