"""Who is let in: the header, the settings, and where the server may listen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from resolvers.api_keys import operator_key
from schema.authentication import (
    COMMANDS,
    LONGEST,
    Authentication,
    Unauthenticated,
    check_address,
    guard,
    is_on,
    of,
)
from schema.keyring import Keyring
from schema.loopback import is_here, is_loopback
from schema.principal import Role
from schema.refusals import Turned
from schema.settings import Settings
from schema.tokens import Tokens
from signals.api_keys import OPERATOR, Shown
from signals.errors import StartupError
from tests.issuer import AUDIENCE, ISSUER, SECRET, key_set, shared, token
from tests.unit.test_keyring import Store

LONG = "s" * 32


def request(*authorization: str) -> Request:
    headers = [(b"authorization", value.encode("latin-1")) for value in authorization]
    return Request({"type": "http", "method": "POST", "path": "/graphql", "headers": headers, "query_string": b""})


def asking(store: Store | None = None, tokens: Tokens | None = None) -> Authentication:
    return Authentication((store or Store()).ring(), tokens, operator_key())


BY_SECRET = Tokens(secret=SECRET.encode(), issuer=ISSUER, audience=(AUDIENCE,))


async def test_a_key_a_token_and_the_operator() -> None:
    store = Store()
    made = await store.made("client", "ann")
    here = asking(store, BY_SECRET)
    by_key = await here.principal(request(f"Bearer {made.key}"))
    assert by_key == await here.principal(request(f"bearer {shared()}"))
    assert await here.principal(request(f"BEARER  {here.operator.text()} ")) == COMMANDS


@pytest.mark.parametrize(
    "sent",
    [
        ("Basic YTpi",),
        ("Bearer",),
        ("Bearer ",),
        ("Bearer   ",),
        ("",),
        ("Bearer x", "Bearer x"),
        ("Bearer x, Bearer y",),
        ("Bearer sg_",),
        ("Bearer sg_aaaaaaaa_" + "A" * 43,),
        ("Bearer sg_operator_" + "A" * 43,),
        ("Bearer \xff\xfe",),
        ("Bearer sg_operator_" + "\xe9" * 43,),
        ("Bearer " + "x" * (LONGEST + 1),),
        ("Bearer " + "." * LONGEST,),
        ("Token sg_aaaaaaaa_" + "A" * 43,),
    ],
)
async def test_what_lets_nobody_in(sent: tuple[str, ...]) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await asking(tokens=BY_SECRET).principal(request(*sent))
    assert (refused.value.status_code, refused.value.code) == (401, "UNAUTHENTICATED")
    challenge = refused.value.headers["www-authenticate"]
    assert challenge.startswith('Bearer error="invalid_token", error_description="')
    assert challenge.count('"') == 4
    assert challenge.isascii()


async def test_without_a_credential_it_says_what_to_send() -> None:
    with pytest.raises(Unauthenticated, match="Authorization: Bearer") as refused:
        await asking().principal(request())
    assert refused.value.headers == {"www-authenticate": "Bearer"}


async def test_tokens_where_none_are_set_up() -> None:
    with pytest.raises(Unauthenticated, match="API key"):
        await asking().principal(request(f"Bearer {shared()}"))


async def test_the_operators_key_is_of_one_server() -> None:
    one, other = asking(), asking()
    with pytest.raises(Unauthenticated):
        await other.principal(request(f"Bearer {one.operator.text()}"))
    stored = Store()
    stored.kept[OPERATOR] = (await stored.made()).api_key, Shown(OPERATOR, "A" * 43).digest()
    with pytest.raises(Unauthenticated):
        await asking(stored).principal(request(f"Bearer {Shown(OPERATOR, 'A' * 43).text()}"))


async def test_a_database_that_is_away_is_no_wrong_key() -> None:
    store = Store()
    key = (await store.made()).key
    store.failing = True
    with pytest.raises(Turned) as refused:
        await asking(store).principal(request(f"Bearer {key}"))
    assert (refused.value.status_code, refused.value.code) == (503, "UNAVAILABLE")
    assert refused.value.headers == {"retry-after": "1"}


async def test_no_answer_repeats_a_credential() -> None:
    for credential in ("sg_aaaaaaaa_" + "A" * 43, shared(exp=1), "some thing"):
        with pytest.raises(Unauthenticated) as refused:
            await asking(tokens=BY_SECRET).principal(request(f"Bearer {credential}"))
        assert credential[:8] not in f"{refused.value.reason} {refused.value.headers}"


def made(**given: Any) -> Authentication | None:
    return of(Settings.load(**given), Keyring(Store, lambda: pytest.fail("unused")))


def test_it_is_off_where_nothing_is_set_up() -> None:
    assert made() is None
    assert made(authentication="off") is None
    assert not is_on(Settings.load())


async def test_it_is_on_where_any_of_it_is(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_bytes(key_set())
    by_keys = made(jwks=str(keys), jwt_issuer=ISSUER, jwt_audience=f"web,{AUDIENCE}")
    assert by_keys is not None
    assert (await by_keys.principal(request(f"Bearer {token(role='analyst')}"))).role is Role.ANALYST
    by_secret = made(jwt_secret=LONG)
    assert by_secret is not None
    assert (await by_secret.principal(request(f"Bearer {shared(LONG, aud=None)}"))).user_id == "ann"
    only_keys = made(authentication="on")
    assert only_keys is not None
    assert only_keys.tokens is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"jwt_secret": "short"}, "32 bytes"),
        ({"jwt_secret": "-----BEGIN PUBLIC KEY-----" + LONG}, "not a public key"),
        ({"jwt_secret": LONG, "authentication": "off"}, "choose one"),
        ({"jwks": "https://id.example/keys"}, "SOCIOGRAPH_JWT_ISSUER"),
        ({"jwks": "https://id.example/keys", "jwt_issuer": ISSUER}, "SOCIOGRAPH_JWT_AUDIENCE"),
        ({"jwks": "http://id.example/keys", "jwt_issuer": ISSUER, "jwt_audience": AUDIENCE}, "https"),
        ({"jwks": "/no/such/file", "jwt_issuer": ISSUER, "jwt_audience": AUDIENCE}, "SOCIOGRAPH_JWKS"),
        ({"jwt_issuer": ISSUER}, "SOCIOGRAPH_JWKS"),
        ({"jwt_audience": AUDIENCE}, "SOCIOGRAPH_JWKS"),
        ({"jwt_leeway": 301}, "SOCIOGRAPH_JWT_LEEWAY"),
        ({"authentication": "maybe"}, "SOCIOGRAPH_AUTHENTICATION"),
    ],
)
def test_settings_that_do_not_fit_are_said(given: dict[str, Any], said: str) -> None:
    with pytest.raises(StartupError, match=said) as refused:
        made(**given)
    assert LONG not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost.evil", False),
        ("127.0.0.1.evil", False),
        ("", False),
    ],
)
def test_a_name_is_this_machine_or_not(host: str, here: bool) -> None:
    assert is_here(host) is here


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_asked_nothing(host: str) -> None:
    assert is_loopback(host)
    check_address(host, None)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "10.0.0.1", "192.168.1.5", "fe80::1%eth0", "::ffff:10.0.0.1", "8.8.8.8"],  # noqa: S104 -- none is bound
)
def test_elsewhere_somebody_must_ask(host: str) -> None:
    with pytest.raises(StartupError, match="SOCIOGRAPH_AUTHENTICATION=on") as refused:
        check_address(host, None)
    assert "SOCIOGRAPH_JWKS" in str(refused.value)
    assert "SOCIOGRAPH_HOST=127.0.0.1" in str(refused.value)
    check_address(host, asking())


async def test_an_endpoint_can_be_kept_for_some() -> None:
    async def figures(_: Request) -> Response:
        return Response("figures")

    store = Store()
    analyst, client = await store.made("analyst"), await store.made("client", "ann")
    kept = guard(asking(store), [Role.ANALYST, Role.ADMIN])(figures)
    assert (await kept(request(f"Bearer {analyst.key}"))).status_code == 200
    assert (await kept(request(f"Bearer {client.key}"))).status_code == 403
    assert (await kept(request())).status_code == 401
    assert (await guard(None, [Role.ADMIN])(figures)(request())).status_code == 200
