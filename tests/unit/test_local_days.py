"""Where somebody was, and the date that the calendar showed there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from signals.clock import from_ms, to_ms
from signals.diary import Moment
from signals.local_days import GREENWICH, at_hour, dates, distance, exists, later, local_date, zone_of, zones

BERLIN, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")
PLACES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Berlin", "Pacific/Apia", "America/St_Johns", "America/Sao_Paulo", "UTC")]
)
INSTANTS = st.integers(31_536_000_000, 2_114_380_800_000)
"""From 1971 to 2037, in epoch ms."""


def moment(hour: int, zone: str | None) -> Moment:
    at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hour)
    return Moment(to_ms(at), f"e{hour}", zone, "LOGIN")


def test_a_zone_holds_until_the_next_one_is_told() -> None:
    told = [moment(0, None), moment(1, "Asia/Tokyo"), moment(2, None), moment(3, "Europe/Berlin"), moment(4, None)]
    assert [zone.key for zone in zones(told)] == ["UTC", "Asia/Tokyo", "Asia/Tokyo", "Europe/Berlin", "Europe/Berlin"]
    assert zones(told, "America/Lima")[0].key == "America/Lima"
    assert dates([moment(22, None), moment(23, "Asia/Tokyo"), moment(24, None)]) == [
        date(2026, 3, 1),
        date(2026, 3, 2),
        date(2026, 3, 2),
    ]
    assert dates([moment(23, None)], "Asia/Tokyo") == [date(2026, 3, 2)]


def test_a_name_that_is_no_zone_any_more_is_utc() -> None:
    assert [zone_of(name) for name in (None, "Mars/Olympus", "../etc")] == [GREENWICH] * 3


@given(INSTANTS, PLACES)
def test_the_date_is_what_the_calendar_shows(at: int, zone: ZoneInfo) -> None:
    assert local_date(at, zone) == from_ms(at).astimezone(zone).date()


def test_a_date_that_was_skipped_does_not_exist() -> None:
    assert not exists(APIA, date(2011, 12, 30))
    assert exists(APIA, date(2011, 12, 31))
    assert exists(BERLIN, date(2011, 12, 30))
    assert distance(APIA, date(2011, 12, 29), date(2011, 12, 31)) == 1
    assert distance(BERLIN, date(2011, 12, 29), date(2011, 12, 31)) == 2
    assert distance(APIA, date(2012, 1, 1), date(2011, 12, 29)) == -2
    assert later(APIA, date(2011, 12, 29), 2) == date(2012, 1, 1)


@given(st.dates(date(1971, 1, 1), date(2037, 1, 1)), st.integers(0, 40), PLACES)
def test_later_by_a_distance_is_there(day: date, count: int, zone: ZoneInfo) -> None:
    assert distance(zone, day, later(zone, day, count)) == count


def test_the_hour_of_a_date() -> None:
    assert at_hour(BERLIN, date(2026, 3, 28), 18) == to_ms(datetime(2026, 3, 28, 17, tzinfo=UTC))
    assert at_hour(BERLIN, date(2026, 3, 29), 18) == to_ms(datetime(2026, 3, 29, 16, tzinfo=UTC))
    assert at_hour(BERLIN, date(2026, 3, 29), 2) == to_ms(datetime(2026, 3, 29, 1, tzinfo=UTC)), "it is skipped there"
    assert at_hour(BERLIN, date(2026, 10, 25), 2) == to_ms(datetime(2026, 10, 25, 0, tzinfo=UTC)), "the first of two"
