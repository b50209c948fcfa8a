"""What stands before GraphQL: over HTTP, as the application puts it together, before ports instead of a database."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from schema import graphiql
from schema.edge import gate, middleware
from schema.headers import NOTHING, PAGE_POLICY
from schema.http import GRAPHQL_TYPE, GraphQLOverHTTP
from schema.principal import LOCAL, Principal, Role
from schema.refusals import JSON_TYPE, Turned
from schema.settings import Settings
from tests.unit.surface import SCHEMA, Ports, context_of

TYPENAME = {"query": "{ __typename }"}
BATCH = "mutation B($events: [EventInput!]!) { trackBatch(events: $events) { tracked } }"
PAGE = {"accept": "text/html"}
SLOW = "local=0.001/{}"
"""So slow that the clock does not matter."""


@asynccontextmanager
async def caller(
    authenticate: Callable[[Request], Awaitable[Principal]] | None = None, **given: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who calls an application of these settings; ``authenticate`` finds out who calls."""
    settings = Settings.load(**given)
    endpoint = GraphQLOverHTTP(
        SCHEMA,
        lambda principal=LOCAL: context_of(Ports(), principal),
        authenticate=authenticate,
        gate=gate(settings, SCHEMA, asked=authenticate is not None),
        body_limit=10_000,
    )
    app = Starlette(routes=[Route("/graphql", endpoint), *graphiql.routes()], middleware=middleware(settings))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        yield client


@asynccontextmanager
async def asking(tokens: int) -> AsyncIterator[httpx.AsyncClient]:
    """A caller with so many tokens for good."""
    async with caller(rate_limits=SLOW.format(tokens)) as client:
        yield client


async def ask(client: httpx.AsyncClient, body: Any = TYPENAME, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json=body, headers=headers)


def code(response: httpx.Response) -> str:
    found: str = response.json()["errors"][0]["extensions"]["code"]
    return found


@pytest.mark.parametrize("media_type", [JSON_TYPE, GRAPHQL_TYPE])
async def test_too_many_requests_are_429_with_the_time_to_wait(media_type: str) -> None:
    async with asking(2) as client:
        answers = [await ask(client, accept=media_type) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused.headers["content-type"].startswith(media_type)
    assert code(refused) == "RATE_LIMITED"
    wait_ms = refused.json()["errors"][0]["extensions"]["retryAfterMs"]
    assert 0 < wait_ms <= 1_000_000
    assert int(refused.headers["retry-after"]) == -(-wait_ms // 1000)


async def test_a_request_that_is_refused_is_not_even_read() -> None:
    read: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(1)
        yield json.dumps(TYPENAME).encode()

    async with asking(1) as client:
        statuses = [
            (await client.post("/graphql", content=body(), headers={"content-type": JSON_TYPE})).status_code
            for _ in range(2)
        ]
        assert statuses == [200, 429]
        assert (await client.get("/graphql", params=TYPENAME)).status_code == 429
        assert (await client.get("/graphql", headers=PAGE)).status_code == 200


async def test_what_cannot_be_understood_costs_as_well() -> None:
    async with asking(2) as client:
        bodies = [b"{", b"[]", b"{}"]
        answers = [await client.post("/graphql", content=b, headers={"content-type": JSON_TYPE}) for b in bodies]
    assert [answer.status_code for answer in answers] == [400, 400, 429]


EIGHT: list[dict[str, object]] = [{} for _ in range(8)]
WRITTEN = '{activity: {userId: "ann", activity: LOGIN}}'
INLINE = f"mutation {{ trackBatch(events: [{', '.join([WRITTEN] * 8)}]) {{ tracked }} }}"
TWICE = BATCH.replace("{ trackBatch", "{ a: trackBatch(events: $events) { tracked } b: trackBatch")
SPREAD = BATCH.replace("{ trackBatch(events: $events) { tracked }", "{ ...F") + (
    " fragment F on Mutation { trackBatch(events: $events) { tracked } }"
)


@pytest.mark.parametrize(
    ("query", "events", "cost"),
    [
        (BATCH, EIGHT, 8),
        (BATCH, [], 1),
        (INLINE, None, 8),
        (TWICE, EIGHT, 16),
        (SPREAD, EIGHT, 8),
        ("{ a: __typename b: __typename c: __typename }", None, 3),
    ],
)
async def test_a_request_costs_what_it_does(query: str, events: Any, cost: int) -> None:
    body = {"query": query, "variables": None if events is None else {"events": events}}
    async with asking(cost + 1) as client:
        assert (await ask(client, body)).status_code in (200, 400)
        assert [(await ask(client)).status_code for _ in range(2)] == [200, 429]


async def test_a_batch_for_which_not_enough_is_left_does_not_run() -> None:
    body = {"query": BATCH, "variables": {"events": EIGHT}}
    async with asking(9) as client:
        await ask(client)
        await ask(client)
        refused = await ask(client, body, accept=GRAPHQL_TYPE)
        assert refused.status_code == 429
        assert code(refused) == "RATE_LIMITED"
        assert "data" not in refused.json()
        assert refused.headers["retry-after"]
        assert [(await ask(client)).status_code for _ in range(7)] == [200] * 6 + [429]


async def test_a_batch_larger_than_the_bucket_goes_when_it_is_full() -> None:
    body = {"query": BATCH, "variables": {"events": EIGHT}}
    async with asking(3) as client:
        assert (await ask(client, body)).status_code == 200
        assert (await ask(client)).status_code == 429


async def test_wrong_credentials_are_counted_by_address_and_right_ones_come_through() -> None:
    async def authenticate(request: Request) -> Principal:
        if request.headers.get("authorization") == "Bearer right":
            return Principal("ann", Role.CLIENT, "ann")
        raise Turned(HTTPStatus.UNAUTHORIZED, "Who are you?", "UNAUTHENTICATED", {"www-authenticate": "Bearer"})

    async with caller(authenticate, rate_limits="unknown=0.001/3") as client:
        answers = [await ask(client) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
        assert answers[0].headers["www-authenticate"] == "Bearer"
        assert [code(answer) for answer in answers[2:]] == ["UNAUTHENTICATED", "RATE_LIMITED"]
        assert (await ask(client, authorization="Bearer right")).status_code == 200
        assert (await ask(client, authorization="Bearer right", host="public.example")).status_code == 200


async def test_foreign_pages_are_turned_away() -> None:
    foreign = {"sec-fetch-site": "cross-site"}
    async with caller() as client:
        refused = await client.get("/graphql", params=TYPENAME, headers=foreign)
        assert (refused.status_code, code(refused)) == (403, "FOREIGN_PAGE")
        allowed = await client.get("/graphql", params=TYPENAME, headers=foreign | {"graphql-require-preflight": "1"})
        assert allowed.status_code == 200
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "text/plain; application/json"):
            headers = foreign | {"content-type": content_type}
            simple = await client.post("/graphql", content=json.dumps(TYPENAME), headers=headers)
            assert simple.status_code == 415
        renamed = await ask(client, host="evil.example")
        assert (renamed.status_code, code(renamed)) == (421, "WRONG_HOST")
    async with caller(hosts="box.lan, other") as client:
        assert (await ask(client, host="box.lan:80")).status_code == 200


async def test_pages_that_were_set_may_call_and_no_others() -> None:
    page = "https://app.example"
    ask_leave = {"origin": page, "access-control-request-method": "POST"}
    async with caller(cors_origins=page) as client:
        leave = await client.options(
            "/graphql", headers=ask_leave | {"access-control-request-headers": "authorization,content-type"}
        )
        assert leave.headers["access-control-allow-headers"] == "authorization,content-type"
        assert "access-control-allow-credentials" not in leave.headers
        answer = await ask(client, origin=page)
        assert answer.headers["access-control-allow-origin"] == page
        assert "retry-after" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-origin" not in (await ask(client, origin="https://evil.example")).headers
        read = {"sec-fetch-site": "cross-site", "origin": page}
        assert (await client.get("/graphql", params=TYPENAME, headers=read)).status_code == 200


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    path = tmp_path / "documents.json"
    path.write_text(json.dumps({"name": "query Name { __typename }", "change": BATCH}), encoding="utf-8")
    return path


async def test_only_trusted_documents_are_run(documents: Path) -> None:
    persisted: dict[str, Any] = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "name"}}}
    async with caller(trusted_documents=documents) as client:
        for body in ({"documentId": "name"}, persisted, {"query": "query Name { __typename }"}):
            answer = await ask(client, body)
            assert answer.json() == {"data": {"__typename": "Query"}}
        for parameters in ({"documentId": "name"}, {"extensions": json.dumps(persisted["extensions"])}):
            assert (await client.get("/graphql", params=parameters)).json() == {"data": {"__typename": "Query"}}
        refusals: list[tuple[dict[str, Any], int, str]] = [
            (TYPENAME, 403, "DOCUMENT_NOT_TRUSTED"),
            ({"documentId": "name", **TYPENAME}, 403, "DOCUMENT_NOT_TRUSTED"),
            ({"documentId": "other"}, 400, "UNKNOWN_DOCUMENT"),
            ({"documentId": 5}, 400, "BAD_REQUEST"),
            ({"extensions": {"persistedQuery": {"sha256Hash": []}}}, 400, "BAD_REQUEST"),
            ({}, 400, "BAD_REQUEST"),
        ]
        for body, status, said in refusals:
            answer = await ask(client, body)
            assert (answer.status_code, code(answer)) == (status, said), body
        change = await client.get("/graphql", params={"documentId": "change", "variables": '{"events": []}'})
        assert change.status_code == 400
        assert "mutations" in change.json()["errors"][0]["message"]


async def test_without_them_an_id_is_not_supported() -> None:
    async with caller() as client:
        answer = await ask(client, {"documentId": "name"})
        assert (answer.status_code, code(answer)) == (400, "PERSISTED_QUERY_NOT_SUPPORTED")
        assert (await ask(client, {"documentId": "name", **TYPENAME})).status_code == 200


async def test_every_answer_says_what_browsers_may_do_with_it() -> None:
    async with caller(hsts=600, cors_origins="https://app.example") as client:
        answers = {
            "data": await ask(client),
            "refused": await ask(client, {}),
            "turned": await ask(client, host="evil.example"),
            "method": await client.put("/graphql"),
            "lost": await client.get("/nowhere"),
            "leave": await client.options("/graphql", headers={"origin": "x", "access-control-request-method": "POST"}),
            "page": await client.get("/graphql", headers=PAGE),
            "script": await client.get("/graphiql/page/page.js"),
        }
    for name, answer in answers.items():
        assert answer.headers["x-content-type-options"] == "nosniff", name
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["strict-transport-security"] == "max-age=600; includeSubDomains"
        assert answer.headers["content-security-policy"] == (PAGE_POLICY if name == "page" else NOTHING)
        assert len(answer.headers.get_list("content-security-policy")) == 1
    assert answers["data"].headers["cache-control"] == "no-store"
    assert answers["page"].headers["cache-control"] == "no-cache"


async def test_https_is_asked_for_only_where_that_is_set() -> None:
    async with caller() as client:
        assert "strict-transport-security" not in (await ask(client)).headers


async def test_the_page_holds_no_script_or_style_of_its_own() -> None:
    """The policy lets only files run, so that text which gets into a page is never a script."""
    async with caller() as client:
        page = (await client.get("/graphql", headers=PAGE)).text
    assert "<script>" not in page
    assert "<style" not in page
    assert "onload=" not in page
    for part in page.split("<script")[1:]:
        assert ' src="/graphiql/' in part.split(">")[0]
