"""Pings: one id per user and five minutes, and every outcome told as it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from resolvers import pinging
from resolvers.pinging import ping_id
from resolvers.streaks import StreakKeeper
from signals.intake import Intake
from signals.outcomes import IdConflict, Overloaded, Tracked
from tests.factories import RECEIVED, VOCABULARY, active
from tests.unit.surface import Ports, ask

PING = """
    mutation P($user: ID!, $zone: String) {
        pingActivity(userId: $user, timeZone: $zone, sessionId: 7) {
            __typename
            ... on Pinged { recorded streak { current freezesLeft atRiskAt } }
            ... on InvalidInput { problems { path } }
            ... on Overloaded { retryAfterMs }
        }
    }
"""


async def ping(ports: Ports, user: Any = "ann", zone: str | None = None) -> dict[str, Any]:
    answer = await ask(ports, PING, {"user": user, "zone": zone})
    assert answer.data, answer.errors
    found: dict[str, Any] = answer.data["pingActivity"]
    return found


def test_an_id_is_for_one_user_and_five_minutes() -> None:
    start = RECEIVED.replace(minute=0)
    same = {ping_id("ann", start + timedelta(seconds=seconds)) for seconds in (0, 1, 299)}
    assert len(same) == 1
    others = {ping_id("ann", start + timedelta(minutes=5)), ping_id("ann", start - timedelta(seconds=1))}
    assert len(same | others | {ping_id("ben", start)}) == 4
    assert len(ping_id("x" * 128, start)) <= 128
    assert ping_id("\ud800", start), "what is no id is refused at the gate, and not here"


async def test_what_is_recorded() -> None:
    ports = Ports()
    assert await ping(ports, zone="Asia/Tokyo") == {
        "__typename": "Pinged",
        "recorded": True,
        "streak": {"current": 0, "freezesLeft": 0, "atRiskAt": None},
    }
    [event] = ports.recorded()
    assert (event.type, event.user_id, event.time_zone, event.session_id) == ("session:ping", "ann", "Asia/Tokyo", "7")
    assert (event.id, event.occurred_at) == (ping_id("ann", RECEIVED), RECEIVED)


async def test_a_second_one_is_no_event_and_no_error() -> None:
    there = replace(active("PING", "ann"), id=ping_id("ann", RECEIVED))
    for outcome in (Tracked(there, duplicate=True), IdConflict(there.id, there)):
        found = await ping(Ports(outcomes={there.id: outcome}))
        assert (found["__typename"], found["recorded"]) == ("Pinged", False)


async def test_what_cannot_be_recorded_is_told() -> None:
    overloaded = Ports(outcomes={ping_id("ann", RECEIVED): Overloaded(50)})
    assert await ping(overloaded) == {"__typename": "Overloaded", "retryAfterMs": 50}
    assert (await ping(Ports(), zone="Nowhere"))["problems"] == [{"path": ["timeZone"]}]
    assert (await ping(Ports(), user=" "))["problems"] == [{"path": ["userId"]}]


class Silent:
    """Stands where a ``StreakKeeper`` does, and never answers."""

    async def of(self, _user_id: str) -> None:
        await asyncio.Event().wait()


async def test_a_streak_that_cannot_be_read_in_time_does_not_keep_the_caller_waiting() -> None:
    streaks = cast("StreakKeeper", Silent())
    async with asyncio.timeout(5):
        outcome = await pinging.ping(Ports(), Intake(VOCABULARY), streaks, "ann", None, None, RECEIVED, 0.05)
    assert isinstance(outcome, Overloaded)
