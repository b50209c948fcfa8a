"""Where a command's events go: to a server that runs already, else straight into an engine of this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, TypeAlias

import typer
from starlette.applications import Starlette

from resolvers.importing import Direct, Sink
from schema import remote
from schema.app import Service
from schema.context import now
from schema.instance import credential, find
from schema.settings import Settings
from signals.vocabulary import Vocabulary
from signals.weights import Weights

Url = Annotated[
    str | None, typer.Option(help="Send to the server at this address instead of the one that has the data folder.")
]
SLOW_BATCH_MS = 5000
PATIENCE_S = 30.0
"""Nobody waits for a batch of this process's own: with the deadline of requests it would only be sent twice."""

Opening: TypeAlias = AbstractAsyncContextManager[tuple[Sink, str]]


def server_of(settings: Settings, url: str | None) -> remote.Address | None:
    """The server at ``url``, or the one that has the data folder, or None; and who calls.

    That is SOCIOGRAPH_TOKEN; without it, at the server of the data folder, whoever may read that server's key.
    """
    token = settings.token.get_secret_value().strip() or None if settings.token else None
    if url:
        address = remote.Address(url, token)
        if address.in_the_clear:
            typer.echo(f"SOCIOGRAPH_TOKEN goes to {url} in the clear: use https, or a tunnel.", err=True)
        return address
    if instance := find(settings.data):
        return remote.Address(instance.url, token or credential(settings.data))
    return None


@asynccontextmanager
async def sink(settings: Settings, vocabulary: Vocabulary, url: str | None) -> AsyncIterator[tuple[Sink, str]]:
    """A sink and what to call it: the server at ``url``, or the one that has the data folder, or the engine itself.

    Raises Unavailable when the server does not answer, StartupError when the engine does not start.
    """
    if address := server_of(settings, url):
        async with remote.connected(address) as server:
            yield server, f"the server at {address.url}"
        return
    patient = settings.model_copy(update={"write_deadline": max(settings.write_deadline, PATIENCE_S)})
    service = Service(patient, vocabulary, Weights.load(settings.weights), awaited=False)
    async with service.lifespan(Starlette()):
        yield Direct(lambda: service.recorder, service.intake, now), "the engine"


def quiet(settings: Settings) -> Settings:
    """Settings whose log leaves the terminal to the command: a full batch is slow by nature."""
    level = "warning" if settings.log_level == "info" else settings.log_level
    slow = max(settings.slow_statement_ms, SLOW_BATCH_MS)
    return settings.model_copy(update={"log_level": level, "slow_statement_ms": slow})
