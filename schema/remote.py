"""Sending events to a running server, as any client does: GraphQL over HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from resolvers.importing import Receipt, reason, without_place
from schema.loopback import is_here
from signals.errors import StartupError, Unavailable
from signals.outcomes import Problem
from signals.rows import Raw

TRACK = """
mutation Send($events: [EventInput!]!, $why: Boolean!) {
  trackBatch(events: $events) {
    tracked conflicts invalid refused overloaded
    results @include(if: $why) {
      __typename
      ... on InvalidInput { problems { path message } }
      ... on IdConflict { message }
      ... on Refused { message }
      ... on Overloaded { retryAfterMs }
    }
  }
}
"""
REGISTER = """
mutation Register($input: RegisterContentInput!) {
  registerContent(input: $input) {
    __typename
    ... on InvalidInput { problems { path message } }
    ... on Overloaded { retryAfterMs }
  }
}
"""
AT_FIRST_S, PATIENCE_S = 5.0, 60.0
"""How long a server may be out of reach: when the run begins, and later, before the run is given up."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0
TIMEOUT_S = 60.0
REGISTRATIONS = 32
"""Registrations under way at once."""
AWAY = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}


@dataclass(frozen=True, slots=True)
class Address:
    """The base ``url`` of a server, with or without /graphql, and the ``token`` it lets its caller in by, if any."""

    url: str
    token: str | None = field(default=None, repr=False)

    @property
    def in_the_clear(self) -> bool:
        """Whether others on the way could read the token."""
        parts = urlsplit(self.url)
        return self.token is not None and parts.scheme != "https" and not is_here(parts.hostname or "")

    def headers(self) -> dict[str, str]:
        """What says who calls."""
        return {} if self.token is None else {"authorization": f"Bearer {self.token}"}


class TooLarge(Exception):
    """The server does not take a request body of this size."""


class Server:
    """A sink (``resolvers.importing.Sink``): the server at ``url``, its base URL with or without /graphql."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client, self._patience = client, AT_FIRST_S
        self.url = url.rstrip("/").removesuffix("/graphql") + "/graphql"

    async def greet(self) -> None:
        """Make sure that it is there and takes events. Raises StartupError or Unavailable."""
        await self.track([])
        self._patience = PATIENCE_S

    async def reached(self) -> None:
        """Make sure that it is there and speaks GraphQL. Raises StartupError or Unavailable."""
        await self.ask("{ __typename }", {})
        self._patience = PATIENCE_S

    async def track(self, events: Sequence[Raw]) -> Receipt:
        """Record EventInputs. The server says one by one what became of them only where not all were taken."""
        try:
            answer = await self._track(events, why=False)
            tracked = answer["tracked"]
            if not any(answer[kind] for kind in ("conflicts", "invalid", "refused", "overloaded")):
                return Receipt(tracked)
            answer = await self._track(events, why=True)
        except TooLarge as error:
            return await self._track_halves(events, str(error))
        receipt = _receipt(answer["results"])
        receipt.tracked = tracked + answer["tracked"]
        return receipt

    async def _track(self, events: Sequence[Raw], why: bool) -> dict[str, Any]:
        data = await self.ask(TRACK, {"events": events, "why": why})
        answer: dict[str, Any] = data["trackBatch"]
        return answer

    async def _track_halves(self, events: Sequence[Raw], too_large: str) -> Receipt:
        if len(events) == 1:
            return Receipt(refused={0: too_large})
        middle = len(events) // 2
        first, second = await self.track(events[:middle]), await self.track(events[middle:])
        return Receipt(
            first.tracked + second.tracked,
            first.refused | {middle + position: why for position, why in second.refused.items()},
            first.overloaded + [middle + position for position in second.overloaded],
            max(first.retry_after_ms, second.retry_after_ms),
        )

    async def register(self, contents: Sequence[Raw]) -> Receipt:
        """Register RegisterContentInputs, one request each."""
        turn = asyncio.Semaphore(REGISTRATIONS)

        async def one(content: Raw) -> dict[str, Any]:
            async with turn:
                data = await self.ask(REGISTER, {"input": content})
                answer: dict[str, Any] = data["registerContent"]
                return answer

        receipt = _receipt(await asyncio.gather(*map(one, contents)))
        receipt.tracked = len(contents) - len(receipt.refused) - len(receipt.overloaded)
        return receipt

    async def ask(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The data of an answer. Raises Unavailable, TooLarge, or StartupError when this is no such server."""
        response = await self._post(_encoded({"query": document, "variables": variables}))
        try:
            body = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            body = None
        if not isinstance(body, dict):
            raise StartupError(f"{self.url} does not speak GraphQL: it answered {response.status_code}.")
        if errors := body.get("errors"):
            if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                raise TooLarge(errors[0]["message"])
            raise StartupError(f"{self.url} answered: {errors[0]['message']}")
        data: dict[str, Any] = body["data"]
        return data

    async def _post(self, content: bytes) -> httpx.Response:
        """Post until the server answers, for a while; and as slowly as it wants to be asked."""
        deadline, pause = time.monotonic() + self._patience, FIRST_PAUSE_S
        while True:
            try:
                response = await self._client.post(self.url, content=content)
                if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                    await asyncio.sleep(_wait_s(response))
                    deadline = time.monotonic() + self._patience
                    continue
                if response.status_code not in AWAY:
                    return response
                reason = f"it answered {response.status_code}"
            except httpx.TransportError as error:
                reason = str(error) or type(error).__name__
            if time.monotonic() + pause > deadline:
                raise Unavailable(f"{self.url} cannot be reached: {reason}")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)


def _wait_s(response: httpx.Response) -> float:
    """How long to wait before the next request, as the server says it."""
    told = response.headers.get("retry-after", "")
    return float(told) if told.isdecimal() else LONGEST_PAUSE_S


def _encoded(body: dict[str, Any]) -> bytes:
    """As JSON; what orjson will not write (half characters, integers beyond 64 bits) the server is to refuse."""
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError:
        return json.dumps(body).encode()


def _receipt(answers: Sequence[dict[str, Any]]) -> Receipt:
    receipt = Receipt()
    for position, answer in enumerate(answers):
        if "retryAfterMs" in answer:
            receipt.overloaded.append(position)
            receipt.retry_after_ms = max(receipt.retry_after_ms, answer["retryAfterMs"])
        elif "problems" in answer:
            problems = (Problem(tuple(p["path"]), p["message"]) for p in answer["problems"])
            receipt.refused[position] = reason(without_place(problems))
        elif "message" in answer:
            receipt.refused[position] = answer["message"]
    return receipt


@asynccontextmanager
async def connected(address: Address, *, records: bool = True) -> AsyncIterator[Server]:
    """The server at ``address``, for the time of the block; ``records``: make sure that it takes events.

    Raises StartupError or Unavailable when it is not there.
    """
    headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
    async with httpx.AsyncClient(headers=headers | address.headers(), timeout=TIMEOUT_S) as client:
        server = Server(client, address.url)
        await (server.greet() if records else server.reached())
        yield server
