"""A person asks what is held about them, and to be forgotten: over HTTP and by commands, as operators do it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schema.commands.erasing import erased, exported, write
from schema.commands.operator import operator
from schema.settings import Settings
from signals.errors import StartupError
from tests.acceptance.conftest import Client, served

ERASE = """
mutation E($user: ID!, $dry: Boolean! = false) {
  eraseUser(userId: $user, dryRun: $dry) {
    id person finishedAt events ties interactions authorships people apiKeys audits
  }
}
"""
REGISTERED = """
mutation R($i: RegisterContentInput!) {
  r: registerContent(input: $i) { ... on Registered { content { author { id } } } }
}
"""
LIKE = {"interaction": "LIKE", "content": {"type": "POST", "id": "erased-1"}}


async def track(client: Client, face: str, **given: Any) -> dict[str, Any]:
    """The outcome, as a patient client learns it."""
    while True:
        outcome = await client.track(face, **given)
        if outcome["__typename"] != "Overloaded":
            return outcome


async def told(client: Client, person: str, other: str) -> None:
    """What two people did, to each other and with a post of the first one's."""
    for id, face, given in (
        ("1", "content", {"userId": person, **LIKE, "metadata": {"why": "because"}}),
        ("2", "content", {"userId": other, **LIKE}),
        ("3", "social", {"userId": person, "targetUserId": other, "interaction": "MESSAGE_SENT"}),
        ("4", "profileVisit", {"visitorId": other, "profileUserId": person}),
    ):
        assert (await track(client, face, id=f"{person}-{id}", **given))["__typename"] == "Tracked"
    await client.ask(
        "mutation R($i: RegisterContentInput!) { registerContent(input: $i) { __typename } }",
        i={"content": LIKE["content"], "authorId": person},
    )
    await client.ask(
        'mutation K($u: ID!) { createApiKey(name: "app", role: CLIENT, userId: $u) { __typename } }', u=person
    )


def plain(certificate: dict[str, Any]) -> dict[str, Any]:
    """The numbers that a dry run knows."""
    return {k: v for k, v in certificate.items() if k not in ("id", "finishedAt", "audits")}


async def test_everything_about_a_person_is_told_and_then_gone(client: Client) -> None:
    await told(client, "erin", "omar")
    held = await exported(client_ask(client), "erin")
    assert {event["id"] for event in held["event"]} == {"erin-1", "erin-3", "erin-4"}
    assert next(event for event in held["event"] if event["id"] == "erin-1")["metadata"] == {"why": "because"}
    assert [one["with"] for one in held["interaction"]] == ["POST:erased-1"]
    assert {(tie["userId"], tie["with"]) for tie in held["tie"]} == {("erin", "omar"), ("omar", "erin")}
    assert [content["id"] for content in held["content"]] == ["erased-1"]
    assert held["person"][0]["done"] == 2
    assert held["day"]
    assert held["apiKey"][0]["userId"] == "erin"
    assert held["audit"]
    assert "hash" not in held["apiKey"][0]

    foreseen = (await client.ask(ERASE, user="erin", dry=True))["eraseUser"]
    assert foreseen["id"] is foreseen["finishedAt"] is None
    assert (await client.ask('{ user(id: "erin") { id } }'))["user"] == {"id": "erin"}

    certificate = (await client.ask(ERASE, user="erin"))["eraseUser"]
    assert certificate["finishedAt"] is not None
    assert plain(certificate) == plain(foreseen)
    assert certificate["audits"] > 0
    assert (certificate["events"], certificate["ties"], certificate["interactions"]) == (3, 2, 1)
    assert (certificate["authorships"], certificate["apiKeys"], certificate["people"]) == (1, 1, 1)
    assert "erin" not in json.dumps(certificate)

    assert (await client.ask('{ user(id: "erin") { id } event(id: "erin-1") { id } }')) == {"user": None, "event": None}
    likes = await client.ask('{ content(ref: {type: POST, id: "erased-1"}) { author { id } engagement { likes } } }')
    assert likes["content"] == {"author": None, "engagement": {"likes": 1}}
    left = await exported(client_ask(client), "erin")
    assert left.keys() == {"consent", "erasure", "audit"}
    assert "erin" not in json.dumps(left)


async def test_nothing_of_an_erased_person_is_recorded_until_that_is_lifted(client: Client) -> None:
    await told(client, "elif", "otto")
    first = (await client.ask(ERASE, user="elif"))["eraseUser"]
    assert (await client.ask(ERASE, user="elif"))["eraseUser"] == first
    again = [
        await track(client, "content", id="elif-1", userId="elif", **LIKE),
        await track(client, "profileVisit", id="elif-9", visitorId="otto", profileUserId="elif"),
    ]
    assert [outcome["__typename"] for outcome in again] == ["Refused", "Refused"]
    author = {"content": {"type": "POST", "id": "erased-2"}, "authorId": "elif"}
    registered = await client.ask(
        REGISTERED,
        i=author,
    )
    assert registered["r"]["content"]["author"] is None
    assert (await client.ask('mutation { liftErasure(userId: "elif") }'))["liftErasure"] == "elif"
    assert (await track(client, "content", id="elif-1", userId="elif", **LIKE))["__typename"] == "Tracked"
    second = (await client.ask(ERASE, user="elif"))["eraseUser"]
    assert second["id"] != first["id"]
    assert second["person"] == first["person"]
    found = await client.ask('{ erasures(userId: "elif") { id events } }')
    assert [each["id"] for each in found["erasures"]] == [second["id"], first["id"]]
    assert found["erasures"][0]["events"] == 1


async def test_somebody_nobody_ever_saw_can_be_erased(client: Client) -> None:
    certificate = (await client.ask(ERASE, user="never-seen"))["eraseUser"]
    assert certificate["finishedAt"] is not None
    assert certificate["events"] == certificate["people"] == 0
    outcome = await track(client, "content", id="never-1", userId="never-seen", **LIKE)
    assert outcome["__typename"] == "Refused"


async def test_the_commands_go_through_the_server_or_do_without(tmp_path: Path) -> None:
    settings = Settings.load(data=tmp_path, heap="512m", log_level="error")
    async with served(data=tmp_path) as client:
        await told(client, "ann", "bob")
        async with operator(settings, None) as ask:
            assert (await erased(ask, "ann", dry_run=True))["events"] == 3
    async with operator(settings, None) as ask:
        assert len((await exported(ask, "ann"))["event"]) == 3
        assert (await erased(ask, "ann"))["events"] == 3
        assert "event" not in await exported(ask, "ann")


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    file = tmp_path / "held.json"
    write(file, b"{}")
    assert file.read_bytes() == b"{}"
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StartupError, match="cannot be written"):
        write(tmp_path / "nowhere" / "held.json", b"{}")
    assert [path.name for path in tmp_path.iterdir()] == ["held.json"]


def client_ask(client: Client) -> Any:
    """As ``schema.commands.operator.Ask``."""

    async def ask(document: str, variables: dict[str, Any]) -> dict[str, Any]:
        return await client.ask(document, **variables)

    return ask
