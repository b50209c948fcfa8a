"""What a person's activity says, over HTTP: figures, limits and clear errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from schema.app import create_app
from schema.settings import Settings
from signals.errors import StartupError
from tests.acceptance.conftest import Client

EVERYTHING = """
    query Q($id: ID!, $since: DateTime, $until: DateTime) {
        user(id: $id) {
            points(since: $since, until: $until) { total byCategory { category points } byDay { date points } }
            balance(metadataKey: "path", since: $since, until: $until) {
                evenness parts { value events durationMs points eventShare durationShare pointsShare }
            }
            achievements { id kind progress target earnedAt }
            engagementScore { value contributions { signal value weight contribution because } }
            behaviour(since: $since, until: $until) {
                events heatMap peakHours { hour count } contentTypes { type count } tags { type count }
                meanDurations { type meanMs count } messageReadMs connectionAnswerMs
                featureUse { category count share } summaryText
                sessions { count meanMs meanEvents usualStartHour }
            }
            sessions(since: $since, until: $until) {
                id inferred start end durationMs eventCount depth user { id }
                entry { id } exit { id } device { type } events(first: 2) { id }
            }
        }
    }
"""
SESSIONS = """
    query S($filter: SessionFilter, $first: Int) {
        sessions(filter: $filter, first: $first) { id inferred start user { id } entry { id } }
    }
"""
WHO = "behaviour-ann"
SPAN = {"since": "2026-03-28T00:00:00Z", "until": "2026-03-31T00:00:00Z"}


def error(answer: dict[str, Any]) -> tuple[str, str]:
    """The code and the words of the one error of an answer."""
    [found] = answer["errors"]
    return found["extensions"]["code"], found["message"]


async def test_a_person(client: Client) -> None:
    who: dict[str, Any] = {"userId": WHO, "timeZone": "Europe/Berlin"}
    post = {"type": "POST", "id": "behaviour-post"}
    await client.ask(
        "mutation R($input: RegisterContentInput!) { registerContent(input: $input) { __typename } }",
        input={"content": post, "tags": ["music"]},
    )
    solved = {**who, "activity": "PROBLEM_SOLVED", "metadata": {"path": "karma"}}
    batch = await client.track_batch(
        {"activity": {**solved, "id": "b-1", "occurredAt": "2026-03-28T23:30:00Z"}},
        {"activity": {**solved, "id": "b-2", "occurredAt": "2026-03-29T02:30:00Z", "points": 2.5}},
        {
            "content": {
                **who,
                "id": "b-3",
                "interaction": "VIEW",
                "content": post,
                "sessionId": "behaviour-session",
                "occurredAt": "2026-03-30T06:00:00Z",
                "device": {"type": "MOBILE"},
            }
        },
    )
    assert batch["tracked"] == 3
    user = (await client.ask(EVERYTHING, id=WHO, **SPAN))["user"]
    assert user["points"] == {
        "total": 12.5,
        "byCategory": [{"category": "problem", "points": 12.5}],
        "byDay": [{"date": "2026-03-29", "points": 12.5}],
    }
    [part] = user["balance"]["parts"]
    assert (part["value"], part["events"], part["eventShare"], user["balance"]["evenness"]) == ("karma", 2, 1, 0)
    first = user["achievements"][0]
    assert (first["id"], first["progress"], first["earnedAt"]) == ("first_problem", 1, "2026-03-28T23:30:00.000Z")
    behaviour = user["behaviour"]
    assert (behaviour["heatMap"][6][0], behaviour["heatMap"][6][4], behaviour["heatMap"][0][8]) == (1, 1, 1)
    assert behaviour["tags"] == [{"type": "music", "count": 1}]
    assert behaviour["sessions"] == {"count": 3, "meanMs": 0, "meanEvents": 1, "usualStartHour": 0}
    assert WHO not in behaviour["summaryText"]
    assert [s["id"] for s in user["sessions"]] == ["behaviour-session", "inferred:b-2", "inferred:b-1"]
    assert user["sessions"][0]["device"] == {"type": "MOBILE"}
    assert user["sessions"][0]["events"] == [{"id": "b-3"}]
    assert {s["user"]["id"] for s in user["sessions"]} == {WHO}


async def test_an_inferred_session_is_found_by_its_id(client: Client) -> None:
    one = {"userId": "behaviour-fay", "activity": "LOGIN", "occurredAt": "2026-03-05T10:00:00Z"}
    await client.track("activity", id="fay-1", **one)
    await client.track("activity", id="fay-2", **(one | {"occurredAt": "2026-03-05T10:30:00Z"}))
    query = "query($id: ID!) { session(id: $id) { id inferred eventCount exit { id } events { id } } }"
    found = (await client.ask(query, id="inferred:fay-1"))["session"]
    assert (found["inferred"], found["eventCount"], found["exit"]) == (True, 2, {"id": "fay-2"})
    assert found["events"] == [{"id": "fay-1"}, {"id": "fay-2"}]
    for id in ("inferred:fay-2", "inferred:nothing", "fay-1"):
        assert (await client.ask(query, id=id))["session"] is None
    assert error(await client.send(query, id="inferred:" + "x" * 129))[0] == "INVALID_ARGUMENT"


async def test_somebody_who_did_nothing_gets_zeros(client: Client) -> None:
    await client.track("social", id="b-9", userId="behaviour-bob", interaction="FOLLOW", targetUserId="behaviour-idle")
    user = (await client.ask(EVERYTHING, id="behaviour-idle"))["user"]
    assert (user["points"]["total"], user["balance"]["parts"], user["sessions"]) == (0, [], [])
    assert user["engagementScore"]["value"] == 0
    assert user["behaviour"]["messageReadMs"] is None
    assert "nothing that was recorded" in user["behaviour"]["summaryText"]


async def test_sessions_of_everybody(client: Client) -> None:
    filter = {"since": "2026-03-28T00:00:00Z", "until": "2026-03-31T00:00:00Z"}
    found = (await client.ask(SESSIONS, filter=filter, first=500))["sessions"]
    starts = [(session["start"], session["id"]) for session in found]
    assert starts == sorted(starts, reverse=True)
    assert "behaviour-session" in [session["id"] for session in found]
    assert len((await client.ask(SESSIONS, filter=filter, first=1))["sessions"]) == 1
    mine = await client.ask(SESSIONS, filter={"userId": WHO})
    assert [session["user"]["id"] for session in mine["sessions"]] == [WHO] * 3


@pytest.mark.parametrize(
    ("filter", "code", "said"),
    [
        ({"since": "2026-03-01T00:00:00Z", "until": "2026-03-08T00:00:00.001Z"}, "LIMIT_EXCEEDED", "7 days"),
        ({"since": "2026-03-01T00:00:00Z"}, "LIMIT_EXCEEDED", "userId"),
        ({"since": "2026-03-02T00:00:00Z", "until": "2026-03-02T00:00:00Z"}, "INVALID_ARGUMENT", "later than since"),
        ({"since": "2222-01-01T00:00:00Z"}, "INVALID_ARGUMENT", "left out, it is now"),
        ({"userId": ""}, "INVALID_ARGUMENT", "userId"),
        ({"userId": "u" * 129}, "INVALID_ARGUMENT", "128"),
    ],
)
async def test_windows_of_sessions_have_limits(client: Client, filter: dict[str, Any], code: str, said: str) -> None:
    got, message = error(await client.send(SESSIONS, filter=filter))
    assert got == code
    assert said in message


@pytest.mark.parametrize(("first", "code"), [(501, "LIMIT_EXCEEDED"), (0, "INVALID_ARGUMENT")])
@pytest.mark.parametrize(
    "field",
    [
        "sessions(first: %d) { id }",
        "points { byDay(first: %d) { points } }",
        "points { byCategory(first: %d) { points } }",
        'balance(metadataKey: "k") { parts(first: %d) { value } }',
    ],
)
async def test_pages_have_limits(client: Client, field: str, first: int, code: str) -> None:
    await client.track("activity", id="b-5", userId="behaviour-eve", activity="LOGIN")
    query = f'{{ user(id: "behaviour-eve") {{ {field % first} }} }}'
    assert error(await client.send(query))[0] == code


@pytest.mark.parametrize(
    "field",
    ["points%s { total }", 'balance%s(metadataKey: "k") { evenness }', "behaviour%s { events }", "sessions%s { id }"],
)
async def test_a_window_has_time_in_it(client: Client, field: str) -> None:
    await client.track("activity", id="b-5", userId="behaviour-eve", activity="LOGIN")
    span = 'since: "2026-03-02T00:00:00Z", until: "2026-03-01T00:00:00Z"'
    asked = field.replace("%s(", f"({span}, ") if "%s(" in field else field % f"({span})"
    code, message = error(await client.send(f'{{ user(id: "behaviour-eve") {{ {asked} }} }}'))
    assert code == "INVALID_ARGUMENT"
    assert "until must be later than since" in message


async def test_a_time_without_an_offset_is_refused(client: Client) -> None:
    answer = await client.send(SESSIONS, filter={"since": "2026-03-02T00:00:00"})
    assert "offset" in answer["errors"][0]["message"]


def test_a_wrong_file_of_achievements_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[[achievement]]\nid = "a"\n', encoding="utf-8")
    with pytest.raises(StartupError, match=r"own\.toml"):
        create_app(Settings.load(data=tmp_path / "data", achievements=path))
