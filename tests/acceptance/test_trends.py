"""Trends and summaries over HTTP: limits, errors, and who is in a neighbourhood."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.conftest import Client

SPAN = 'since: "2001-06-01T00:00:00Z", until: "2001-06-03T00:00:00Z"'


def view(user: str, at: str, **more: Any) -> dict[str, Any]:
    content = {"type": "POST", "id": "p-trends"}
    return {"content": {"userId": user, "interaction": "VIEW", "content": content, "occurredAt": at, **more}}


def towards(user: str, name: str, other: str) -> dict[str, Any]:
    at = "2001-05-01T00:00:00Z"
    return {"social": {"userId": user, "interaction": name, "targetUserId": other, "occurredAt": at}}


@pytest.mark.parametrize(
    ("field", "code", "said"),
    [
        (f'engagementTrends({SPAN}, timeZone: "europe/berlin") {{ timeZone }}', "INVALID_ARGUMENT", "Europe/Berlin"),
        (f"engagementTrends({SPAN}, hops: 0) {{ timeZone }}", "INVALID_ARGUMENT", "1 to 2"),
        (f"engagementTrends({SPAN}, first: 501) {{ timeZone }}", "LIMIT_EXCEEDED", "500"),
        (
            'engagementTrends(since: "2001-06-03T00:00:00Z", until: "2001-06-01T00:00:00Z") { timeZone }',
            "INVALID_ARGUMENT",
            "later than since",
        ),
        (
            'engagementTrends(since: "2001-01-01T00:00:00Z", until: "2003-09-29T00:00:00Z") { timeZone }',
            "LIMIT_EXCEEDED",
            "1000 buckets",
        ),
        (
            'engagementTrends(since: "9999-12-30T00:00:00Z", until: "9999-12-31T23:00:00Z") { timeZone }',
            "INVALID_ARGUMENT",
            "9999",
        ),
        ('activitySummary(timeZone: "Moon") { totalEvents }', "INVALID_ARGUMENT", "Moon"),
    ],
)
async def test_a_wrong_argument_is_told(client: Client, field: str, code: str, said: str) -> None:
    answer = await client.send(f"{{ {field} }}")
    [error] = answer["errors"]
    assert error["extensions"]["code"] == code
    assert said in error["message"]


async def test_too_many_series_times_buckets_are_told(client: Client) -> None:
    events = [view("t-world", "2003-02-01T00:00:00Z", country=f"C{number:02}") for number in range(51)]
    assert (await client.track_batch(*events))["tracked"] == 51
    span = 'since: "2003-01-01T00:00:00Z", until: "2003-02-11T16:00:00Z", granularity: HOUR, groupBy: COUNTRY'
    answer = await client.send(f"{{ engagementTrends({span}, first: 51) {{ series {{ group }} }} }}")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["LIMIT_EXCEEDED"]
    assert "51 series of 1000 buckets" in answer["errors"][0]["message"]
    fewer = await client.ask(f"{{ engagementTrends({span}) {{ series {{ group }} }} }}")
    assert len(fewer["engagementTrends"]["series"]) == 50


async def test_only_friends_and_their_friends_count_in_a_scope(client: Client) -> None:
    told = [
        towards("t-ann", "FOLLOW", "t-bea"),
        towards("t-bea", "CONNECTION_REQUEST", "t-cleo"),
        towards("t-cleo", "CONNECTION_ACCEPT", "t-bea"),
        *(view(f"t-{name}", "2001-06-01T12:00:00Z") for name in ("ann", "bea", "cleo", "dora")),
    ]
    assert (await client.track_batch(*told))["tracked"] == len(told)
    query = f"""query ($hops: Int) {{ engagementTrends({SPAN}, groupBy: NONE, viewerId: "t-ann", hops: $hops) {{
      series {{ total uniqueUsers buckets {{ events }} }} }} }}"""
    for hops, users in ((1, 1), (2, 2)):
        [series] = (await client.ask(query, hops=hops))["engagementTrends"]["series"]
        assert series == {"total": users, "uniqueUsers": users, "buckets": [{"events": users}, {"events": 0}]}


async def test_a_late_event_and_one_taken_back_are_counted_at_once(client: Client) -> None:
    query = """{ engagementTrends(since: "2001-07-01T00:00:00Z", until: "2001-07-02T00:00:00Z", groupBy: NONE,
      timeZone: "America/New_York") { series { buckets { events uniqueUsers sessions } } } }"""

    async def buckets() -> list[list[int]]:
        [series] = (await client.ask(query))["engagementTrends"]["series"]
        return [list(bucket.values()) for bucket in series["buckets"]]

    await client.track_batch(view("t-eve", "2001-07-01T03:59:00Z", id="t-eve-1", sessionId="t-s"))
    assert await buckets() == [[1, 1, 1], [0, 0, 0]]
    await client.track_batch(view("t-eve", "2001-07-01T04:00:00Z", id="t-eve-2"))
    assert await buckets() == [[1, 1, 1], [1, 1, 0]]
    await client.ask('mutation { retract(eventId: "t-eve-1") { __typename } }')
    assert await buckets() == [[0, 0, 0], [1, 1, 0]]


async def test_a_summary_by_the_clock_of_a_time_zone(client: Client) -> None:
    times = ("2001-08-01T18:20:00Z", "2001-08-01T18:10:00Z", "2001-08-02T01:00:00Z")
    await client.track_batch(*(view("t-fay", at, sessionId="t-fay") for at in times))
    query = """query ($zone: String) { activitySummary(filter: {userId: "t-fay"}, timeZone: $zone) {
      mostActiveDay peakHours { hour count } meanSessionMs } }"""
    mean = 24_600_000.0
    assert (await client.ask(query, zone="UTC"))["activitySummary"] == {
        "mostActiveDay": "2001-08-01",
        "peakHours": [{"hour": 18, "count": 2}, {"hour": 1, "count": 1}],
        "meanSessionMs": mean,
    }
    assert (await client.ask(query, zone="Asia/Kathmandu"))["activitySummary"] == {
        "mostActiveDay": "2001-08-02",
        "peakHours": [{"hour": 0, "count": 1}, {"hour": 6, "count": 1}, {"hour": 23, "count": 1}],
        "meanSessionMs": mean,
    }
