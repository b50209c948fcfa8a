"""Active users, top content and engagement, asked over HTTP: what they answer, their limits and their errors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import Client

SPAN = 'since: "2031-01-01T00:00:00Z", until: "2031-01-03T00:00:00Z"'
ACTIVE = """query A($since: DateTime!, $until: DateTime!, $zone: String, $viewer: ID, $hops: Int) {
  activeUsers(since: $since, until: $until, timeZone: $zone, viewerId: $viewer, hops: $hops) {
    date start dau wau mau stickiness new returning resurrected dormant
  }
}"""
TOP = """query T($since: DateTime!, $until: DateTime!, $by: TopContentBy, $type: ContentType, $viewer: ID) {
  topContent(since: $since, until: $until, by: $by, contentType: $type, viewerId: $viewer, first: 3) {
    content { id } value events uniqueUsers views likes meanDwellMs averageScrollDepth engagementRate
  }
}"""


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        (f'activeUsers({SPAN}, timeZone: "Mars/Olympus") {{ dau }}', "INVALID_ARGUMENT", "Mars/Olympus"),
        (f'activeUsers({SPAN}, viewerId: "a", hops: 3) {{ dau }}', "INVALID_ARGUMENT", "1 to 2"),
        (f'activeUsers({SPAN}, viewerId: "") {{ dau }}', "INVALID_ARGUMENT", "viewerId"),
        (
            'activeUsers(since: "2026-01-02T00:00:00Z", until: "2026-01-02T00:00:00Z") { dau }',
            "INVALID_ARGUMENT",
            "later than since",
        ),
        (
            'activeUsers(since: "2026-01-01T00:00:00Z", until: "2027-02-05T00:00:01Z") { dau }',
            "LIMIT_EXCEEDED",
            "400 dates",
        ),
        (
            'activeUsers(since: "1970-01-01T00:00:00Z", until: "9999-01-02T00:00:00Z") { dau }',
            "LIMIT_EXCEEDED",
            "400 dates",
        ),
        (
            'activeUsers(since: "9999-12-31T00:00:00Z", until: "9999-12-31T23:00:00Z", timeZone: "Asia/Tokyo") { dau }',
            "INVALID_ARGUMENT",
            "year 9999",
        ),
        (f"topContent({SPAN}, first: 501) {{ events }}", "LIMIT_EXCEEDED", "500"),
        (f"topContent({SPAN}, first: 0) {{ events }}", "INVALID_ARGUMENT", "first"),
        (f"topContent({SPAN}, by: LOVE) {{ events }}", None, "LOVE"),
        (f"topContent({SPAN}, contentType: POEM) {{ events }}", None, "POEM"),
        (
            'topContent(since: "2026-01-02T00:00:00Z", until: "2026-01-01T00:00:00Z") { events }',
            "INVALID_ARGUMENT",
            "later than since",
        ),
        ('topContent(since: "2026-01-02T00:00:00", until: "2026-01-03T00:00:00Z") { events }', None, "offset"),
    ],
)
async def test_what_cannot_be_answered_is_told(client: Client, query: str, code: str | None, said: str) -> None:
    (error,) = (await client.send(f"{{ {query} }}"))["errors"]
    assert said in error["message"]
    assert error.get("extensions", {}).get("code") == code


async def test_four_hundred_dates_are_answered_and_any_time_is_looked_at(client: Client) -> None:
    data = await client.ask(ACTIVE, since="1971-06-01T12:00:00Z", until="1972-07-04T12:00:00Z", zone="Africa/Monrovia")
    assert len(data["activeUsers"]) == 400
    for since, until in (("1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"), ("2026-01-01T00:00:00Z",) * 2):
        until = until if until > since else "2026-01-01T00:00:00.001Z"
        assert (await client.ask(TOP, since=since, until=until, type="PROBLEM", by="UNIQUE_USERS"))["topContent"] == []


def interaction(id: str, user: str, at: str, **more: Any) -> dict[str, Any]:
    content = {"type": "COURSE", "id": more.pop("content", "c1")}
    return {"content": {"id": id, "userId": user, "interaction": "VIEW", "content": content, "occurredAt": at, **more}}


def follow(id: str, user: str, other: str, at: str) -> dict[str, Any]:
    return {"social": {"id": id, "userId": user, "interaction": "FOLLOW", "targetUserId": other, "occurredAt": at}}


async def test_active_users_by_everybodys_and_by_friends_dates(client: Client) -> None:
    """In 1990, when nobody else was there."""
    events = [
        interaction("aud-1", "aud-ann", "1990-03-01T23:30:00Z"),
        interaction("aud-2", "aud-bob", "1990-03-02T12:00:00Z"),
        interaction("aud-3", "aud-ann", "1990-04-10T12:00:00Z"),
        follow("aud-4", "aud-cat", "aud-bob", "1990-04-10T13:00:00Z"),
    ]
    assert (await client.track_batch(*events))["tracked"] == 4
    window = {"since": "1990-03-01T12:00:00Z", "until": "1990-03-03T00:00:00Z"}
    rows = (await client.ask(ACTIVE, **window))["activeUsers"]
    assert [(row["date"], row["dau"], row["new"], row["mau"]) for row in rows] == [
        ("1990-03-01", 1, 1, 1),
        ("1990-03-02", 1, 1, 2),
    ]
    assert rows[1]["stickiness"] == 0.5
    moved = (await client.ask(ACTIVE, **window, zone="Europe/Berlin"))["activeUsers"]
    assert [(row["date"], row["start"], row["dau"]) for row in moved] == [
        ("1990-03-01", "1990-02-28T23:00:00.000Z", 0),
        ("1990-03-02", "1990-03-01T23:00:00.000Z", 2),
        ("1990-03-03", "1990-03-02T23:00:00.000Z", 0),
    ]
    (back,) = (await client.ask(ACTIVE, since="1990-04-10T00:00:00Z", until="1990-04-11T00:00:00Z"))["activeUsers"]
    assert (back["dau"], back["new"], back["returning"], back["resurrected"], back["dormant"]) == (2, 1, 0, 1, 1)
    (circle,) = (
        await client.ask(ACTIVE, since="1990-04-10T00:00:00Z", until="1990-04-11T00:00:00Z", viewer="aud-cat", hops=1)
    )["activeUsers"]
    assert (circle["dau"], circle["mau"], circle["dormant"]) == (0, 0, 1)


async def test_top_content_of_whole_and_of_cut_days(client: Client) -> None:
    events = [
        interaction("top-1", "top-ann", "1991-05-01T10:00:00Z", content="t1", durationMs=1000, scrollDepth=50),
        interaction("top-2", "top-ann", "1991-05-02T10:00:00Z", content="t1"),
        interaction("top-3", "top-ann", "1991-05-03T10:00:00Z", content="t1", durationMs=3000),
        interaction("top-4", "top-ann", "1991-05-02T10:00:00Z", content="t2"),
        interaction("top-5", "top-bob", "1991-05-03T10:00:00Z", content="t2", interaction="LIKE"),
        follow("top-6", "top-cat", "top-bob", "1991-05-04T10:00:00Z"),
    ]
    assert (await client.track_batch(*events))["tracked"] == 6
    window = {"since": "1991-05-01T09:00:00Z", "until": "1991-05-03T11:00:00Z"}

    async def top(**given: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await client.ask(TOP, **window, **given))["topContent"]
        return found

    rows = await top(by="EVENTS")
    assert [(row["content"]["id"], row["value"], row["uniqueUsers"]) for row in rows] == [("t1", 3, 1), ("t2", 2, 2)]
    assert (rows[0]["meanDwellMs"], rows[0]["averageScrollDepth"]) == (2000, 50)
    assert (rows[1]["meanDwellMs"], rows[1]["averageScrollDepth"]) == (None, None)
    rows = await top(by="UNIQUE_USERS", type="COURSE")
    assert [(row["content"]["id"], row["value"]) for row in rows] == [("t2", 2), ("t1", 1)]
    assert await top(type="POST") == []
    (row,) = await top(viewer="top-cat")
    assert (row["content"]["id"], row["events"], row["likes"], row["value"]) == ("t2", 1, 1, 3)


async def test_engagement_since_an_instant_with_a_funnel(client: Client) -> None:
    at = "1992-06-0{}T10:00:00Z"
    events = [
        interaction("eng-1", "eng-ann", at.format(1), content="e1", durationMs=500),
        interaction("eng-2", "eng-bob", at.format(2), content="e1", durationMs=1500),
        interaction("eng-3", "eng-bob", at.format(3), content="e1", interaction="REACT", reaction="wow"),
        interaction("eng-4", "eng-ann", at.format(4), content="e1", interaction="SHARE"),
    ]
    assert (await client.track_batch(*events))["tracked"] == 4
    query = """query E($a: DateTime, $b: DateTime) { content(ref: {type: COURSE, id: "e1"}) {
      engagement(since: $a, asOf: $b) { views shares engagementRate meanDwellMs funnel { step users ofPrevious } }
    } }"""

    async def engagement(**given: str) -> dict[str, Any]:
        found: dict[str, Any] = (await client.ask(query, **given))["content"]["engagement"]
        return found

    whole = await engagement()
    assert (whole["views"], whole["shares"], whole["meanDwellMs"]) == (2, 1, 1000)
    assert whole["engagementRate"] == pytest.approx((2 + 0.1 * 20) / (2 + 20))
    assert [(s["step"], s["users"], s["ofPrevious"]) for s in whole["funnel"]] == [
        ("VIEW", 2, None),
        ("LIKE", 1, 0.5),
        ("COMMENT", 0, 0),
        ("SHARE", 0, None),
    ]
    assert await engagement(a=at.format(1)) == whole
    late = await engagement(a=at.format(2), b=at.format(2))
    assert (late["views"], late["shares"], late["meanDwellMs"]) == (1, 0, 1500)
    assert [s["users"] for s in late["funnel"]] == [1, 0, 0, 0]
    answer = await client.send(query, a=at.format(3), b=at.format(2))
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_ARGUMENT"
