"""How an administrative command reaches the API: the server that runs already, else the engine in this process.

What it asks is GraphQL either way, so that whatever may be done by a command may be done by any caller in that role.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import strawberry
from starlette.applications import Starlette

from schema import remote
from schema.api import build_schema
from schema.app import Service
from schema.commands.target import quiet, server_of
from schema.edge import limits
from schema.settings import Settings
from signals.errors import StartupError
from signals.vocabulary import Vocabulary
from signals.weights import Weights

Ask: TypeAlias = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""A document and its variables; the data of the answer. Raises StartupError with the first error of one that failed."""


@asynccontextmanager
async def operator(settings: Settings, url: str | None) -> AsyncIterator[Ask]:
    """Ask the server at ``url``, or the one that has the data folder, or the engine itself, as an administrator.

    Raises Unavailable when the server does not answer, StartupError when the engine does not start.
    """
    settings = quiet(settings)
    if address := server_of(settings, url):
        async with remote.connected(address, records=False) as server:
            yield server.ask
        return
    vocabulary = Vocabulary.load(settings.vocabulary)
    schema = build_schema(vocabulary, limits(settings))
    service = Service(settings, vocabulary, Weights.load(settings.weights), awaited=False)
    async with service.lifespan(Starlette()):
        await service.until_ready()
        yield _asking(schema, service)


def _asking(schema: strawberry.Schema, service: Service) -> Ask:
    async def ask(document: str, variables: dict[str, Any]) -> dict[str, Any]:
        result = await schema.execute(document, variable_values=variables, context_value=service.context())
        if result.errors:
            raise StartupError(result.errors[0].message)
        return result.data or {}

    return ask
