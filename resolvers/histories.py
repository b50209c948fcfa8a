"""What somebody did, read once for all that one request asks of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from resolvers.ports import Diaries
from signals.diary import Entry


class Histories(Protocol):
    """The part of ``resolvers.ports.Diaries`` that figures about one person go by."""

    async def diary(self, user_ids: Sequence[str], since: int, until: int, metadata: bool = False) -> list[Entry]: ...

    async def zone_before(self, user_id: str, until: int) -> str | None: ...


class ReadOnce:
    """Diaries for the time of one request: who asks the same again waits for the same answer. Nobody changes it."""

    def __init__(self, diaries: Diaries) -> None:
        self._diaries = diaries
        self._read: dict[tuple[tuple[str, ...], int, int, bool], asyncio.Task[list[Entry]]] = {}

    async def diary(self, user_ids: Sequence[str], since: int, until: int, metadata: bool = False) -> list[Entry]:
        """As ``Diaries.diary``."""
        asked = tuple(user_ids), since, until, metadata
        task = self._read.get(asked)
        if task is None:
            task = self._read[asked] = asyncio.create_task(self._diaries.diary(user_ids, since, until, metadata))
        return await task

    async def zone_before(self, user_id: str, until: int) -> str | None:
        """As ``Diaries.zone_before``; nothing is before 1970."""
        return await self._diaries.zone_before(user_id, until) if until > 0 else None
