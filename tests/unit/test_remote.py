"""Sending to a server that is slow, away or strict."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from schema import remote
from schema.remote import Server
from signals.errors import StartupError, Unavailable

Answer = Callable[[dict[str, Any]], httpx.Response]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(remote, "AT_FIRST_S", 0.05)


def server(answer: Answer) -> Server:
    def handle(request: httpx.Request) -> httpx.Response:
        return answer(json.loads(request.content)["variables"])

    return Server(httpx.AsyncClient(transport=httpx.MockTransport(handle)), "http://127.0.0.1:1/")


def batch(results: list[dict[str, Any]], **counts: int) -> httpx.Response:
    body = {"tracked": 0, "conflicts": 0, "invalid": 0, "refused": 0, "overloaded": 0, "results": results} | counts
    return httpx.Response(200, json={"data": {"trackBatch": body}})


EVENTS: list[dict[str, Any]] = [{"social": {"id": str(n)}} for n in range(4)]


async def test_what_is_all_taken_is_asked_about_once() -> None:
    asked: list[bool] = []

    def answer(variables: dict[str, Any]) -> httpx.Response:
        asked.append(variables["why"])
        return batch([], tracked=3)

    receipt = await server(answer).track(EVENTS)
    assert (receipt.tracked, receipt.refused, asked) == (3, {}, [False])


async def test_what_is_not_taken_is_explained() -> None:
    invalid = {"problems": [{"path": ["events", "1", "social", "id"], "message": "is empty"}]}
    told: list[dict[str, Any]] = [{}, invalid, {"message": "The id is taken"}, {"retryAfterMs": 70}]

    def answer(variables: dict[str, Any]) -> httpx.Response:
        return batch(told, tracked=0, invalid=1) if variables["why"] else batch([], tracked=1, invalid=1)

    receipt = await server(answer).track(EVENTS)
    assert receipt.tracked == 1
    assert receipt.refused == {1: "social.id: is empty", 2: "The id is taken"}
    assert (receipt.overloaded, receipt.retry_after_ms) == ([3], 70)


async def test_a_body_that_is_too_large_goes_in_halves() -> None:
    def answer(variables: dict[str, Any]) -> httpx.Response:
        events = variables["events"]
        if len(events) > 1 or events[0]["social"]["id"] == "3":
            return httpx.Response(413, json={"errors": [{"message": "too large"}]})
        return batch([], tracked=1)

    receipt = await server(answer).track(EVENTS)
    assert (receipt.tracked, receipt.refused) == (3, {3: "too large"})


async def test_a_server_that_comes_back_is_waited_for() -> None:
    script: list[httpx.Response | httpx.ConnectError] = [
        httpx.Response(503),
        httpx.ConnectError("refused"),
        batch([], tracked=4),
    ]
    answers = iter(script)

    def answer(_: dict[str, Any]) -> httpx.Response:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    assert (await server(answer).track(EVENTS)).tracked == 4


async def test_a_server_is_asked_as_slowly_as_it_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    script = [httpx.Response(429, headers={"retry-after": "80"}), httpx.Response(429), batch([], tracked=4)]
    answers = iter(script)
    assert (await server(lambda _: next(answers)).track(EVENTS)).tracked == 4
    assert waited == [80.0, remote.LONGEST_PAUSE_S]


async def test_a_server_that_stays_away_is_named() -> None:
    with pytest.raises(Unavailable, match=r"http://127.0.0.1:1/graphql cannot be reached: it answered 503"):
        await server(lambda _: httpx.Response(503)).greet()


async def test_something_else_that_listens_there() -> None:
    with pytest.raises(StartupError, match="does not speak GraphQL"):
        await server(lambda _: httpx.Response(404, text="<html>")).greet()
    strict = {"errors": [{"message": "Cannot query field 'trackBatch'"}]}
    with pytest.raises(StartupError, match="Cannot query field"):
        await server(lambda _: httpx.Response(400, json=strict)).greet()


async def test_what_orjson_will_not_write_reaches_the_server() -> None:
    received: list[Any] = []

    def answer(variables: dict[str, Any]) -> httpx.Response:
        received.extend(variables["events"])
        return batch([])

    events = [{"social": {"id": "\udcff", "durationMs": 2**70}}]
    await server(answer).track(events)
    assert received == events


async def test_contents_are_registered_one_by_one() -> None:
    def answer(variables: dict[str, Any]) -> httpx.Response:
        told: dict[str, Any] = {
            "bad": {"problems": [{"path": ["content"], "message": "is missing"}]},
            "busy": {"retryAfterMs": 9},
        }
        return httpx.Response(200, json={"data": {"registerContent": told.get(variables["input"]["id"], {})}})

    receipt = await server(answer).register([{"id": "good"}, {"id": "bad"}, {"id": "busy"}])
    assert (receipt.tracked, receipt.refused, receipt.overloaded) == (1, {1: "content: is missing"}, [2])
