"""Lets go of old events a few at a time and says so: a process for test_retaining to kill.

Reads one line of JSON: ``uri``, ``auth`` and ``database`` of an engine, what to ``keep``, and the time ``now``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from typing import Any

from graph import retaining
from graph.driver import connect
from graph.retaining import Retainer
from signals.retention import Retention, Rule
from tests.contract.stage import staged
from tests.factories import VOCABULARY


class Telling:
    """Turns of a writer, each told when it has been taken."""

    def __init__(self, turns: retaining.Turns) -> None:
        self._turns = turns

    async def in_turn(self, work: Any, patience_s: float) -> Any:
        found = await self._turns.in_turn(work, patience_s)
        sys.stdout.write("turn\n")
        sys.stdout.flush()
        return found


async def _main() -> None:
    told = json.loads(sys.stdin.readline())
    auth = None if told["auth"] is None else (told["auth"][0], told["auth"][1])
    retaining.STRIPPED_AT_ONCE = retaining.TAKEN_OUT_AT_ONCE = 5
    table = Retention(default=Rule(days=1, keep=told["keep"]), categories={}, types={})
    async with connect(told["uri"], auth, told["database"], timeout=30.0) as database, staged(database) as stage:
        retainer = Retainer(database, Telling(stage.writer), VOCABULARY, table)
        await retainer.run(datetime.fromisoformat(told["now"]))


if __name__ == "__main__":
    asyncio.run(_main())
