"""API keys as a process knows them: what is compared, how old it may be, and what a database that is away means."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from resolvers.api_keys import MOST, create, operator_key
from schema.keyring import FAILED_S, FRESH_S, NOTED_S, PATIENCE_S, UNKNOWN_S, Keyring
from schema.principal import Principal, Role
from signals.api_keys import OPERATOR, ApiKey, Made, Shown, shown
from signals.errors import InvalidArgument, LimitExceeded, SociographError, Unavailable
from tests.factories import RECEIVED


class Store:
    """Keys in memory. Implements ``resolvers.ports.ApiKeys``."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[ApiKey, str]] = {}
        self.used: list[str] = []
        self.timeouts: set[float | None] = set()
        self.reads, self.now, self.failing = 0, 1000.0, False

    async def create_key(self, key: ApiKey, digest: str) -> None:
        self.kept[key.id] = (key, digest)

    async def keys(self, first: int, *, revoked: bool) -> list[ApiKey]:
        return [key for key, _ in self.kept.values() if revoked or key.revoked_at is None][:first]

    async def live_keys(self, timeout: float | None = None) -> list[tuple[ApiKey, str]]:
        self.reads += 1
        self.timeouts.add(timeout)
        await asyncio.sleep(0)
        if self.failing:
            raise Unavailable
        return [pair for pair in self.kept.values() if pair[0].revoked_at is None]

    async def revoke_key(self, id: str, at: datetime) -> ApiKey | None:
        key, digest = self.kept[id]
        self.kept[id] = (replace(key, revoked_at=at), digest)
        return self.kept[id][0]

    async def key_used(self, id: str, at: datetime) -> None:
        if self.failing:
            raise SociographError
        assert at == RECEIVED
        self.used.append(id)

    def ring(self) -> Keyring:
        return Keyring(lambda: self, lambda: RECEIVED, lambda: self.now)

    async def made(self, role: str = "service", user_id: str | None = None) -> Made:
        return await create(self, "a name", role, user_id, RECEIVED)


def parsed(made: Made) -> Shown:
    found = shown(made.key)
    assert found is not None
    return found


async def test_a_key_stands_for_its_role() -> None:
    store = Store()
    service, client = await store.made(), await store.made("client", "ann")
    ring = store.ring()
    assert await ring.principal(parsed(service)) == Principal(f"key:{service.api_key.id}", Role.SERVICE, None)
    assert await ring.principal(parsed(client)) == Principal("user:ann", Role.CLIENT, "ann")


async def test_its_secret_is_stored_nowhere() -> None:
    store = Store()
    made = await store.made()
    secret = parsed(made).secret
    assert len(secret) == 43
    assert secret not in repr(store.kept)
    assert secret not in repr(made)
    assert secret not in repr(parsed(made))


async def test_keys_are_never_alike() -> None:
    store = Store()
    made = [await store.made() for _ in range(50)]
    assert len({each.key for each in made}) == len({each.api_key.id for each in made}) == 50


async def test_wrong_secrets_and_ids() -> None:
    store = Store()
    one, two = parsed(await store.made()), parsed(await store.made())
    ring = store.ring()
    assert await ring.principal(Shown(one.id, two.secret)) is None
    assert await ring.principal(Shown("aaaaaaaa", one.secret)) is None
    assert await ring.principal(Shown(one.id, one.secret[:-1] + ("A" if one.secret[-1] != "A" else "B"))) is None
    assert await ring.principal(one) is not None


async def test_an_empty_digest_is_no_secret() -> None:
    store = Store()
    await store.create_key(ApiKey("aaaaaaaa", "broken", "admin", RECEIVED), "")
    assert await store.ring().principal(Shown("aaaaaaaa", "A" * 43)) is None


async def test_requests_cost_no_reads() -> None:
    store = Store()
    key = parsed(await store.made())
    ring = store.ring()
    before = store.reads
    for _ in range(1000):
        assert await ring.principal(key)
    assert store.reads == before + 1
    assert PATIENCE_S in store.timeouts


async def test_unknown_keys_are_no_lever() -> None:
    store = Store()
    ring = store.ring()
    await asyncio.gather(*(ring.principal(Shown(f"aaaaaa{a}{b}", "A" * 43)) for a in "abc" for b in "abc"))
    before = store.reads
    for n in range(1000):
        assert await ring.principal(Shown(f"{n:08}", "A" * 43)) is None
    assert store.reads == before


async def test_a_key_that_was_made_elsewhere_is_known_after_a_second() -> None:
    store = Store()
    ring = store.ring()
    await ring.principal(Shown("aaaaaaaa", "A" * 43))
    key = parsed(await store.made())
    assert await ring.principal(key) is None
    store.now += UNKNOWN_S + 0.01
    assert await ring.principal(key) is not None


async def test_a_key_that_was_revoked_elsewhere_lets_nobody_in_after_five_seconds() -> None:
    store = Store()
    key = parsed(await store.made())
    ring = store.ring()
    assert await ring.principal(key)
    await store.revoke_key(key.id, RECEIVED)
    store.now += FRESH_S + 0.01
    assert await ring.principal(key) is None


async def test_the_process_that_revokes_forgets_at_once() -> None:
    store = Store()
    key = parsed(await store.made())
    ring = store.ring()
    assert await ring.principal(key)
    await store.revoke_key(key.id, RECEIVED)
    ring.forget()
    assert await ring.principal(key) is None


async def test_without_a_database_known_keys_hold_for_a_while_and_then_nobody_waits() -> None:
    store = Store()
    key = parsed(await store.made())
    ring = store.ring()
    assert await ring.principal(key)
    store.failing = True
    store.now += FRESH_S
    assert await ring.principal(key)
    store.now += 0.01
    before = store.reads
    for _ in range(100):
        with pytest.raises(Unavailable):
            await ring.principal(key)
    assert store.reads == before + 1
    store.failing = False
    store.now += FAILED_S + 0.01
    assert await ring.principal(key)


async def test_use_is_noted_now_and_then_and_never_stands_in_the_way() -> None:
    store = Store()
    key = parsed(await store.made())
    ring = store.ring()
    for _ in range(10):
        await ring.principal(key)
    await asyncio.sleep(0)
    assert store.used == [key.id]
    store.now += NOTED_S + 1
    await ring.principal(key)
    await asyncio.sleep(0)
    assert store.used == [key.id] * 2
    await ring.stop()


async def test_a_wrong_secret_is_no_use() -> None:
    store = Store()
    key = parsed(await store.made())
    await store.ring().principal(Shown(key.id, "A" * 43))
    await asyncio.sleep(0)
    assert store.used == []


@pytest.mark.parametrize(
    ("name", "role", "user_id"),
    [
        ("", "service", None),
        ("  ", "service", None),
        ("x" * 101, "service", None),
        ("a\x1b[31mb", "service", None),
        ("fine", "client", None),
        ("fine", "client", ""),
        ("fine", "client", "a\nb"),
        ("fine", "admin", "ann"),
    ],
)
async def test_what_makes_no_key(name: str, role: str, user_id: str | None) -> None:
    with pytest.raises(InvalidArgument):
        await create(Store(), name, role, user_id, RECEIVED)


async def test_there_are_not_too_many() -> None:
    store = Store()
    for n in range(MOST):
        await store.create_key(ApiKey(str(n), "one", "service", RECEIVED), "")
    with pytest.raises(LimitExceeded):
        await store.made()
    await store.revoke_key("0", RECEIVED)
    await store.made()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sg_",
        "sg_aaaaaaaa_",
        "sg_aaaaaaaa_" + "A" * 42,
        "sg_aaaaaaaa_" + "A" * 44,
        "sg_aaaaaaaa_" + "A" * 43 + "\n",
        "sg_AAAAAAAA_" + "A" * 43,
        "sg_aaaaaaa1_" + "A" * 43,
        "sg_aaaaaaaa_" + "é" * 43,
        "SG_aaaaaaaa_" + "A" * 43,
        " sg_aaaaaaaa_" + "A" * 43,
    ],
)
def test_what_is_no_key(text: str) -> None:
    assert shown(text) is None


def test_the_operators_key_has_the_form_of_one() -> None:
    key = operator_key()
    assert shown(key.text()) == key
    assert key.id == OPERATOR
    assert key.secret not in repr(key)
