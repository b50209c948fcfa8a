"""The time that a read may take, in the eyes of the caller."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Budget:
    """``ends``: by the clock of ``perf_counter``; None: there is time for everything."""

    ends: float | None

    @classmethod
    def of(cls, ms: int | None) -> Budget:
        """So many milliseconds from now; None: without end."""
        return cls(None if ms is None else perf_counter() + ms / 1000)

    @property
    def spent(self) -> bool:
        """Whether nothing is left of it."""
        return self.ends is not None and perf_counter() >= self.ends

    async def within(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What ``work`` gives, or None where it does not fit.

        It is not broken off then: that would cost the connection it reads through, which the next request wants.
        """
        if self.ends is None:
            return await work
        if self.spent:
            work.close()
            return None
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=self.ends - perf_counter())
        if done:
            return task.result()
        task.add_done_callback(_let_go)
        return None


def _let_go(task: asyncio.Task[Any]) -> None:
    """Nobody asks for the failure of what came too late."""
    if not task.cancelled():
        task.exception()
