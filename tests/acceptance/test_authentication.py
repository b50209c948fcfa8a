"""Authentication over HTTP: a server that asks who calls, and its commands, which need not be told."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.acceptance.command import begun, csv, row, sociograph
from tests.acceptance.conftest import Client, served
from tests.issuer import AUDIENCE, ISSUER, KINDS, key_set, public, token

PATIENCE_S = 180.0
PAUSE_S = 1.0
TYPENAME = json.dumps({"query": "{ __typename }"})
CREATE = """
mutation C($name: String!, $role: Role!, $user: ID) {
  createApiKey(name: $name, role: $role, userId: $user) { key apiKey { id name role userId lastUsedAt revokedAt } }
}
"""
KEYS = "{ apiKeys(revoked: true) { id name role revokedAt lastUsedAt } }"


class Issuer:
    """A server of keys on loopback, which counts who comes."""

    def __init__(self) -> None:
        self.text, self.asked = key_set(), 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(self.text)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + self.text)
        await writer.drain()
        writer.close()
        await writer.wait_closed()


def bearer(credential: str) -> dict[str, str]:
    return {"authorization": f"Bearer {credential}"}


@pytest_asyncio.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Client, Path, Issuer]]:
    """A server that asks, its data folder, and who issues its tokens."""
    data, issuer = tmp_path_factory.mktemp("asking"), Issuer()
    async with issuer.serving() as address:
        settings: dict[str, Any] = {
            "jwks": address,
            "jwt_issuer": ISSUER,
            "jwt_audience": AUDIENCE,
            "jwks_pause": PAUSE_S,
        }
        async with served(data=data, **settings) as client:
            await ready(client)
            yield client, data, issuer


async def ready(client: Client) -> None:
    """Return when the database takes writes: on a busy machine the first look may come too early."""
    async with asyncio.timeout(PATIENCE_S):
        while await client.why_not_ready():  # noqa: ASYNC110 -- nothing here knows
            await asyncio.sleep(0.5)


async def ask(client: Client, credential: str, query: str, **variables: Any) -> dict[str, Any]:
    """The whole answer to somebody with this credential."""
    body = {"query": query, "variables": variables}
    response = await client.http.post("/graphql", json=body, headers=bearer(credential))
    answer: dict[str, Any] = response.json()
    return answer


async def test_nobody_comes_in_without_a_credential(place: tuple[Client, Path, Issuer]) -> None:
    client, *_ = place
    for accept in ("application/json", "application/graphql-response+json"):
        response = await client.post(TYPENAME, accept)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.headers["content-type"].startswith(accept)
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert "data" not in response.json()
    by_get = await client.http.get("/graphql", params={"query": "{ __typename }"})
    assert by_get.status_code == 401


async def test_what_is_open_and_what_is_not(place: tuple[Client, Path, Issuer]) -> None:
    client, *_ = place
    assert (await client.http.get("/health/live")).status_code == 200
    assert (await client.http.get("/health/ready")).status_code == 200
    assert (await client.http.get("/graphql", headers={"accept": "text/html"})).status_code == 200
    assert (await client.http.get("/metrics")).status_code == 401
    assert (await client.http.get("/metrics", headers=bearer(token()))).status_code == 403
    read = await client.http.get("/metrics", headers=bearer(token(role="analyst")))
    assert (read.status_code, "sociograph_request_seconds" in read.text) == (200, True)


@pytest.mark.parametrize("algorithm", KINDS)
async def test_a_token_stands_for_its_user(place: tuple[Client, Path, Issuer], algorithm: str) -> None:
    client, *_ = place
    query = "mutation T($u: ID!) { trackActivity(input: {userId: $u, activity: LOGIN}) { __typename } }"
    own = await ask(client, token(algorithm, sub="ann"), query, u="ann")
    assert own["data"]["trackActivity"]["__typename"] == "Tracked"
    other = await ask(client, token(algorithm, sub="ann"), query, u="bob")
    assert other["data"]["trackActivity"]["__typename"] == "Refused"
    service = await ask(client, token(algorithm, sub="ranker", role="service"), query, u="bob")
    assert service["data"]["trackActivity"]["__typename"] == "Tracked"


async def test_wrong_tokens(place: tuple[Client, Path, Issuer]) -> None:
    client, *_ = place
    for wrong in (
        token(exp=1),
        token(aud="x"),
        token(iss="x"),
        token(role="root"),
        token(number=9),
        "not.a.token",
        "sg_nokey",
    ):
        response = await client.http.post("/graphql", content=TYPENAME, headers=bearer(wrong))
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith('Bearer error="invalid_token"')
        assert wrong not in response.text


async def test_a_new_key_of_the_issuer_is_found(place: tuple[Client, Path, Issuer]) -> None:
    client, _, issuer = place
    assert "errors" not in await ask(client, token("ES256"), "{ __typename }")
    issuer.text = key_set(*(public(kind) for kind in KINDS), public("ES256", 3))
    await asyncio.sleep(PAUSE_S + 0.1)
    assert "errors" not in await ask(client, token("ES256", number=3), "{ __typename }")
    before, begun = issuer.asked, time.monotonic()
    for _ in range(20):
        await ask(client, token("ES256", number=4), "{ __typename }")
    assert issuer.asked - before <= 1 + (time.monotonic() - begun) / PAUSE_S


async def test_keys_are_made_used_and_revoked(place: tuple[Client, Path, Issuer]) -> None:
    client, *_ = place
    admin = token(sub="root", role="admin")
    made = (await ask(client, admin, CREATE, name="ranker", role="SERVICE"))["data"]["createApiKey"]
    key, id = made["key"], made["apiKey"]["id"]
    assert made["apiKey"] == {
        "id": id,
        "name": "ranker",
        "role": "SERVICE",
        "userId": None,
        "lastUsedAt": None,
        "revokedAt": None,
    }
    assert key.startswith(f"sg_{id}_")
    assert "errors" not in await ask(client, key, "{ __typename }")
    listed = (await ask(client, admin, KEYS))["data"]["apiKeys"]
    assert key not in json.dumps(listed)
    assert [each["name"] for each in listed if each["id"] == id] == ["ranker"]
    revoked = await ask(client, admin, "mutation R($id: ID!) { revokeApiKey(id: $id) { revokedAt } }", id=id)
    assert revoked["data"]["revokeApiKey"]["revokedAt"]
    refused = await client.http.post("/graphql", content=TYPENAME, headers=bearer(key))
    assert refused.status_code == 401


@pytest.mark.parametrize("role", ["client", "service", "analyst"])
async def test_only_administrators_make_keys(place: tuple[Client, Path, Issuer], role: str) -> None:
    client, *_ = place
    for query in (CREATE, "mutation R { revokeApiKey(id: 1) { id } }", KEYS):
        answer = await ask(client, token(role=role), query, name="mine", role="ADMIN")
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
        assert not answer.get("data")


async def test_what_makes_no_key(place: tuple[Client, Path, Issuer]) -> None:
    client, *_ = place
    admin = token(role="admin")
    for wrong in ({"role": "CLIENT"}, {"role": "ADMIN", "user": "ann"}, {"role": "SERVICE", "name": " "}):
        answer = await ask(client, admin, CREATE, **{"name": "a", **wrong})
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_ARGUMENT"
    none = await ask(client, admin, 'mutation { revokeApiKey(id: "none") { id } }')
    assert none == {"data": {"revokeApiKey": None}}


async def test_the_commands_of_this_machine_come_in_by_themselves(place: tuple[Client, Path, Issuer]) -> None:
    client, data, _ = place
    assert (data / "server.key").stat().st_mode & 0o777 == 0o600
    created = await sociograph("keys", "create", "a job", "--role", "service", data=data)
    assert (created.status, created.out.count("\n")) == (0, 1), created.err
    key = created.out.strip()
    assert key not in created.err
    id = key.split("_")[1]
    listed = await sociograph("keys", "list", data=data)
    assert (id in listed.out, "a job" in listed.out, key in listed.out) == (True, True, False)
    imported = await sociograph("import", "-", data=data, standard_input=csv(row("auth-1")).encode())
    assert imported.status == 0, imported.err
    status = await sociograph("status", "--json", data=data)
    assert json.loads(status.out)["totals"]["totalEvents"] >= 1
    elsewhere = str(client.http.base_url)
    no_token = await sociograph("keys", "list", "--url", elsewhere, data=os.devnull)
    assert (no_token.status, "Authorization" in no_token.err) == (2, True)
    by_key = await sociograph(
        "import", "-", "--url", elsewhere, data=os.devnull, token=key, standard_input=csv(row("auth-2")).encode()
    )
    assert by_key.status == 0, by_key.err
    forbidden = await sociograph("keys", "list", "--url", elsewhere, data=os.devnull, token=key)
    assert (forbidden.status, "admin" in forbidden.err) == (2, True)
    revoked = await sociograph("keys", "revoke", id, data=data)
    assert (revoked.status, id in revoked.out) == (0, True)
    assert (await sociograph("keys", "revoke", "nothing", data=data)).status == 2


async def test_a_key_made_without_a_server_is_good_at_the_next_one(tmp_path: Path) -> None:
    made = await sociograph("keys", "create", "first", "--role", "admin", data=tmp_path)
    assert made.status == 0, made.err
    async with served(data=tmp_path, authentication="on") as client:
        await ready(client)
        assert "errors" not in await ask(client, made.out.strip(), KEYS)
        assert (await client.http.post("/graphql", content=TYPENAME, headers=bearer(token()))).status_code == 401
    assert not (tmp_path / "server.key").exists()


async def test_elsewhere_it_does_not_start_without(tmp_path: Path) -> None:
    done = await sociograph("serve", data=tmp_path, host="0.0.0.0", port=0)  # noqa: S104 -- it is refused
    assert done.status == 2
    for way in ("SOCIOGRAPH_AUTHENTICATION=on", "SOCIOGRAPH_JWKS", "SOCIOGRAPH_HOST=127.0.0.1"):
        assert way in done.err
    off = await sociograph("serve", data=tmp_path, host="::", port=0, authentication="off")
    assert off.status == 2


async def test_elsewhere_it_starts_with_it_and_logs_no_credential(tmp_path: Path) -> None:
    process = await begun("serve", data=tmp_path, host="0.0.0.0", port=0, authentication="on", log_level="debug")  # noqa: S104
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        while b"Sociograph is at" not in (line := await process.stdout.readline()):
            assert line
    url = line.decode().split()[3].removesuffix("/graphql")
    operator = (tmp_path / "server.key").read_text()
    async with httpx.AsyncClient(base_url=url) as http:
        for credential in (operator, operator[:-1] + "~", "sg_aaaaaaaa_" + "Q" * 43, token()):
            await http.post("/graphql", content=TYPENAME, headers=bearer(credential))
        await ready(Client(http))
        response = await http.post("/graphql", json={"query": KEYS}, headers=bearer(operator))
        assert response.json()["data"] == {"apiKeys": []}
    process.terminate()
    out, err = await process.communicate()
    said = (out + err).decode()
    assert "Authentication is off" not in said
    assert not any(part in said for part in (operator.split("_")[2], "QQQQ", "eyJ"))


async def test_on_this_machine_it_starts_without_and_warns(tmp_path: Path) -> None:
    process = await begun("serve", data=tmp_path, port=0)
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        while b"Sociograph is at" not in (line := await process.stdout.readline()):
            assert line
    process.terminate()
    _, err = await process.communicate()
    assert "Authentication is off" in err.decode()
    assert not (tmp_path / "server.key").exists()
