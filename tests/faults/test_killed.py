"""A server that is killed while its queue is full: what was acknowledged stays, and what is sent again counts once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from schema.instance import find
from tests.acceptance.command import begun
from tests.acceptance.conftest import Client, engine_pid, served
from tests.acceptance.test_outage import ready_again
from tests.faults.crowd import PATIENCE_S
from tests.faults.test_engines import Sender

CAPACITY = 100


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[Process, Client]]:
    """``sociograph serve`` in a process of its own, ready, and a caller."""
    process = await begun("serve", data=folder, port=0, queue_capacity=CAPACITY)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while (instance := find(folder)) is None:
                assert process.returncode is None, "it does not start"
                await asyncio.sleep(0.2)
        async with httpx.AsyncClient(base_url=instance.url, timeout=30.0) as http:
            client = Client(http)
            await ready_again(client, PATIENCE_S)
            yield process, client
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def test_a_server_killed_with_a_full_queue(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, client):
        sender = Sender(client, "killed")
        for number in range(5):
            await sender.send(f"before-{number}")
        engine = engine_pid(tmp_path)
        os.kill(engine, signal.SIGSTOP)
        try:
            under_way = [asyncio.create_task(sender.send(f"queued-{number}")) for number in range(20)]
            await asyncio.wait(under_way, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
            process.kill()
        finally:
            os.kill(engine, signal.SIGCONT)
        answers = await asyncio.gather(*under_way, return_exceptions=True)
        assert sender.overloaded > 0, "the queue was full"
        assert any(isinstance(answer, httpx.TransportError) for answer in answers), "some had no answer at all"
    for number in range(20):
        names = (f"queued-{number}", *(f"queued-{number}-{place}" for place in range(20)))
        sender.sent = {f"killed-{name}": False for name in names} | sender.sent
    async with served(data=tmp_path) as client:
        sender.client = client
        await sender.all_counted_once()
