"""What may stand in a field, and the words for what may not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from signals.events import Event, Face
from tests.unit.inputs import INTAKE, LOGIN, NOON, VIEW, event, problems


def test_an_event_without_an_id_gets_one() -> None:
    first, second = (event(VIEW | {"id": None}) for _ in range(2))
    assert first.id != second.id
    assert UUID(first.id).version == 7


@pytest.mark.parametrize(
    "id", ["x" * 128, "a b", "é", "👍🏽" * 8, "a\u00a0b", "../etc", "0", "null", "\u200d", "a|b:c"]
)
def test_ids_are_kept_as_they_are(id: str) -> None:
    assert event(VIEW | {"id": id}).id == id


@pytest.mark.parametrize(("id", "kept"), [(0, "0"), (-(2**63), str(-(2**63))), (2**63 - 1, str(2**63 - 1))])
def test_integers_are_ids(id: int, kept: str) -> None:
    assert event(VIEW | {"userId": id}).user_id == kept


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("", "is empty; give 1 to 128 characters"),
        ("x" * 129, "has 129 characters; at most 128"),
        (" a", "white space; trim it"),
        ("a\n", "white space; trim it"),
        ("a\u00a0", "white space; trim it"),
        ("a\tb", "control character U+0009 at character 2; take it out"),
        ("a\x00b", "control character U+0000"),
        ("a\x9fb", "control character U+009F"),
        ("ab\ud800", "lone surrogate), U+D800 at character 3"),
        (True, "string or an integer"),
        (1.0, "string or an integer"),
        (["a"], "string or an integer"),
        (2**63, "beyond 64 bits"),
        (10**4000, "beyond 64 bits"),
    ],
)
@pytest.mark.parametrize("path", ["id", "userId", "sessionId", "impressionId", "content.id"])
def test_ids_that_cannot_be_kept(id: object, message: str, path: str) -> None:
    raw = VIEW | ({"content": {"type": "POST", "id": id}} if path == "content.id" else {path: id})
    assert message in problems(raw)[path]


def test_without_a_time_it_happened_when_received() -> None:
    late = event(VIEW | {"sentAt": "2026-03-01T11:00:00Z"})
    assert (late.occurred_at, late.reported_at) == (NOON, None)


@pytest.mark.parametrize(
    "given",
    [
        "2026-03-01T11:00:00Z",
        "2026-03-01 12:00+01:00",
        "20260301T110000,0009Z",
        datetime(2026, 3, 1, 11, 0, 0, 999, tzinfo=UTC),
        datetime(2026, 3, 1, 16, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    ],
)
def test_times_with_an_offset(given: object) -> None:
    assert event(VIEW | {"occurredAt": given}).occurred_at == NOON - timedelta(hours=1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("2026-03-01T11:00:00", "has no offset; add Z"),
        ("2026-03-01", "has no offset; add Z"),
        (NOON.replace(tzinfo=None), "has no offset; add Z"),
        ("yesterday", "'yesterday' is no ISO 8601 time"),
        ("2026-02-30T11:00:00Z", "no ISO 8601 time"),
        ("2026-03-01T11:00:00." + "0" * 60 + "Z", "no ISO 8601 time"),
        ("\ud800", "no ISO 8601 time"),
        ("", "no ISO 8601 time"),
        (1772362800000, "must be a time"),
        ("1969-12-31T23:59:59Z", "1970 to 9999"),
        ("1970-01-01T00:00:00+01:00", "1970 to 9999"),
        ("0001-01-01T00:00:00+14:00", "1970 to 9999"),
        ("9999-12-31T23:59:59-14:00", "1970 to 9999"),
    ],
)
@pytest.mark.parametrize("path", ["occurredAt", "sentAt"])
def test_times_that_cannot_be_kept(given: object, message: str, path: str) -> None:
    assert message in problems(VIEW | {path: given})[path]


def test_times_are_kept_in_whole_milliseconds() -> None:
    outcome = INTAKE.event(VIEW, Face.CONTENT, NOON + timedelta(microseconds=1999))
    assert isinstance(outcome, Event)
    assert outcome.occurred_at == outcome.received_at == NOON + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"durationMs": -1}, "durationMs", "from 0 to 2147483647"),
        ({"durationMs": 2**31}, "durationMs", "from 0 to 2147483647"),
        ({"durationMs": 10**4000}, "durationMs", "from 0 to 2147483647"),
        ({"durationMs": 1.5}, "durationMs", "whole number"),
        ({"durationMs": float("nan")}, "durationMs", "whole number"),
        ({"durationMs": float("inf")}, "durationMs", "whole number"),
        ({"durationMs": "1"}, "durationMs", "whole number"),
        ({"position": True}, "position", "whole number"),
        ({"scrollDepth": 100.1}, "scrollDepth", "from 0 to 100"),
        ({"scrollDepth": -0.1}, "scrollDepth", "from 0 to 100"),
        ({"scrollDepth": float("nan")}, "scrollDepth", "not NaN or Infinity"),
        ({"scrollDepth": "50%"}, "scrollDepth", "must be a number"),
        ({"scrollDepth": True}, "scrollDepth", "must be a number"),
        ({"country": "x" * 65}, "country", "has 65 characters; at most 64"),
        ({"country": "D\x00E"}, "country", "U+0000"),
        ({"country": 49}, "country", "must be a string"),
        ({"reaction": "\ud83d"}, "reaction", "U+D83D"),
        ({"timeZone": "europe/berlin"}, "timeZone", "did you mean Europe/Berlin?"),
        ({"timeZone": "CEST"}, "timeZone", "no IANA time zone"),
        ({"timeZone": "../../etc/passwd"}, "timeZone", "no IANA time zone"),
        ({"device": "phone"}, "device", "must be an object with type, browser"),
        ({"device": {"type": "PHONE"}}, "device.type", "DESKTOP, MOBILE, TABLET and OTHER"),
        ({"device": {"os": "x" * 257}}, "device.os", "at most 256"),
        ({"device": {"os_": "x"}}, "device.os_", "did you mean os?"),
        ({"interaction": "LIK"}, "interaction", "did you mean LIKE"),
        ({"interaction": "like"}, "interaction", "did you mean LIKE"),
        ({"interaction": "XXXXXXXX"}, "interaction", "known: CREATE, UPDATE"),
        ({"interaction": 1}, "interaction", "must be the name of a content interaction"),
        ({"interaction": None}, "interaction", "is missing"),
        ({"userId": None}, "userId", "is missing"),
        ({"content": None}, "content", "is missing"),
        ({"content": {"type": "POSTS", "id": "1"}}, "content.type", "did you mean POST?"),
        ({"content": {"type": "POST"}}, "content.id", "is missing"),
        ({"content": "POST:1"}, "content", "must be an object with type and id"),
        ({"user_id": "u1"}, "user_id", "did you mean userId"),
        ({"points": None}, "points", "is no field here"),
        ({7: 1}, "", "a key that is no string"),
    ],
)
def test_values_that_cannot_be_kept(change: dict[Any, object], path: str, message: str) -> None:
    found = problems(VIEW | change)
    assert found.keys() == {path}
    assert message in found[path]


@pytest.mark.parametrize(("points", "message"), [(float("-inf"), "finite"), (2**63, "beyond 64 bits"), ("1", "number")])
def test_points_that_cannot_be_kept(points: object, message: str) -> None:
    assert message in problems(LOGIN | {"points": points}, Face.ACTIVITY)["points"]


def test_an_entity_is_typed_in_snake_case() -> None:
    raw = LOGIN | {"entity": {"type": "Project", "id": " "}}
    assert problems(raw, Face.ACTIVITY).keys() == {"entity.type", "entity.id"}


def test_empty_texts_and_devices_are_none() -> None:
    empty = event(VIEW | {"country": "", "timeZone": "", "reaction": "", "device": {"os": ""}})
    assert empty == event(VIEW)
