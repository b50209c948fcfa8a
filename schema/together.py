"""One run of something for all who wait for it at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Together:
    """Whoever calls ``run`` while the action is under way waits for that one. It goes on when those who wait leave."""

    def __init__(self, action: Callable[[], Awaitable[None]]) -> None:
        self._action = action
        self._running: asyncio.Task[None] | None = None

    @property
    def under_way(self) -> bool:
        """Whether the action runs now."""
        return self._running is not None

    def begin(self) -> asyncio.Task[None]:
        """The run under way, or a new one, for those who do not wait."""
        if self._running is None:
            self._running = asyncio.create_task(self._once(), name="together")
            self._running.add_done_callback(self._done)
        return self._running

    async def run(self) -> None:
        """Return when the action is done; its error is raised for everybody who waited."""
        await asyncio.shield(self.begin())

    async def stop(self) -> None:
        """Leave off."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def _once(self) -> None:
        await self._action()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running = None
        if not task.cancelled():
            task.exception()  # told to those who wait; without any, nobody is to hear of it
