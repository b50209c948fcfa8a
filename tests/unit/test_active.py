"""Active users by local date, beside a version that counts everything anew for each date."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from signals.active import ActiveDate, Dates, Presence, active_dates
from signals.calendar import day_start
from signals.clock import DAY_MS, HOUR_MS

UTC = ZoneInfo("UTC")
START = date(2024, 2, 1)
DAY_0 = day_start(UTC, START)

Act = tuple[int, str]
"""When, in epoch ms, and who."""


def asked(acts: list[Act], zone: ZoneInfo, since: int, until: int) -> list[ActiveDate]:
    """The dates, from all that people ever did."""
    dates = Dates.of(zone, since, until)
    firsts: dict[str, int] = {}
    for at, who in sorted(acts):
        firsts.setdefault(who, at)
    inside = [(at, who) for at, who in acts if dates.bounds[0] <= at < dates.bounds[-1]]
    return list(active_dates(dates, Presence.of(dates, inside, firsts)))


def naive(acts: list[Act], zone: ZoneInfo, day: date) -> tuple[int, ...]:
    """dau, wau, mau, new, returning, resurrected and dormant of a date."""

    @cache
    def on(day: date) -> set[str]:
        return {who for at, who in acts if day_start(zone, day) <= at < day_start(zone, day + timedelta(days=1))}

    def last(count: int, until: date) -> set[str]:
        return set[str]().union(*(on(until - timedelta(days=back)) for back in range(count)))

    earlier = {who for at, who in acts if at < day_start(zone, day)}
    people, month_before = on(day), last(30, day - timedelta(days=1))
    new = people - earlier
    return (
        len(people),
        len(last(7, day)),
        len(last(30, day)),
        len(new),
        len((people - new) & month_before),
        len(people - new - month_before),
        len((earlier | people) - last(30, day)),
    )


def numbers(row: ActiveDate) -> tuple[int, ...]:
    return row.dau, row.wau, row.mau, row.new, row.returning, row.resurrected, row.dormant


def test_somebody_comes_stays_leaves_and_comes_back() -> None:
    acts = [(DAY_0 + day * DAY_MS, "ann") for day in (0, 1, 50)]
    rows = {row.date - START: row for row in asked(acts, UTC, DAY_0, DAY_0 + 51 * DAY_MS)}

    def of(day: int) -> tuple[int, ...]:
        return numbers(rows[timedelta(days=day)])

    assert len(rows) == 51
    assert of(0) == (1, 1, 1, 1, 0, 0, 0)
    assert of(1) == (1, 1, 1, 0, 1, 0, 0)
    assert of(7) == (0, 1, 1, 0, 0, 0, 0)
    assert of(8) == (0, 0, 1, 0, 0, 0, 0)
    assert of(30) == (0, 0, 1, 0, 0, 0, 0)
    assert of(31) == (0, 0, 0, 0, 0, 0, 1)
    assert of(50) == (1, 1, 1, 0, 0, 1, 0)
    assert rows[timedelta(days=50)].stickiness == 1.0
    assert rows[timedelta(days=40)].stickiness == 0.0


def test_active_thirty_dates_ago_is_returning_and_thirty_one_is_not() -> None:
    for gap, returning in ((30, 1), (31, 0)):
        acts = [(DAY_0, "ann"), (DAY_0 + gap * DAY_MS, "ann")]
        (row,) = asked(acts, UTC, DAY_0 + gap * DAY_MS, DAY_0 + gap * DAY_MS + 1)
        assert (row.returning, row.resurrected) == (returning, 1 - returning)


def test_whole_dates_count_and_dates_are_local() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    late = day_start(UTC, date(2024, 3, 30)) + 23 * HOUR_MS + HOUR_MS // 2
    rows = asked([(late, "ann"), (late + 23 * HOUR_MS, "bob")], berlin, late + HOUR_MS, late + 2 * HOUR_MS)
    assert [(row.date, row.dau) for row in rows] == [(date(2024, 3, 31), 1)]
    assert rows[0].start.isoformat() == "2024-03-30T23:00:00+00:00"


def test_a_date_that_a_zone_skipped_is_no_date() -> None:
    apia = ZoneInfo("Pacific/Apia")
    since = day_start(apia, date(2011, 12, 29))
    rows = asked([(since, "ann")], apia, since, since + 2 * DAY_MS)
    assert [row.date for row in rows] == [date(2011, 12, 29), date(2011, 12, 31)]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 90 * 24), st.sampled_from("abcdef")), max_size=40),
    st.integers(0, 80 * 24),
    st.integers(1, 20 * 24),
    st.sampled_from(["UTC", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]),
)
def test_as_counted_anew_for_each_date(acts: list[tuple[int, str]], start: int, length: int, name: str) -> None:
    zone, begin = ZoneInfo(name), day_start(UTC, date(2011, 11, 1))
    when = [(begin + hour * HOUR_MS, who) for hour, who in acts]
    rows = asked(when, zone, begin + start * HOUR_MS, begin + (start + length) * HOUR_MS)
    assert [numbers(row) for row in rows] == [naive(when, zone, row.date) for row in rows]
