"""The engine's process: frozen, without room on its disk, and a clock that is set back. Seen by a caller of the API."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from graph.engine import Engine
from schema import app, context
from tests.acceptance.conftest import Client, served
from tests.acceptance.test_outage import ready_again
from tests.contract.test_crash import Community
from tests.faults import servers
from tests.faults.crowd import DEADLINE_S, FREEZE_S, PATIENCE_S, in_time, timed
from tests.faults.proxy import nothing, proxied
from tests.faults.servers import Patient

READ_DEADLINE_S = 5.0
LIVE_S = 1.0
STARTED = 12
"""Messages to the database, after which a service is in the middle of its preparations."""
MUTATIONS = {
    "retract": 'mutation { outcome: retract(eventId: "nothing") { __typename } }',
    "registerContent": """
        mutation { outcome: registerContent(input: {content: {type: POST, id: "p"}, authorId: "bo"}) { __typename } }
    """,
    "pingActivity": 'mutation { outcome: pingActivity(userId: "pinging") { __typename } }',
    "setConsent": 'mutation { outcome: setConsent(userId: "agreeing", analytics: true) { __typename } }',
}
READS = ('{ event(id: "any") { id } }', '{ user(id: "any") { id streak { current } } }')
COUNT = "query C($user: ID!) { activitySummary(filter: {userId: $user}) { totalEvents } }"


@pytest_asyncio.fixture(scope="module")
async def embedded_patient(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Patient]:
    """A service over the embedded engine."""
    async with servers.embedded(tmp_path_factory.mktemp("embedded-patient")) as patient:
        await ready_again(patient.client, PATIENCE_S)
        yield patient


@pytest_asyncio.fixture(scope="module")
async def neo4j_patient(neo4j_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Patient]:
    """A service over a Neo4j of this module's own."""
    folder = tmp_path_factory.mktemp("neo4j-patient")
    server = await asyncio.to_thread(Community, folder)
    try:
        await server.start()
        async with servers.neo4j(folder / "data", server) as patient:
            await ready_again(patient.client, PATIENCE_S)
            yield patient
    finally:
        await server.kill()


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def patient(request: pytest.FixtureRequest) -> Patient:
    """A service to be hurt, over each engine in turn."""
    found: Patient = request.getfixturevalue(f"{request.param}_patient")
    return found


def login(user: str, name: str) -> dict[str, Any]:
    return {"activity": {"id": f"{user}-{name}", "userId": user, "activity": "LOGIN"}}


async def outcome_of(client: Client, query: str) -> str:
    """The type of a mutation's outcome."""
    outcome: str = (await client.ask(query))["outcome"]["__typename"]
    return outcome


async def settled(client: Client, query: str) -> str:
    """The type of a mutation's outcome, asked for again while it is postponed."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        outcome = await outcome_of(client, query)
        if outcome != "Overloaded":
            return outcome
        await asyncio.sleep(0.2)
    raise TimeoutError


async def tracked(client: Client, event: dict[str, Any]) -> str:
    """The type of the outcome of one event, or DUPLICATE."""
    outcome = await client.track("activity", **event["activity"])
    return "DUPLICATE" if outcome.get("duplicate") else str(outcome["__typename"])


class Sender:
    """A client that goes on sending events of one user; ``sent``: each event and whether it was acknowledged."""

    def __init__(self, client: Client, user: str) -> None:
        self.client, self.user = client, user
        self.sent: dict[str, bool] = {}
        self.slowest = 0.0
        self.overloaded = 0

    async def send(self, name: str) -> None:
        """One event and a batch of them, at once."""
        single, batch = login(self.user, name), [login(self.user, f"{name}-{n}") for n in range(20)]
        (one, one_s), (many, many_s) = await asyncio.gather(
            timed(tracked(self.client, single)), timed(self.client.track_batch(*batch))
        )
        self.slowest = max(self.slowest, one_s, many_s)
        assert one in {"Tracked", "Overloaded"}, one
        assert many["invalid"] == many["conflicts"] == 0
        self.overloaded += many["overloaded"]
        self.sent[single["activity"]["id"]] = one == "Tracked"
        for event, outcome in zip(batch, many["results"], strict=True):
            self.sent[event["activity"]["id"]] = outcome["__typename"] == "Tracked"

    async def all_counted_once(self) -> None:
        """Sent again until taken, what was acknowledged is known, and the figures count each event once."""
        async with asyncio.timeout(PATIENCE_S):
            waiting = dict(self.sent)
            while waiting:
                events = [login(self.user, id.removeprefix(f"{self.user}-")) for id in waiting]
                results = (await self.client.track_batch(*events))["results"]
                for (id, acknowledged), outcome in zip(list(waiting.items()), results, strict=True):
                    if outcome["__typename"] == "Overloaded":
                        continue
                    assert outcome["__typename"] == "Tracked"
                    assert outcome["duplicate"] or not acknowledged, f"{id} was acknowledged and is lost"
                    del waiting[id]
                await asyncio.sleep(0.2)
        found = await self.client.ask(COUNT, user=self.user)
        assert found["activitySummary"]["totalEvents"] == len(self.sent)


async def failing(client: Client, query: str) -> str | None:
    """The code that a read is answered with, if it is an error."""
    errors = (await client.send(query)).get("errors") or [{"extensions": {"code": None}}]
    code: str | None = errors[0]["extensions"]["code"]
    return code


async def live(client: Client) -> int:
    return (await client.http.get("/health/live")).status_code


async def told(answer: Awaitable[Any], expected: object, deadline: float) -> None:
    """The answer is ``expected``, and comes in time."""
    found, seconds = await timed(answer)
    assert found == expected
    assert in_time(seconds, deadline)


async def test_a_frozen_engine(patient: Patient) -> None:
    client, sender = patient.client, Sender(patient.client, "frozen")
    await sender.send("before")
    started = time.monotonic()
    with patient.frozen():
        await asyncio.gather(
            sender.send("first"),
            *(told(outcome_of(client, query), "Overloaded", 2.0) for query in MUTATIONS.values()),
            *(told(failing(client, query), "UNAVAILABLE", READ_DEADLINE_S) for query in READS),
            told(live(client), 200, LIVE_S),
        )
        rounds = 0
        while time.monotonic() - started < FREEZE_S:
            rounds += 1
            await asyncio.gather(*(sender.send(f"{rounds}-{n}") for n in range(3)))
        assert await client.why_not_ready() is not None
    assert sender.overloaded > 0
    assert in_time(sender.slowest)
    await ready_again(client, PATIENCE_S)
    await sender.all_counted_once()


async def test_a_full_disk(patient: Patient) -> None:
    client, sender = patient.client, Sender(patient.client, "full")
    await sender.send("before")
    with patient.full():
        for number in range(3):
            await sender.send(f"meanwhile-{number}")
        for query in MUTATIONS.values():
            await told(outcome_of(client, query), "Overloaded", 2.0)
        assert await client.why_not_ready() is not None
        assert await live(client) == 200
        if patient.restart is None:
            assert [await failing(client, query) for query in READS] == [None, None]
    assert sender.overloaded > 0
    assert in_time(sender.slowest)
    if patient.restart is not None:
        await patient.restart()
    await ready_again(client, PATIENCE_S)
    await sender.all_counted_once()


async def test_a_database_that_stands_still_while_the_service_starts(
    embedded_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "START_S", 1.0)
    monkeypatch.setattr(app, "REHEARSALS", 0)
    user, password = embedded_engine.auth or ("", "")
    async with proxied(embedded_engine) as (proxy, reached):
        proxy.on_sent = lambda number: proxy.freeze() if number >= STARTED else None
        settings = {"neo4j_user": user, "neo4j_password": password, "neo4j_database": reached.database}
        started = time.monotonic()
        async with served(data=tmp_path, neo4j_uri=reached.uri, write_deadline=DEADLINE_S, **settings) as client:
            assert time.monotonic() - started < 20.0
            assert await live(client) == 200
            assert await client.why_not_ready() is not None
            sender = Sender(client, "starting")
            await sender.send("early")
            assert not any(sender.sent.values())
            proxy.on_sent = nothing
            proxy.thaw()
            await ready_again(client, PATIENCE_S)
            await sender.all_counted_once()


class Yesterday(datetime):
    """A clock that was set back by a day."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) - timedelta(days=1)


async def test_a_clock_that_is_set_back(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    client, sender = patient.client, Sender(patient.client, "clock")
    ping = 'mutation { outcome: pingActivity(userId: "clock-2") { __typename } }'
    await sender.send("today")
    await sender.all_counted_once()
    assert await settled(client, ping) == "Pinged"
    with monkeypatch.context() as patch:
        patch.setattr(context, "datetime", Yesterday)
        await sender.send("yesterday")
        await sender.all_counted_once()
        assert await settled(client, ping) == "Pinged"
        answer = await client.send(READS[1].replace("any", "clock"))
        assert "errors" not in answer, json.dumps(answer["errors"])
    await sender.all_counted_once()
