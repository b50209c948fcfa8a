"""Erases a person and says each transaction: a process for test_erasing to kill.

Reads one line of JSON: ``uri``, ``auth`` and ``database`` of an engine that runs, and ``person``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from graph import erasing
from graph.driver import Transaction
from graph.engine import Engine
from graph.erasing import Eraser
from graph.standings import Standings
from graph.writer import Writer
from tests.contract.stage import connected
from tests.factories import RECEIVED, VOCABULARY

T = TypeVar("T")
AT_ONCE = 3


class Telling:
    """Turns of a writer, told of; nobody read anything about anybody."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def in_turn(self, work: Callable[[Transaction], Awaitable[T]], patience_s: float, /) -> T:
        answer = await self._writer.in_turn(work, patience_s)
        sys.stdout.write("turn\n")
        sys.stdout.flush()
        return answer

    async def forget(self, *_: object) -> int:
        return 0


async def _main() -> None:
    told = json.loads(sys.stdin.readline())
    auth = tuple(told["auth"]) if told["auth"] else None
    erasing.AT_ONCE = AT_ONCE
    engine = Engine(name="told", uri=told["uri"], database=told["database"], description="as told", auth=auth)
    async with connected(engine) as stage:
        telling = Telling(stage.writer)
        eraser = Eraser(stage.database, telling, Standings(stage.database), telling, VOCABULARY, lambda: RECEIVED)
        eraser.open()
        await eraser.erase(told["person"], RECEIVED, 600.0)


if __name__ == "__main__":
    asyncio.run(_main())
