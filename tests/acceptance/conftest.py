"""The real application behind a real server on a free port, with an embedded engine in a folder of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from schema.serve import listen, running
from schema.settings import Settings


@pytest.fixture(scope="module", autouse=True)
def _engines_of_its_own(short_lived: None) -> None:
    """Every module starts some."""


@dataclass(frozen=True)
class Client:
    """A caller of the API."""

    http: httpx.AsyncClient

    async def post(self, body: bytes | str, accept: str = "application/json") -> httpx.Response:
        """The response to a body as it stands."""
        headers = {"content-type": "application/json", "accept": accept}
        return await self.http.post("/graphql", content=body, headers=headers)

    async def send(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer to an operation. Lone surrogates and NaN go out as json.dumps writes them."""
        response = await self.post(json.dumps({"query": query, "variables": variables}))
        answer: dict[str, Any] = response.json()
        return answer

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an operation that succeeds."""
        answer = await self.send(query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def track(self, face: str, **given: Any) -> dict[str, Any]:
        """The outcome of one event: content, social, profileVisit or activity."""
        field, input_type = FACES[face]
        query = f"mutation T($input: {input_type}!) {{ outcome: {field}(input: $input) {{ {OUTCOME} }} }}"
        outcome: dict[str, Any] = (await self.ask(query, input=given))["outcome"]
        return outcome

    async def track_batch(self, *events: Any) -> dict[str, Any]:
        """The outcome of a batch."""
        result: dict[str, Any] = (await self.ask(BATCH, events=list(events)))["trackBatch"]
        return result

    async def why_not_ready(self) -> str | None:
        """The reason that the readiness check gives, or None."""
        response = await self.http.get("/health/ready")
        assert response.status_code == (503 if "reason" in response.json() else 200)
        reason: str | None = response.json().get("reason")
        return reason

    async def until_ready(self) -> None:
        """Return when the service records; a busy machine takes its time to start one."""
        for _ in range(READY_TRIES):
            if await self.why_not_ready() is None:
                return
            await asyncio.sleep(0.2)
        pytest.fail("the service did not get ready")


READY_TRIES = 600
FACES = {
    "content": ("trackContentInteraction", "ContentInteractionInput"),
    "social": ("trackSocialInteraction", "SocialInteractionInput"),
    "profileVisit": ("trackProfileVisit", "ProfileVisitInput"),
    "activity": ("trackActivity", "ActivityInput"),
}
OUTCOME = """
    __typename
    ... on Tracked { duplicate event { id type user { id } occurredAt sessionId metadata } }
    ... on IdConflict { message eventId recorded { id type metadata } }
    ... on InvalidInput { message problems { path message } }
    ... on Overloaded { message retryAfterMs }
"""
BATCH = f"""
    mutation B($events: [EventInput!]!) {{
        trackBatch(events: $events) {{
            tracked duplicates conflicts invalid overloaded results {{ {OUTCOME} }}
        }}
    }}
"""


@asynccontextmanager
async def served(**given: Any) -> AsyncIterator[Client]:
    """The service with these settings, for the time of the block, and a caller. It waits for a busy machine."""
    settings = Settings.load(**{"log_level": "error", "heap": "512m", "write_deadline": 20.0, **given})
    with listen("127.0.0.1", 0) as listener:
        async with running(settings, listener) as url, httpx.AsyncClient(base_url=url, timeout=30.0) as http:
            yield Client(http)


@pytest_asyncio.fixture(scope="session")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A caller of one service that all tests here share; they keep apart by their ids."""
    async with served(data=tmp_path_factory.mktemp("served")) as caller:
        await caller.until_ready()
        yield caller


def engine_pid(data: Path) -> int:
    """The process id of the embedded engine that has ``data`` open."""
    return int((data / "engine.lock").read_text().split()[1])
