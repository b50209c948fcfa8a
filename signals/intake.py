"""The one gate for what is sent in, from GraphQL, an import or a simulation: an event, or everything wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import uuid_utils

from signals.clock import corrected, whole_ms
from signals.content import Registration
from signals.events import ContentRef, Event, Face
from signals.forms import Check
from signals.inputs import event_forms, registration_form
from signals.json_values import json_value
from signals.outcomes import InvalidInput, Problem
from signals.vocabulary import CUSTOM, PROFILE_VISIT, Behaviour, Term, Vocabulary

MEMBERS = {"content": Face.CONTENT, "social": Face.SOCIAL, "profileVisit": Face.PROFILE, "activity": Face.ACTIVITY}
"""The members of EventInput."""


class Intake:
    """Checks and completes what callers send, by a vocabulary. Built once; keeps nothing between calls.

    ``extra``: what may stand in ``metadata`` and ``context``.
    """

    def __init__(self, vocabulary: Vocabulary, extra: Check = json_value) -> None:
        self._forms = event_forms(vocabulary, extra)
        self._registration = registration_form(vocabulary)
        self._visit = vocabulary.term(Face.PROFILE, PROFILE_VISIT)

    def event(self, raw: Mapping[str, Any], face: Face, received_at: datetime) -> Event | InvalidInput:
        """The event in ``raw``, the face's input object with api.graphql's keys, received at an aware time.

        Without an id it gets a UUIDv7, without occurredAt it happened when it was received. Never raises for ``raw``.
        """
        values, problems = self._forms[face].read(raw)
        term: Term | None = self._visit if face is Face.PROFILE else values.pop("term", None)
        if term is not None:
            reported = {problem.path[:1] for problem in problems}
            problems += [problem for problem in _misuse(term, values) if problem.path not in reported]
        if term is None or problems:
            return InvalidInput(tuple(problems))
        return _event(term, values, whole_ms(received_at))

    def one_of(self, raw: Mapping[str, Any], received_at: datetime) -> Event | InvalidInput:
        """The event in ``raw``, an EventInput: exactly one of content, social, profileVisit, activity."""
        given = [key for key, value in raw.items() if value is not None] if isinstance(raw, Mapping) else []
        if len(given) != 1 or given[0] not in MEMBERS:
            return InvalidInput((Problem((), f"must have exactly one of {', '.join(MEMBERS)}"),))
        member = given[0]
        outcome = self.event(raw[member], MEMBERS[member], received_at)
        if isinstance(outcome, Event):
            return outcome
        return InvalidInput(tuple(Problem((member, *p.path), p.message) for p in outcome.problems))

    def registration(self, raw: Mapping[str, Any]) -> Registration | InvalidInput:
        """The facts about content in ``raw``, a RegisterContentInput."""
        values, problems = self._registration.read(raw)
        return InvalidInput(tuple(problems)) if problems else Registration(**values)


def _misuse(term: Term, values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong between fields that are right by themselves."""
    if term.face is Face.ACTIVITY:
        return _misuse_of_type(term, values)
    if term.face is Face.PROFILE and "content" in values:
        return [Problem(("content",), "a profile visit has no content; leave it out")]
    if term.face is Face.SOCIAL and term.behaviour is not Behaviour.COUNT:
        user = values.get("user_id")
        if user is not None and user == values.get("target_user_id"):
            return [Problem(("targetUserId",), f"is userId; nobody can {term.name} themselves")]
    return []


def _misuse_of_type(term: Term, values: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for key, fixed in (("category", term.category), ("action", term.action)):
        given = values.get(key)
        if term.name == CUSTOM:
            if given is None:
                problems.append(Problem((key,), "is missing; CUSTOM needs category and action in snake_case"))
        elif given is not None and given != fixed:
            problems.append(Problem((key,), f"is {fixed} for {term.name}; leave it out, or use CUSTOM"))
    return problems


def _event(term: Term, values: dict[str, Any], received: datetime) -> Event:
    """The event of checked ``values``, with what follows from the vocabulary and from the clocks."""
    reported: datetime | None = values.get("reported_at")
    if "id" not in values:
        values["id"] = str(uuid_utils.uuid7())
    if term.face is Face.ACTIVITY:
        values = {"category": term.category, "action": term.action, "content": _stands_for(term, values)} | values
    else:
        values["category"] = term.category or values["content"].type.lower()
        values["action"] = term.action
    return Event(
        face=term.face,
        name=term.name,
        occurred_at=received if reported is None else corrected(reported, values.get("sent_at"), received),
        received_at=received,
        **values,
    )


def _stands_for(term: Term, values: Mapping[str, Any]) -> ContentRef | None:
    """The content that an activity's entity is: COMMUNITY:42 for joining the community 42."""
    entity = values.get("entity")
    if entity is None or term.target is None or entity.type != term.target.lower():
        return None
    return ContentRef(term.target, entity.id)
