"""``python -m benchmarks.callers``: what it costs a request to find out who calls, by each kind of credential.

Everything is in memory, as it is while requests come: keys were read, the key set was fetched. Processor time, the
median of rounds.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt
import typer
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from rich.console import Console
from rich.table import Table
from starlette.requests import Request

from resolvers.api_keys import operator_key
from schema.authentication import Authentication
from schema.jwks import KeySet
from schema.keyring import Keyring
from schema.tokens import Tokens
from signals.api_keys import ApiKey, Shown

ROUNDS, CALLS = 9, 500
ISSUER, AUDIENCE = "https://id.example", "sociograph"
SECRET = "s" * 48
KEY = Shown("aaaaaaaa", "A" * 43)
PRIVATE: Mapping[str, tuple[Any, Any]] = {
    "RS256": (rsa.generate_private_key(65537, 2048), RSAAlgorithm),
    "ES256": (ec.generate_private_key(ec.SECP256R1()), ECAlgorithm),
    "EdDSA": (ed25519.Ed25519PrivateKey.generate(), OKPAlgorithm),
}


class Store:
    """500 keys, as many as there may be."""

    async def create_key(self, key: ApiKey, digest: str) -> None:
        """Nothing is made here."""

    async def keys(self, first: int, *, revoked: bool) -> list[ApiKey]:  # noqa: ARG002
        """Nobody asks."""
        return []

    async def live_keys(self, timeout: float | None = None) -> list[tuple[ApiKey, str]]:  # noqa: ARG002
        """One that is shown, and others."""
        now = datetime.now(UTC)
        others = [(ApiKey(f"other{n}", "another", "service", now), KEY.digest()) for n in range(499)]
        return [*others, (ApiKey(KEY.id, "this", "service", now), KEY.digest())]

    async def revoke_key(self, id: str, at: datetime) -> ApiKey | None:  # noqa: ARG002
        """Nothing is revoked here."""
        return None

    async def key_used(self, id: str, at: datetime) -> None:
        """Once in a run."""


async def _keys() -> bytes:
    entries = [
        {**kind.to_jwk(key.public_key(), as_dict=True), "kid": name, "use": "sig"}
        for name, (key, kind) in PRIVATE.items()
    ]
    return json.dumps({"keys": entries}).encode()


def credentials() -> dict[str, str]:
    """One of each kind."""
    now = int(time.time())
    claims = {"sub": "ann", "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 3600, "role": "service"}
    tokens = {name: jwt.encode(claims, key, name, {"kid": name}) for name, (key, _) in PRIVATE.items()}
    return {"API key": KEY.text(), "HS256": jwt.encode(claims, SECRET, "HS256"), **tokens}


def request(credential: str) -> Request:
    """As it comes in."""
    headers = [(b"authorization", f"Bearer {credential}".encode())]
    return Request({"type": "http", "method": "POST", "path": "/graphql", "headers": headers})


async def measured() -> dict[str, float]:
    """Microseconds of the processor for a request, by kind of credential."""
    tokens = Tokens(SECRET.encode(), KeySet(_keys, 30.0), ISSUER, (AUDIENCE,))
    asking = Authentication(Keyring(Store, lambda: datetime.now(UTC)), tokens, operator_key())
    found = {}
    for name, credential in credentials().items():
        await asking.principal(request(credential))
        rounds = []
        for _ in range(ROUNDS):
            requests = [request(credential) for _ in range(CALLS)]
            begun = time.process_time()
            for each in requests:
                await asking.principal(each)
            rounds.append((time.process_time() - begun) / CALLS * 1e6)
        found[name] = statistics.median(rounds)
    return found


def run() -> None:
    """Measure and print."""
    table = Table("credential", "µs per request", title="Who calls")
    for name, microseconds in asyncio.run(measured()).items():
        table.add_row(name, f"{microseconds:.0f}")
    Console().print(table)


if __name__ == "__main__":
    typer.run(run)
