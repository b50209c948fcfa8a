"""GraphQL over HTTP, on a schema of two fields: what comes in, which status goes out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.scalars import JSON

from schema.http import GRAPHQL_TYPE, GraphQLOverHTTP, read_json
from schema.refusals import JSON_TYPE, write_json

LIMIT = 2000


@strawberry.type
class Query:
    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    def same(self, value: JSON) -> JSON:
        return value

    @strawberry.field
    def fails(self) -> str:
        raise RuntimeError("inside")

    @strawberry.field
    async def waits(self) -> str:
        await asyncio.sleep(3600)
        return "at last"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def change(self) -> bool:
        return True


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    schema = strawberry.Schema(Query, Mutation)
    app = Starlette(routes=[Route("/graphql", GraphQLOverHTTP(schema, dict, body_limit=LIMIT))])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def post(client: httpx.AsyncClient, body: bytes | str, accept: str = "*/*") -> httpx.Response:
    return await client.post("/graphql", content=body, headers={"content-type": JSON_TYPE, "accept": accept})


def message(response: httpx.Response) -> str:
    error = response.json()["errors"][0]
    assert response.headers["content-type"].startswith(("application/json", GRAPHQL_TYPE))
    return str(error["message"])


async def test_answers_in_the_media_type_that_is_asked_for(client: httpx.AsyncClient) -> None:
    body = json.dumps({"query": '{ echo(text: "hi") }'})
    for accept, media_type in [
        ("*/*", JSON_TYPE),
        (JSON_TYPE, JSON_TYPE),
        (GRAPHQL_TYPE, GRAPHQL_TYPE),
        (f"{GRAPHQL_TYPE}; charset=utf-8, {JSON_TYPE}; q=0.9", GRAPHQL_TYPE),
    ]:
        response = await post(client, body, accept)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(media_type)
        assert response.json() == {"data": {"echo": "hi"}}


@pytest.mark.parametrize(
    "query", ["{", "{ nope }", "query Q($v: String!) { echo(text: $v) }", "query A { echo } query B { echo }"]
)
async def test_a_request_that_cannot_run_is_400_only_in_the_graphql_media_type(
    client: httpx.AsyncClient, query: str
) -> None:
    for accept, status in [(GRAPHQL_TYPE, 400), (JSON_TYPE, 200)]:
        response = await post(client, json.dumps({"query": query}), accept)
        assert response.status_code == status
        assert "data" not in response.json()
        assert response.json()["errors"]


async def test_a_failure_while_running_is_200_with_null_data(client: httpx.AsyncClient) -> None:
    response = await post(client, json.dumps({"query": "{ fails }"}), GRAPHQL_TYPE)
    assert response.status_code == 200
    assert response.json()["data"] is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "Expecting value at line 1, column 1"),
        (b'{"query"', "line 1"),
        (b'{"query": "{ __typename }", "variables": {"v": NaN}}', "NaN is no JSON number"),
        (b'{"query": "{ __typename }", "variables": {"v": -Infinity}}', "-Infinity is no JSON number"),
        (b'{"query": "\xff"}', "not UTF-8 at byte 12"),
        (b"[" * 1900, "nested too deeply"),
        (b"1" * 1900, "must be a JSON object"),
        (b'{"query": ' + b"[" * 1900, "nested too deeply"),
        (b"null", "must be a JSON object"),
        (b'"{ __typename }"', "must be a JSON object"),
        (b'[{"query": "{ __typename }"}]', "one operation per request"),
        (b"{}", "no query"),
        (b'{"query": ""}', "no query"),
        (b'{"query": 5}', "query must be a string"),
        (b'{"query": "{ __typename }", "variables": []}', "variables must be an object"),
        (b'{"query": "{ __typename }", "operationName": 1}', "operationName must be a string"),
        (b'{"query": "{ __typename }", "extensions": "x"}', "extensions must be an object"),
    ],
)
async def test_what_cannot_be_understood_is_400_and_says_where(
    client: httpx.AsyncClient, body: bytes, said: str
) -> None:
    response = await post(client, body)
    assert response.status_code == 400
    assert said in message(response)


async def test_digits_without_end_are_refused(client: httpx.AsyncClient) -> None:
    with pytest.raises(Exception, match="digits"):
        read_json("1" * 5000)


async def test_large_bodies_are_refused_with_and_without_a_length(client: httpx.AsyncClient) -> None:
    body = json.dumps({"query": "{ __typename }", "padding": "x" * LIMIT}).encode()

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 100):
            yield body[start : start + 100]

    for content in (body, in_pieces()):
        response = await client.post("/graphql", content=content, headers={"content-type": JSON_TYPE})
        assert response.status_code == 413
        assert response.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"
        assert f"{LIMIT} bytes" in message(response)


async def test_a_body_of_just_the_limit_is_read(client: httpx.AsyncClient) -> None:
    body = json.dumps({"query": "{ __typename }"}).encode()
    assert (await post(client, body + b" " * (LIMIT - len(body)))).status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_only_json_is_taken(client: httpx.AsyncClient, content_type: str) -> None:
    response = await client.post("/graphql", content=b"{}", headers={"content-type": content_type})
    assert response.status_code == 415


async def test_get_is_for_queries(client: httpx.AsyncClient) -> None:
    query = "query E($t: String!) { echo(text: $t) }"
    answer = await client.get("/graphql", params={"query": query, "variables": '{"t": "é"}'})
    assert answer.json() == {"data": {"echo": "é"}}
    refused = await client.get("/graphql", params={"query": "mutation { change }"})
    assert refused.status_code == 400
    assert "mutations" in message(refused)
    broken = await client.get("/graphql", params={"query": query, "variables": "{"})
    assert broken.status_code == 400
    listed = await client.get("/graphql", params={"query": query, "variables": "[]"})
    assert listed.status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods_are_told_which_there_are(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


async def test_browsers_get_graphiql(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
    other = await client.get("/graphql", headers={"accept": "*/*"})
    assert other.status_code == 400


@pytest.mark.parametrize("value", [2**63, 2**64, -(2**70), "half \ud83d", {"\udc00": 1}, 1.5e300, "é\u2028\0"])
async def test_values_come_through_as_they_are(client: httpx.AsyncClient, value: object) -> None:
    body = json.dumps({"query": "query V($v: JSON!) { same(value: $v) }", "variables": {"v": value}})
    response = await post(client, body)
    answer: Any = json.loads(response.content)
    assert answer == {"data": {"same": value}}


def test_json_is_written_compactly() -> None:
    assert write_json({"a": [1, "é"]}) == '{"a":[1,"é"]}'.encode()
    assert write_json({"a": "\ud800"}) == b'{"a":"\\ud800"}'


async def test_what_takes_too_long_is_given_up_and_counted() -> None:
    told: list[tuple[int, float]] = []
    endpoint: GraphQLOverHTTP[dict[str, Any]] = GraphQLOverHTTP(
        strawberry.Schema(Query),
        dict,
        body_limit=LIMIT,
        timeout=0.05,
        answered=lambda status, seconds: told.append((status, seconds)),
    )
    app = Starlette(routes=[Route("/graphql", endpoint)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        late = await post(client, json.dumps({"query": "{ waits }"}))
        quick = await post(client, json.dumps({"query": '{ echo(text: "hi") }'}))
    assert (late.status_code, quick.status_code) == (503, 200)
    assert late.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"
    assert "0.05 seconds" in message(late)
    assert [status for status, _ in told] == [503, 200]
    assert told[0][1] >= 0.05
