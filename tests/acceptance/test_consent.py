"""Consent over HTTP: who objects is not recorded any more, at once, and is counted nowhere but as refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.acceptance.conftest import Client, served

SET = """mutation ($id: ID!, $analytics: Boolean, $personalisation: Boolean) {
  setConsent(userId: $id, analytics: $analytics, personalisation: $personalisation) {
    ... on ConsentSet { consent { recorded personalised } }
  }
}"""
HELD = """query ($id: ID!) {
  consent(userId: $id) { analytics personalisation recorded personalised history { analytics personalisation } }
}"""
TRACK = """mutation ($input: ContentInteractionInput!) {
  trackContentInteraction(input: $input) { __typename ... on Refused { reason message } }
}"""
BATCH = "mutation ($events: [EventInput!]!) { trackBatch(events: $events) { tracked refused results { __typename } } }"
PING = "mutation ($id: ID!) { pingActivity(userId: $id) { __typename ... on Refused { reason } } }"


def liked(user: str, id: str) -> dict[str, Any]:
    return {"id": id, "userId": user, "interaction": "LIKE", "content": {"type": "POST", "id": "1"}}


async def refusals(client: Client) -> float:
    text = (await client.http.get("/metrics")).text
    found = re.search(r'^sociograph_events_total\{outcome="refused"\} (\S+)$', text, re.MULTILINE)
    assert found
    return float(found[1])


async def consent(client: Client, user: str, **said: bool) -> dict[str, Any]:
    found: dict[str, Any] = (await client.ask(SET, id=user, **said))["setConsent"]["consent"]
    return found


async def outcome(client: Client, user: str, id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await client.ask(TRACK, input=liked(user, id)))["trackContentInteraction"]
    return found


async def test_who_objects_is_refused_counted_and_not_stored(client: Client) -> None:
    assert (await outcome(client, "objecting", "objecting-1"))["__typename"] == "Tracked"
    assert await consent(client, "objecting", analytics=False) == {"recorded": False, "personalised": True}
    before = await refusals(client)
    refused = await outcome(client, "objecting", "objecting-2")
    assert (refused["__typename"], refused["reason"]) == ("Refused", "NO_CONSENT")
    assert "agreed" in refused["message"]
    batch = await client.ask(
        BATCH, events=[{"content": liked("objecting", "objecting-3")}, {"content": liked("neighbour", "neighbour-1")}]
    )
    assert (batch["trackBatch"]["tracked"], batch["trackBatch"]["refused"]) == (1, 1)
    assert [each["__typename"] for each in batch["trackBatch"]["results"]] == ["Refused", "Tracked"]
    assert (await client.ask(PING, id="objecting"))["pingActivity"] == {"__typename": "Refused", "reason": "NO_CONSENT"}
    assert await refusals(client) >= before + 2
    for id in ("objecting-2", "objecting-3"):
        assert await client.ask("query ($id: ID!) { event(id: $id) { id } }", id=id) == {"event": None}
    recent = await client.ask('{ user(id: "objecting") { recentActivity { id } } }')
    assert recent["user"]["recentActivity"] == [{"id": "objecting-1"}]


async def test_who_agrees_again_goes_on(client: Client) -> None:
    await consent(client, "hesitant", analytics=False, personalisation=False)
    assert (await outcome(client, "hesitant", "hesitant-1"))["__typename"] == "Refused"
    await consent(client, "hesitant", analytics=True)
    assert (await outcome(client, "hesitant", "hesitant-1"))["__typename"] == "Tracked"
    assert (await client.ask(HELD, id="hesitant"))["consent"] == {
        "analytics": True,
        "personalisation": False,
        "recorded": True,
        "personalised": False,
        "history": [
            {"analytics": True, "personalisation": None},
            {"analytics": False, "personalisation": False},
        ],
    }


async def test_where_consent_is_required_nobody_is_recorded_unasked(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with served(data=tmp_path_factory.mktemp("required"), consent="required") as client:
        await client.until_ready()
        assert (await outcome(client, "ann", "a1"))["reason"] == "NO_CONSENT"
        assert (await client.ask(HELD, id="ann"))["consent"]["recorded"] is False
        assert await consent(client, "ann", analytics=True) == {"recorded": True, "personalised": True}
        assert (await outcome(client, "ann", "a1"))["__typename"] == "Tracked"


async def test_who_objects_to_personalisation_is_ranked_for_as_a_stranger(client: Client) -> None:
    post = {"type": "POST", "id": "proof"}
    friend, viewer = "impersonal-friend", "impersonal"
    liked_it = {"id": "impersonal-1", "userId": friend, "interaction": "LIKE", "content": post}
    await client.track("social", id="impersonal-2", userId=viewer, interaction="MESSAGE_SENT", targetUserId=friend)
    await client.track("content", **liked_it)
    feed = """query ($viewer: ID!) { feedSignals(viewerId: $viewer, candidates: [{type: POST, id: "proof"}]) {
      dropped candidates { socialProof { count } }
    } }"""
    answer = await client.send(feed, viewer=viewer)
    assert answer["data"]["feedSignals"] == {"dropped": [], "candidates": [{"socialProof": {"count": 1}}]}
    assert "extensions" not in answer
    await consent(client, viewer, personalisation=False)
    answer = await client.send(feed, viewer=viewer)
    assert answer["data"]["feedSignals"] == {
        "dropped": ["PERSONALISATION"],
        "candidates": [{"socialProof": {"count": 0}}],
    }
    assert answer["extensions"] == {"dropped": ["PERSONALISATION"]}
    await consent(client, viewer, personalisation=True)
    await consent(client, friend, personalisation=False)
    answer = await client.send(feed, viewer=viewer)
    assert answer["data"]["feedSignals"] == {"dropped": [], "candidates": [{"socialProof": {"count": 0}}]}
