"""Times in and out of the database, and the correction of clients' clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from signals.clock import EPOCH, corrected, from_ms, to_ms, whole_ms

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
instants = st.datetimes(EPOCH.replace(tzinfo=None), timezones=st.just(UTC)).map(whole_ms)


@given(instants)
def test_milliseconds_and_back(instant: datetime) -> None:
    assert from_ms(to_ms(instant)) == instant


def test_what_is_finer_than_a_millisecond_is_dropped() -> None:
    given = datetime(2026, 3, 1, 14, 0, 0, 1999, tzinfo=timezone(timedelta(hours=2)))
    assert whole_ms(given) == NOON.replace(microsecond=1000)
    assert whole_ms(given).tzinfo is UTC


def test_a_clock_that_is_wrong_cancels_out() -> None:
    wrong = NOON + timedelta(days=400)
    assert corrected(wrong, wrong + MINUTE, NOON) == NOON - MINUTE


def test_without_a_send_time_it_is_as_given() -> None:
    assert corrected(NOON - MINUTE, None, NOON) == NOON - MINUTE


def test_a_send_time_before_the_event_is_no_help() -> None:
    assert corrected(NOON - MINUTE, NOON - 2 * MINUTE, NOON) == NOON - MINUTE


def test_nothing_happens_after_it_was_received() -> None:
    assert corrected(NOON + MINUTE, None, NOON) == NOON


def test_a_correction_never_leads_before_1970() -> None:
    assert corrected(EPOCH, datetime(9999, 1, 1, tzinfo=UTC), NOON) == EPOCH


@given(instants, st.none() | instants, instants)
def test_a_corrected_time_is_always_one_that_can_be_kept(
    occurred: datetime, sent: datetime | None, received: datetime
) -> None:
    assert EPOCH <= corrected(occurred, sent, received) <= received
