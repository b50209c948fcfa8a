"""Signs of life: at most one is recorded per user and five minutes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import TypeAlias

from resolvers.ports import Recorder
from resolvers.recording import track
from resolvers.streaks import StreakKeeper
from signals.clock import to_ms
from signals.events import Face
from signals.intake import Intake
from signals.outcomes import IdConflict, InvalidInput, Overloaded, Refused, Tracked
from signals.rows import Raw
from signals.streaks import Streak

EVERY_MS = 300_000
RETRY_AFTER_MS = 1000
PING = "PING"


@dataclass(frozen=True, slots=True)
class Pinged:
    """``recorded``: whether this call was the first of its five minutes."""

    recorded: bool
    streak: Streak


PingOutcome: TypeAlias = Pinged | InvalidInput | Refused | Overloaded


async def ping(
    recorder: Recorder,
    intake: Intake,
    streaks: StreakKeeper,
    user_id: str,
    time_zone: str | None,
    session_id: str | None,
    now: datetime,
    deadline: float,
    only: str | None = None,
) -> PingOutcome:
    """Record that the user is there, unless that is known, and tell the streak; Overloaded after ``deadline`` seconds.

    ``only``: Refused where this is another user. Raises Unavailable.
    """
    try:
        async with asyncio.timeout(deadline):
            return await _pinged(recorder, intake, streaks, user_id, time_zone, session_id, now, only)
    except TimeoutError:
        return Overloaded(RETRY_AFTER_MS)


async def _pinged(
    recorder: Recorder,
    intake: Intake,
    streaks: StreakKeeper,
    user_id: str,
    time_zone: str | None,
    session_id: str | None,
    now: datetime,
    only: str | None,
) -> PingOutcome:
    raw: Raw = {"id": ping_id(user_id, now), "userId": user_id, "activity": PING}
    raw |= {"timeZone": time_zone, "sessionId": session_id}
    match await track(recorder, intake, raw, Face.ACTIVITY, now, only):
        case Tracked(duplicate=duplicate):
            recorded = not duplicate
        case IdConflict():
            recorded = False
        case refused:
            return refused
    return Pinged(recorded, (await streaks.of(user_id)).streak(to_ms(now)))


def ping_id(user_id: str, now: datetime) -> str:
    """The same for all pings of a user in the five minutes of ``now``."""
    whose = blake2b(str(user_id).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return f"ping-{whose}-{to_ms(now) // EVERY_MS}"
