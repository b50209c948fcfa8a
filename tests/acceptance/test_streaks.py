"""Streaks over HTTP: pings, days, notifications, and what an older system knew."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.acceptance.command import sociograph
from tests.acceptance.conftest import Client

PING = """
    mutation Ping($user: ID!, $zone: String, $session: ID) {
        outcome: pingActivity(userId: $user, timeZone: $zone, sessionId: $session) {
            __typename
            ... on Pinged { recorded streak { current longest lastActiveDate atRiskAt freezesLeft } }
            ... on InvalidInput { message problems { path message } }
        }
    }
"""
STREAK = "query S($id: ID!) { user(id: $id) { streak { current longest lastActiveDate freezesLeft } } }"
PERSON = """
    query P($id: ID!, $since: Date!, $until: Date!, $from: DateTime!, $first: Int) {
        user(id: $id) {
            dailyActivity(since: $since, until: $until) { date status count goal events }
            notifications(since: $from, first: $first) { id kind at date streak message }
        }
    }
"""
EVENTS = "query E($id: ID!) { events(filter: {userId: $id}) { edges { node { id type timeZone sessionId } } } }"
TODAY = datetime.now(UTC).date()


async def ping(client: Client, user: str, **given: Any) -> dict[str, Any]:
    outcome: dict[str, Any] = (await client.ask(PING, user=user, **given))["outcome"]
    return outcome


async def streak(client: Client, user: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.ask(STREAK, id=user))["user"]["streak"]
    return found


async def events(client: Client, user: str) -> list[dict[str, Any]]:
    edges = (await client.ask(EVENTS, id=user))["events"]["edges"]
    return [edge["node"] for edge in edges]


async def test_a_ping_is_recorded_once_in_five_minutes(client: Client) -> None:
    answers = [await ping(client, "pinger", zone="Europe/Berlin", session="s1") for _ in range(3)]
    answers.append(await ping(client, "pinger", zone="Asia/Tokyo"))
    assert [answer["__typename"] for answer in answers] == ["Pinged"] * 4
    found = await events(client, "pinger")
    assert [answer["recorded"] for answer in answers].count(True) == len(found)
    assert len(found) <= 2, "a run of these may cross from one five minutes to the next"
    assert {(event["type"], event["timeZone"]) for event in found} >= {("session:ping", "Europe/Berlin")}
    assert {answer["streak"]["current"] for answer in answers} <= {1, 2}
    assert answers[0]["streak"]["atRiskAt"] > datetime.now(UTC).isoformat()
    assert (await ping(client, "another"))["recorded"]


async def test_a_ping_that_cannot_be(client: Client) -> None:
    refused = await ping(client, "pinger-2", zone="Mars/Olympus")
    assert refused["__typename"] == "InvalidInput"
    assert refused["problems"][0]["path"] == ["timeZone"]
    assert "no IANA time zone" in refused["message"]
    assert (await ping(client, ""))["problems"][0]["path"] == ["userId"]
    assert await events(client, "pinger-2") == []


async def test_days_and_notifications(client: Client) -> None:
    days = [datetime(2026, 3, day, 20, tzinfo=UTC) for day in range(1, 9)]
    for number, at in enumerate(days):
        solved = {"activity": "PROBLEM_SOLVED", "userId": "solver", "occurredAt": at.isoformat()}
        for problem in range(number % 4):
            await client.track("activity", **solved, entity={"type": "problem", "id": f"p{problem}"})
        await client.track("activity", activity="LOGIN", userId="solver", occurredAt=at.isoformat())
    asked = {"id": "solver", "since": "2026-02-28", "until": "2026-03-04", "from": "2026-01-01T00:00:00Z"}
    person = (await client.ask(PERSON, **asked))["user"]
    assert [(row["date"], row["status"], row["count"], row["events"]) for row in person["dailyActivity"]] == [
        ("2026-02-28", "NONE", 0, 0),
        ("2026-03-01", "NONE", 0, 1),
        ("2026-03-02", "PARTIAL", 1, 2),
        ("2026-03-03", "PARTIAL", 2, 3),
        ("2026-03-04", "COMPLETE", 3, 4),
    ]
    told = [(row["kind"], row["at"], row["date"], row["streak"]) for row in person["notifications"]]
    assert told[0] == ("STREAK_BROKEN", "2026-03-10T00:00:00.000Z", "2026-03-10", 8)
    assert ("MILESTONE", "2026-03-07T20:00:00.000Z", "2026-03-07", 7) in told
    assert next(row for row in told if row[0] == "REMINDER") == (
        "REMINDER",
        "2026-03-09T18:00:00.000Z",
        "2026-03-09",
        8,
    )
    assert len({row["id"] for row in person["notifications"]}) == len(told) == 1 + 1 + 8
    assert (await client.ask(PERSON, **asked, first=2))["user"]["notifications"] == person["notifications"][:2]


async def test_what_cannot_be_asked(client: Client) -> None:
    await client.track("activity", activity="LOGIN", userId="asked")
    good = {"id": "asked", "since": "2026-02-28", "until": "2026-03-04", "from": "2026-01-01T00:00:00Z", "first": 1}
    for given, code, said in (
        ({"until": "2026-02-27"}, "INVALID_ARGUMENT", "until must not be before since"),
        ({"until": "2028-02-28"}, "LIMIT_EXCEEDED", "at most 400"),
        ({"first": 501}, "LIMIT_EXCEEDED", "at most 500"),
        ({"first": 0}, "INVALID_ARGUMENT", "ask for 1 to 500"),
        ({"since": "2026-02-30"}, None, "A Date must be a date such as 2026-03-01"),
        ({"since": "20260228"}, None, "A Date must be a date such as 2026-03-01"),
    ):
        errors = (await client.send(PERSON, **{**good, **given}))["errors"]
        assert said in errors[0]["message"]
        assert errors[0].get("extensions", {}).get("code") == code or code is None
    for since, until in (("0001-01-01", "0001-01-02"), ("9999-12-30", "9999-12-31")):
        found = (await client.ask(PERSON, **{**good, "since": since, "until": until}))["user"]["dailyActivity"]
        assert [row["events"] for row in found] == [0, 0]


async def test_streaks_of_an_older_system(client: Client, tmp_path: Path) -> None:
    yesterday, path = TODAY - timedelta(days=1), tmp_path / "streaks.csv"
    path.write_text(
        "User,Current,Longest,LastDate\n"
        f"old-1,12,30,{yesterday}\n"
        "old-2,4,9,2026-01-10\n"
        "old-3,0,5,\n"
        f"old-4,7,3,{yesterday}\n"
    )
    command = ("import-streaks", path, "--url", client.http.base_url)
    tried = await sociograph(*command, "--dry-run")
    assert (tried.status, "nothing is recorded" in tried.err) == (1, True), tried
    assert (await client.ask('{ user(id: "old-1") { id } }'))["user"] is None
    done = await sociograph(*command)
    assert (done.status, "3 tracked, 0 duplicates, 1 rejected" in done.out) == (1, True), done
    assert '5,"longest: is 3, and current is 7' in (tmp_path / "streaks.csv.rejects.csv").read_text()
    assert await streak(client, "old-1") == standing(12, 30, str(yesterday))
    assert await streak(client, "old-2") == standing(0, 9, "2026-01-10")
    assert await streak(client, "old-3") == standing(0, 5, None)
    again = await sociograph(*command)
    assert (again.status, "0 tracked, 3 duplicates, 1 rejected" in again.out) == (1, True), again
    await ping(client, "old-1")
    assert (await streak(client, "old-1"))["current"] == 13
    lines = tmp_path / "streaks.ndjson"
    lines.write_text(json.dumps({"user": "old-2", "current": 2, "longest": 40, "lastDate": str(yesterday)}))
    assert (await sociograph("import-streaks", lines, "--url", client.http.base_url)).status == 0
    assert await streak(client, "old-2") == standing(2, 40, str(yesterday))


def standing(current: int, longest: int, last: str | None) -> dict[str, Any]:
    return {"current": current, "longest": longest, "lastActiveDate": last, "freezesLeft": 0}


async def test_what_keeps_the_import_from_running(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("user,current\na,1\n")
    done = await sociograph("import-streaks", path, data=tmp_path / "data")
    assert (done.status, "has no longest, lastdate" in done.err) == (2, True), done
    absent = await sociograph("import-streaks", tmp_path / "none.csv", data=tmp_path / "data")
    assert (absent.status, "cannot be read" in absent.err) == (2, True), absent
    assert not (tmp_path / "data").exists()
