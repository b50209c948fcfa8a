"""What analysts are told of any history: what enough people did, as everybody is told it, and nothing else."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.impressions import ImpressionReader
from schema.principal import Principal, Role
from signals.events import ContentRef, Event, EventFilter
from signals.figures import Figures
from signals.habits import Habits
from signals.weights import standard
from tests import lives
from tests.contract.stage import Stage
from tests.contract.surface import Surface, few, narrowing
from tests.contract.surface import given as written
from tests.contract.test_impressions import history as impressions
from tests.contract.test_top_content import LOOKED_AT, PRIOR, TOP, WAYS
from tests.contract.test_trends import BUCKETS, SERIES, query
from tests.factories import VOCABULARY, active, at
from tests.lives import History
from tests.meanings import item, matches
from tests.reads import same
from tests.strategies import Record
from tests.trend_meanings import active_users, activity_summary, engagement_trends, group_of, periods, top_content
from tests.unit.surface import SCHEMA

pytestmark = pytest.mark.timeout(900)

K = 2
"""Few people meet in these histories."""
ANALYST = Principal("desk", Role.ANALYST)
BEFORE = -1
SUMMARY = """query ($filter: EventFilter, $timeZone: String) { activitySummary(filter: $filter, timeZone: $timeZone) {
  totalEvents uniqueUsers sessions mostActiveDay peakHours { hour count } meanSessionMs withheld
  byType { type count } byCategory { type count } } }"""
ACTIVE = """query ($since: DateTime!, $until: DateTime!, $timeZone: String) {
  activeUsers(since: $since, until: $until, timeZone: $timeZone) {
    date dau wau mau new returning resurrected dormant withheld } }"""
ENGAGEMENT = """query ($ref: ContentRef!, $since: DateTime) { content(ref: $ref) { engagement(since: $since) {
  views likes comments shares saves uniqueUsers byType { type count } funnel { users } withheld } } }"""


async def ask(surface: Surface, query: str, now: datetime, variables: Mapping[str, Any] | None = None) -> Any:
    """What an analyst is answered."""
    context = replace(surface.service.context(ANALYST), received_at=now, analyst_k=K)
    result = await SCHEMA.execute(query, written(variables or {}), context_value=context)
    assert not result.errors, result.errors
    return result.data


def crowds(events: Sequence[Event], cell: Callable[[Event], Hashable]) -> list[Event]:
    """The events of those cells that at least K people are in."""
    people = defaultdict[Hashable, set[str]](set)
    for event in events:
        people[cell(event)].add(event.user_id)
    return [event for event in events if len(people[cell(event)]) >= K]


def people(events: Sequence[Event]) -> int:
    return len({event.user_id for event in events})


def aggregate(filter: EventFilter) -> EventFilter:
    """What of a filter an analyst may use: nothing that picks out a person."""
    return replace(filter, user_id=None, target_user_id=None, session_id=None)


@pytest.fixture
def surface(stage: Stage) -> Surface:
    return Surface.of(stage)


@few
@given(data=st.data())
async def test_any_trend(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(), label="history")
    events = await surface.tell(history.steps)
    for _ in range(3):
        since, until = data.draw(lives.spans(history), label="span")
        filter = aggregate(data.draw(lives.filters(history), label="filter"))
        granularity = data.draw(st.sampled_from(("DAY", "DAY", "WEEK", "MONTH")), label="granularity")
        zone = data.draw(st.sampled_from(("UTC", *lives.ZONES)), label="zone")
        group = data.draw(st.sampled_from(("TYPE", "CATEGORY", "CONTENT_TYPE", "COUNTRY", "NONE")), label="group")
        spans = periods(ZoneInfo(zone), granularity, since, until)

        def cell(
            event: Event,
            since: datetime = since,
            until: datetime = until,
            filter: EventFilter = filter,
            spans: list[tuple[datetime, datetime]] = spans,
            group: str = group,
        ) -> tuple[str, int] | None:
            when = event.occurred_at
            if not matches(event, filter) or not since - (until - since) <= when < until:
                return None
            if when < since:
                return group_of(event, group), BEFORE
            place = next(n for n, (start, end) in enumerate(spans) if start <= when < end)
            return group_of(event, group), place

        question: dict[str, Any] = {"granularity": granularity, "time_zone": zone, "group_by": group}
        kept = [event for event in crowds(events, cell) if cell(event) is not None]
        expected = engagement_trends(kept, VOCABULARY, history.now, since, until, filter=filter, **question)
        variables = {"since": since, "until": until, "granularity": granularity, "timeZone": zone, "groupBy": group}
        text = query(f"withheld {SERIES}", f"withheld {BUCKETS}").replace("{\n      timeZone", "{ withheld timeZone")
        found = (await ask(surface, text, history.now, variables | {"filter": narrowing(filter)}))["engagementTrends"]
        hidden = {place for event in events if (place := cell(event)) is not None} - {cell(event) for event in kept}
        assert found.pop("withheld") == bool(hidden)
        for series in found["series"]:
            mine = {place for name, place in hidden if name == series["group"]}
            assert series.pop("withheld") == bool(mine)
            assert {n for n, row in enumerate(series["buckets"]) if row.pop("withheld")} == mine - {BEFORE}
        same(expected, found)


@few
@given(data=st.data())
async def test_any_summary(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(), label="history")
    events = await surface.tell(history.steps)
    for _ in range(4):
        filter = aggregate(data.draw(lives.filters(history), label="filter"))
        zone = data.draw(lives.zones(), label="zone")
        passing = [event for event in events if matches(event, filter)]
        kept = crowds(passing, lambda event: event.type)
        expected = activity_summary(kept, filter, zone)
        variables = {"filter": narrowing(filter), "timeZone": zone}
        found = (await ask(surface, SUMMARY, history.now, variables))["activitySummary"]
        day, hours = found.pop("mostActiveDay"), found.pop("peakHours")
        busiest, peaks = expected.pop("mostActiveDay"), expected.pop("peakHours")
        local = {event.id: event.occurred_at.astimezone(ZoneInfo(zone)) for event in kept}
        there = people([event for event in kept if local[event.id].date().isoformat() == busiest])
        assert day == (busiest if there >= K else None)
        for hour in hours:
            assert hour in peaks
            assert people([event for event in kept if local[event.id].hour == hour["hour"]]) >= K
        assert found.pop("withheld") == (kept != passing or day != busiest or hours != peaks)
        for row in found.pop("byType"):
            assert row["count"] == sum(event.type == row["type"] for event in passing)
            assert people([event for event in passing if event.type == row["type"]]) >= K
        assert sum(row["count"] for row in found.pop("byCategory")) == found["totalEvents"]
        same(expected, found)


@few
@given(data=st.data())
async def test_any_top_content(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(LOOKED_AT), label="history")
    events = await surface.tell(history.steps)
    for _ in range(5):
        since, until = data.draw(lives.spans(history), label="span")
        by = data.draw(st.sampled_from(WAYS), label="by")
        inside = [event for event in events if since <= event.occurred_at < until and item(event) is not None]
        kept = crowds(inside, lambda event: (item(event), event.face, event.name))
        truth = {_ref(row): row for row in top_content(inside, VOCABULARY, PRIOR, since, until, by)}
        rows = top_content(kept, VOCABULARY, PRIOR, since, until, by)
        expected = [row for row in rows if row["value"] or not truth[_ref(row)]["value"]]
        text = TOP.replace("engagementRate\n", "engagementRate withheld\n")
        found = (await ask(surface, text, history.now, {"since": since, "until": until, "by": by}))["topContent"]
        for row in found:
            told = [event for event in kept if item(event) == ContentRef(*_ref(row))]
            assert row["uniqueUsers"] >= K
            assert row.pop("withheld") or len(told) == truth[_ref(row)]["events"]
        spent = {"timeSpentMs", "meanDwellMs", "averageScrollDepth"}  # of which few may have told anything
        same([_without(row, spent) for row in expected if by != "TIME_SPENT"],
             [_without(row, spent) for row in found if by != "TIME_SPENT"])  # fmt: skip
        for row in found:
            told = [event for event in kept if item(event) == ContentRef(*_ref(row))]
            assert not row["timeSpentMs"] or people([e for e in told if e.duration_ms is not None]) >= K
            assert row["averageScrollDepth"] is None or people([e for e in told if e.scroll_depth is not None]) >= K


def _ref(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["content"]["type"], row["content"]["id"]


def _without(row: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


@few
@given(data=st.data())
async def test_any_engagement(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(LOOKED_AT), label="history")
    events = await surface.tell(history.steps)
    refs = sorted({ref for event in events if (ref := item(event)) is not None}, key=lambda ref: ref.key)
    for ref in refs:
        since = data.draw(st.none() | st.just(history.now - timedelta(days=2)), label="since")
        variables = {"ref": {"type": ref.type, "id": ref.id}, "since": since}
        found = (await ask(surface, ENGAGEMENT, history.now, variables))["content"]["engagement"]
        done = [e for e in events if item(e) == ref and e.occurred_at <= history.now]
        done = [e for e in done if since is None or e.occurred_at >= since]
        for row in found["byType"]:
            some = [event for event in done if event.type == row["type"]]
            assert row["count"] == len(some)
            assert people(some) >= K
        for users in (found["likes"], found["saves"], found["uniqueUsers"], *(s["users"] for s in found["funnel"])):
            assert users == 0 or users >= K
        assert sum(found[name] for name in ("views", "comments", "shares")) <= sum(r["count"] for r in found["byType"])
        assert found["withheld"] or len(done) == sum(row["count"] for row in found["byType"])


@few
@given(data=st.data())
async def test_any_dates(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(), label="history")
    events = await surface.tell(history.steps)
    since, until = data.draw(lives.spans(history), label="span")
    since = max(since, until - timedelta(days=300))
    zone = data.draw(st.sampled_from(("UTC", *lives.ZONES)), label="zone")
    variables = {"since": since, "until": until, "timeZone": zone}
    found = (await ask(surface, ACTIVE, history.now, variables))["activeUsers"]
    truth = {row["date"]: row for row in active_users(events, since, until, zone)}
    for row in found:
        whole = truth[row["date"]]
        numbers = {name: row[name] for name in ("dau", "wau", "mau", "new", "returning", "resurrected", "dormant")}
        for name, number in numbers.items():
            assert number in (0, whole[name])
            assert number == 0 or number >= K
        assert row["withheld"] == any(numbers[name] != whole[name] for name in numbers)


@pytest.mark.parametrize("seed", range(3))
async def test_any_impressions(surface: Surface, seed: int) -> None:
    chance = random.Random(seed)
    events = impressions(seed)
    await surface.tell([Record(tuple(events))])
    reader = ImpressionReader(surface.stage.database, VOCABULARY, standard().rates)
    span = (at(0), at(chance.choice((2, 4000))))
    whole = await reader.click_through(*span, None)
    found = await reader.click_through(*span, None, least=K)
    nobody = await reader.click_through(*span, None, least=3)
    assert (nobody.impressions, nobody.positions) == (0, ())
    assert nobody.withheld == (whole.impressions > 0)
    by_position = {each.position: (each.impressions, each.clicks) for each in whole.positions}
    for each in found.positions:
        assert (each.impressions, each.clicks) == by_position[each.position]
    assert found.withheld == (found.impressions < whole.impressions)


async def test_what_picks_out_a_person_is_refused(surface: Surface) -> None:
    context = surface.service.context(ANALYST)
    span = 'since: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z"'
    for asked in (
        f'engagementTrends({span}, viewerId: "ann") {{ timeZone }}',
        f'engagementTrends({span}, filter: {{userId: "ann"}}) {{ timeZone }}',
        f'engagementTrends({span}, filter: {{targetUserId: "ann"}}) {{ timeZone }}',
        f'engagementTrends({span}, filter: {{sessionId: "s"}}) {{ timeZone }}',
        'activitySummary(filter: {userId: "ann"}) { totalEvents }',
        f'activeUsers({span}, viewerId: "ann") {{ dau }}',
        f'topContent({span}, viewerId: "ann") {{ events }}',
        'trending(viewerId: "ann") { users }',
        'user(id: "ann") { id }',
    ):
        result = await SCHEMA.execute(f"{{ {asked} }}", context_value=context)
        assert [(error.extensions or {}).get("code") for error in result.errors or ()] == ["FORBIDDEN"], asked


async def test_one_person_on_two_days_is_no_crowd(surface: Surface) -> None:
    days = {name: datetime(2025, 5, day, 12, tzinfo=UTC) for day, name in enumerate("abcd", 1)}
    acts = [("ann", "a"), ("ann", "b"), ("ann", "c"), ("bob", "c"), ("bob", "d")]
    events = [active("LOGIN", who, occurred_at=days[day], reported_at=days[day]) for who, day in acts]
    await surface.tell([Record(tuple(events))])
    span = {"since": datetime(2025, 5, 3, tzinfo=UTC), "until": datetime(2025, 5, 5, tzinfo=UTC)}
    text = query("withheld total previousTotal uniqueUsers", "withheld events")
    [series] = (await ask(surface, text, span["until"], span))["engagementTrends"]["series"]
    assert series == {
        "withheld": True,
        "total": 2,
        "previousTotal": 0,
        "uniqueUsers": 2,
        "buckets": [{"withheld": False, "events": 2}, {"withheld": True, "events": 0}],
    }
    week: dict[str, Any] = {
        "since": datetime(2025, 4, 28, tzinfo=UTC),
        "until": datetime(2025, 5, 5, tzinfo=UTC),
        "granularity": "WEEK",
    }
    [series] = (await ask(surface, text, week["until"], week))["engagementTrends"]["series"]
    assert (series["withheld"], series["total"], series["uniqueUsers"]) == (False, 5, 2)


async def test_habits_are_those_of_a_crowd(surface: Surface) -> None:
    query, when = "{ populationHabits { at repeat } }", datetime(2025, 6, 1, tzinfo=UTC)
    for who in ("ann", "bob"):
        event = active("LOGIN", who, occurred_at=datetime(2025, 5, 1, tzinfo=UTC), reported_at=when)
        await surface.tell([Record((event,))]) if who == "ann" else await surface.hear([Record((event,))])
        figures = Stored(Figures(when - timedelta(days=1), Habits()))
        surface.service.shared = replace(surface.service.shared, population=figures)
        found = (await ask(surface, query, when))["populationHabits"]
        assert (found is None) == (who == "ann")


@dataclass(frozen=True)
class Stored:
    """Habits that were stored."""

    found: Figures

    async def figures(self, by: datetime) -> Figures | None:
        return self.found if self.found.at <= by else None
