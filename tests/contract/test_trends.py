"""Trends and summaries: cases worked out by hand, and any history as the oracle says, on every engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import slot_days
from graph import trends as trends_of_days
from signals import whole_days
from signals.events import Event, EventFilter
from tests import lives
from tests.contract.stage import Stage
from tests.contract.surface import Surface, few, narrowing
from tests.factories import VOCABULARY, active, did, met
from tests.lives import History
from tests.reads import same
from tests.strategies import Record
from tests.trend_meanings import activity_summary, engagement_trends, neighbourhood, periods

pytestmark = pytest.mark.timeout(900)

ARGUMENTS = """$since: DateTime!, $until: DateTime!, $granularity: Granularity, $timeZone: String, $groupBy: TrendGroup,
  $filter: EventFilter, $viewerId: ID, $hops: Int, $first: Int"""
PASSED = """since: $since, until: $until, granularity: $granularity, timeZone: $timeZone, groupBy: $groupBy,
  filter: $filter, viewerId: $viewerId, hops: $hops, first: $first"""
SERIES = "group total previousTotal change uniqueUsers sessions timeSpentMs score"
BUCKETS = "start end events uniqueUsers sessions timeSpentMs score complete"
PARTS = [
    (SERIES, BUCKETS),
    ("group total", "start end events complete"),
    ("group total timeSpentMs score", "start uniqueUsers"),
    ("group uniqueUsers sessions", "start sessions score"),
    ("group total previousTotal", "start timeSpentMs"),
]
"""Only what is selected is computed, in different ways."""
SUMMARY = """query ($filter: EventFilter, $timeZone: String) { activitySummary(filter: $filter, timeZone: $timeZone) {
  totalEvents uniqueUsers sessions mostActiveDay peakHours { hour count } meanSessionMs } }"""
BEGINNING = datetime(2025, 5, 1, tzinfo=UTC)


def query(series: str = SERIES, buckets: str = BUCKETS) -> str:
    return f"""query ({ARGUMENTS}) {{ engagementTrends({PASSED}) {{
      timeZone series {{ {series} buckets {{ {buckets} }} }} }} }}"""


def only(answer: dict[str, Any], series: str, buckets: str) -> dict[str, Any]:
    """What of an answer is selected."""
    rows = [
        {name: row[name] for name in series.split()}
        | {"buckets": [{name: bucket[name] for name in buckets.split()} for bucket in row["buckets"]]}
        for row in answer["series"]
    ]
    return answer | {"series": rows}


@pytest.fixture
def surface(stage: Stage) -> Surface:
    return Surface.of(stage)


@few
@given(data=st.data())
async def test_any_history(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(), label="history")
    early = data.draw(st.integers(0, len(history.steps)), label="heard before the first question")
    events = await surface.tell(history.steps[:early])
    await agree(surface, events, history, data)
    events = await surface.hear(history.steps[early:])
    for _ in range(3):
        await agree(surface, events, history, data)


@few
@given(data=st.data())
async def test_what_is_read_and_kept_in_parts(surface: Surface, data: st.DataObject) -> None:
    """A day's slots are cut into many segments, and few days and people are read at once."""
    history: History = data.draw(lives.histories(), label="history")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_days, "SEGMENT", data.draw(st.sampled_from((1, 64, 400)), label="characters"))
        patch.setattr(slot_days, "AT_ONCE", 2)
        patch.setattr(trends_of_days, "CUTS", data.draw(st.sampled_from((0, 1)), label="cuts"))
        events = await surface.tell(history.steps)
        for _ in range(3):
            await agree(surface, events, history, data)


async def agree(surface: Surface, events: list[Event], history: History, data: st.DataObject) -> None:
    """One question, asked of the engine and the oracle."""
    since, until = data.draw(lives.spans(history), label="span")
    viewer, hops = data.draw(lives.viewers(), label="around")
    filter = data.draw(lives.filters(history), label="filter")
    now = data.draw(st.sampled_from((history.now, history.now + timedelta(days=9))), label="now")
    question: dict[str, Any] = {
        "granularity": data.draw(st.sampled_from(("HOUR", "DAY", "DAY", "WEEK", "MONTH")), label="granularity"),
        "time_zone": data.draw(st.sampled_from(("UTC", *lives.ZONES)), label="zone"),
        "group_by": data.draw(
            st.sampled_from(("TYPE", "CATEGORY", "CONTENT_TYPE", "COUNTRY", "DEVICE_TYPE", "NONE")), label="group"
        ),
        "first": data.draw(st.sampled_from((50, 2)), label="first"),
    }
    if question["granularity"] == "HOUR":
        since = max(since, until - timedelta(days=40))
    selected = data.draw(st.sampled_from(PARTS), label="selected")
    people = None if viewer is None else neighbourhood(events, VOCABULARY, viewer, hops)
    expected = engagement_trends(events, VOCABULARY, now, since, until, filter=filter, people=people, **question)
    variables = {
        "since": since,
        "until": until,
        "granularity": question["granularity"],
        "timeZone": question["time_zone"],
        "groupBy": question["group_by"],
        "filter": narrowing(filter),
        "viewerId": viewer,
        "hops": hops,
        "first": question["first"],
    }
    found = await surface.ask(query(*selected), now, variables)
    same(only(expected, *selected), found["engagementTrends"])


@few
@given(data=st.data())
async def test_any_summary(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(), label="history")
    events = await surface.tell(history.steps)
    for _ in range(4):
        filter = data.draw(lives.filters(history), label="filter")
        zone = data.draw(lives.zones(), label="zone")
        found = await surface.ask(SUMMARY, history.now, {"filter": narrowing(filter), "timeZone": zone})
        same(activity_summary(events, filter, zone), found["activitySummary"])


# ---- worked out by hand


def logged_in(user: str, at: str, **fields: Any) -> Event:
    instant = datetime.fromisoformat(at)
    return active("LOGIN", user, occurred_at=instant, reported_at=instant, **fields)


async def trends(surface: Surface, events: list[Event], now: str, since: str, until: str, **more: Any) -> Any:
    """The product's answer, which is the oracle's."""
    left = await surface.tell([Record(tuple(events))])
    present, start, end = (datetime.fromisoformat(text) for text in (now, since, until))
    found = (await surface.ask(query(), present, {"since": start, "until": end, **more}))["engagementTrends"]
    names = {"timeZone": "time_zone", "groupBy": "group_by", "granularity": "granularity"}
    question: dict[str, Any] = {names[name]: value for name, value in more.items() if name in names}
    people = neighbourhood(left, VOCABULARY, more["viewerId"], more.get("hops", 1)) if "viewerId" in more else None
    same(engagement_trends(left, VOCABULARY, present, start, end, people=people, **question), found)
    return found["series"]


async def test_a_day_of_25_hours_by_the_hour_and_as_one(surface: Surface) -> None:
    events = [
        logged_in("ann", "2024-11-03T05:30:00+00:00"),
        logged_in("ann", "2024-11-03T06:30:00+00:00", session_id="s", duration_ms=9),
        logged_in("bob", "2024-11-03T06:30:00+00:00", session_id="s"),
        logged_in("bob", "2024-11-04T04:59:59.999+00:00"),
        logged_in("bob", "2024-11-04T05:00:00+00:00"),
    ]
    there = {"timeZone": "America/New_York", "groupBy": "NONE"}
    window = ("2024-11-05T00:00:00+00:00", "2024-11-03T04:00:00+00:00", "2024-11-04T05:00:00+00:00")
    [hours] = await trends(surface, events, *window, granularity="HOUR", **there)
    assert len(hours["buckets"]) == 25
    assert [row["start"] for row in hours["buckets"][1:3]] == ["2024-11-03T05:00:00.000Z", "2024-11-03T06:00:00.000Z"]
    assert [row["events"] for row in hours["buckets"]] == [0, 1, 2, *[0] * 21, 1]
    assert [(row["uniqueUsers"], row["sessions"], row["timeSpentMs"]) for row in hours["buckets"][1:3]] == [
        (1, 0, 0.0),
        (2, 1, 9.0),
    ]
    [days] = await trends(surface, events, *window, **there)
    [day] = days["buckets"]
    assert (day["start"], day["end"]) == ("2024-11-03T04:00:00.000Z", "2024-11-04T05:00:00.000Z")
    assert (day["events"], day["uniqueUsers"], day["sessions"], day["complete"]) == (4, 2, 1, True)


async def test_samoas_week_of_six_days(surface: Surface) -> None:
    events = [logged_in("ann", "2011-12-30T09:00:00+00:00"), logged_in("ann", "2011-12-30T11:00:00+00:00")]
    window = ("2012-02-01T00:00:00+00:00", "2011-12-26T10:00:00+00:00", "2012-01-01T10:00:00+00:00")
    there = {"timeZone": "Pacific/Apia", "groupBy": "CATEGORY"}
    [days] = await trends(surface, events, *window, **there)
    assert (days["group"], [row["events"] for row in days["buckets"]]) == ("auth", [0, 0, 0, 1, 1, 0])
    assert days["buckets"][4]["start"] == "2011-12-30T10:00:00.000Z"
    [weeks] = await trends(surface, events, *window, granularity="WEEK", **there)
    [week] = weeks["buckets"]
    assert (week["start"], week["end"]) == ("2011-12-26T10:00:00.000Z", "2012-01-01T10:00:00.000Z")
    assert (week["events"], week["complete"]) == (2, True)


async def test_what_is_complete_and_what_changed(surface: Surface) -> None:
    events = [logged_in("ann", f"2025-05-{day:02}T12:00:00+00:00") for day in (7, 8, 8, 9, 10, 10)]
    window = ("2025-05-10T13:00:00+00:00", "2025-05-09T07:00:00+00:00", "2025-05-11T00:00:00+00:00")
    [series] = await trends(surface, events, *window)
    assert (series["group"], series["total"], series["previousTotal"], series["change"]) == ("auth:login", 3, 2, 0.5)
    assert [(row["events"], row["complete"]) for row in series["buckets"]] == [(1, False), (2, False)]
    assert [row["start"] for row in series["buckets"]] == ["2025-05-09T00:00:00.000Z", "2025-05-10T00:00:00.000Z"]
    [series] = await trends(surface, events, window[0], "2025-05-07T00:00:00+00:00", "2025-05-09T00:00:00+00:00")
    assert (series["total"], series["previousTotal"], series["change"]) == (3, 0, None)
    assert [(row["events"], row["complete"]) for row in series["buckets"]] == [(1, True), (2, True)]
    nothing = ("2025-05-12T00:00:00+00:00", "2025-05-13T00:00:00+00:00")
    assert await trends(surface, events, window[0], *nothing) == []
    [series] = await trends(surface, events, window[0], *nothing, groupBy="NONE")
    assert (series["group"], series["total"], series["score"]) == ("all", 0, 0.0)
    assert [(row["events"], row["complete"]) for row in series["buckets"]] == [(0, False)]


async def test_score_and_a_neighbourhood(surface: Surface) -> None:
    """Weights: LIKE 3, COMMENT 5, FOLLOW 4, CONNECTION_ACCEPT 6."""
    events = [
        met("FOLLOW", "ann", "bob", seconds=1),
        met("CONNECTION_REQUEST", "bob", "cleo", seconds=2),
        met("CONNECTION_ACCEPT", "cleo", "bob", seconds=3),
        did("LIKE", "bob", seconds=4),
        did("COMMENT", "cleo", seconds=5),
        did("COMMENT", "dan", seconds=6),
    ]
    window = ("2026-03-02T00:00:00+00:00", "2026-03-01T00:00:00+00:00", "2026-03-02T00:00:00+00:00")
    near = await trends(surface, events, *window, viewerId="ann")
    assert {row["group"]: (row["total"], row["score"]) for row in near} == {
        "social:connection_request": (1, 4.0),
        "post:like": (1, 3.0),
    }
    far = await trends(surface, events, *window, viewerId="ann", hops=2, groupBy="CATEGORY")
    assert [(row["group"], row["total"], row["uniqueUsers"], row["score"]) for row in far] == [
        ("post", 2, 2, 8.0),
        ("social", 2, 2, 10.0),
    ]
    assert await trends(surface, events, *window, viewerId="dan", hops=2) == []


async def test_a_summary(surface: Surface) -> None:
    events = [
        logged_in("ann", "2025-05-01T17:00:00+00:00", session_id="s"),
        logged_in("bob", "2025-05-01T18:30:00+00:00", session_id="s"),
        logged_in("bob", "2025-05-02T18:29:59.999+00:00"),
        logged_in("bob", "2025-05-02T18:30:00+00:00", session_id="t"),
    ]
    left = await surface.tell([Record(tuple(events))])
    expected = {
        "totalEvents": 4,
        "uniqueUsers": 2,
        "sessions": 2,
        "mostActiveDay": "2025-05-02",
        "peakHours": [{"hour": 0, "count": 2}, {"hour": 22, "count": 1}, {"hour": 23, "count": 1}],
        "meanSessionMs": 2_700_000.0,
    }
    found = await surface.ask(SUMMARY, BEGINNING + timedelta(days=9), {"timeZone": "Asia/Kolkata"})
    assert found["activitySummary"] == expected
    same(activity_summary(left, EventFilter(), "Asia/Kolkata"), expected)


def test_hours_of_lord_howe() -> None:
    """Half an hour is skipped, or comes again: the hour in which that happens lasts 90 minutes."""
    for day, start in ((datetime(2024, 10, 5, tzinfo=UTC), 14.5), (datetime(2024, 4, 6, tzinfo=UTC), 14)):
        begin = day + timedelta(hours=start)
        spans = periods(ZoneInfo("Australia/Lord_Howe"), "HOUR", begin, begin + timedelta(hours=2))
        assert [end - begin for begin, end in spans] == [timedelta(hours=1.5), timedelta(hours=1)]
