"""Somebody who issues tokens: keys of every kind, their public set, and tokens good and bad."""

from __future__ import annotations

import base64
import json
import time
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ISSUER, AUDIENCE = "https://id.example", "sociograph"
SECRET = "a secret of forty characters or so, at least"  # noqa: S105 -- of nobody
KINDS = ("RS256", "ES256", "EdDSA")
SIGN = jwt.PyJWS().encode
"""Signs whatever it is given; what makes tokens would not make some of those."""


def private(algorithm: str, number: int = 0) -> Any:
    """A private key for an algorithm; another number, another key."""
    return _made(algorithm, number)


@cache
def _made(algorithm: str, _: int) -> Any:
    if algorithm == "RS256":
        return rsa.generate_private_key(65537, 2048)
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    return ed25519.Ed25519PrivateKey.generate()


def public(algorithm: str, number: int = 0, **said: Any) -> dict[str, Any]:
    """The public key as a JSON Web Key, with what else it says; None takes something away."""
    kind: Any = {"RS256": RSAAlgorithm, "ES256": ECAlgorithm, "EdDSA": OKPAlgorithm}[algorithm]
    key = kind.to_jwk(private(algorithm, number).public_key(), as_dict=True)
    entry = {**key, "kid": kid(algorithm, number), "use": "sig", "alg": algorithm, **said}
    return {name: value for name, value in entry.items() if value is not None}


def kid(algorithm: str, number: int = 0) -> str:
    """What the key is called."""
    return f"{algorithm}-{number}"


def key_set(*keys: dict[str, Any]) -> bytes:
    """A JSON Web Key Set; of one key of each kind where none is given."""
    return json.dumps({"keys": keys or [public(kind) for kind in KINDS]}).encode()


def claims(**said: Any) -> dict[str, Any]:
    """Those of a good token, with others instead; None takes one away."""
    now = int(time.time())
    standard = {"sub": "ann", "iss": ISSUER, "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + 300}
    return {name: value for name, value in {**standard, **said}.items() if value is not None}


def token(algorithm: str = "ES256", *, number: int = 0, header: dict[str, Any] | None = None, **said: Any) -> str:
    """A signed token."""
    headers = {"kid": kid(algorithm, number), **(header or {})}
    return SIGN(_payload(said), private(algorithm, number), algorithm, {k: v for k, v in headers.items() if v})


def shared(secret: str = SECRET, **said: Any) -> str:
    """A token by HS256."""
    return SIGN(_payload(said), secret, "HS256")


def _payload(said: dict[str, Any]) -> bytes:
    return json.dumps(claims(**said)).encode()


def parts(*contents: Any) -> str:
    """A token made of anything: JSON of what is no bytes, and then base64."""
    return ".".join(
        base64.urlsafe_b64encode(part if isinstance(part, bytes) else json.dumps(part).encode()).rstrip(b"=").decode()
        for part in contents
    )
