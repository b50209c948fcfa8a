"""Trends and summaries: what the ports are asked, and how their values look."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from signals.calendar import Granularity
from signals.clock import to_ms
from signals.events import ActivitySummary, EventFilter, Sums
from signals.neighbourhood import PEOPLE, full, nearer_first
from signals.trends import BEFORE, Group, Part, Question, Wants, answer
from tests.factories import RECEIVED
from tests.unit.surface import Ports, answered, ask

SINCE, UNTIL = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)
SPAN = 'since: "2026-03-29T00:00:00Z", until: "2026-03-31T00:00:00Z"'
NOTHING = Wants(users=False, sessions=False, users_in_all=False, sessions_in_all=False, before=False)
SUMMARY = ActivitySummary(
    total_events=3,
    unique_users=2,
    sessions=1,
    by_category=(("post", 3),),
    by_type=(("post:view", 3),),
    most_active_day="2026-03-01",
    most_common_action="view",
)


def question(**given: object) -> Question:
    fixed: dict[str, object] = {
        "since": to_ms(SINCE),
        "until": to_ms(UNTIL),
        "zone": ZoneInfo("UTC"),
        "now": to_ms(RECEIVED),
        "wants": NOTHING,
    }
    return Question(**(fixed | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "selected", "expected"),
    [
        ("", "series { group }", {}),
        (
            ', granularity: WEEK, timeZone: "Asia/Kathmandu", groupBy: COUNTRY, first: 7',
            "series { total }",
            {
                "granularity": Granularity.WEEK,
                "zone": ZoneInfo("Asia/Kathmandu"),
                "group": Group.COUNTRY,
                "first": 7,
            },
        ),
        (", granularity: null, timeZone: null, groupBy: null, filter: null, first: null", "series { group }", {}),
        (
            ', filter: {types: ["post:like"]}',
            "series { buckets { uniqueUsers } }",
            {
                "filter": EventFilter(types=("post:like",)),
                "wants": replace(NOTHING, users=True),
            },
        ),
        (
            "",
            "series { change uniqueUsers buckets { ...B } }",
            {"wants": replace(NOTHING, sessions=True, users_in_all=True, before=True)},
        ),
    ],
)
async def test_what_a_query_asks(arguments: str, selected: str, expected: dict[str, object]) -> None:
    ports = Ports()
    fragment = "fragment B on TrendBucket { sessions }" if "...B" in selected else ""
    await answered(ports, f"{{ engagementTrends({SPAN}{arguments}) {{ {selected} }} }} {fragment}")
    assert ports.calls == [("trends", question(**expected))]


async def test_a_neighbourhood_is_looked_up_first() -> None:
    ports = Ports(known={"people": ("bea", "cleo")})
    await answered(ports, f'{{ engagementTrends({SPAN}, viewerId: "ann", hops: 2) {{ timeZone }} }}')
    assert ports.calls == [("people", "ann", 2), ("trends", question(people=("bea", "cleo")))]


async def test_how_trends_look() -> None:
    wants = Wants()
    counted = {"post:like": {0: [Part(3, 50, 9.0, 2, 1)], BEFORE: [Part(2, 0, 0.0, 0, 0)]}}
    ports = Ports(known={"trends": answer(question(wants=wants), counted)})
    query = f"""{{ engagementTrends({SPAN}) {{ since until timeZone granularity series {{
      group total previousTotal change
      uniqueUsers sessions timeSpentMs score
      buckets {{ start end events uniqueUsers sessions timeSpentMs score complete }} }} }} }}"""
    first = {"start": "2026-03-29T00:00:00.000Z", "end": "2026-03-30T00:00:00.000Z", "complete": True}
    second = {"start": "2026-03-30T00:00:00.000Z", "end": "2026-03-31T00:00:00.000Z", "complete": True}
    sums = {"uniqueUsers": 2, "sessions": 1, "timeSpentMs": 50.0, "score": 9.0}
    nothing = {"uniqueUsers": 0, "sessions": 0, "timeSpentMs": 0.0, "score": 0.0}
    assert (await answered(ports, query))["engagementTrends"] == {
        "since": "2026-03-29T00:00:00.000Z",
        "until": "2026-03-31T00:00:00.000Z",
        "timeZone": "UTC",
        "granularity": "DAY",
        "series": [
            {
                "group": "post:like",
                "total": 3,
                "previousTotal": 2,
                "change": 0.5,
                **sums,
                "buckets": [{**first, "events": 3, **sums}, {**second, "events": 0, **nothing}],
            }
        ],
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ('since: "2026-03-29T00:00:00Z", until: "2026-03-29T00:00:00Z"', "INVALID_ARGUMENT"),
        (f'{SPAN}, timeZone: "Europe/Atlantis"', "INVALID_ARGUMENT"),
        (f"{SPAN}, hops: 3", "INVALID_ARGUMENT"),
        (f"{SPAN}, first: 0", "INVALID_ARGUMENT"),
        (f'{SPAN}, viewerId: ""', "INVALID_ARGUMENT"),
        (f"{SPAN}, first: 501", "LIMIT_EXCEEDED"),
        ('since: "2026-01-01T00:00:00Z", until: "2026-02-11T16:00:01Z", granularity: HOUR', "LIMIT_EXCEEDED"),
        ('since: "1970-01-01T00:00:00Z", until: "9999-12-31T00:00:00Z", granularity: HOUR', "LIMIT_EXCEEDED"),
        ('since: "9999-12-30T00:00:00Z", until: "9999-12-31T12:00:00Z"', "INVALID_ARGUMENT"),
    ],
)
async def test_what_is_refused(arguments: str, code: str) -> None:
    ports = Ports()
    assert (await ask(ports, f"{{ engagementTrends({arguments}) {{ timeZone }} }}")).codes() == [code]
    assert ports.calls == []


async def test_1000_buckets_are_answered() -> None:
    query = """{ engagementTrends(since: "2026-01-01T00:00:00Z", until: "2026-02-11T16:00:00Z", granularity: HOUR,
                 groupBy: NONE) { series { buckets { events } } } }"""
    [series] = (await answered(Ports(), query))["engagementTrends"]["series"]
    assert len(series["buckets"]) == 1000


async def test_a_summary_by_the_clock() -> None:
    by_clock = {"summary": SUMMARY, "mean_session_ms": 1500.0}
    ports = Ports(known=by_clock)
    query = '{ activitySummary(timeZone: "Asia/Tokyo") { mostActiveDay meanSessionMs } }'
    assert (await answered(ports, query))["activitySummary"] == {"mostActiveDay": "2026-03-01", "meanSessionMs": 1500.0}
    assert ports.calls == [
        ("summary", EventFilter(), Sums(users=False, sessions=False), "Asia/Tokyo"),
        ("mean_session_ms", EventFilter()),
    ]


async def test_a_summary_reads_no_more_than_is_selected() -> None:
    ports = Ports(known={"summary": SUMMARY})
    await answered(ports, '{ activitySummary(timeZone: "Asia/Tokyo") { totalEvents } }')
    await answered(ports, "{ activitySummary { mostActiveDay } }")
    await answered(ports, "{ activitySummary { uniqueUsers sessions } }")
    nothing, both = Sums(users=False, sessions=False), Sums()
    assert ports.calls == [("summary", EventFilter(), wants, None) for wants in (nothing, nothing, both)]


def test_nearer_people_come_first_and_everybody_once() -> None:
    assert nearer_first([{"c", "a", "me"}, {"b", "a", "me"}], "me") == ("a", "c", "b")


def test_a_neighbourhood_has_a_limit() -> None:
    people = nearer_first([{f"{n:04}" for n in range(PEOPLE)}, {"a"}], "me")
    assert len(people) == PEOPLE
    assert "a" not in people
    assert full(people)
    assert not full(people[1:])
