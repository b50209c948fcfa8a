"""The stage every contract test plays on: an empty database, a running writer, the readers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from graph.driver import Database
from tests.contract.stage import Stage, staged


@pytest_asyncio.fixture
async def stage(database: Database) -> AsyncIterator[Stage]:
    async with staged(database) as found:
        yield found
