"""Trends are the same from days, quarters of an hour and single events as from single events alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.calendar import Granularity, Period
from signals.clock import DAY_MS, HOUR_MS, from_ms
from signals.diary import Entry
from signals.errors import LimitExceeded
from signals.events import ContentRef, EventFilter, Face
from signals.slots import SLOT_MS, Cell, Dimension, Total, pack_totals, token
from signals.trend_parts import (
    Slots,
    add,
    day_totals,
    group_of,
    of_dimension,
    of_entries,
    of_slots,
    passes,
    plan,
    rows,
    told_by_days,
)
from signals.trends import (
    BEFORE,
    EngagementTrends,
    Group,
    Part,
    Question,
    Table,
    Wants,
    answer,
    as_of_buckets,
    distinct,
    table,
)
from tests.factories import VOCABULARY

UTC = ZoneInfo("UTC")
DAY_0 = 20_000 * DAY_MS
"""In October 2024."""
MINUTE_MS = 60_000
FEW = Wants(users=False, sessions=False, users_in_all=False, sessions_in_all=False)
LIKE = Entry(0, "e", "ann", "content", "LIKE", "post", "like", "POST:1")


def question(since: int = DAY_0, until: int = DAY_0 + 2 * DAY_MS, **more: object) -> Question:
    fixed: dict[str, object] = {"since": since, "until": until, "zone": UTC, "now": DAY_0 + 90 * DAY_MS}
    return Question(**(fixed | more))  # type: ignore[arg-type]


def told(question: Question, entries: Iterable[Entry]) -> EngagementTrends:
    """From single events alone."""
    counted = table()
    inside = [e for e in entries if question.before.start <= e.at < question.span.end and passes(e, question.filter)]
    of_entries(inside, question, VOCABULARY, token, counted)
    return answer(question, counted)


def test_a_bucket_counts_events_people_sessions_time_and_weight() -> None:
    entries = [
        LIKE._replace(at=DAY_0, session_id="s", duration_ms=100),
        LIKE._replace(at=DAY_0 + 5, session_id="s", duration_ms=None),
        LIKE._replace(at=DAY_0 + DAY_MS - 1, actor_id="bea", session_id="t", duration_ms=7),
        LIKE._replace(at=DAY_0 + DAY_MS, session_id="s"),
        LIKE._replace(at=DAY_0 - 1),
    ]
    [series] = told(question(), entries).series
    assert [(b.events, b.unique_users, b.sessions, b.time_spent_ms, b.score) for b in series.buckets] == [
        (3, 2, 2, 107.0, 9.0),
        (1, 1, 1, 0.0, 3.0),
    ]
    assert (series.group, series.total, series.previous_total, series.change) == ("post:like", 4, 1, 3.0)
    assert (series.unique_users, series.sessions, series.time_spent_ms, series.score) == (2, 2, 107.0, 12.0)


def test_a_bucket_without_events_is_there() -> None:
    [series] = told(question(until=DAY_0 + 3 * DAY_MS), [LIKE._replace(at=DAY_0 + DAY_MS)]).series
    assert [b.events for b in series.buckets] == [0, 1, 0]
    assert [b.start for b in series.buckets] == [from_ms(DAY_0 + n * DAY_MS) for n in range(3)]
    assert series.change is None


def test_a_bucket_is_complete_when_it_is_over_and_wholly_asked_for() -> None:
    asked = question(DAY_0 + 1, DAY_0 + 4 * DAY_MS, now=DAY_0 + 3 * DAY_MS, group=Group.NONE)
    [series] = answer(asked, {}).series
    assert (series.group, [b.complete for b in series.buckets]) == ("all", [False, True, True, False])
    [series] = answer(question(until=DAY_0 + DAY_MS + 1, group=Group.NONE), {}).series
    assert [b.complete for b in series.buckets] == [True, False]


def test_most_events_come_first_and_groups_of_the_past_do_not_show() -> None:
    entries = [
        *(LIKE._replace(at=DAY_0 + n, country="DE") for n in range(2)),
        *(LIKE._replace(at=DAY_0 + n, country="BR") for n in range(2)),
        *(LIKE._replace(at=DAY_0 + n) for n in range(3)),
        LIKE._replace(at=DAY_0 - 1, country="US"),
    ]
    asked = question(group=Group.COUNTRY)
    assert [s.group for s in told(asked, entries).series] == ["unknown", "BR", "DE"]
    assert [s.group for s in told(replace(asked, first=2), entries).series] == ["unknown", "BR"]


def test_a_filter_narrows_the_times_of_both_spans() -> None:
    entries = [LIKE._replace(at=DAY_0 + n * HOUR_MS) for n in range(-48, 48)]
    asked = question(filter=EventFilter(since=from_ms(DAY_0 - HOUR_MS), until=from_ms(DAY_0 + HOUR_MS)))
    [series] = told(asked, entries).series
    assert (series.total, series.previous_total, len(series.buckets)) == (1, 1, 2)


def test_more_than_50000_buckets_are_refused() -> None:
    asked = question(until=DAY_0 + 1000 * DAY_MS, group=Group.COUNTRY, first=500)
    part = Part(1, 0, 0.0, 1, 0)
    counted = {f"{number:02}": {0: [part]} for number in range(51)}
    with pytest.raises(LimitExceeded, match="51 series of 1000 buckets"):
        answer(asked, counted)
    assert len(answer(replace(asked, first=50), counted).series) == 50


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (Group.TYPE, "post:like"),
        (Group.CATEGORY, "post"),
        (Group.CONTENT_TYPE, "POST"),
        (Group.COUNTRY, "unknown"),
        (Group.DEVICE_TYPE, "MOBILE"),
        (Group.NONE, "all"),
    ],
)
def test_the_group_of_an_event(group: Group, expected: str) -> None:
    assert group_of(LIKE._replace(device_type="MOBILE"), group) == expected


def test_what_is_about_no_content_is_told_apart() -> None:
    assert group_of(LIKE._replace(content_key=None), Group.CONTENT_TYPE) == "none"


@pytest.mark.parametrize(
    ("filter", "group", "served"),
    [
        (EventFilter(), Group.COUNTRY, True),
        (EventFilter(types=("post:like",)), Group.TYPE, True),
        (EventFilter(actions=("like",)), Group.CATEGORY, True),
        (EventFilter(categories=()), Group.NONE, True),
        (EventFilter(actions=("like",)), Group.COUNTRY, False),
        (EventFilter(categories=("post",)), Group.CONTENT_TYPE, False),
        (EventFilter(user_id="ann"), Group.TYPE, False),
        (EventFilter(content=ContentRef("POST", "1")), Group.NONE, False),
        (EventFilter(target_user_id="ann"), Group.NONE, False),
        (EventFilter(session_id="s"), Group.TYPE, False),
    ],
)
def test_what_the_rollups_can_serve(filter: EventFilter, group: Group, served: bool) -> None:
    assert (rows(group, filter) is not None) is served


def test_distinct_people_of_several_parts_count_once() -> None:
    assert distinct([{"a", "b"}, {"b", "c"}, set()]) == 3
    assert distinct([2]) == 2
    assert distinct([]) == 0


def test_lines_of_one_dimension_are_found_whatever_the_value() -> None:
    segment = "5\tt\tk\t1\n5\tk\tt\t1\n95\tt\tpost:like\t1\n0\tt\t\tt\t1"
    assert of_dimension(segment, Dimension.TYPE) == "5\tt\tk\t1\n95\tt\tpost:like\t1\n0\tt\t\tt\t1"
    assert of_dimension(segment, Dimension.CONTENT_TYPE) == "5\tk\tt\t1"
    assert of_dimension("", Dimension.TYPE) == ""


spans = st.tuples(st.integers(0, 4 * DAY_MS), st.integers(1, 4 * DAY_MS)) | st.tuples(
    st.integers(0, 96).map(lambda n: n * SLOT_MS), st.integers(1, 400).map(lambda n: n * SLOT_MS)
)
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Africa/Monrovia")


@settings(deadline=None)
@given(spans, st.sampled_from(ZONES), st.sampled_from(Granularity))
def test_a_plan_reads_everything_once(span: tuple[int, int], zone: str, granularity: Granularity) -> None:
    asked = question(span[0], span[0] + span[1], zone=ZoneInfo(zone), granularity=granularity)
    found = plan(asked.periods, asked.span, asked.before)
    pieces = [Period(p.day + p.first * SLOT_MS, p.day + p.last * SLOT_MS) for p in found.pieces]
    everything = sorted([*pieces, *found.cuts])
    assert everything[0].start == asked.before.start
    assert everything[-1].end == asked.span.end
    assert all(one.end == other.start for one, other in pairwise(everything))
    for piece, where in zip(found.pieces, pieces, strict=True):
        period = asked.before if piece.place == BEFORE else asked.periods[piece.place]
        assert period.start <= where.start < where.end <= period.end


entries = st.lists(
    st.builds(
        lambda at, actor, name, country, session: LIKE._replace(
            at=at, actor_id=actor, name=name, action=name.lower(), country=country, session_id=session, duration_ms=3
        ),
        st.integers(0, 6 * DAY_MS // (7 * MINUTE_MS)).map(lambda n: DAY_0 - 2 * DAY_MS + n * 7 * MINUTE_MS),
        st.sampled_from("abc"),
        st.sampled_from(("LIKE", "VIEW")),
        st.sampled_from((None, "DE")),
        st.sampled_from((None, "s", "t")),
    ),
    max_size=30,
)
starts = st.integers(-60, 60).map(lambda n: DAY_0 + n * 13 * MINUTE_MS) | st.sampled_from((DAY_0, DAY_0 - DAY_MS))


@settings(deadline=None)
@given(
    entries,
    starts,
    st.integers(1, 500).map(lambda n: n * 11 * MINUTE_MS) | st.just(2 * DAY_MS),
    st.sampled_from(ZONES[:3]),
    st.sampled_from(Granularity),
    st.sampled_from((Group.TYPE, Group.CATEGORY, Group.COUNTRY, Group.NONE)),
    st.sampled_from((EventFilter(), EventFilter(), EventFilter(types=("post:like",)), EventFilter(categories=("x",)))),
)
def test_rollups_and_log_say_the_same(
    entries: list[Entry],
    since: int,
    length: int,
    zone: str,
    granularity: Granularity,
    group: Group,
    filter: EventFilter,
) -> None:
    asked = question(since, since + length, zone=ZoneInfo(zone), granularity=granularity, group=group, filter=filter)
    if rows(group, filter) is None:
        return
    assert rolled_up(asked, entries) == told(asked, entries)
    few = replace(asked, wants=FEW)
    assert rolled_up(few, entries) == told(few, entries)


@settings(deadline=None)
@given(entries, st.sampled_from((Group.TYPE, Group.CATEGORY, Group.NONE)), st.sampled_from(Granularity))
def test_whole_days_are_told_by_their_totals(entries: list[Entry], group: Group, granularity: Granularity) -> None:
    asked = question(group=group, granularity=granularity, now=DAY_0 + DAY_MS + 7, wants=FEW)
    if granularity is Granularity.HOUR:
        return
    days = range(DAY_0 - 2 * DAY_MS, DAY_0 + 2 * DAY_MS, DAY_MS)
    totals = tuple((day, totals_of([e for e in entries if day <= e.at < day + DAY_MS])) for day in days)
    assert told_by_days(as_of_buckets(asked), totals) == told(asked, entries)


def test_now_matters_only_where_a_bucket_ends() -> None:
    asked = question(now=DAY_0 + DAY_MS)
    assert as_of_buckets(replace(asked, now=asked.now + 5)) == asked
    assert as_of_buckets(replace(asked, now=asked.now - 1)).now == 0


def test_totals_do_not_tell_who() -> None:
    with pytest.raises(ValueError, match="who did it"):
        told_by_days(question(filter=EventFilter(user_id="ann")), ())


def rolled_up(asked: Question, entries: Sequence[Entry]) -> EngagementTrends:
    """From days, slots, and the events of slots that are cut."""
    serving = rows(asked.group, asked.filter)
    assert serving is not None
    counted = table()
    found = plan(asked.periods, asked.span, asked.before)
    for piece in found.pieces:
        today = [e for e in entries if piece.day <= e.at < piece.day + DAY_MS]
        if piece.whole and not asked.wants.users:
            add(day_totals(totals_of(today))[serving.totals], piece.place, serving.total_group, counted)
        else:
            parts = of_slots(slots_of(today, piece.day), serving.dimension, piece.first, piece.last)
            add(parts, piece.place, serving.group, counted)
    for cut in found.cuts:
        look(asked, [e for e in entries if cut.start <= e.at < cut.end], counted)
    return answer(asked, counted)


def look(asked: Question, entries: Iterable[Entry], counted: Table) -> None:
    of_entries([e for e in entries if passes(e, asked.filter)], asked, VOCABULARY, token, counted)


def dimensions(entry: Entry) -> list[tuple[Dimension, str]]:
    country, content_type = entry.country or "unknown", group_of(entry, Group.CONTENT_TYPE)
    return [(Dimension.TYPE, entry.type), (Dimension.COUNTRY, country), (Dimension.CONTENT_TYPE, content_type)]


def slots_of(entries: Iterable[Entry], day: int) -> Slots:
    cells: defaultdict[tuple[int, Dimension, str], Cell] = defaultdict(Cell)
    for entry in entries:
        for dimension, value in dimensions(entry):
            cell = cells[(entry.at - day) // SLOT_MS, dimension, value]
            cell.n += 1
            cell.ms += entry.duration_ms or 0
            cell.score += VOCABULARY.terms[Face.CONTENT, entry.name].weight
            cell.users = sorted({*cell.users, token(entry.actor_id)})
            cell.sessions += [token(entry.session_id)] if entry.session_id else []
    return cells


def totals_of(entries: Iterable[Entry]) -> str:
    totals: defaultdict[tuple[Dimension, str], Total] = defaultdict(Total)
    for entry in entries:
        rows = [(Dimension.ALL, ""), (Dimension.CATEGORY, entry.category), *dimensions(entry)]
        for where in rows:
            total = totals[where]
            total.n += 1
            total.ms += entry.duration_ms or 0
            total.score += VOCABULARY.terms[Face.CONTENT, entry.name].weight
    return pack_totals(totals)
