"""/health/live: the process answers. /health/ready: a write would succeed now, and if not, why not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from schema.instance import own_version

FRESH_S = 1.0
PATIENCE_S = 3.0


class Readiness:
    """Whether a write would succeed, found out at most once a second however many ask.

    ``probe`` tries and returns the reason why not, or None; it is given ``PATIENCE_S`` seconds.
    """

    def __init__(self, probe: Callable[[], Awaitable[str | None]]) -> None:
        self._probe = probe
        self._turn = asyncio.Lock()
        self._asked_at = float("-inf")
        self._why_not: str | None = None

    async def why_not(self) -> str | None:
        """The reason why a write would fail now, or None."""
        async with self._turn:
            if time.monotonic() - self._asked_at > FRESH_S:
                self._why_not = await self._ask()
                self._asked_at = time.monotonic()
            return self._why_not

    async def _ask(self) -> str | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._probe()
        except TimeoutError:
            return f"The database did not take a write within {PATIENCE_S:.0f} seconds."


def routes(readiness: Readiness) -> list[Route]:
    """The two health checks."""

    async def live(_: Request) -> Response:
        return _answer(HTTPStatus.OK, {"status": "live", "version": own_version()})

    async def ready(_: Request) -> Response:
        reason = await readiness.why_not()
        if reason is None:
            return _answer(HTTPStatus.OK, {"status": "ready"})
        return _answer(HTTPStatus.SERVICE_UNAVAILABLE, {"status": "not ready", "reason": reason})

    return [Route("/health/live", live), Route("/health/ready", ready)]


def _answer(status: HTTPStatus, body: dict[str, str]) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(orjson.dumps(body), status, headers=headers, media_type="application/json")
