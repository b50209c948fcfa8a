"""Rows of an older system's streaks: an event each, the same one every time, or the reason why not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from signals.events import Event
from signals.intake import Intake
from signals.outcomes import InvalidInput
from signals.streak_imports import read
from signals.streak_rows import StreakRows
from tests.factories import VOCABULARY

TODAY = date(2026, 3, 5)
ROW = {"user": "ann", "current": "12", "longest": "30", "lastdate": "2026-03-04"}


def event(**cells: Any) -> Any:
    return StreakRows(TODAY).event({**ROW, **cells})


def test_a_row_is_an_event_that_the_gate_takes() -> None:
    raw = event()
    taken = Intake(VOCABULARY).one_of(raw, datetime(2026, 3, 5, tzinfo=UTC))
    assert isinstance(taken, Event)
    assert (taken.user_id, taken.type) == ("ann", "streak:imported")
    assert read(taken.metadata) == (12, 30, date(2026, 3, 4))


def test_the_same_row_is_the_same_event_however_it_is_written() -> None:
    from_json = StreakRows(TODAY).event({"User": "ann", "current": 12, "LONGEST": 30, "last_date": " 2026-03-04 "})
    assert from_json == event() == event(more="x")
    others = [event(current="11"), event(longest="31"), event(lastdate="2026-03-03"), event(user="ben")]
    assert len({raw["activity"]["id"] for raw in [*others, event()]}) == 5


def test_who_has_no_streak_may_have_had_one() -> None:
    assert event(current="0", lastdate="")["activity"]["metadata"] == {"current": 0, "longest": 30, "lastDate": None}


@pytest.mark.parametrize(
    ("cells", "path", "said"),
    [
        ({"user": ""}, "user", "is empty"),
        ({"user": None}, "user", "is missing"),
        ({"current": ""}, "current", "whole number"),
        ({"current": "twelve"}, "current", "whole number"),
        ({"current": 1.5}, "current", "whole number"),
        ({"current": True}, "current", "whole number"),
        ({"current": "99999"}, "current", "0 to 40000"),
        ({"longest": "3"}, "longest", "is 3, and current is 12"),
        ({"lastdate": ""}, "lastDate", "is missing"),
        ({"lastdate": "04.03.2026"}, "lastDate", "is no date"),
        ({"lastdate": "2026-03-06"}, "lastDate", "to today"),
        ({"lastdate": "0001-01-01"}, "lastDate", "from 1900-01-01"),
    ],
)
def test_what_is_wrong_is_named(cells: dict[str, Any], path: str, said: str) -> None:
    refused = event(**cells)
    assert isinstance(refused, InvalidInput)
    assert [problem.path for problem in refused.problems] == [(path,)]
    assert said in refused.message


def test_a_user_stands_in_a_file_once() -> None:
    rows = StreakRows(TODAY)
    assert rows.event(ROW) == rows.event(ROW)
    assert isinstance(rows.event({**ROW, "current": "1"}), InvalidInput)
