"""Writes without end and says what it sends and what was acknowledged: a process for test_crash to kill.

Reads one line of JSON: either ``folder``, to run an embedded engine of its own there, or ``uri``, ``auth`` and
``database`` of an engine that runs.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from graph.constraints import migrate
from graph.engine import Engine, embedded
from signals.events import Event
from signals.outcomes import Overloaded
from tests.contract.stage import Stage, connected
from tests.factories import busy

LANES = 4
SENDING, KEPT = "sending", "kept"

Say: TypeAlias = Callable[[str, Sequence[str]], None]


async def write(stage: Stage, lane: int, say: Say) -> None:
    """Batch after batch, each sent again until it is taken; every word is said as it happens."""
    chance = random.Random(lane)
    for number in count():
        made = busy(chance, chance.choice((1, 3, 20)))
        batch = [replace(event, id=f"{lane}-{number}-{place}") for place, event in enumerate(made)]
        say(SENDING, [event.id for event in batch])
        await taken(stage, batch)
        say(KEPT, [event.id for event in batch])


async def taken(stage: Stage, batch: Sequence[Event]) -> None:
    """Send a batch as a patient client does."""
    while True:
        outcomes = await stage.ports.recorder.record(batch)
        if not any(isinstance(outcome, Overloaded) for outcome in outcomes):
            return
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _engine(told: dict[str, Any]) -> AsyncIterator[Engine]:
    if "folder" in told:
        async with embedded(Path(told["folder"]), "512m") as engine:
            yield engine
    else:
        user, password = told["auth"] or ("", "")
        auth = (user, password) if user else None
        yield Engine(name="told", uri=told["uri"], database=told["database"], description="as told", auth=auth)


def _say(word: str, ids: Sequence[str]) -> None:
    sys.stdout.write(f"{word} {' '.join(ids)}\n")
    sys.stdout.flush()


async def _main() -> None:
    told = json.loads(sys.stdin.readline())
    async with _engine(told) as engine, connected(engine, deadline=5.0) as stage:
        await migrate(stage.database)
        await asyncio.gather(*(write(stage, lane, _say) for lane in range(LANES)))


if __name__ == "__main__":
    asyncio.run(_main())
