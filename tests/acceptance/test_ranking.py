"""What a feed-ranking service asks, over HTTP: the README's worked example to the letter, and the other reads."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.acceptance.conftest import Client, served
from tests.acceptance.worked_example import BLOCK, DECIMALS, example, laid_out, rounded

BLOCKS = BLOCK.findall(example())
TEN = "2026-03-01T10:00:00Z"


@pytest_asyncio.fixture(scope="module")
async def ranker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    """A caller of a server that has recorded the README's example and nothing else."""
    async with served(data=tmp_path_factory.mktemp("ranked")) as client:
        kind, mutation = BLOCKS[0]
        assert (kind, "mutation" in mutation) == ("graphql", True)
        assert (await client.ask(mutation))["trackBatch"] == {"tracked": 10}
        yield client


def near(answer: Any) -> Any:
    """Numbers as near as the README prints them."""
    if isinstance(answer, float):
        return pytest.approx(answer, abs=0.6 * 10**-DECIMALS)
    if isinstance(answer, dict):
        return {name: near(value) for name, value in answer.items()}
    return [near(value) for value in answer] if isinstance(answer, list) else answer


@pytest.mark.parametrize("place", range(1, len(BLOCKS), 2))
async def test_the_readme_shows_what_is_answered(ranker: Client, place: int) -> None:
    (_, query), (kind, shown) = BLOCKS[place : place + 2]
    assert kind == "json"
    answer = {"data": await ranker.ask(query)}
    assert answer == near(json.loads(shown)), (
        f"python -m tests.acceptance.worked_example writes {laid_out(rounded(answer))}"
    )


def test_the_readme_has_two_answers() -> None:
    assert [kind for kind, _ in BLOCKS] == ["graphql", "graphql", "json", "graphql", "json"]


async def feed(client: Client, selected: str, arguments: str = "") -> dict[str, Any]:
    query = f'query ($c: [ContentRef!]!) {{ feedSignals(viewerId: "ann", candidates: $c{arguments}) {{ {selected} }} }}'
    candidates = [{"type": "ARTICLE", "id": "tides"}, {"type": "POST", "id": "noise"}]
    data: dict[str, Any] = (await client.ask(query, c=candidates))["feedSignals"]
    return data


async def test_the_score_is_the_sum_of_its_contributions(ranker: Client) -> None:
    for preset in ("HOME", "DISCOVER"):
        data = await feed(ranker, "candidates { score contributions { contribution } }", f", preset: {preset}")
        for row in data["candidates"]:
            assert sum(part["contribution"] for part in row["contributions"]) == pytest.approx(row["score"], abs=1e-9)


async def test_columns_are_the_rows(ranker: Client) -> None:
    data = await feed(ranker, "candidates { score coAction } columns { id score coAction }", f', asOf: "{TEN}"')
    assert data["columns"] == {
        "id": ["tides", "noise"],
        "score": [row["score"] for row in data["candidates"]],
        "coAction": [row["coAction"] for row in data["candidates"]],
    }


async def test_the_past_knows_nothing_of_what_came_after(ranker: Client) -> None:
    selected = "candidates { popularity hidden socialProof { count } }"
    before = await feed(ranker, selected, ', asOf: "2026-03-01T09:35:00Z"')
    tides, noise = before["candidates"]
    assert (tides["socialProof"]["count"], tides["popularity"] > 0) == (1, True)
    assert noise == {"popularity": 0, "hidden": False, "socialProof": {"count": 0}}
    unknown = await feed(ranker, selected, f', asOf: "{TEN}", knownAt: "{TEN}"')
    assert unknown["candidates"] == [noise, noise], "nothing had been received then"


async def test_a_budget_is_kept_without_an_error(ranker: Client) -> None:
    spent = await feed(ranker, "dropped candidates { content { id } }", ", features: [SCORE], budgetMs: 1")
    assert [row["content"]["id"] for row in spent["candidates"]] == ["tides", "noise"]
    enough = await feed(ranker, "dropped candidates { score }", ", budgetMs: 20000")
    assert enough["dropped"] == []


async def test_candidates_and_people(ranker: Client) -> None:
    data = await ranker.ask(
        f"""{{
          recommendedContent(viewerId: "ann", asOf: "{TEN}") {{ content {{ id }} sources because }}
          trending(asOf: "{TEN}") {{ content {{ id }} users score }}
          mine: trending(viewerId: "ann", asOf: "{TEN}") {{ content {{ id }} users }}
          suggestedUsers(viewerId: "ann", asOf: "{TEN}") {{ user {{ id }} sharedContents socialProof {{ kind count }} }}
          pathBetween(fromId: "ann", toId: "dora") {{ length users {{ id }} steps {{ kinds outgoing incoming }} }}
        }}"""
    )
    [tides] = data["recommendedContent"]
    assert (tides["content"]["id"], tides["sources"]) == ("tides", ["TIES", "CO_ACTION", "TRENDING"])
    assert "liked it" in tides["because"]
    assert {one["content"]["id"]: one["users"] for one in data["trending"]} == {"tides": 2, "moon": 2, "noise": 1}
    assert data["mine"] == [{"content": {"id": "tides"}, "users": 1}]
    suggested = {one["user"]["id"]: one for one in data["suggestedUsers"]}
    assert suggested["dora"]["socialProof"] == [{"kind": "TALKS", "count": 1}]
    assert suggested["cem"]["sharedContents"] == 1
    assert [user["id"] for user in data["pathBetween"]["users"]] == ["ann", "bea", "dora"]
    assert data["pathBetween"]["steps"][1] == {"kinds": ["FOLLOWS", "INTERACTED"], "outgoing": 1, "incoming": 0}


async def test_a_user(ranker: Client) -> None:
    user = (
        await ranker.ask(
            f"""{{ user(id: "ann") {{ ties(asOf: "{TEN}") {{ user {{ id }} score }}
              actionSequence(types: ["social:message_sent"], asOf: "2026-03-01T09:05:00Z") {{ id }}
              all: actionSequence {{ id }} }} }}"""
        )
    )["user"]
    assert [tie["user"]["id"] for tie in user["ties"]] == ["bea"]
    assert user["actionSequence"] == [{"id": "r-1"}]
    assert [event["id"] for event in user["all"]] == ["r-10", "r-8", "r-3", "r-1"]


async def test_a_block_hides_and_ends_the_affinity(client: Client) -> None:
    post = {"type": "POST", "id": "rank-blocked"}
    await client.ask(
        "mutation R($input: RegisterContentInput!) { registerContent(input: $input) { __typename } }",
        input={"content": post, "authorId": "rank-gus"},
    )
    for name in ("MESSAGE_SENT", "FOLLOW"):
        await client.track("social", userId="rank-ann", interaction=name, targetUserId="rank-gus")
    query = """query ($c: [ContentRef!]!) {
      feedSignals(viewerId: "rank-ann", candidates: $c) { candidates { hidden hiddenBecause score } }
      affinities(viewerId: "rank-ann", userIds: ["rank-gus"]) { score blocked } }"""
    open_ = await client.ask(query, c=[post])
    assert open_["affinities"][0]["score"] > 0
    assert not open_["feedSignals"]["candidates"][0]["hidden"]
    await client.track("social", userId="rank-gus", interaction="BLOCK", targetUserId="rank-ann")
    assert await client.ask(query, c=[post]) == {
        "feedSignals": {"candidates": [{"hidden": True, "hiddenBecause": "BLOCKED_BY_AUTHOR", "score": 0}]},
        "affinities": [{"score": 0, "blocked": True}],
    }


async def test_click_through(client: Client) -> None:
    page = {"type": "PAGE", "id": "rank-shown"}
    shown = [
        {
            "content": {
                "id": f"rank-shown-{n}",
                "userId": "rank-ann",
                "interaction": "IMPRESSION",
                "content": page,
                "position": n,
                "impressionId": f"rank-impression-{n}",
                "occurredAt": f"2026-02-01T10:00:0{n}Z",
            }
        }
        for n in range(2)
    ]
    clicked = {"userId": "rank-ann", "interaction": "CLICK", "content": page, "impressionId": "rank-impression-1"}
    clicked |= {"occurredAt": "2026-02-01T10:01:00Z"}
    await client.track_batch(*shown, {"content": {"id": "rank-clicked", **clicked}})
    rates = (
        await client.ask(
            """{ clickThrough(since: "2026-02-01T00:00:00Z", until: "2026-02-02T00:00:00Z", contentType: PAGE) {
              impressions clicks complete positions { position impressions clicks } } }"""
        )
    )["clickThrough"]
    assert rates == {
        "impressions": 2,
        "clicks": 1,
        "complete": True,
        "positions": [
            {"position": 0, "impressions": 1, "clicks": 0},
            {"position": 1, "impressions": 1, "clicks": 1},
        ],
    }
