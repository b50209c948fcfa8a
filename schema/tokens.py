"""JSON Web Tokens (RFC 7519, with the advice of RFC 8725): what makes one good, and whom it stands for.

Everything that a token says of itself is only compared with what was set: its algorithm with that of the key, its key
by name with those of the set. Addresses and keys inside tokens (``jku``, ``jwk``, ``x5u`` ...) are never looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jwt
from jwt import PyJWK

from schema.jwks import ALGORITHMS, KeySet
from schema.principal import Principal, Role
from signals.checks import identifier
from signals.forms import Wrong

SHARED: Final = "HS256"
"""The algorithm whose key both sides know."""
LONGEST_KID = 256
TYPES: Final = {"jwt", "at+jwt", "application/jwt", "application/at+jwt"}
"""``typ`` of tokens that say who calls; others (of logouts, of proofs) are made by the same keys for other ends."""
TRUST: Final = (Role.ADMIN, Role.SERVICE, Role.ANALYST, Role.CLIENT)
"""The first one of several counts."""


class Bad(Exception):
    """A credential that lets nobody in; the message says why, in words that may go into a header."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What was set. ``secret``: for HS256. ``keys``: for RS256, ES256 and EdDSA. ``leeway``: seconds clocks differ."""

    secret: bytes | None = field(default=None, repr=False)
    keys: KeySet | None = None
    issuer: str | None = None
    audience: tuple[str, ...] = ()
    role_claim: str = "role"
    leeway: float = 30.0

    async def principal(self, token: str) -> Principal:
        """Whom a token stands for. Raises Bad, and Unavailable where the keys cannot be had."""
        if not token.isascii():
            raise Bad("The token is not valid")
        try:
            claims = self._claims(token, await self._key(jwt.get_unverified_header(token)))
        except jwt.PyJWTError as error:
            raise Bad(_explained(error)) from None
        try:
            user_id = identifier(claims["sub"])
        except Wrong as wrong:
            raise Bad(f"The sub claim is no user id: it {wrong.problems[0].message}") from None
        return Principal(f"user:{user_id}", role_of(claims, self.role_claim), user_id)

    async def _key(self, header: Mapping[str, Any]) -> bytes | PyJWK:
        """The key for an algorithm that was set, never the other way round."""
        algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ")
        if kind is not None and not (isinstance(kind, str) and kind.lower() in TYPES):
            raise Bad("A token of this type says nothing of who calls")
        if kid is not None and len(kid) > LONGEST_KID:
            raise Bad("The name of the key is too long")
        if algorithm == SHARED and self.secret is not None:
            return self.secret
        if self.keys is None or not isinstance(algorithm, str) or algorithm not in ALGORITHMS.values():
            raise Bad("The algorithm of the token is not accepted here")
        key = await self.keys.find(algorithm, kid)
        if key is None:
            raise Bad("No key that is known here signed the token")
        return key

    def _claims(self, token: str, key: bytes | PyJWK) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name if isinstance(key, PyJWK) else SHARED],
            audience=self.audience or None,
            issuer=self.issuer,
            leeway=self.leeway,
            options={"require": ["exp", "sub"], "verify_iss": self.issuer is not None},
        )


def role_of(claims: Mapping[str, Any], name: str) -> Role:
    """The role that a claim names; where it is a list, the most trusted one of those that are roles here.

    ``name`` is that of the claim, or a path through objects with dots. Without the claim: client. Raises Bad.
    """
    said = claims[name] if name in claims else _along(claims, name.split("."))
    if said is None:
        return Role.CLIENT
    if isinstance(said, list):
        return next((role for role in TRUST if role.value in said), Role.CLIENT)
    try:
        return Role(said)
    except ValueError:
        raise Bad("The token names a role that there is not") from None


def _along(value: Any, path: list[str]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _explained(error: jwt.PyJWTError) -> str:
    """Without anything of the token in it."""
    for kind, said in SAID.items():
        if isinstance(error, kind):
            return said
    return "The token is not valid"


SAID: Final[Mapping[type[jwt.PyJWTError], str]] = {
    jwt.ExpiredSignatureError: "The token has expired",
    jwt.ImmatureSignatureError: "The token is not valid yet",
    jwt.InvalidAudienceError: "The token is for another audience",
    jwt.InvalidIssuerError: "The token is of another issuer",
    jwt.MissingRequiredClaimError: "The token lacks a claim: exp and sub, and iss and aud where they are set",
    jwt.InvalidSignatureError: "The signature of the token is wrong",
    jwt.InvalidAlgorithmError: "The algorithm of the token is not accepted here",
}
