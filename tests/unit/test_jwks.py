"""The keys of whoever issues tokens: which are used, when they are asked for, and what if not had."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from schema import jwks
from schema.jwks import FAILED_S, FRESH_S, STALE_S, KeySet, fetched, keys
from signals.errors import StartupError, Unavailable
from tests.issuer import KINDS, key_set, private, public

PAUSE = 30.0


class Source:
    """Where keys come from: counts how often it is asked, and fails when it is told to."""

    def __init__(self, *kinds: dict[str, Any]) -> None:
        self.text, self.asked, self.failing, self.now = key_set(*kinds), 0, False, 1000.0

    async def load(self) -> bytes:
        self.asked += 1
        await asyncio.sleep(0)
        if self.failing:
            raise httpx.ConnectError("no such host")
        return self.text

    def set(self) -> KeySet:
        return KeySet(self.load, PAUSE, lambda: self.now)


async def test_keys_are_asked_for_when_they_are_needed_and_kept() -> None:
    source = Source()
    found = source.set()
    assert source.asked == 0
    for algorithm in KINDS * 3:
        assert await found.find(algorithm, f"{algorithm}-0") is not None
    assert source.asked == 1


async def test_those_who_come_at_once_ask_once() -> None:
    source = Source()
    found = source.set()
    assert None not in await asyncio.gather(*(found.find("ES256", "ES256-0") for _ in range(50)))
    assert source.asked == 1


async def test_a_new_key_is_found_and_unknown_ones_are_no_lever() -> None:
    source = Source(public("ES256"))
    found = source.set()
    assert await found.find("ES256", "ES256-0")
    source.text = key_set(public("ES256"), public("ES256", 1))
    source.now += PAUSE + 1
    assert None not in await asyncio.gather(*(found.find("ES256", "ES256-1") for _ in range(10)))
    assert source.asked == 2
    for n in range(100):
        assert await found.find("ES256", f"unknown-{n}") is None
    assert source.asked == 2
    source.now += PAUSE + 1
    await asyncio.gather(*(found.find("ES256", f"unknown-{n}") for n in range(100)))
    assert source.asked == 3


async def test_a_key_that_is_gone_verifies_no_longer() -> None:
    source = Source(public("ES256"), public("ES256", 1))
    found = source.set()
    assert await found.find("ES256", "ES256-1")
    source.text = key_set(public("ES256"))
    source.now += FRESH_S + 1
    await found.find("ES256", "ES256-0")
    await asyncio.sleep(0.01)
    assert await found.find("ES256", "ES256-1") is None


async def test_known_keys_wait_for_nobody() -> None:
    source = Source(public("ES256"))
    found = source.set()
    await found.find("ES256", "ES256-0")
    never = asyncio.Event()

    async def hang() -> bytes:
        await never.wait()
        return b""

    found._load = hang
    source.now += FRESH_S + 1
    async with asyncio.timeout(1):
        assert await found.find("ES256", "ES256-0")
    never.set()
    await asyncio.sleep(0.01)


async def test_the_keys_of_before_hold_for_a_day() -> None:
    source = Source(public("ES256"))
    found = source.set()
    await found.find("ES256", "ES256-0")
    source.failing = True
    source.now += STALE_S - 1
    assert await found.find("ES256", "ES256-0")
    await asyncio.sleep(0.01)
    source.now += 2
    with pytest.raises(Unavailable):
        await found.find("ES256", "ES256-0")


async def test_without_any_keys_it_is_tried_again_now_and_then() -> None:
    source = Source()
    source.failing = True
    found = source.set()
    for _ in range(20):
        with pytest.raises(Unavailable):
            await found.find("ES256", "ES256-0")
    assert source.asked == 1
    source.failing = False
    source.now += FAILED_S + 1
    assert await found.find("ES256", "ES256-0")
    assert source.asked == 2


async def test_a_set_that_breaks_leaves_the_keys_of_before() -> None:
    source = Source(public("ES256"))
    found = source.set()
    await found.find("ES256", "ES256-0")
    for text in (b"<html>", b"{}", b"[]", b"\xff", b"[" * 100_000):
        source.text = text
        source.now += FRESH_S + 1
        assert await found.find("ES256", "ES256-0")
        await asyncio.sleep(0.01)
    assert source.asked == 6


def small() -> dict[str, Any]:
    key = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505 -- that is the point
    return {**RSAAlgorithm.to_jwk(key, as_dict=True), "kid": "RS256-0"}


@pytest.mark.parametrize(
    "entry",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "ES256-0"},
        {"kty": "oct", "k": "c2VjcmV0", "alg": "ES256", "kid": "ES256-0"},
        public("RS256", alg="HS256"),
        public("RS256", alg="RS512"),
        public("RS256", alg="none"),
        public("RS256", use="enc"),
        public("RS256", key_ops=["encrypt"]),
        public("RS256", key_ops="verify"),
        public("RS256", d="AQAB"),
        public("RS256", n="!"),
        public("RS256", n=None),
        public("RS256", kid=5),
        public("ES256", crv="P-384", alg=None),
        public("ES256", crv="P-256", x="AAAA"),
        public("ES256", kty="RSA"),
        public("EdDSA", crv="Ed448", alg=None),
        public("EdDSA", crv=["Ed25519"], alg=None),
        {"kty": ["RSA"]},
        {"kty": None},
        {},
        [],
        "key",
        None,
        small(),
    ],
)
def test_keys_that_are_not_used(entry: Any) -> None:
    text = json.dumps({"keys": [entry, public("ES256", 5)]}).encode()
    assert list(keys(text)) == [("ES256", "ES256-5")]


def test_what_a_key_leaves_out_follows_from_its_kind() -> None:
    text = key_set(*(public(kind, alg=None, use=None) for kind in KINDS))
    assert {key.algorithm_name for key in keys(text).values()} == set(KINDS)


def test_the_first_of_two_of_one_name_counts() -> None:
    first, second = public("ES256"), public("ES256", 1, kid="ES256-0")
    [key] = keys(key_set(first, second)).values()
    assert key.key.public_numbers() == private("ES256").public_key().public_numbers()


def test_a_set_has_its_bounds() -> None:
    with pytest.raises(ValueError, match="100 keys"):
        keys(key_set(*[public("ES256")] * 101))


def test_a_file_is_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    for text in (None, b"", b"{}", b'{"keys": []}', json.dumps({"keys": [small()]}).encode()):
        if text is not None:
            path.write_bytes(text)
        with pytest.raises(StartupError, match="SOCIOGRAPH_JWKS"):
            jwks.of(str(path), PAUSE)
    path.write_bytes(key_set())
    jwks.of(str(path), PAUSE)


async def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(key_set(public("ES256")))
    found = jwks.of(str(path), 0.0)
    assert await found.find("ES256", "ES256-0")
    path.write_bytes(key_set(public("ES256", 1)))
    assert await found.find("ES256", "ES256-1")


@pytest.mark.parametrize(
    "address",
    ["http://id.example/keys", "http://10.0.0.1/keys", "ftp://id.example/keys", "https://", "file:///etc/passwd"],
)
def test_addresses_that_anybody_could_answer_for_are_refused(address: str) -> None:
    with pytest.raises(StartupError, match="https"):
        jwks.of(address, PAUSE)


@pytest.mark.parametrize("address", ["https://id.example/keys", "http://localhost:1/keys", "http://[::1]:1/keys"])
def test_addresses_that_are_taken(address: str) -> None:
    jwks.of(address, PAUSE)


async def test_nothing_listens_there() -> None:
    with pytest.raises(Unavailable):
        await jwks.of("http://127.0.0.1:1/keys", PAUSE).find("ES256", "ES256-0")


async def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(Unavailable):
        await jwks.of("https://keys.invalid/", PAUSE).find("ES256", "ES256-0")


def answering(status: int = 200, content: bytes = b"", **said: str) -> httpx.MockTransport:
    headers = {{"encoding": "content-encoding"}.get(name, name): value for name, value in said.items()}
    return httpx.MockTransport(lambda _: httpx.Response(status, stream=httpx.ByteStream(content), headers=headers))


async def test_what_is_fetched() -> None:
    assert await fetched("https://id.example", answering(content=b"{}")) == b"{}"


@pytest.mark.parametrize(
    "transport",
    [
        answering(404),
        answering(302, location="http://169.254.169.254/latest"),
        answering(content=b"x" * 256_001),
        answering(500),
    ],
)
async def test_what_is_not_taken(transport: httpx.MockTransport) -> None:
    with pytest.raises(ValueError, match="it "):
        await fetched("https://id.example", transport)


async def test_nothing_is_unpacked() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    text = await fetched("https://id.example", answering(content=bomb, encoding="gzip"))
    assert len(text) <= 256_000


async def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jwks, "TIMEOUT_S", 0.1)

    class Dripping(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b"x"
                await asyncio.sleep(0.01)

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Dripping()))
    with pytest.raises(ValueError, match="did not answer"):
        await fetched("https://id.example", transport)
