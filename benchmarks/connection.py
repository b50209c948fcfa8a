"""A keep-alive HTTP connection as thin as it goes, so that the generator does not take the server's time."""

from __future__ import annotations

import asyncio
from typing import cast

import httptools

HEAD = (
    "POST /graphql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    "Accept: application/json\r\nContent-Length: {length}\r\n\r\n"
)


def post(host: str, body: bytes) -> bytes:
    """A whole GraphQL request, ready to be written to a socket."""
    return HEAD.format(host=host, length=len(body)).encode() + body


class Connection(asyncio.Protocol):
    """One connection with at most one request under way; answers are (status, body)."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by name

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        answer = self._parser.get_status_code(), b"".join(self._body)
        self._parser = httptools.HttpResponseParser(self)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("closed before it answered"))

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Write one request and wait for its answer. Raises ConnectionError when the other side goes."""
        self._body = []
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer


async def connect(host: str, port: int) -> Connection:
    """An open connection. Raises OSError."""
    _, connection = await asyncio.get_running_loop().create_connection(Connection, host, port)
    return connection
