"""The engines to measure on: the embedded one, and a real Neo4j as the tests find it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import psutil

from graph import engine as engines
from graph.engine import Engine
from tests.engines import NoNeo4j, neo4j

EMBEDDED = "embedded"
HEAP, PAGES = "1g", "512m"
"""Neo4j's pages lie beside its heap; the embedded engine's are in it."""


class Missing(Exception):
    """This engine is not to be had here, and why."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running, empty engine; ``pid`` of its process where that is a child of ours."""

    engine: Engine
    pid: int | None


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[Running]:
    """The embedded engine, with its data in ``folder``."""
    before = _children()
    async with engines.embedded(folder / "embedded", HEAP) as engine:
        yield Running(engine, _born(before))


@asynccontextmanager
async def real(folder: Path) -> AsyncIterator[Running]:  # noqa: ARG001 - it has its own
    """A real Neo4j. Raises Missing when there is none."""
    before = _children()
    try:
        server = neo4j(HEAP, PAGES)
    except NoNeo4j as reason:
        raise Missing(str(reason)) from reason
    async with server as engine:
        yield Running(engine, _born(before))


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def _born(before: set[int]) -> int | None:
    """The one child there is now and was not before."""
    new = _children() - before
    return new.pop() if len(new) == 1 else None


ENGINES: Mapping[str, Callable[[Path], AbstractAsyncContextManager[Running]]] = MappingProxyType(
    {EMBEDDED: embedded, "neo4j": real}
)
