"""Callers that send what they have to say again until it is taken, and see how long each answer takes."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from resolvers.ports import Recorder
from signals.events import Event
from signals.outcomes import Overloaded, Tracked
from tests.factories import busy

T = TypeVar("T")

DEADLINE_S = 2.0
"""What a deployment that sets nothing has."""
SLACK_S = 2.0
"""What a busy machine may add to a deadline. Without deadlines an answer takes as long as the fault."""
FREEZE_S = float(os.environ.get("SOCIOGRAPH_TEST_FREEZE_S") or 8.0)
"""How long a database stands still. The full thirty seconds are for a machine with time to spare."""
PATIENCE_S = 120.0
"""How long anything may take to recover."""


@dataclass
class Crowd:
    """Who sends, through one ``recorder``; ``sent``: every event; ``slowest``: the longest answer, in seconds."""

    recorder: Recorder
    lanes: int = 4
    sent: list[Event] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    overloaded: int = 0
    slowest: float = 0.0

    async def send(self, batches: int, sizes: Sequence[int] = (1, 3, 10), prefix: str = "") -> None:
        """Until everything is taken: each lane one batch after the other."""
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(self._lane(f"{prefix}{lane}", batches, sizes) for lane in range(self.lanes)))

    async def _lane(self, lane: str, batches: int, sizes: Sequence[int]) -> None:
        chance = random.Random(lane)
        for number in range(batches):
            made = busy(chance, chance.choice(sizes))
            batch = [replace(event, id=f"{lane}-{number}-{place}") for place, event in enumerate(made)]
            self.sent += batch
            await self.taken(batch)

    async def taken(self, batch: Sequence[Event]) -> None:
        """Send what is not taken again, after a moment, as clients do."""
        waiting = list(batch)
        while waiting:
            outcomes, seconds = await timed(self.recorder.record(waiting))
            self.slowest = max(self.slowest, seconds)
            assert all(isinstance(outcome, Tracked | Overloaded) for outcome in outcomes), outcomes
            self.new += [o.event.id for o in outcomes if isinstance(o, Tracked) and not o.duplicate]
            waiting = [e for e, o in zip(waiting, outcomes, strict=True) if isinstance(o, Overloaded)]
            self.overloaded += len(waiting)
            if waiting:
                await asyncio.sleep(0.05)


async def timed(answer: Awaitable[T]) -> tuple[T, float]:
    """An answer, and the seconds it took."""
    started = time.monotonic()
    return await answer, time.monotonic() - started


def in_time(seconds: float, deadline: float = DEADLINE_S) -> bool:
    """Whether an answer came within its deadline, as far as a busy machine can tell."""
    return seconds <= deadline + SLACK_S
