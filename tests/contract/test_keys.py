"""API keys in the graph, on every engine."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from graph.driver import Database, connect
from graph.keys import KeyStore
from signals.api_keys import ApiKey
from signals.errors import SociographError, Unavailable
from tests.factories import RECEIVED

MINUTE = timedelta(minutes=1)


def key(id: str, at: datetime = RECEIVED, role: str = "service", user_id: str | None = None) -> ApiKey:
    return ApiKey(id, f"the key {id}", role, at, user_id)


async def test_a_key_is_kept_as_it_was_made(database: Database) -> None:
    store = KeyStore(database)
    made = [key("a", role="client", user_id="ann"), key("b", RECEIVED + MINUTE)]
    for each in made:
        await store.create_key(each, f"digest of {each.id}")
    assert await store.keys(10, revoked=False) == made[::-1]
    assert sorted(await store.live_keys(), key=lambda pair: pair[0].id) == [
        (made[0], "digest of a"),
        (made[1], "digest of b"),
    ]


async def test_the_newest_come_first_and_no_more_than_were_asked_for(database: Database) -> None:
    store = KeyStore(database)
    for n, id in enumerate("cab"):
        await store.create_key(key(id, RECEIVED + MINUTE * (n // 2)), "")
    assert [each.id for each in await store.keys(10, revoked=True)] == ["b", "a", "c"]
    assert [each.id for each in await store.keys(2, revoked=True)] == ["b", "a"]


async def test_a_revoked_key_is_no_longer_live_and_keeps_its_time(database: Database) -> None:
    store = KeyStore(database)
    await store.create_key(key("a"), "")
    revoked = replace(key("a"), revoked_at=RECEIVED + MINUTE)
    assert await store.revoke_key("a", RECEIVED + MINUTE) == revoked
    assert await store.revoke_key("a", RECEIVED + 2 * MINUTE) == revoked
    assert await store.live_keys() == []
    assert await store.keys(10, revoked=False) == []
    assert await store.keys(10, revoked=True) == [revoked]


async def test_a_key_that_there_is_not_is_not_revoked(database: Database) -> None:
    store = KeyStore(database)
    assert await store.revoke_key("none", RECEIVED) is None
    await store.key_used("none", RECEIVED)
    assert await store.keys(10, revoked=True) == []


async def test_the_last_use_never_goes_back(database: Database) -> None:
    store = KeyStore(database)
    await store.create_key(key("a"), "")
    for minutes in (1, 5, 2):
        await store.key_used("a", RECEIVED + minutes * MINUTE)
    assert [each.last_used_at for each in await store.keys(1, revoked=False)] == [RECEIVED + 5 * MINUTE]


async def test_an_id_that_is_taken_is_refused_and_changes_nothing(database: Database) -> None:
    store = KeyStore(database)
    await store.create_key(key("a"), "the first")
    with pytest.raises(SociographError):
        await store.create_key(key("a", role="admin"), "the second")
    assert await store.live_keys() == [(key("a"), "the first")]


async def test_two_uses_at_once_harm_nobody(database: Database) -> None:
    store = KeyStore(database)
    await store.create_key(key("a"), "")
    uses = (store.key_used("a", RECEIVED + n * MINUTE) for n in range(8))
    outcomes = await asyncio.gather(*uses, return_exceptions=True)
    assert all(outcome is None or isinstance(outcome, SociographError) for outcome in outcomes)
    [found] = await store.keys(1, revoked=False)
    assert found.last_used_at is not None


async def test_without_a_database_it_says_so() -> None:
    async with connect("bolt://127.0.0.1:1", None, "neo4j", timeout=1.0) as nowhere:
        store = KeyStore(nowhere)
        for action in (store.live_keys(0.5), store.keys(1, revoked=True), store.create_key(key("a"), "")):
            with pytest.raises(Unavailable):
                await action
