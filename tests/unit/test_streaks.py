"""Runs of active dates: by the calendar of where somebody was, whatever comes late, twice or is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.clock import to_ms
from signals.diary import Moment
from signals.streak_imports import read
from signals.streaks import Streak, Streaks, follow

BERLIN, NEW_YORK, AUCKLAND, HONOLULU, APIA = (
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Auckland",
    "Pacific/Honolulu",
    "Pacific/Apia",
)
KIRITIMATI, TOKYO = "Pacific/Kiritimati", "Asia/Tokyo"
ZONES = (BERLIN, NEW_YORK, AUCKLAND, HONOLULU, APIA, KIRITIMATI, "America/Sao_Paulo", "Australia/Lord_Howe", "UTC")
DAY = timedelta(days=1)


def local(text: str, zone: str = "UTC") -> Moment:
    """An event at a local time, in a zone that it names."""
    at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return Moment(to_ms(at), f"{text} {zone}", zone, "LOGIN")


def told(current: int, longest: int, last: str | None, at: str = "2026-03-05T10:00") -> Moment:
    """An import."""
    moment = local(at)
    text = orjson.dumps({"current": current, "longest": longest, "lastDate": last}).decode()
    return Moment(moment.at, f"import {at}", None, "STREAK_IMPORTED", text)


def followed(moments: Iterable[Moment], freezes: int = 0) -> Streaks:
    return follow(sorted(moments), freezes)


def standing(moments: Iterable[Moment], now: str, zone: str = "UTC", freezes: int = 0) -> Streak:
    """The streak at a local time."""
    at = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
    return followed(moments, freezes).streak(to_ms(at))


def each_day(first: str, count: int, zone: str = "UTC", hour: int = 12) -> list[Moment]:
    """An event on each of so many local dates."""
    start = date.fromisoformat(first)
    return [local(f"{start + n * DAY}T{hour:02}:00", zone) for n in range(count)]


def lengths(moments: Iterable[Moment], freezes: int = 0) -> list[int]:
    return [len(run.dates) for run in followed(moments, freezes).runs]


def test_nobody() -> None:
    assert follow([], 2).streak(0) == Streak(0, 0, None, None, 2)


def test_the_next_day_counts_one_more_the_same_day_none_and_a_gap_resets() -> None:
    moments = [*each_day("2026-03-01", 3), local("2026-03-02T23:59"), *each_day("2026-03-05", 2)]
    assert lengths(moments) == [3, 2]
    found = standing(moments, "2026-03-06T18:00")
    assert (found.current, found.longest, found.last_active_date) == (2, 3, date(2026, 3, 6))
    assert found.at_risk_at == datetime(2026, 3, 8, tzinfo=UTC)
    assert standing(moments, "2026-03-07T23:59:59").current == 2
    over = standing(moments, "2026-03-08T00:00")
    assert (over.current, over.longest, over.at_risk_at) == (0, 3, None)


@pytest.mark.parametrize("first", ["2023-12-28", "2024-02-26", "2023-02-25", "2026-03-26", "2026-10-22"])
def test_years_leap_days_and_changes_of_clock(first: str) -> None:
    for hour in (0, 2, 12, 23):
        assert lengths(each_day(first, 8, BERLIN, hour)) == [8]


def test_a_day_ends_where_its_clock_says() -> None:
    short = standing(each_day("2026-03-26", 3, BERLIN), "2026-03-28T20:00", BERLIN)
    assert short.at_risk_at == datetime(2026, 3, 29, 22, tzinfo=UTC), "the 29th has 23 hours"
    long = standing(each_day("2026-10-22", 3, BERLIN), "2026-10-24T20:00", BERLIN)
    assert long.at_risk_at == datetime(2026, 10, 25, 23, tzinfo=UTC), "the 25th has 25 hours"


def test_an_event_without_a_zone_is_where_the_last_one_was() -> None:
    evening = local("2026-03-01T20:00", NEW_YORK)
    late = Moment(to_ms(datetime(2026, 3, 3, 3, tzinfo=UTC)), "late", None, "LOGIN")
    assert lengths([evening, late]) == [2]
    assert followed([evening, late]).zone.key == NEW_YORK
    assert followed([late]).zone.key == "UTC"


def test_flying_east_over_the_date_line_loses_no_day() -> None:
    moments = [*each_day("2026-03-01", 3, HONOLULU, 20), local("2026-03-05T12:00", AUCKLAND)]
    assert lengths(moments) == [4], "on the 4th in Honolulu it was the 5th in Auckland"
    assert lengths([*moments[:3], local("2026-03-06T21:00", AUCKLAND)]) == [3, 1]


def test_flying_west_over_the_date_line_gains_no_day() -> None:
    moments = [*each_day("2026-03-01", 3, AUCKLAND, 9), local("2026-03-02T20:00", HONOLULU)]
    assert lengths(moments) == [3]
    assert lengths([*moments, local("2026-03-03T08:00", HONOLULU), local("2026-03-04T08:00", HONOLULU)]) == [4]


def test_a_date_that_nobody_had_breaks_nothing() -> None:
    moments = [*each_day("2011-12-28", 2, APIA), local("2011-12-31T12:00", APIA)]
    assert lengths(moments) == [3]
    assert standing(moments[:2], "2011-12-29T20:00", APIA).at_risk_at == datetime(2011, 12, 31, 10, tzinfo=UTC)


@given(
    st.lists(st.tuples(st.integers(1, 23), st.sampled_from(ZONES)), min_size=1, max_size=30),
    st.integers(1_100_000_000_000, 1_900_000_000_000),
)
def test_who_is_never_away_for_a_day_has_one_run_however_far_they_travel(
    flights: list[tuple[int, str]], at: int
) -> None:
    """Everybody who acts at least every 23 hours. ``at``: epoch ms, where it begins."""
    moments = []
    for number, (hours, zone) in enumerate(flights):
        at += hours * 3_600_000
        moments.append(Moment(at, f"e{number}", zone, "LOGIN"))
    found = follow(moments, 0)
    assert len(found.runs) == 1
    assert found.longest == len(found.days)


DAYS = st.integers(0, 60)


def on(days: Iterable[int]) -> list[Moment]:
    return [local(f"{date(2024, 2, 1) + day * DAY}T12:00", BERLIN) for day in days]


@given(st.sets(DAYS, max_size=40), st.randoms(use_true_random=False), st.integers(0, 3))
def test_late_and_repeated_events_change_nothing(days: set[int], chance: Random, freezes: int) -> None:
    moments = on(days)
    shuffled = [*moments, *moments]
    chance.shuffle(shuffled)
    assert followed(shuffled, freezes).runs == followed(moments, freezes).runs


@given(st.sets(DAYS, min_size=1, max_size=40), st.integers(0, 4))
def test_runs_hold_every_date_once_and_freeze_no_more_than_they_may(days: set[int], freezes: int) -> None:
    found = followed(on(days), freezes)
    dates = [day for run in found.runs for day in run.dates]
    assert dates == sorted(date(2024, 2, 1) + day * DAY for day in days)
    for run in found.runs:
        assert len(run.frozen) == run.used <= freezes
        assert not run.frozen & set(dates)
        span = (run.dates[-1] - run.dates[0]).days + 1
        assert span == len(run.dates) + len(run.frozen)


@given(st.sets(DAYS, min_size=1, max_size=30), DAYS)
def test_one_more_day_never_shortens_the_longest_without_freezes(days: set[int], more: int) -> None:
    assert followed(on({*days, more})).longest >= followed(on(days)).longest


def test_freezes_are_used_in_order_and_given_back() -> None:
    days = [1, 2, 4, 5, 7, 8]
    assert lengths(on(days), 0) == [2, 2, 2]
    assert lengths(on(days), 1) == [4, 2]
    assert lengths(on(days), 2) == [6]
    assert lengths(on([*days, 3]), 1) == [7], "the 3rd was filled late: the freeze is there for the 6th"
    found = standing(on([1, 2, 4]), "2024-02-05T20:00", BERLIN, freezes=2)
    assert (found.current, found.freezes_left) == (3, 1)
    assert found.at_risk_at == datetime(2024, 2, 7, 23, tzinfo=UTC), "the 6th may be missed, the 7th must not"
    assert standing(on([1, 2]), "2024-02-20T20:00", BERLIN, freezes=2).freezes_left == 2
    assert lengths(on([1, 2, 5]), 1) == [2, 1], "a gap that is too long uses none"


def test_an_import_is_continued() -> None:
    moments = [told(12, 30, "2026-03-04"), local("2026-03-05T11:00")]
    found = standing(moments, "2026-03-05T20:00")
    assert (found.current, found.longest, found.last_active_date) == (13, 30, date(2026, 3, 5))
    assert standing(moments[:1], "2026-03-05T20:00").current == 12
    assert standing(each_day("2026-02-25", 3) + moments, "2026-03-05T20:00").current == 13
    assert standing(each_day("2026-02-18", 3) + moments, "2026-03-05T20:00").current == 16


def test_an_import_is_contradicted() -> None:
    moments = [told(12, 30, "2026-03-01"), local("2026-03-05T11:00")]
    assert standing(moments, "2026-03-05T20:00").current == 1
    assert standing(moments, "2026-03-05T20:00").longest == 30
    assert standing(moments, "2026-04-05T20:00") == Streak(0, 30, date(2026, 3, 5), None, 0)


def test_the_latest_import_that_makes_sense_holds() -> None:
    early, late = told(12, 30, "2026-03-04"), told(2, 5, "2026-03-04", "2026-03-05T11:00")
    senseless = Moment(late.at + 1, "z", None, "STREAK_IMPORTED", '{"current": 3}')
    assert standing([early, late, senseless], "2026-03-05T20:00") == standing([late], "2026-03-05T20:00")
    assert standing([senseless], "2026-03-05T20:00").last_active_date is None
    assert standing([told(0, 9, None)], "2026-03-05T20:00") == Streak(0, 9, None, None, 0)


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        [],
        "12",
        {},
        {"current": 1, "longest": 0, "lastDate": "2026-03-01"},
        {"current": -1, "longest": 3, "lastDate": "2026-03-01"},
        {"current": 1.0, "longest": 3, "lastDate": "2026-03-01"},
        {"current": True, "longest": 3, "lastDate": "2026-03-01"},
        {"current": 1, "longest": 3},
        {"current": 1, "longest": 3, "lastDate": "yesterday"},
        {"current": 1, "longest": 3, "lastDate": "0001-01-01"},
        {"current": 10**9, "longest": 10**9, "lastDate": "2026-03-01"},
    ],
)
def test_what_makes_no_sense_as_an_import(metadata: object) -> None:
    assert read(metadata) is None


def test_when_a_run_first_had_so_many_days() -> None:
    moments = [*each_day("2026-03-01", 2), *each_day("2026-03-10", 4)]
    found = followed(moments)
    assert found.reached(2) == local("2026-03-02T12:00").at
    assert found.reached(3) == local("2026-03-12T12:00").at
    assert found.reached(5) is None
    imported = told(0, 9, None, "2026-03-11T00:00")
    assert followed([*moments, imported]).reached(3) == imported.at
    assert followed([*moments, imported]).reached(2) == local("2026-03-02T12:00").at
