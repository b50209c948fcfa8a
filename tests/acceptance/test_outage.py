"""A database that dies, or is not there yet: clear answers meanwhile, and recovery without anybody's help."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from httpx import URL

from graph.engine import Engine
from tests.acceptance.conftest import Client, engine_pid, served
from tests.engines import free_port

LOGIN = {"userId": "out-ann", "activity": "LOGIN"}
PATIENCE_S = 60.0


async def ready_again(client: Client, patience: float = PATIENCE_S) -> None:
    """Wait until the service says that it is ready."""
    deadline = time.monotonic() + patience
    while (reason := await client.why_not_ready()) is not None:
        assert time.monotonic() < deadline, f"it does not recover: {reason}"
        await asyncio.sleep(0.3)


async def sent_until_taken(client: Client, id: str) -> dict[str, Any]:
    """Send a login again for as long as the answer is to come back later, as clients do."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        outcome = await client.track("activity", id=id, **LOGIN)
        if outcome["__typename"] != "Overloaded":
            return outcome
        await asyncio.sleep(outcome["retryAfterMs"] / 1000)
    raise TimeoutError


async def test_a_killed_engine_comes_back_with_everything_acknowledged(tmp_path: Path) -> None:
    async with served(data=tmp_path, write_deadline=1.0) as client:
        assert not (await client.track("activity", id="before", **LOGIN))["duplicate"]
        os.kill(engine_pid(tmp_path), signal.SIGKILL)

        meanwhile = await client.track("activity", id="meanwhile", **LOGIN)
        assert meanwhile["__typename"] == "Overloaded"
        assert meanwhile["retryAfterMs"] > 0

        await ready_again(client)
        assert (await sent_until_taken(client, "before"))["duplicate"]
        assert not (await sent_until_taken(client, "after"))["duplicate"]


async def test_a_database_that_is_not_there_yet(tmp_path: Path, embedded_engine: Engine) -> None:
    port = free_port()
    assert embedded_engine.auth is not None
    user, password = embedded_engine.auth
    async with served(
        data=tmp_path,
        neo4j_uri=f"bolt://127.0.0.1:{port}",
        neo4j_user=user,
        neo4j_password=password,
        neo4j_database=embedded_engine.database,
    ) as client:
        reason = await client.why_not_ready()
        assert reason is not None
        assert "cannot be reached" in reason
        assert (await client.http.get("/health/live")).status_code == 200
        assert (await client.track("activity", id="too-early", **LOGIN))["__typename"] == "Overloaded"
        answer = await client.send('{ event(id: "too-early") { id } }')
        assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"

        async with forwarded(port, URL(embedded_engine.uri).port or 0):
            await ready_again(client)
            assert (await client.track("activity", id="in-time", **LOGIN))["__typename"] == "Tracked"

        assert await gone(client), "a database that went away is noticed"


async def gone(client: Client) -> bool:
    """Whether the service says within a few seconds that it is not ready."""
    for _ in range(20):
        if await client.why_not_ready() is not None:
            return True
        await asyncio.sleep(0.3)
    return False


@asynccontextmanager
async def forwarded(port: int, to: int) -> AsyncIterator[None]:
    """A way to a server that can be opened and closed: connections to ``port`` reach the one at ``to``."""
    pipes: set[asyncio.Task[None]] = set()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to)
        pipes.add(asyncio.create_task(pipe(reader, far_writer)))
        pipes.add(asyncio.create_task(pipe(far_reader, writer)))

    server = await asyncio.start_server(connect, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()
        for task in pipes:
            task.cancel()
        await asyncio.gather(*pipes, return_exceptions=True)


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end, then close."""
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
