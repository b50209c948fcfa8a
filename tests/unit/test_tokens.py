"""Which tokens are good, and everything that somebody may try with one that is not."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from schema.jwks import KeySet
from schema.principal import Principal, Role
from schema.tokens import Bad, Tokens, role_of
from signals.errors import Unavailable
from tests.issuer import AUDIENCE, ISSUER, KINDS, SECRET, claims, key_set, parts, private, public, shared, token


def tokens(text: bytes | None = None, **given: Any) -> Tokens:
    async def load() -> bytes:
        return text or key_set()

    standard: dict[str, Any] = {"keys": KeySet(load, 30.0), "issuer": ISSUER, "audience": (AUDIENCE,)}
    return Tokens(**{**standard, **given})


BY_SECRET = tokens(keys=None, secret=SECRET.encode())
BOTH = tokens(secret=SECRET.encode())


@pytest.mark.parametrize("algorithm", KINDS)
async def test_a_good_token_lets_its_user_in(algorithm: str) -> None:
    assert await tokens().principal(token(algorithm)) == Principal("user:ann", Role.CLIENT, "ann")


async def test_a_token_by_the_shared_secret_does_too() -> None:
    assert (await BY_SECRET.principal(shared(role="service"))).role is Role.SERVICE


async def test_both_kinds_may_be_set_up_at_once() -> None:
    assert await BOTH.principal(shared()) == await BOTH.principal(token("RS256"))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"exp": time.time() - 31}, "expired"),
        ({"exp": None}, "lacks a claim"),
        ({"exp": "soon"}, "not valid"),
        ({"exp": float("inf")}, "not valid"),
        ({"exp": float("nan")}, "not valid"),
        ({"exp": [1]}, "not valid"),
        ({"nbf": time.time() + 3600}, "not valid yet"),
        ({"iat": time.time() + 3600}, "not valid yet"),
        ({"aud": "another"}, "another audience"),
        ({"aud": ["one", "two"]}, "another audience"),
        ({"aud": None}, "lacks a claim"),
        ({"aud": {"sociograph": 1}}, "another audience"),
        ({"iss": "https://id.example.evil"}, "another issuer"),
        ({"iss": f"{ISSUER}/"}, "another issuer"),
        ({"iss": None}, "lacks a claim"),
        ({"iss": [ISSUER]}, "issuer"),
        ({"sub": None}, "lacks a claim"),
        ({"sub": ""}, "no user id"),
        ({"sub": " ann"}, "no user id"),
        ({"sub": "ann\tbob"}, "no user id"),
        ({"sub": "x" * 129}, "no user id"),
        ({"role": "root"}, "a role that there is not"),
        ({"role": "Admin"}, "a role that there is not"),
        ({"role": {"admin": True}}, "a role that there is not"),
        ({"role": True}, "a role that there is not"),
    ],
)
async def test_claims_that_are_refused(said: dict[str, Any], reason: str) -> None:
    with pytest.raises(Bad, match=reason):
        await tokens().principal(token(**said))
    with pytest.raises(Bad, match=reason):
        await BY_SECRET.principal(shared(**said))


async def test_a_subject_is_a_string() -> None:
    with pytest.raises(Bad, match="not valid"):
        await BY_SECRET.principal(shared(sub=5))


async def test_clocks_may_differ_by_the_leeway() -> None:
    just: dict[str, Any] = {"exp": time.time() - 20, "nbf": time.time() + 20, "iat": time.time() + 20}
    assert (await tokens().principal(token(**just))).user_id == "ann"
    with pytest.raises(Bad):
        await tokens(leeway=5.0).principal(token(**just))


async def test_one_of_several_audiences_is_enough() -> None:
    several = tokens(audience=("web", AUDIENCE))
    assert (await several.principal(token(aud=["other", "web"]))).user_id == "ann"


async def test_an_audience_that_was_not_set_is_not_ours() -> None:
    anybody = Tokens(secret=SECRET.encode())
    assert (await anybody.principal(shared(aud=None))).user_id == "ann"
    with pytest.raises(Bad, match="another audience"):
        await anybody.principal(shared())


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "NONE", "", None, "HS384", "RS512", "PS256", "ES384", "RS256\0", 5]
)
async def test_algorithms_that_were_not_set_up(algorithm: Any) -> None:
    header = {"alg": algorithm, "typ": "JWT", "kid": "RS256-0"}
    for signature in (b"", b"x" * 32, b"x" * 256):
        for some in (tokens(), BY_SECRET, BOTH):
            with pytest.raises(Bad):
                await some.principal(parts(header, claims(), signature))
    with pytest.raises(Bad):
        await tokens().principal(parts({"typ": "JWT"}, claims(), b""))


@pytest.mark.parametrize("some", [tokens(), BOTH], ids=["keys", "keys and secret"])
@pytest.mark.parametrize("form", ["pem", "spki", "jwk", "n"])
async def test_a_public_key_is_no_secret(some: Tokens, form: str) -> None:
    """HS256 over the public RSA key, which everybody has."""
    key = private("RS256").public_key()
    secret = {
        "pem": key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "spki": key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "jwk": json.dumps(public("RS256")).encode(),
        "n": public("RS256")["n"].encode(),
    }[form]
    for kid in ("RS256-0", None):
        forged = parts({"alg": "HS256", "typ": "JWT", **({"kid": kid} if kid else {})}, claims(role="admin"))
        signature = hmac.new(secret, forged.encode(), hashlib.sha256).digest()
        with pytest.raises(Bad):
            await some.principal(f"{forged}.{parts(signature)}")


@pytest.mark.parametrize("said", KINDS)
@pytest.mark.parametrize("signed", KINDS)
async def test_the_key_decides_about_the_algorithm(said: str, signed: str) -> None:
    if said == signed:
        return
    real = token(signed, header={"kid": f"{said}-0"})
    _, body, signature = real.split(".")
    lying = parts({"alg": said, "typ": "JWT", "kid": f"{signed}-0"})
    for text in (real, f"{lying}.{body}.{signature}"):
        with pytest.raises(Bad):
            await tokens().principal(text)


async def test_somebody_elses_key_of_the_same_name() -> None:
    for algorithm in KINDS:
        with pytest.raises(Bad, match="signature"):
            await tokens().principal(token(algorithm, number=1, header={"kid": f"{algorithm}-0"}))


@pytest.mark.parametrize(
    "kid",
    ["", "ES256-1", "../../../dev/null", "/etc/passwd", "' OR 1=1 --", "http://evil/keys", "\x00", "é", "k" * 257],
)
async def test_names_of_keys_are_names_and_nothing_else(kid: str) -> None:
    header = {"alg": "ES256", "typ": "JWT", "kid": kid}
    with pytest.raises(Bad):
        await tokens().principal(parts(header, claims(), b"x" * 64))


@pytest.mark.parametrize("kid", [5, ["ES256-0"], {"ES256-0": 1}, True])
async def test_names_of_keys_are_text(kid: Any) -> None:
    with pytest.raises(Bad):
        await tokens().principal(parts({"alg": "ES256", "typ": "JWT", "kid": kid}, claims(), b"x" * 64))


async def test_keys_and_addresses_inside_a_token_are_not_looked_at() -> None:
    own = public("ES256", 7)
    for inside in ({"jwk": own}, {"jku": "https://evil.example/keys"}, {"x5u": "https://evil.example/cert"}):
        with pytest.raises(Bad):
            await tokens().principal(token("ES256", number=7, header={"kid": None, **inside}))


async def test_a_token_without_a_name_is_verified_by_the_only_key_of_its_kind() -> None:
    assert (await tokens().principal(token("ES256", header={"kid": None}))).user_id == "ann"
    two = tokens(key_set(public("ES256"), public("ES256", 1)))
    with pytest.raises(Bad, match="No key"):
        await two.principal(token("ES256", header={"kid": None}))


@pytest.mark.parametrize("kind", ["logout+jwt", "dpop+jwt", "JOSE", 5, ["JWT"], {}])
async def test_tokens_of_other_ends_are_refused(kind: Any) -> None:
    with pytest.raises(Bad, match="type"):
        await tokens().principal(parts({"alg": "ES256", "typ": kind, "kid": "ES256-0"}, claims(), b"x" * 64))


@pytest.mark.parametrize("kind", ["at+jwt", "application/at+jwt", "jwt"])
async def test_access_tokens_are_taken(kind: str) -> None:
    assert (await tokens().principal(token(header={"typ": kind}))).user_id == "ann"


async def test_what_is_said_to_be_critical_must_be_understood() -> None:
    with pytest.raises(Bad):
        await tokens().principal(token(header={"crit": ["b64"], "b64": True}))
    with pytest.raises(Bad):
        await tokens().principal(token(header={"crit": ["x"], "x": 1}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "é.é.é",
        "\ud83d",
        parts(b"[" * 5000, claims(), b""),
        parts(b"null", claims(), b""),
        parts(b"[]", claims(), b""),
        parts({"alg": "ES256"}),
        parts({"alg": "ES256", "kid": "ES256-0"}, b"\xff\xfe", b"x" * 64),
        parts({"alg": "ES256", "b64": False, "kid": "ES256-0"}, b"", b"x" * 64),
        parts({"enc": "A256GCM", "alg": "dir"}, b"", b"", b"", b""),
    ],
)
async def test_anything_else_is_refused_and_breaks_nothing(text: str) -> None:
    for some in (tokens(), BY_SECRET, BOTH):
        with pytest.raises(Bad):
            await some.principal(text)


async def test_a_changed_token_is_refused() -> None:
    head, body, signature = token("ES256").split(".")
    other = parts({**claims(), "role": "admin"})
    for text in (f"{head}.{other}.{signature}", f"{head}.{body}.", f"{head}.{body}.{signature[:-4]}", f"{head}.{body}"):
        with pytest.raises(Bad):
            await tokens().principal(text)


async def test_no_reason_tells_of_the_token() -> None:
    for text in (token(sub="somebody in particular", exp=1), token(sub="a\tb"), token(role="somebody in particular")):
        with pytest.raises(Bad) as refused:
            await tokens().principal(text)
        assert "particular" not in str(refused.value)
        assert str(refused.value).isascii()
        assert not set(str(refused.value)) & set('"\\\r\n')


async def test_a_secret_is_not_shown() -> None:
    assert SECRET not in repr(BY_SECRET)


async def test_without_keys_nobody_can_say() -> None:
    async def load() -> bytes:
        raise OSError("gone")

    with pytest.raises(Unavailable):
        await tokens(keys=KeySet(load, 30.0)).principal(token())


@pytest.mark.parametrize(
    ("said", "name", "role"),
    [
        ({}, "role", Role.CLIENT),
        ({"role": None}, "role", Role.CLIENT),
        ({"role": "analyst"}, "role", Role.ANALYST),
        ({"roles": ["offline_access", "service", "client"]}, "roles", Role.SERVICE),
        ({"roles": ["analyst", "admin"]}, "roles", Role.ADMIN),
        ({"roles": ["uma_authorization", 5, None, {}]}, "roles", Role.CLIENT),
        ({"realm_access": {"roles": ["admin"]}}, "realm_access.roles", Role.ADMIN),
        ({"realm_access": ["admin"]}, "realm_access.roles", Role.CLIENT),
        ({"https://sociograph.example/role": "service"}, "https://sociograph.example/role", Role.SERVICE),
        ({"role": "admin"}, "other", Role.CLIENT),
    ],
)
def test_the_role_stands_where_it_was_said_to(said: dict[str, Any], name: str, role: Role) -> None:
    assert role_of(said, name) is role
