"""The input objects of the API as forms: their fields by the caller's names, and what may stand in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from signals.checks import decimal, identifier, instant, language, snake_case, tags, text, time_zone, whole_number
from signals.events import ContentRef, Device, EntityRef, Face
from signals.forms import Check, Field, Form, nested, one_of
from signals.json_values import json_value
from signals.limits import SCROLL_DEPTH_MAX, SHORT_TEXT_LENGTH
from signals.vocabulary import Vocabulary

DEVICE_TYPES = ("DESKTOP", "MOBILE", "TABLET", "OTHER")

USER = Field("user_id", identifier, required=True)
TARGET = Field("target_user_id", identifier, required=True)


def _device(**values: str | None) -> Device | None:
    """None where the client says nothing about its device."""
    return Device(**values) if any(values.values()) else None


DEVICE = Form(
    {
        "type": Field("type", one_of({name: name for name in DEVICE_TYPES}, "a device type")),
        "browser": Field("browser", text()),
        "browserVersion": Field("browser_version", text()),
        "os": Field("os", text()),
        "platform": Field("platform", text()),
        "appVersion": Field("app_version", text()),
    }
)

ENTITY = Form({"type": Field("type", snake_case, required=True), "id": Field("id", identifier, required=True)})

COMMON: Mapping[str, Field] = {
    "id": Field("id", identifier),
    "occurredAt": Field("reported_at", instant),
    "sentAt": Field("sent_at", instant),
    "sessionId": Field("session_id", identifier),
    "device": Field("device", nested(DEVICE, _device)),
    "country": Field("country", text(SHORT_TEXT_LENGTH)),
    "timeZone": Field("time_zone", time_zone),
    "durationMs": Field("duration_ms", whole_number),
}
"""What every event input takes, besides ``metadata`` and ``context``."""


def event_forms(vocabulary: Vocabulary, extra: Check = json_value) -> dict[Face, Form]:
    """ContentInteractionInput, SocialInteractionInput, ProfileVisitInput and ActivityInput.

    ``extra``: what may stand in ``metadata`` and ``context``.
    """
    common = {**COMMON, "metadata": Field("metadata", extra), "context": Field("context", extra)}
    fields = {
        Face.CONTENT: _content_fields(vocabulary),
        Face.SOCIAL: _social_fields(vocabulary),
        Face.PROFILE: {"visitorId": USER, "profileUserId": TARGET, "source": Field("source", text())},
        Face.ACTIVITY: _activity_fields(vocabulary),
    }
    return {face: Form({**common, **own}) for face, own in fields.items()}


def registration_form(vocabulary: Vocabulary) -> Form:
    """RegisterContentInput."""
    return Form(
        {
            "content": Field("content", _reference(vocabulary), required=True),
            "authorId": Field("author_id", identifier),
            "createdAt": Field("created_at", instant),
            "tags": Field("tags", tags),
            "language": Field("language", language),
        }
    )


def _content_fields(vocabulary: Vocabulary) -> dict[str, Field]:
    return {
        "userId": USER,
        "interaction": _term(vocabulary, Face.CONTENT, "a content interaction"),
        "content": Field("content", _reference(vocabulary), required=True),
        "scrollDepth": Field("scroll_depth", decimal(0.0, SCROLL_DEPTH_MAX)),
        "reaction": Field("reaction", text(SHORT_TEXT_LENGTH)),
        "position": Field("position", whole_number),
        "impressionId": Field("impression_id", identifier),
    }


def _social_fields(vocabulary: Vocabulary) -> dict[str, Field]:
    return {
        "userId": USER,
        "interaction": _term(vocabulary, Face.SOCIAL, "a social interaction"),
        "targetUserId": TARGET,
        "content": Field("content", _reference(vocabulary)),
    }


def _activity_fields(vocabulary: Vocabulary) -> dict[str, Field]:
    return {
        "userId": USER,
        "activity": _term(vocabulary, Face.ACTIVITY, "an activity"),
        "category": Field("category", snake_case),
        "action": Field("action", snake_case),
        "entity": Field("entity", nested(ENTITY, EntityRef)),
        "points": Field("points", decimal()),
    }


def _term(vocabulary: Vocabulary, face: Face, what: str) -> Field:
    terms: dict[str, Any] = {name: vocabulary.term(face, name) for name in vocabulary.names(face)}
    return Field("term", one_of(terms, what), required=True)


def _reference(vocabulary: Vocabulary) -> Check:
    types = one_of({name: name for name in vocabulary.content_types}, "a content type")
    form = Form({"type": Field("type", types, required=True), "id": Field("id", identifier, required=True)})
    return nested(form, ContentRef)
