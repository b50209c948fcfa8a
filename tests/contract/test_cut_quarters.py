"""Dates that begin within a quarter of an hour: Liberia's clocks were 44:30 minutes behind until 1972."""

from __future__ import annotations

from datetime import datetime

import pytest

from signals.events import Event
from tests.contract.stage import Stage
from tests.contract.surface import Surface
from tests.factories import active
from tests.strategies import Record

QUERY = """
query ($since: DateTime!, $until: DateTime!) {
  activeUsers(since: $since, until: $until, timeZone: "Africa/Monrovia") { date start dau mau new returning dormant }
}
"""


@pytest.fixture
def surface(stage: Stage) -> Surface:
    return Surface.of(stage)


def logged_in(user: str, at: str) -> Event:
    instant = datetime.fromisoformat(at)
    return active("LOGIN", user, occurred_at=instant, reported_at=instant)


async def test_a_date_begins_within_a_quarter_of_an_hour(surface: Surface) -> None:
    events = (
        logged_in("dan", "1971-05-02T00:44:29+00:00"),
        logged_in("eve", "1971-05-02T00:44:30+00:00"),
        logged_in("ann", "1971-06-02T00:44:29.999+00:00"),
        logged_in("bob", "1971-06-02T00:44:30+00:00"),
        logged_in("ann", "1971-06-02T00:44:59+00:00"),
        logged_in("cleo", "1971-06-02T12:00:00+00:00"),
        logged_in("fay", "1971-06-03T00:44:30+00:00"),
    )
    await surface.tell([Record(events)])
    may, june_1, june_2 = (datetime.fromisoformat(f"1971-{day}T12:00:00+00:00") for day in ("05-31", "06-01", "06-02"))
    rows = (await surface.ask(QUERY, june_2, {"since": june_1, "until": june_2}))["activeUsers"]
    assert [tuple(row.values()) for row in rows] == [
        ("1971-06-01", "1971-06-01T00:44:30.000Z", 1, 1, 1, 0, 2),
        ("1971-06-02", "1971-06-02T00:44:30.000Z", 3, 3, 2, 1, 2),
    ]
    row, _ = (await surface.ask(QUERY, june_2, {"since": may, "until": june_1}))["activeUsers"]
    assert tuple(row.values()) == ("1971-05-31", "1971-05-31T00:44:30.000Z", 0, 1, 0, 0, 1)
