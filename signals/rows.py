"""Rows of a file of activity as raw event input: what the API would be sent for them.

Columns: ``id, type, actor_id, target_type, target_id, occurred_at, session_id, user_agent, region, country``. The
first, second, third and ``occurred_at`` are needed; ``region`` is finer than what is kept of a place and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from signals.errors import InvalidArgument
from signals.events import Face
from signals.forms import listed, shown, suggestion
from signals.outcomes import InvalidInput, Problem
from signals.user_agents import device
from signals.vocabulary import Vocabulary

Raw: TypeAlias = dict[str, Any]
"""An EventInput, ``{"content": {..}}``, or ``{"registerContent": RegisterContentInput}``."""

COLUMNS = (
    "id",
    "type",
    "actor_id",
    "target_type",
    "target_id",
    "occurred_at",
    "session_id",
    "user_agent",
    "region",
    "country",
)
NEEDED = ("id", "type", "actor_id", "occurred_at")
WHY = {
    "id": "without it, importing again would record it twice",
    "occurred_at": "an import has to say when it happened",
    "occurredAt": "an import has to say when it happened",
}
REMEMBERED = 1000
"""Kinds of rows whose meaning is kept at hand."""
REGISTER = "registerContent"
FACES = {"content": "userId", "social": "userId", "profileVisit": "visitorId", "activity": "userId"}
"""The members of an EventInput, each with the field that says who acted."""
USER = "USER"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a type towards a kind of target stands for: ``VIEW`` of an ``ARTICLE``."""

    face: Face
    name: str
    target: str
    """The content type, or the entity type of an activity; empty for people and where there is no target."""


class Rows:
    """Translates rows. ``names``: foreign type names (in any case) by what they mean here, ``{"ANSWER": "reply"}``.

    Raises InvalidArgument for a meaning that the vocabulary does not have.
    """

    def __init__(self, vocabulary: Vocabulary, names: Mapping[str, str] | None = None) -> None:
        self._names = {face: frozenset(vocabulary.names(face)) for face in Face}
        self._content_types = frozenset(vocabulary.content_types)
        self._known = tuple(sorted(frozenset().union(*self._names.values())))
        self._foreign = {foreign.upper(): self._own(foreign, name) for foreign, name in (names or {}).items()}
        self._meanings: dict[tuple[str, str], Meaning | InvalidInput] = {}

    def _own(self, foreign: str, name: str) -> str:
        if name.upper() not in self._known:
            hint = suggestion(name, self._known)
            raise InvalidArgument(f"{foreign}={name}: {shown(name)} is no name in the vocabulary; {hint}")
        return name.upper()

    def event(self, row: Mapping[str, Any]) -> Raw | InvalidInput:
        """The input that stands for ``row``, keyed by column or already in the API's own shape, or what is wrong."""
        if len(row) == 1:
            return _own_shape(row)
        for column in NEEDED:
            if row.get(column) in (None, ""):
                return _missing(column)
        type, target_type = row["type"], row.get("target_type") or ""
        if not isinstance(type, str) or not isinstance(target_type, str):
            return _wrong("type", "target_type", because="must be strings")
        meaning = self._meanings.get((type, target_type)) or self._meaning(type, target_type)
        if isinstance(meaning, InvalidInput):
            return meaning
        return _input(meaning, row)

    def _meaning(self, type: str, target_type: str) -> Meaning | InvalidInput:
        meaning = self._face(type, self._foreign.get(type.upper(), type.upper()), target_type)
        if len(self._meanings) < REMEMBERED:
            self._meanings[type, target_type] = meaning
        return meaning

    def _face(self, type: str, name: str, target: str) -> Meaning | InvalidInput:
        content = target.upper()
        if content == USER:
            face = Face.SOCIAL
        elif name in self._names[Face.CONTENT] and content:
            if content not in self._content_types:
                known = tuple(sorted(self._content_types))
                return _wrong("target_type", because=f"{shown(target)} is no content type; {suggestion(target, known)}")
            return Meaning(Face.CONTENT, name, content)
        else:
            face = Face.ACTIVITY
        if name not in self._names[face]:
            return self._unknown(type, name, face, content)
        return Meaning(face, name, "" if face is Face.SOCIAL else target.lower())

    def _unknown(self, type: str, name: str, face: Face, content: str) -> InvalidInput:
        if face is Face.ACTIVITY and content in self._content_types:
            face = Face.CONTENT
        what = {Face.SOCIAL: "towards a user", Face.CONTENT: "done with content"}.get(face, "without a target")
        hint = suggestion(name, tuple(sorted(self._names[face])))
        return _wrong("type", because=f"{shown(type)} is nothing {what}; map it to a name that is; {hint}")


def _input(meaning: Meaning, row: Mapping[str, Any]) -> Raw:
    fields, target = _envelope(row), row.get("target_id")
    if meaning.face is Face.SOCIAL:
        return {"social": {**fields, "interaction": meaning.name, "targetUserId": target}}
    if meaning.face is Face.CONTENT:
        return {"content": {**fields, "interaction": meaning.name, "content": {"type": meaning.target, "id": target}}}
    entity = {"entity": {"type": meaning.target, "id": target}} if meaning.target else {}
    return {"activity": {**fields, "activity": meaning.name, **entity}}


def _envelope(row: Mapping[str, Any]) -> Raw:
    """What every event has."""
    fields = {"id": row["id"], "userId": row["actor_id"], "occurredAt": row["occurred_at"]}
    session = row.get("session_id")
    if session not in (None, ""):
        fields["sessionId"] = session
    agent = row.get("user_agent")
    if agent:
        fields["device"] = device(agent) if isinstance(agent, str) else agent
    country = row.get("country")
    if country:
        fields["country"] = country
    return fields


def columns(raw: Raw) -> dict[str, str] | None:
    """The row that says of an EventInput what the columns can say; None for what is no event. ``Rows`` reads it."""
    [(kind, fields)] = raw.items()
    if kind == REGISTER:
        return None
    target = fields.get("content") or fields.get("entity")
    to = fields.get("targetUserId") or fields.get("profileUserId")
    row = {
        "id": fields["id"],
        "type": fields.get("interaction") or fields.get("activity") or "PROFILE_VISIT",
        "actor_id": fields[FACES[kind]],
        "target_type": USER if to else target["type"].upper() if target else "",
        "target_id": to or (target["id"] if target else ""),
        "occurred_at": fields["occurredAt"],
        "session_id": fields.get("sessionId", ""),
        "country": fields.get("country", ""),
    }
    return {column: row.get(column, "") for column in COLUMNS}


def _own_shape(row: Mapping[str, Any]) -> Raw | InvalidInput:
    [(kind, fields)] = row.items()
    if kind == REGISTER:
        return dict(row)
    if kind not in FACES:
        return _wrong(str(kind), because=f"is no kind of event; one of {listed([*FACES, REGISTER], 'or')}")
    if not isinstance(fields, Mapping):
        return _wrong(kind, because="must be an object")
    for field in ("id", FACES[kind], "occurredAt"):
        if fields.get(field) in (None, ""):
            return _missing(kind, field)
    return dict(row)


def _missing(*path: str) -> InvalidInput:
    return _wrong(*path, because=f"is missing; {WHY.get(path[-1], 'it is required')}")


def _wrong(*path: str, because: str) -> InvalidInput:
    return InvalidInput((Problem(path, because),))
