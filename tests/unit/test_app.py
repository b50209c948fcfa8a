"""The application as it is put together; nothing runs before its lifespan begins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from schema.app import create_app
from schema.settings import Settings
from signals.errors import StartupError

NOWHERE = "bolt://127.0.0.1:1"


@asynccontextmanager
async def caller(folder: Path, **given: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who calls the application while its database is not there."""
    app = create_app(Settings.load(data=folder / "data", neo4j_uri=NOWHERE, log_level="error", **given))
    transport = httpx.ASGITransport(app)
    client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    async with app.router.lifespan_context(app), client as http:
        yield http


def test_building_starts_nothing(tmp_path: Path) -> None:
    create_app(Settings.load(data=tmp_path / "data"))
    assert not (tmp_path / "data").exists()


async def test_without_a_database_it_runs_and_says_so(tmp_path: Path) -> None:
    async with caller(tmp_path) as client:
        assert (await client.get("/health/live")).status_code == 200
        answer = await client.post("/graphql", json={"query": "{ __typename }"})
        assert answer.json() == {"data": {"__typename": "Query"}}
        ready = await client.get("/health/ready")
        assert ready.status_code == 503
        assert "cannot be reached" in ready.json()["reason"]


async def test_web_pages_of_other_origins_may_call_where_that_is_set(tmp_path: Path) -> None:
    ask = {"origin": "https://app.example", "access-control-request-method": "POST"}
    async with caller(tmp_path, cors_origins=("https://app.example",)) as client:
        allowed = await client.options("/graphql", headers=ask)
        assert allowed.headers["access-control-allow-origin"] == "https://app.example"
        foreign = await client.options("/graphql", headers={**ask, "origin": "https://other.example"})
        assert "access-control-allow-origin" not in foreign.headers
    async with caller(tmp_path) as client:
        assert (await client.options("/graphql", headers=ask)).status_code == 405


async def test_graphiql_can_be_left_out(tmp_path: Path) -> None:
    async with caller(tmp_path, graphiql=False) as client:
        assert (await client.get("/graphql", headers={"accept": "text/html"})).status_code == 404
        assert (await client.get("/graphiql/examples.json")).status_code == 404


def test_a_vocabulary_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    table = tmp_path / "rows.toml"
    table.write_text("not [ toml", encoding="utf-8")
    with pytest.raises(StartupError, match=r"rows\.toml"):
        create_app(Settings.load(data=tmp_path, vocabulary=table))
