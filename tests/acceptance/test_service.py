"""The service itself: health, pages, examples, restarts."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import httpx
import pytest

from schema.graphiql import Example, examples
from schema.instance import find
from schema.serve import listen
from signals.errors import StartupError
from tests.acceptance.conftest import Client, served

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_health(client: Client) -> None:
    live = await client.http.get("/health/live")
    assert live.status_code == 200
    assert live.json()["status"] == "live"
    ready = await client.http.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ready"}


async def test_the_metrics_count_what_was_sent_and_name_the_statements(client: Client) -> None:
    like = {"id": "metered", "userId": "meter-ann", "interaction": "LIKE", "content": {"type": "POST", "id": "metered"}}
    before = await metric(client, 'sociograph_events_total{outcome="duplicate"}')
    await client.track("content", **like, occurredAt="2026-01-05T09:30:00Z")
    await client.track("content", **like, occurredAt="2026-01-05T09:30:00Z")
    assert await metric(client, 'sociograph_events_total{outcome="duplicate"}') == before + 1
    assert await metric(client, 'sociograph_statement_seconds_count{statement="record_write"}') >= 1
    assert await metric(client, 'sociograph_request_seconds_count{status="200"}') >= 2
    assert await metric(client, "sociograph_queue_events") == 0


async def metric(client: Client, name: str) -> float:
    text = (await client.http.get("/metrics")).text
    return next(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(f"{name} "))


async def test_the_front_door_leads_to_graphql(client: Client) -> None:
    response = await client.http.get("/")
    assert response.status_code == 307
    assert response.headers["location"] == "/graphql"


async def test_what_does_not_exist_is_said_in_json(client: Client) -> None:
    response = await client.http.get("/nowhere")
    assert response.status_code == 404
    assert response.json()["errors"][0]["message"] == "Not Found"


async def test_graphiql_comes_with_all_it_needs(client: Client) -> None:
    page = await client.http.get("/graphql", headers=BROWSER)
    assert page.headers["content-type"].startswith("text/html")
    addresses = [part.split('"')[0] for part in page.text.replace('src="', 'href="').split('href="')[1:]]
    addresses = [address for address in addresses if not address.startswith("data:")]
    assert len(addresses) == 6
    for address in addresses:
        assert address.startswith("/graphiql/"), "nothing from elsewhere: it works offline"
        assert (await client.http.get(address)).status_code == 200
    library = await client.http.get("/graphiql/vendor/react-18.3.1.production.min.js")
    assert "immutable" in library.headers["cache-control"]
    tabs = (await client.http.get("/graphiql/examples.json")).json()
    assert [tab["query"] for tab in tabs] == [example.query for example in examples()]


async def test_the_examples_work_one_after_the_other(client: Client) -> None:
    for example in examples():
        data = await client.ask(example.query, **json.loads(example.variables))
        assert all(data.values()), f"{example.name} finds nothing: {data}"
        assert not unexpected(example, data), data


def unexpected(example: Example, data: object) -> bool:
    """Whether an example that records was refused."""
    return "mutation" in example.query and any(
        word in json.dumps(data) for word in ("InvalidInput", "IdConflict", "Overloaded")
    )


async def test_a_restart_keeps_what_was_recorded(tmp_path: Path) -> None:
    event = {"id": "kept-1", "userId": "ann", "activity": "LOGIN", "occurredAt": "2026-01-05T09:30:00Z"}
    for restarted in (False, True):
        async with served(data=tmp_path) as client:
            assert (await client.track("activity", **event))["duplicate"] is restarted
            instance = find(tmp_path)
            assert instance is not None
            assert httpx.URL(instance.url) == client.http.base_url
        assert find(tmp_path) is None


async def test_a_taken_port_is_said_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartupError, match=f"port {port}: Address already in use.*SOCIOGRAPH_PORT"):
            listen("127.0.0.1", port)
