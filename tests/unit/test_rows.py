"""Rows of files, as the API's input."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from signals.errors import InvalidArgument
from signals.events import Event
from signals.intake import Intake
from signals.outcomes import InvalidInput
from signals.rows import COLUMNS, Rows, columns
from signals.user_agents import device
from signals.vocabulary import Vocabulary

VOCABULARY = Vocabulary.load()
VIEW = {
    "id": "7fd2",
    "type": "VIEW",
    "actor_id": "3891637997717104548",
    "target_type": "ARTICLE",
    "target_id": "-8078873160882064481",
    "occurred_at": "2016-03-14T13:54:36Z",
    "session_id": "-8752981416571543411",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/48.0.2564.116 Safari/537.36",
    "region": "SP",
    "country": "BR",
}


def read(row: dict[str, Any], **names: str) -> dict[str, Any]:
    raw = Rows(VOCABULARY, names).event(row)
    assert not isinstance(raw, InvalidInput), raw.message
    return raw


def refused(row: dict[str, Any], **names: str) -> str:
    raw = Rows(VOCABULARY, names).event(row)
    assert isinstance(raw, InvalidInput)
    return raw.message


def test_a_row_about_content() -> None:
    assert read(VIEW) == {
        "content": {
            "id": "7fd2",
            "userId": "3891637997717104548",
            "interaction": "VIEW",
            "content": {"type": "ARTICLE", "id": "-8078873160882064481"},
            "occurredAt": "2016-03-14T13:54:36Z",
            "sessionId": "-8752981416571543411",
            "device": {"type": "DESKTOP", "browser": "Chrome", "browserVersion": "48.0", "os": "Linux"},
            "country": "BR",
        }
    }


def test_a_row_towards_a_user() -> None:
    row = VIEW | {"type": "message_sent", "target_type": "USER", "target_id": "u2", "session_id": ""}
    social = read(row)["social"]
    assert (social["interaction"], social["targetUserId"]) == ("MESSAGE_SENT", "u2")
    assert "sessionId" not in social


def test_a_row_without_a_target_is_an_activity() -> None:
    activity = read(VIEW | {"type": "LOGIN", "target_type": "", "target_id": ""})["activity"]
    assert activity["activity"] == "LOGIN"
    assert "entity" not in activity


def test_an_activity_keeps_its_target_as_entity() -> None:
    row = VIEW | {"type": "PROBLEM_SOLVED", "target_type": "PROBLEM", "target_id": "p1"}
    assert read(row)["activity"]["entity"] == {"type": "problem", "id": "p1"}


def test_foreign_names_are_mapped_in_any_case() -> None:
    row = VIEW | {"type": "Answer", "target_type": "USER", "target_id": "4"}
    assert read(row, ANSWER="reply")["social"]["interaction"] == "REPLY"
    assert read(row | {"target_type": "POST"}, answer="Reply")["content"]["interaction"] == "REPLY"


def test_a_meaning_must_be_in_the_vocabulary() -> None:
    with pytest.raises(InvalidArgument, match=r"ANSWER=replay.*did you mean REPLY"):
        Rows(VOCABULARY, {"ANSWER": "replay"})


@pytest.mark.parametrize("column", ["id", "type", "actor_id", "occurred_at"])
def test_what_a_row_needs(column: str) -> None:
    assert refused(VIEW | {column: ""}).startswith(f"{column}: is missing")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "ANSWER"}, "type: 'ANSWER' is nothing done with content; map it"),
        ({"type": "ANSWER", "target_type": "USER"}, "type: 'ANSWER' is nothing towards a user; map it"),
        ({"type": "ANSWER", "target_type": ""}, "type: 'ANSWER' is nothing without a target; map it"),
        ({"target_type": "ARTCLE"}, "target_type: 'ARTCLE' is no content type; did you mean ARTICLE?"),
        ({"type": ["VIEW"]}, "type.target_type: must be strings"),
    ],
)
def test_what_a_row_cannot_mean(change: dict[str, Any], said: str) -> None:
    assert refused(VIEW | change).startswith(said)


def test_the_place_and_the_device_are_no_facts() -> None:
    """Rows that differ only there are the same event."""
    intake, now = Intake(VOCABULARY), datetime(2026, 1, 1, tzinfo=UTC)
    other = VIEW | {"region": "NY", "country": "US", "user_agent": "Android - Native Mobile App"}
    events = [intake.one_of(read(row), now) for row in (VIEW, other)]
    assert all(isinstance(event, Event) and event.metadata is None for event in events)


def test_the_apis_own_shape_is_left_as_it_is() -> None:
    raw = {"profileVisit": {"id": "v", "visitorId": "a", "profileUserId": "b", "occurredAt": "2026-01-01T00:00:00Z"}}
    assert read(raw) == raw
    assert read({"registerContent": {"content": {"type": "POST", "id": "1"}}}) is not None


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"visit": {}}, "visit: is no kind of event"),
        ({"social": 1}, "social: must be an object"),
        ({"social": {"userId": "a", "occurredAt": "2026-01-01T00:00:00Z"}}, "social.id: is missing; without it"),
        ({"social": {"id": "a", "userId": "a"}}, "social.occurredAt: is missing; an import has to say when"),
    ],
)
def test_the_apis_own_shape_needs_what_makes_it_repeatable(raw: dict[str, Any], said: str) -> None:
    assert refused(raw).startswith(said)


def test_columns_are_the_way_back() -> None:
    row = dict.fromkeys(COLUMNS, "") | VIEW | {"user_agent": "", "region": ""}
    assert columns(read(row)) == row
    assert columns({"registerContent": {}}) is None


@pytest.mark.parametrize(
    ("user_agent", "type", "os"),
    [
        ("Android - Native Mobile App", "MOBILE", "Android"),
        ("Mozilla/5.0 (iPad; CPU OS 9_3 like Mac OS X) Version/9.0 Mobile/13E Safari/601.1", "TABLET", "iOS 9"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 9_3_1 like Mac OS X) Mobile/13E Safari/601.1", "MOBILE", "iOS 9"),
        (
            "Mozilla/5.0 (Linux; Android 4.4.2; GT-N5110) AppleWebKit/537.36 Chrome/51.0 Safari/537.36",
            "TABLET",
            "Android 4",
        ),
        ("Mozilla/5.0 (Windows NT 6.1; WOW64; rv:46.0) Gecko/20100101 Firefox/46.0", "DESKTOP", "Windows 7"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "OTHER", None),
        ("x" * 5000, "OTHER", None),
    ],
)
def test_devices(user_agent: str, type: str, os: str | None) -> None:
    found = device(user_agent)
    assert (found["type"], found.get("os")) == (type, os)
