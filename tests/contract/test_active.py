"""Who is active: cases worked out by hand, and any history as the oracle says, on every engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.events import Event
from tests import lives
from tests.contract.stage import Stage
from tests.contract.surface import Surface, few
from tests.factories import VOCABULARY, active, met
from tests.lives import History
from tests.reads import same
from tests.strategies import Record, Retract
from tests.trend_meanings import active_users, neighbourhood

pytestmark = pytest.mark.timeout(900)

QUERY = """
query ($since: DateTime!, $until: DateTime!, $timeZone: String, $viewerId: ID, $hops: Int) {
  activeUsers(since: $since, until: $until, timeZone: $timeZone, viewerId: $viewerId, hops: $hops) {
    date start dau wau mau stickiness new returning resurrected dormant
  }
}
"""
OVER_MONTHS = lives.Life(social=("FOLLOW", "CONNECTION_REQUEST", "CONNECTION_ACCEPT"), days=9, long_ago=(-64, -33, -12))


@pytest.fixture
def surface(stage: Stage) -> Surface:
    return Surface.of(stage)


@few
@given(data=st.data())
async def test_any_history(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(OVER_MONTHS), label="history")
    early = data.draw(st.integers(0, len(history.steps)), label="heard before the first question")
    events = await surface.tell(history.steps[:early])
    await agree(surface, events, history, data)
    events = await surface.hear(history.steps[early:])
    for _ in range(4):
        await agree(surface, events, history, data)


async def agree(surface: Surface, events: list[Event], history: History, data: st.DataObject) -> None:
    """One question, asked of the engine and the oracle."""
    since, until = data.draw(lives.spans(history, days=9), label="span")
    viewer, hops = data.draw(lives.viewers(), label="around")
    zone = data.draw(lives.zones(), label="zone")
    people = None if viewer is None else neighbourhood(events, VOCABULARY, viewer, hops)
    variables = {"since": since, "until": until, "timeZone": zone, "viewerId": viewer, "hops": hops}
    found = await surface.ask(QUERY, history.now, variables)
    same(active_users(events, since, until, zone, people), found["activeUsers"])


def logged_in(user: str, at: str) -> Event:
    instant = datetime.fromisoformat(at)
    return active("LOGIN", user, occurred_at=instant, reported_at=instant)


async def numbers(surface: Surface, since: str, until: str, **more: Any) -> list[tuple[Any, ...]]:
    """The product's rows, which are the oracle's: date, dau, wau, mau, new, returning, resurrected, dormant."""
    left = surface.told.live()
    start, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
    variables = {"since": start, "until": end, **more}
    found = (await surface.ask(QUERY, end, variables))["activeUsers"]
    people = neighbourhood(left, VOCABULARY, more["viewerId"]) if "viewerId" in more else None
    same(active_users(left, start, end, more.get("timeZone", "UTC"), people), found)
    names = ("date", "dau", "wau", "mau", "new", "returning", "resurrected", "dormant")
    return [tuple(row[name] for name in names) for row in found]


async def test_who_comes_stays_leaves_and_comes_back(surface: Surface) -> None:
    """Ann comes on the 1st of March, a week later, 30 days after that, and 31 after that; bob once."""
    days = ("2025-03-01", "2025-03-08", "2025-04-07", "2025-05-08")
    gone = logged_in("bob", "2025-03-07T12:00:00+00:00")
    events = [logged_in("ann", f"{day}T23:59:59.999+00:00") for day in days]
    await surface.tell([Record((*events, logged_in("bob", "2025-03-08T00:00:00+00:00"), gone))])
    await surface.hear([Retract(gone.id, None, lives.RECEIVED)])

    async def on(day: str) -> tuple[Any, ...]:
        [row] = await numbers(surface, f"{day}T11:00:00+00:00", f"{day}T12:00:00+00:00")
        return row[1:]

    assert await on("2025-02-28") == (0, 0, 0, 0, 0, 0, 0)
    assert await on("2025-03-01") == (1, 1, 1, 1, 0, 0, 0)
    assert await on("2025-03-07") == (0, 1, 1, 0, 0, 0, 0)
    assert await on("2025-03-08") == (2, 2, 2, 1, 1, 0, 0)
    assert await on("2025-04-06") == (0, 0, 2, 0, 0, 0, 0)
    assert await on("2025-04-07") == (1, 1, 1, 0, 1, 0, 1)
    assert await on("2025-05-08") == (1, 1, 1, 0, 0, 1, 1)
    assert await on("2025-06-09") == (0, 0, 0, 0, 0, 0, 2)


async def test_dates_are_local_and_whole(surface: Surface) -> None:
    """18:14 and 18:15 UTC are two dates in Kathmandu; Samoa's 30th of December is none."""
    await surface.tell(
        [Record((logged_in("ann", "2011-12-29T18:14:00+00:00"), logged_in("bob", "2011-12-29T18:15:00+00:00")))]
    )
    rows = await numbers(surface, "2011-12-29T18:14:59+00:00", "2011-12-29T18:15:01+00:00", timeZone="Asia/Kathmandu")
    assert [row[:5] for row in rows] == [("2011-12-29", 1, 1, 1, 1), ("2011-12-30", 1, 2, 2, 1)]
    rows = await numbers(surface, "2011-12-29T12:00:00+00:00", "2011-12-30T12:00:00+00:00", timeZone="Pacific/Apia")
    assert [row[:3] for row in rows] == [("2011-12-29", 2, 2), ("2011-12-31", 0, 2)]


async def test_stickiness_and_a_neighbourhood(surface: Surface) -> None:
    events = [
        met("FOLLOW", "ann", "bob", seconds=0),
        met("FOLLOW", "ann", "cleo", seconds=1),
        met("FOLLOW", "ann", "dan", seconds=2),
        met("UNFOLLOW", "ann", "dan", seconds=3),
        *(logged_in(user, "2026-03-01T13:00:00+00:00") for user in ("bob", "cleo", "dan")),
        logged_in("bob", "2026-03-02T13:00:00+00:00"),
    ]
    await surface.tell([Record(tuple(events))])
    since = datetime.fromisoformat("2026-03-02T00:00:00+00:00")
    until = since + timedelta(days=1)
    found = await surface.ask(QUERY, until, {"since": since, "until": until, "viewerId": "ann"})
    [row] = found["activeUsers"]
    assert (row["dau"], row["mau"], row["stickiness"], row["returning"], row["dormant"]) == (1, 2, 0.5, 1, 0)
    same(active_users(surface.told.live(), since, until, people=["bob", "cleo"]), [row])
