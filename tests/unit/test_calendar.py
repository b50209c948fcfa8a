"""Hours, days, weeks and months of time zones, against dates that almanacs tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.calendar import LONGEST_MS, Granularity, day_start, local, periods
from signals.clock import DAY_MS, HOUR_MS, from_ms, to_ms
from signals.peaks import Peaks, peaks

DAY, HOUR, WEEK, MONTH = Granularity.DAY, Granularity.HOUR, Granularity.WEEK, Granularity.MONTH
QUARTER_MS = HOUR_MS // 4
ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "America/Havana"),
    *("Asia/Kathmandu", "Asia/Gaza", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Africa/Monrovia"),
)


def ms(text: str) -> int:
    return to_ms(datetime.fromisoformat(text))


def shown(name: str, granularity: Granularity, since: str, until: str) -> list[tuple[str, float]]:
    """The local start and the hours of each period."""
    zone = ZoneInfo(name)
    found = periods(zone, granularity, ms(since), ms(until))
    return [(f"{local(zone, p.start):%Y-%m-%d %H:%M}", (p.end - p.start) / HOUR_MS) for p in found]


@pytest.mark.parametrize(
    ("zone", "granularity", "since", "until", "expected"),
    [
        ("UTC", DAY, "2026-02-28T00:00Z", "2026-03-01T00:00Z", [("2026-02-28 00:00", 24)]),
        ("UTC", DAY, "2024-02-29T23:59Z", "2024-02-29T23:59:01Z", [("2024-02-29 00:00", 24)]),
        ("Europe/Berlin", DAY, "2026-03-29T09:00Z", "2026-03-29T10:00Z", [("2026-03-29 00:00", 23)]),
        ("Europe/Berlin", DAY, "2026-10-25T09:00Z", "2026-10-25T10:00Z", [("2026-10-25 00:00", 25)]),
        ("America/Sao_Paulo", DAY, "2018-11-04T09:00Z", "2018-11-04T10:00Z", [("2018-11-04 01:00", 23)]),
        ("America/Sao_Paulo", DAY, "2018-02-17T09:00Z", "2018-02-17T10:00Z", [("2018-02-17 00:00", 25)]),
        ("America/Havana", DAY, "2025-11-02T09:00Z", "2025-11-02T10:00Z", [("2025-11-02 00:00", 25)]),
        ("America/St_Johns", DAY, "2010-11-07T09:00Z", "2010-11-07T10:00Z", [("2010-11-07 00:00", 25)]),
        ("Pacific/Apia", DAY, "2011-12-30T10:00Z", "2011-12-30T11:00Z", [("2011-12-31 00:00", 24)]),
        ("Asia/Kathmandu", DAY, "2026-01-01T00:00Z", "2026-01-01T18:15Z", [("2026-01-01 00:00", 24)]),
        ("UTC", WEEK, "2021-01-01T00:00Z", "2021-01-04T00:00Z", [("2020-12-28 00:00", 168)]),
        ("UTC", WEEK, "2025-12-31T00:00Z", "2026-01-01T12:00Z", [("2025-12-29 00:00", 168)]),
        ("Europe/Berlin", WEEK, "2026-03-29T09:00Z", "2026-03-29T10:00Z", [("2026-03-23 00:00", 167)]),
        ("UTC", MONTH, "2024-02-01T00:00Z", "2024-03-01T00:00Z", [("2024-02-01 00:00", 29 * 24)]),
        ("Europe/Berlin", MONTH, "2026-10-05T00:00Z", "2026-10-06T00:00Z", [("2026-10-01 00:00", 31 * 24 + 1)]),
        ("UTC", MONTH, "2025-12-31T23:00Z", "2026-01-01T00:00Z", [("2025-12-01 00:00", 744)]),
        ("Asia/Kathmandu", HOUR, "2026-01-01T00:15Z", "2026-01-01T00:30Z", [("2026-01-01 06:00", 1)]),
    ],
)  # fmt: skip
def test_a_period_begins_and_ends(
    zone: str, granularity: Granularity, since: str, until: str, expected: list[tuple[str, float]]
) -> None:
    assert shown(zone, granularity, since, until) == expected


def test_a_day_of_25_hours_has_25_of_them() -> None:
    day = shown("Europe/Berlin", HOUR, "2026-10-24T22:00Z", "2026-10-25T23:00Z")
    assert len(day) == 25
    assert [start[11:] for start, _ in day[1:5]] == ["01:00", "02:00", "02:00", "03:00"]


def test_half_an_hour_that_is_skipped_or_repeated_belongs_to_the_hour_before() -> None:
    assert shown("Australia/Lord_Howe", HOUR, "2026-04-04T14:00Z", "2026-04-04T16:00Z") == [
        ("2026-04-05 01:00", 1.5),
        ("2026-04-05 02:00", 1),
    ]
    assert shown("Australia/Lord_Howe", HOUR, "2026-10-03T15:00Z", "2026-10-03T16:30Z") == [
        ("2026-10-04 01:00", 1.5),
        ("2026-10-04 03:00", 1),
    ]


def test_a_date_that_was_skipped_begins_with_the_next() -> None:
    zone = ZoneInfo("Pacific/Apia")
    skipped = datetime(2011, 12, 30, tzinfo=UTC).date()
    assert day_start(zone, skipped) == day_start(zone, skipped + timedelta(days=1))


def test_beyond_the_last_year_there_is_nothing() -> None:
    with pytest.raises(OverflowError):
        periods(ZoneInfo("UTC"), DAY, ms("9999-12-30T00:00Z"), ms("9999-12-31T12:00Z"))


instants = st.integers(ms("1970-01-10T00:00Z"), ms("2037-12-01T00:00Z"))
lengths = st.integers(1, 40 * DAY_MS)


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.sampled_from(Granularity), instants, lengths)
def test_periods_cover_the_span_without_gaps(name: str, granularity: Granularity, since: int, length: int) -> None:
    zone, until = ZoneInfo(name), since + (min(length, 3 * DAY_MS) if granularity is HOUR else length)
    found = periods(zone, granularity, since, until)
    assert found[0].start <= since < found[0].end
    assert found[-1].start < until <= found[-1].end
    assert all(one.end == other.start for one, other in pairwise(found))
    assert all(0 < p.end - p.start <= LONGEST_MS[granularity] for p in found)


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.sampled_from((DAY, WEEK, MONTH)), instants)
def test_a_period_begins_where_the_label_changes(name: str, granularity: Granularity, at: int) -> None:
    zone = ZoneInfo(name)
    [period] = periods(zone, granularity, at, at + 1)

    def label(at: int) -> object:
        day = local(zone, at).date()
        return day if granularity is DAY else day.isocalendar()[:2] if granularity is WEEK else (day.year, day.month)

    assert label(period.start) == label(period.end - 1)
    assert label(period.start - 1) != label(period.start) != label(period.end)


@settings(deadline=None)
@given(st.sampled_from(ZONES), instants)
def test_an_hour_begins_at_minute_0_and_nothing_in_it_does(name: str, at: int) -> None:
    zone = ZoneInfo(name)
    [period] = periods(zone, HOUR, at, at + 1)
    minutes = [local(zone, t) for t in range(period.start, period.end, 30_000)]
    assert (minutes[0].minute, minutes[0].second) == (0, 0)
    assert not any((m.minute, m.second) == (0, 0) for m in minutes[1:])


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.lists(instants, min_size=1, max_size=30))
def test_peaks_are_those_of_every_single_event(name: str, times: list[int]) -> None:
    zone = ZoneInfo(name)
    hours = [local(zone, at).hour for at in times]
    days = [local(zone, at).date() for at in times]
    rows = sorted(((hour, hours.count(hour)) for hour in set(hours)), key=lambda row: (-row[1], row[0]))
    day = min(days, key=lambda day: (-days.count(day), day)).isoformat()
    for step in (HOUR_MS, QUARTER_MS, 1000):
        counts: dict[int, int] = {}
        for at in times:
            counts[at // step * step] = counts.get(at // step * step, 0) + 1
        found = peaks(zone, counts, step)
        assert found in (Peaks(tuple(rows[:3]), day), None)
    assert found is not None


def test_an_hour_of_utc_is_no_hour_of_kathmandu() -> None:
    assert peaks(ZoneInfo("Asia/Kathmandu"), {ms("2026-01-01T00:00Z"): 1}, HOUR_MS) is None
    assert peaks(ZoneInfo("Asia/Kathmandu"), {ms("2026-01-01T00:15Z"): 2}, QUARTER_MS) == Peaks(((6, 2),), "2026-01-01")
    assert peaks(ZoneInfo("UTC"), {}, HOUR_MS) == Peaks((), None)
    assert from_ms(0) == datetime(1970, 1, 1, tzinfo=UTC)
