"""The one gate: what comes in, in full and from anywhere, and how all that is wrong is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from signals.content import Registration
from signals.events import ContentRef, Device, EntityRef, Event, Face
from signals.fingerprint import fingerprint
from signals.outcomes import InvalidInput
from tests.unit.inputs import FOLLOW, INTAKE, LOGIN, NOON, VIEW, VISIT, event, problems


def test_a_content_interaction_with_everything() -> None:
    raw = VIEW | {
        "occurredAt": "2026-03-01T13:30:00.123456+02:00",
        "sentAt": "2026-03-01T11:31:00Z",
        "sessionId": 7,
        "device": {"type": "MOBILE", "browser": "Firefox", "browserVersion": "140", "os": "", "appVersion": None},
        "country": "DE",
        "timeZone": "Europe/Berlin",
        "durationMs": 1500.0,
        "metadata": {"a": [1, {"b": None}]},
        "context": "cafeteria",
        "scrollDepth": 80,
        "reaction": "heart",
        "position": 3,
        "impressionId": "i1",
    }
    reported = datetime(2026, 3, 1, 11, 30, 0, 123000, tzinfo=UTC)
    assert event(raw) == Event(
        id="e1",
        face=Face.CONTENT,
        name="VIEW",
        category="post",
        action="view",
        user_id="u1",
        content=ContentRef("POST", "42"),
        occurred_at=NOON - timedelta(seconds=59, milliseconds=877),
        received_at=NOON,
        reported_at=reported,
        sent_at=datetime(2026, 3, 1, 11, 31, tzinfo=UTC),
        session_id="7",
        duration_ms=1500,
        metadata={"a": [1, {"b": None}]},
        context="cafeteria",
        scroll_depth=80.0,
        reaction="heart",
        position=3,
        impression_id="i1",
        device=Device(type="MOBILE", browser="Firefox", browser_version="140"),
        country="DE",
        time_zone="Europe/Berlin",
    )


def test_a_social_interaction() -> None:
    follow = event(FOLLOW | {"content": {"type": "MATRIX_MESSAGE", "id": "$1:host"}}, Face.SOCIAL)
    assert (follow.type, follow.target_user_id) == ("social:follow", "u2")
    assert follow.content == ContentRef("MATRIX_MESSAGE", "$1:host")


def test_a_profile_visit_is_the_same_event_by_either_way() -> None:
    visit = event(VISIT, Face.PROFILE)
    social = event(FOLLOW | {"id": "e3", "interaction": "PROFILE_VISIT"}, Face.SOCIAL)
    assert visit == social
    assert (visit.face, visit.type) == (Face.PROFILE, "profile:visit")
    assert fingerprint(visit) == fingerprint(social)
    assert event(VISIT | {"source": "search"}, Face.PROFILE).source == "search"


def test_a_profile_visit_has_no_content() -> None:
    raw = FOLLOW | {"interaction": "PROFILE_VISIT", "content": {"type": "POST", "id": "1"}}
    assert problems(raw, Face.SOCIAL) == {"content": "a profile visit has no content; leave it out"}


def test_an_activity_has_the_type_of_its_row() -> None:
    login = event(LOGIN | {"entity": {"type": "device_key", "id": 1}, "points": 2}, Face.ACTIVITY)
    assert (login.type, login.entity, login.points) == ("auth:login", EntityRef("device_key", "1"), 2.0)
    assert event(LOGIN | {"category": "auth", "action": "login"}, Face.ACTIVITY).type == "auth:login"
    assert problems(LOGIN | {"category": "auto", "action": "login"}, Face.ACTIVITY) == {
        "category": "is auth for LOGIN; leave it out, or use CUSTOM"
    }


def test_a_custom_activity_brings_its_type() -> None:
    custom = LOGIN | {"activity": "CUSTOM"}
    assert event(custom | {"category": "project", "action": "opened"}, Face.ACTIVITY).type == "project:opened"
    assert problems(custom, Face.ACTIVITY).keys() == {"category", "action"}
    wrong = problems(custom | {"category": "Project Notes", "action": "a:b"}, Face.ACTIVITY)
    assert wrong.keys() == {"category", "action"}
    assert all("snake_case" in message for message in wrong.values())


def test_membership_is_about_the_community() -> None:
    join = LOGIN | {"activity": "COMMUNITY_JOIN"}
    member = event(join | {"entity": {"type": "community", "id": "7"}}, Face.ACTIVITY)
    assert (member.content, member.entity) == (ContentRef("COMMUNITY", "7"), EntityRef("community", "7"))
    assert event(join, Face.ACTIVITY).content is None
    assert event(join | {"entity": {"type": "club", "id": "7"}}, Face.ACTIVITY).content is None


@pytest.mark.parametrize("name", ["FOLLOW", "UNFOLLOW", "BLOCK", "MUTE", "CONNECTION_REQUEST", "CONNECTION_REMOVE"])
def test_nobody_follows_themselves(name: str) -> None:
    raw = FOLLOW | {"interaction": name, "targetUserId": "u1"}
    assert problems(raw, Face.SOCIAL) == {"targetUserId": f"is userId; nobody can {name} themselves"}


@pytest.mark.parametrize("name", ["COMMENT", "REPLY", "MESSAGE_SENT", "PROFILE_VISIT"])
def test_people_do_answer_themselves(name: str) -> None:
    assert event(FOLLOW | {"interaction": name, "targetUserId": "u1"}, Face.SOCIAL).target_user_id == "u1"


def test_everything_wrong_is_said_at_once() -> None:
    raw = {
        "userId": "",
        "interaction": "LIKED",
        "content": {"type": "NOTE"},
        "occurredAt": "noon",
        "metadata": {"list": [float("nan"), {"big": 2**64}]},
        "extra": 1,
    }
    assert problems(raw).keys() == {
        "userId",
        "interaction",
        "content.type",
        "content.id",
        "occurredAt",
        "metadata.list.0",
        "metadata.list.1.big",
        "extra",
    }


def test_rules_between_fields_are_said_beside_the_others() -> None:
    raw = FOLLOW | {"targetUserId": "u1", "occurredAt": "2026-03-01T11:00:00"}
    assert problems(raw, Face.SOCIAL).keys() == {"targetUserId", "occurredAt"}


def test_there_is_an_end_to_problems() -> None:
    assert len(problems(VIEW | {f"x{i}": i for i in range(1000)})) == 50
    assert len(problems(VIEW | {"metadata": [2**64] * 1000})) == 50


@pytest.mark.parametrize(
    ("member", "raw", "face"),
    [
        ("content", VIEW, Face.CONTENT),
        ("social", FOLLOW, Face.SOCIAL),
        ("profileVisit", VISIT, Face.PROFILE),
        ("activity", LOGIN, Face.ACTIVITY),
    ],
)
def test_an_input_is_one_of_four(member: str, raw: dict[str, Any], face: Face) -> None:
    assert INTAKE.one_of({member: raw, "other": None}, NOON) == event(raw, face)
    wrong = INTAKE.one_of({member: raw | {"id": ""}}, NOON)
    assert isinstance(wrong, InvalidInput)
    assert [problem.path for problem in wrong.problems] == [(member, "id")]


@pytest.mark.parametrize("raw", [{}, {"content": VIEW, "social": FOLLOW}, {"content": None}, {"x": VIEW}, None, [VIEW]])
def test_an_input_that_is_none_or_several(raw: Any) -> None:
    outcome = INTAKE.one_of(raw, NOON)
    assert isinstance(outcome, InvalidInput)
    assert outcome.message == "input: must have exactly one of content, social, profileVisit, activity"


def test_a_registration() -> None:
    post = {"type": "POST", "id": 1}
    raw = {"content": post, "authorId": "u1", "createdAt": "2026-03-01T12:00Z", "tags": ["b", "a", "b", ""]}
    assert INTAKE.registration(raw | {"language": "pt-BR"}) == Registration(
        content=ContentRef("POST", "1"), author_id="u1", created_at=NOON, tags=("b", "a"), language="pt-BR"
    )
    assert INTAKE.registration({"content": post}) == Registration(content=ContentRef("POST", "1"))


def test_a_registration_that_cannot_be_kept() -> None:
    outcome = INTAKE.registration({"authorId": "", "createdAt": "noon", "tags": ["a\tb"], "language": "german!"})
    assert isinstance(outcome, InvalidInput)
    assert [problem.path for problem in outcome.problems] == [
        ("authorId",),
        ("createdAt",),
        ("tags",),
        ("language",),
        ("content",),
    ]
