"""Inputs as a caller writes them, and the intake's answer to one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from signals.events import Event, Face
from signals.intake import Intake
from signals.outcomes import InvalidInput
from signals.vocabulary import Vocabulary

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
INTAKE = Intake(Vocabulary.load())
VIEW = {"id": "e1", "userId": "u1", "interaction": "VIEW", "content": {"type": "POST", "id": "42"}}
FOLLOW = {"id": "e2", "userId": "u1", "interaction": "FOLLOW", "targetUserId": "u2"}
VISIT = {"id": "e3", "visitorId": "u1", "profileUserId": "u2"}
LOGIN = {"id": "e4", "userId": "u1", "activity": "LOGIN"}


def event(raw: Any, face: Face = Face.CONTENT) -> Event:
    outcome = INTAKE.event(raw, face, NOON)
    assert isinstance(outcome, Event), outcome
    return outcome


def problems(raw: Any, face: Face = Face.CONTENT) -> dict[str, str]:
    """Messages by dotted path."""
    outcome = INTAKE.event(raw, face, NOON)
    assert isinstance(outcome, InvalidInput), outcome
    return {".".join(problem.path): problem.message for problem in outcome.problems}
