"""A way to a database that can be cut in mid-transaction, slowed down at commits, or frozen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from urllib.parse import urlsplit

from graph.engine import Engine

COMMIT = b"\x00\x02\xb0\x12\x00\x00"
"""The Bolt message COMMIT: a chunk of two bytes, a structure without fields of the signature 0x12."""


class Fault(Enum):
    """What happens to a connection that sends a COMMIT."""

    NONE = auto()
    BEFORE = auto()
    """It is cut, and the COMMIT never goes out."""
    AFTER = auto()
    """The COMMIT goes out and is done; the connection is cut before the answer comes back."""
    SLOW = auto()
    """The answer takes ``Proxy.delay_s`` longer."""


def healthy() -> Fault:
    return Fault.NONE


def whole() -> bool:
    return False


def nothing(_sent: int) -> None:
    return None


@dataclass
class Connection:
    """One connection through the proxy, and what befalls the next answer."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    fault: Fault = Fault.NONE

    def cut(self) -> None:
        """Both ends see a connection that broke."""
        for end in (self.client, self.server):
            end.transport.abort()


@dataclass
class Proxy:
    """Listens on ``port`` and forwards to the database.

    ``at_commit``: asked what happens at each COMMIT; ``cuts``: asked at whatever is sent whether the connection breaks;
    ``on_sent``: told how many messages were sent so far;
    ``struck`` counts the faults there were.
    """

    to: tuple[str, int]
    at_commit: Callable[[], Fault] = healthy
    cuts: Callable[[], bool] = whole
    delay_s: float = 0.0
    on_sent: Callable[[int], None] = nothing
    sent: int = 0
    struck: int = 0
    port: int = 0
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _connections: list[Connection] = field(default_factory=list)

    def freeze(self) -> None:
        """Connections stay, new ones are taken, and nothing goes through any more."""
        self._open.clear()

    def thaw(self) -> None:
        """What was held back goes through."""
        self._open.set()

    def cut(self) -> None:
        """Break every connection there is."""
        for connection in self._connections:
            connection.cut()
        self._connections.clear()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection in."""
        far_reader, far_writer = await asyncio.open_connection(*self.to)
        connection = Connection(writer, far_writer)
        self._connections.append(connection)
        for work in (self._upwards(reader, connection), self._downwards(far_reader, connection)):
            self._tasks.add(asyncio.create_task(work))

    async def close(self) -> None:
        """Break everything off."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.cut()

    async def _upwards(self, reader: asyncio.StreamReader, connection: Connection) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                self.sent += 1
                self.on_sent(self.sent)
                await self._open.wait()
                if self.cuts():
                    self.struck += 1
                    break
                if COMMIT in data:
                    connection.fault = self.at_commit()
                    self.struck += connection.fault is not Fault.NONE
                if connection.fault is Fault.BEFORE:
                    break
                connection.server.write(data)
                await connection.server.drain()
        connection.cut()

    async def _downwards(self, reader: asyncio.StreamReader, connection: Connection) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                await self._open.wait()
                if connection.fault is Fault.AFTER:
                    break
                if connection.fault is Fault.SLOW:
                    await asyncio.sleep(self.delay_s)
                connection.fault = Fault.NONE
                connection.client.write(data)
                await connection.client.drain()
        connection.cut()


@asynccontextmanager
async def proxied(engine: Engine) -> AsyncIterator[tuple[Proxy, Engine]]:
    """A proxy in front of ``engine``, and the engine as it is reached through it."""
    address = urlsplit(engine.uri)
    proxy = Proxy((address.hostname or "127.0.0.1", address.port or 7687))
    proxy.thaw()
    server = await asyncio.start_server(proxy.connect, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy, replace(engine, uri=f"bolt://127.0.0.1:{proxy.port}")
    finally:
        server.close()
        await proxy.close()
