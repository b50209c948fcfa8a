"""Whatever stands in the header: somebody is let in, or told no, and nothing breaks."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.api_keys import operator_key
from schema.authentication import Authentication, Unauthenticated
from schema.jwks import KeySet, keys
from schema.principal import Principal, Role
from schema.tokens import Tokens
from tests.issuer import AUDIENCE, ISSUER, KINDS, SECRET, SIGN, claims, key_set, parts, private, public, shared, token
from tests.unit.test_authentication import request
from tests.unit.test_keyring import Store


async def _load() -> bytes:
    return key_set()


def authentication() -> Authentication:
    tokens = Tokens(SECRET.encode(), KeySet(_load, 30.0), ISSUER, (AUDIENCE,))
    return Authentication(Store().ring(), tokens, operator_key())


def came_in(credential: str) -> Principal | None:
    """Whom a credential lets in; any other error than a refusal passes."""

    async def asked() -> Principal | None:
        try:
            return await authentication().principal(request(f"Bearer {credential}"))
        except Unauthenticated:
            return None

    return asyncio.run(asked())


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "jku", "x5u", "zip", "cty", "enc"])
LIKELY = JSON | st.sampled_from([*KINDS, "HS256", "none", "RS256-0", "ES256-0", "EdDSA-0", "JWT", False, ["b64"]])
FIELDS = st.sampled_from(["kty", "crv", "alg", "use", "key_ops", "kid", "n", "e", "x", "y", "d"])
CLAIMS = st.sampled_from(["sub", "iss", "aud", "exp", "nbf", "iat", "jti", "role"])


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(max_codepoint=255), max_size=300))
def test_any_text_lets_nobody_in(text: str) -> None:
    assert came_in(text) is None


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, LIKELY, max_size=6), st.binary(max_size=80))
def test_any_header_without_a_signature_lets_nobody_in(header: dict[str, Any], signature: bytes) -> None:
    assert came_in(parts(header, claims(role="admin"), signature)) is None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([*KINDS, "HS256"]), st.data())
def test_a_token_with_any_character_changed_lets_nobody_else_in(algorithm: str, data: st.DataObject) -> None:
    good = shared() if algorithm == "HS256" else token(algorithm)
    at = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    assert came_in(good[:at] + other + good[at + 1 :]) in (None, Principal("user:ann", Role.CLIENT, "ann"))


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(CLAIMS, JSON, min_size=1, max_size=4))
def test_any_claims_by_the_issuer_are_a_user_or_refused(said: dict[str, Any]) -> None:
    found = came_in(SIGN(json.dumps({**claims(), **said}).encode(), private("ES256"), "ES256", {"kid": "ES256-0"}))
    assert found is None or (found.user_id == {**claims(), **said}["sub"] and found.id == f"user:{found.user_id}")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), st.dictionaries(FIELDS, JSON, min_size=1, max_size=3))
def test_any_key_of_a_set_is_used_or_left_out(kind: str, said: dict[str, Any]) -> None:
    assert len(keys(json.dumps({"keys": [{**public(kind), **said}]}).encode())) <= 1


@settings(max_examples=200, deadline=None)
@given(JSON | st.fixed_dictionaries({"keys": JSON}))
def test_anything_is_a_set_or_none(found: Any) -> None:
    with suppress(ValueError):
        assert keys(json.dumps(found).encode()) == {}
