"""The edge of the service as it is served, where callers say who they are: rates, documents, what analysts are told."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
import pytest
import pytest_asyncio

from tests.acceptance.conftest import Client, served

SIGNED_BY = "a secret of HS256 that only these tests know"
TYPENAME = {"query": "{ __typename }"}
WRONG = {"authorization": "Bearer sg_x"}
BATCH = "mutation B($events: [EventInput!]!) { trackBatch(events: $events) { tracked } }"
DAY = 'since: "2026-01-05T00:00:00Z", until: "2026-01-06T00:00:00Z"'


def bearer(sub: str, role: str) -> dict[str, str]:
    claims = {"sub": sub, "role": role, "exp": int(time.time()) + 3600}
    return {"authorization": f"Bearer {jwt.encode(claims, SIGNED_BY, algorithm='HS256')}"}


@pytest_asyncio.fixture(scope="module")
async def edge(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A service that asks who calls; clients and unknown ones may do five things, and then wait for long."""
    rates = "client=0.001/5 unknown=0.001/5 analyst=none"
    async with served(data=tmp_path_factory.mktemp("edge"), jwt_secret=SIGNED_BY, rate_limits=rates, hsts=60) as caller:
        yield caller


async def ask(edge: Client, body: Any, who: dict[str, str]) -> httpx.Response:
    return await edge.http.post("/graphql", json=body, headers=who)


async def data(edge: Client, query: str, who: dict[str, str]) -> Any:
    answer = (await ask(edge, {"query": query}, who)).json()
    assert "errors" not in answer, answer
    return answer["data"]


def like(number: int, who: str, content: str, interaction: str = "LIKE") -> dict[str, Any]:
    about = {"type": "POST", "id": content}
    fields = {"userId": who, "interaction": interaction, "content": about, "occurredAt": "2026-01-05T09:30:00Z"}
    return {"content": {"id": f"edge-{content}-{number}", **fields}}


async def test_everybody_has_a_rate_of_their_own(edge: Client) -> None:
    ann, bob = bearer("ann", "client"), bearer("bob", "client")
    answers = await asyncio.gather(*(ask(edge, TYPENAME, ann) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 15
    assert (await ask(edge, TYPENAME, bearer("ann", "client"))).status_code == 429
    assert (await ask(edge, TYPENAME, bob)).status_code == 200
    for _ in range(20):
        assert (await ask(edge, TYPENAME, bearer("ranker", "service"))).status_code == 200
    strangers = [
        (await ask(edge, TYPENAME, WRONG | {"x-forwarded-for": f"192.0.2.{number}"})).status_code for number in range(7)
    ]
    assert strangers == [401] * 5 + [429] * 2
    assert (await ask(edge, TYPENAME, bob)).status_code == 200


async def test_a_batch_beyond_the_rate_records_nothing(edge: Client) -> None:
    cleo = bearer("cleo", "client")
    assert (await ask(edge, TYPENAME, cleo)).status_code == 200
    body = {"query": BATCH, "variables": {"events": [like(n, "cleo", "late") for n in range(5)]}}
    refused = await ask(edge, body, cleo)
    assert refused.status_code == 429
    assert refused.headers["strict-transport-security"].startswith("max-age=60")
    found = await data(edge, '{ content(ref: {type: POST, id: "late"}) { type } }', bearer("ranker", "service"))
    assert found == {"content": None}


@pytest_asyncio.fixture(scope="module")
async def strict(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A service behind a proxy, of trusted documents, that hears one wrong credential of anybody."""
    folder = tmp_path_factory.mktemp("strict")
    documents = folder / "documents.json"
    documents.write_text(json.dumps({"me": "query Me($id: ID!) { user(id: $id) { id } }"}), encoding="utf-8")
    given = {"trusted_documents": documents, "proxies": "127.0.0.1", "rate_limits": "unknown=0.001/1"}
    async with served(data=folder / "data", jwt_secret=SIGNED_BY, **given) as caller:
        yield caller


async def test_a_proxy_that_is_believed_says_who_is_behind_it(strict: Client) -> None:
    """``strangers`` above are one to a server that believes nobody."""
    hosts = ("192.0.2.1", "192.0.2.2", "192.0.2.1")
    answers = [await ask(strict, TYPENAME, WRONG | {"x-forwarded-for": host}) for host in hosts]
    assert [answer.status_code for answer in answers] == [401, 401, 429]


async def test_only_trusted_documents_but_for_administrators(strict: Client) -> None:
    ann = bearer("ann", "client")
    mine = await ask(strict, {"documentId": "me", "variables": {"id": "ann"}}, ann)
    assert mine.json() == {"data": {"user": None}}
    others = await ask(strict, {"documentId": "me", "variables": {"id": "bob"}}, ann)
    assert others.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert (await ask(strict, TYPENAME, ann)).status_code == 403
    assert (await ask(strict, TYPENAME, bearer("root", "admin"))).status_code == 200


async def test_analysts_are_told_of_crowds_alone(edge: Client) -> None:
    service, analyst = bearer("ranker", "service"), bearer("desk", "analyst")
    crowd = [like(n, f"edge-{n}", "much") for n in range(5)]
    few = [like(n, f"edge-{n}", "little", "COMMENT") for n in range(4)]
    alone = [like(9, "edge-0", "much", "SHARE")]
    sent = await ask(edge, {"query": BATCH, "variables": {"events": [*crowd, *few, *alone]}}, service)
    assert sent.json() == {"data": {"trackBatch": {"tracked": 10}}}
    query = f"""{{
      engagementTrends({DAY}) {{ withheld series {{ group total uniqueUsers buckets {{ events withheld }} }} }}
      activitySummary(filter: {{{DAY}}}) {{ totalEvents uniqueUsers byType {{ type count }} mostActiveDay withheld }}
      activeUsers({DAY}) {{ dau mau new returning resurrected withheld }}
      topContent({DAY}) {{ content {{ id engagement {{ likes shares uniqueUsers withheld }} }} events withheld }}
      trending {{ content {{ id }} users }}
    }}"""
    found = await data(edge, query, analyst)
    [series] = found["engagementTrends"]["series"]
    assert (series["group"], series["total"], series["uniqueUsers"]) == ("post:like", 5, 5)
    assert found["engagementTrends"]["withheld"]
    assert found["activitySummary"] == {
        "totalEvents": 5,
        "uniqueUsers": 5,
        "byType": [{"type": "post:like", "count": 5}],
        "mostActiveDay": "2026-01-05",
        "withheld": True,
    }
    [day] = found["activeUsers"]
    assert (day["dau"], day["new"], day["withheld"]) == (5, 5, False)
    [row] = found["topContent"]
    engagement = {"likes": 5, "shares": 0, "uniqueUsers": 5, "withheld": True}
    assert row == {"content": {"id": "much", "engagement": engagement}, "events": 5, "withheld": True}
    assert [row["content"]["id"] for row in found["trending"]] == ["much"]
    whole = await data(edge, query, service)
    assert whole["activitySummary"]["totalEvents"] == 10
    assert not whole["engagementTrends"]["withheld"]
    assert len(whole["topContent"]) == len(whole["trending"]) == 2
