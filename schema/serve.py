"""Serving: one port, one process, a clean end. ``sociograph serve``, the container and the tests all come this way."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import uvicorn
import uvloop
from typing_extensions import override

from schema.app import create_app
from schema.authentication import OFF, Authentication, check_address, is_on
from schema.instance import announced
from schema.settings import Settings
from signals.errors import StartupError

BACKLOG = 2048
GRACE_S = 15
"""Seconds that requests under way get to finish once the server is told to stop."""

GARBAGE = (50_000, 20, 50)
"""New objects, and rounds, after which the interpreter looks for cycles. An answer makes some ten thousand objects that
go by themselves, and what is remembered between requests are hundreds of thousands: to look through them as often as
the interpreter does by itself takes a sixth of a ranking read."""

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- read, not bound


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM. Raises StartupError: the port is taken, the engine does not start, ..."""
    listener = listen(settings.host, settings.port)
    with listener, suppress(asyncio.CancelledError):
        uvloop.run(_until_told(settings, listener))


async def _until_told(settings: Settings, listener: socket.socket) -> None:
    with _cancelled_by_signals():
        async with running(settings, listener) as url:
            print(f"\n  Sociograph is at {url}/graphql (GraphiQL in a browser). Ctrl-C stops it.\n", flush=True)
            if not is_on(settings):
                print(f"  {OFF}\n", file=sys.stderr, flush=True)
            await asyncio.Event().wait()


@contextmanager
def _cancelled_by_signals() -> Iterator[None]:
    """Cancel the current task on the first SIGINT or SIGTERM, also during the start; a second one ends at once."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def told() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        if task is not None:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told)
    yield


class Server(uvicorn.Server):
    """Uvicorn that leaves the signals alone."""

    @contextmanager
    @override
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage seldom, and not among what is there when the service starts."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@asynccontextmanager
async def running(settings: Settings, listener: socket.socket) -> AsyncIterator[str]:
    """The whole service behind ``listener`` for the time of the block; yields its base URL.

    In the end requests under way are answered, then what is queued is written, then the engine stops.
    """
    app = create_app(settings)
    callers: Authentication | None = app.state.authentication
    check_address(listener.getsockname()[0], callers)
    key = None if callers is None else callers.operator.text()
    async with app.router.lifespan_context(app):
        server = Server(
            uvicorn.Config(
                app,
                http="httptools",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(settings.proxies),
                forwarded_allow_ips=list(settings.proxies),
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]), name="uvicorn")
        try:
            with announced(settings.data, address(listener), key) as instance, _seldom_collected():
                yield instance.url
        finally:
            server.should_exit = True
            await serving


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises StartupError where the address cannot be had."""
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((place[0], place[1]), family=family, backlog=BACKLOG)
    except OSError as error:
        raise StartupError(
            f"Cannot listen on {host}, port {port}: {_reason(error)}. "
            "Is another server running there? SOCIOGRAPH_PORT chooses another port, SOCIOGRAPH_HOST another address."
        ) from error


def _reason(error: OSError) -> str | None:
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror


def address(listener: socket.socket) -> str:
    """The base URL that a client on this machine can use."""
    host, port = listener.getsockname()[:2]
    host = EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
