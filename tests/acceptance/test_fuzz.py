"""Whatever is sent, the service neither breaks nor hangs: operations of the schema, and bodies made of anything."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import schemathesis
from graphql import parse_value
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from tests.acceptance.conftest import Client

SECONDS = 20
EXPECTED = {200, 400, 413, 415}
few = settings(max_examples=6, deadline=None, database=None, derandomize=False, suppress_health_check=list(HealthCheck))
some = settings(few, max_examples=150)

texts = st.text(max_size=20)
words = st.sampled_from(
    ["{", "}", "(", ")", "user", "id:", "1", '"a"', "query", "mutation", "...", "on", "$x", "[", "@", "\\u0000"]
)
queries = st.lists(words, max_size=30).map(" ".join) | texts
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
requests = st.fixed_dictionaries(
    {},
    optional={
        "query": queries | values,
        "variables": values,
        "operationName": values,
        "extensions": values,
        "id": values,
        "documentId": values,
    },
)
bodies = (
    st.binary(max_size=200)
    | values.map(json.dumps).map(str.encode)
    | requests.map(json.dumps).map(str.encode)
    | requests.map(json.dumps).map(lambda body: body.encode()[:-1])
)
events = st.lists(
    st.dictionaries(st.sampled_from(["content", "social", "activity", "profileVisit"]), values), max_size=4
)


literals = st.recursive(
    st.sampled_from(["null", "true", "1", "-1.5", '"a"', '""']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda some: f"[{', '.join(some)}]")
        | st.dictionaries(st.sampled_from(["kind", "id", "event"]), inner, max_size=3).map(
            lambda some: f"{{{', '.join(f'{name}: {value}' for name, value in some.items())}}}"
        )
    ),
    max_leaves=6,
)
"""JSON as GraphQL writes it."""
schemathesis.graphql.scalar("JSON", literals.map(parse_value))


def sound(response: httpx.Response) -> None:
    """It is an answer of ours, and no fault of ours."""
    assert response.status_code in EXPECTED, response.text
    answer = response.json()
    codes = [error.get("extensions", {}).get("code") for error in answer.get("errors", ())]
    assert "INTERNAL" not in codes, response.text
    assert "Traceback" not in response.text


async def in_a_thread(work: Callable[[httpx.Client], None], client: Client) -> None:
    """Run ``work`` beside the service, which has this thread's loop."""

    def run() -> None:
        with httpx.Client(base_url=client.http.base_url, timeout=SECONDS) as http:
            work(http)

    await asyncio.to_thread(run)


@pytest.mark.timeout(300)
async def test_operations_made_of_the_schema(client: Client) -> None:
    def work(http: httpx.Client) -> None:
        schema = schemathesis.graphql.from_url(f"{http.base_url}/graphql")
        tested = 0
        for found in schema.get_all_operations():
            if not isinstance(found, Ok):
                raise AssertionError(found)
            operation = found.ok()

            @seed(7)
            @few
            @given(case=operation.as_strategy())
            def ask(case: Any) -> None:
                sound(http.post("/graphql", json={"query": case.body}))

            ask()
            tested += 1
        assert tested > 20

    await in_a_thread(work, client)


@pytest.mark.timeout(300)
async def test_bodies_made_of_anything(client: Client) -> None:
    def work(http: httpx.Client) -> None:
        @seed(7)
        @some
        @given(bodies, st.sampled_from(["application/json", "text/plain", "application/graphql", ""]))
        def send(body: bytes, kind: str) -> None:
            sound(http.post("/graphql", content=body, headers={"content-type": kind}))

        send()

    await in_a_thread(work, client)


@pytest.mark.timeout(300)
async def test_batches_made_of_anything(client: Client) -> None:
    def work(http: httpx.Client) -> None:
        @seed(7)
        @some
        @given(events)
        def send(batch: list[Any]) -> None:
            query = "mutation B($events: [EventInput!]!) { trackBatch(events: $events) { tracked invalid } }"
            body = json.dumps({"query": query, "variables": {"events": batch}}, allow_nan=True)
            sound(http.post("/graphql", content=body, headers={"content-type": "application/json"}))

        send()

    await in_a_thread(work, client)
