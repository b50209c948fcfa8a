"""Who calls: ``Authorization: Bearer`` and an API key or a token. docs/security.md says how to set it up."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from resolvers.api_keys import operator_key
from schema import jwks
from schema.keyring import Keyring
from schema.loopback import is_loopback
from schema.principal import Principal, Role
from schema.refusals import Turned, told
from schema.settings import Settings
from schema.tokens import Bad, Tokens
from signals.api_keys import OPERATOR, PREFIX, Shown, shown
from signals.errors import StartupError, Unavailable

LONGEST: Final = 8192
"""Characters of a credential; more are not looked at."""
SECRET_BYTES: Final = 32
"""RFC 7518, section 3.2: a shorter secret of HS256 can be guessed."""
COMMANDS: Final = Principal("operator", Role.ADMIN)
"""The commands of the server's own machine."""
MISSING: Final = "Say who calls: send the header `Authorization: Bearer` with an API key or a token"

OFF: Final = (
    "Authentication is off: every program of this machine may do everything. SOCIOGRAPH_AUTHENTICATION=on, or any of "
    "the SOCIOGRAPH_JWT_ settings, asks who calls (docs/security.md)."
)
REFUSED: Final = """\
Authentication is off, and other machines reach the address {host}: nothing would keep them from everything.
Do one of these:
  - ask callers who they are: SOCIOGRAPH_AUTHENTICATION=on, then `sociograph keys create NAME --role service`;
  - or take the tokens of your identity provider: SOCIOGRAPH_JWKS, SOCIOGRAPH_JWT_ISSUER and SOCIOGRAPH_JWT_AUDIENCE;
  - or listen on this machine alone: SOCIOGRAPH_HOST=127.0.0.1."""


class Unauthenticated(Turned):
    """Nobody is let in by this credential, or there is none."""

    def __init__(self, reason: str, *, wrong: bool = True) -> None:
        challenge = f'Bearer error="invalid_token", error_description="{reason}"' if wrong else "Bearer"
        super().__init__(
            HTTPStatus.UNAUTHORIZED, f"{reason}.", "UNAUTHENTICATED", headers={"www-authenticate": challenge}
        )


@dataclass(frozen=True, slots=True)
class Authentication:
    """Asks who calls. ``operator``: the key that the commands of this machine show."""

    keyring: Keyring
    tokens: Tokens | None
    operator: Shown

    async def principal(self, request: Request) -> Principal:
        """Who calls. Raises Unauthenticated, and Turned (503) where that cannot be found out at the moment."""
        try:
            return await self._of(_credential(request))
        except Bad as bad:
            raise Unauthenticated(str(bad)) from None
        except Unavailable as error:
            raise Turned(
                HTTPStatus.SERVICE_UNAVAILABLE, str(error), "UNAVAILABLE", headers={"retry-after": "1"}
            ) from error

    async def _of(self, credential: str) -> Principal:
        if credential.startswith(PREFIX):
            return await self._of_key(credential)
        if self.tokens is None:
            raise Bad("Tokens are not accepted here; send an API key")
        return await self.tokens.principal(credential)

    async def _of_key(self, credential: str) -> Principal:
        key = shown(credential)
        if key is not None and key.id == OPERATOR:
            same = hmac.compare_digest(key.digest(), self.operator.digest())
            principal = COMMANDS if same else None
        else:
            principal = None if key is None else await self.keyring.principal(key)
        if principal is None:
            raise Bad("This API key lets nobody in: it is wrong, or it was revoked")
        return principal


def _credential(request: Request) -> str:
    """What follows ``Bearer``. Raises Unauthenticated without it, and Bad for what is no such header."""
    sent = request.headers.getlist("authorization")
    if not sent:
        raise Unauthenticated(MISSING, wrong=False)
    scheme, _, credential = sent[0].partition(" ")
    if len(sent) > 1 or scheme.lower() != "bearer" or not credential.strip():
        raise Bad("Send one header of the form `Authorization: Bearer CREDENTIAL`")
    if len(credential) > LONGEST:
        raise Bad(f"The credential is longer than {LONGEST} characters")
    return credential.strip()


def is_on(settings: Settings) -> bool:
    """Whether callers are asked who they are. Raises StartupError where the settings contradict each other."""
    tokens = bool(settings.jwt_secret or settings.jwks)
    if settings.authentication == "off" and tokens:
        raise StartupError("SOCIOGRAPH_AUTHENTICATION is off, and tokens are set up by SOCIOGRAPH_JWT_...: choose one.")
    return tokens or settings.authentication == "on"


def of(settings: Settings, keyring: Keyring) -> Authentication | None:
    """Who is let in by these settings; None while authentication is off. Raises StartupError where they do not fit."""
    tokens = tokens_of(settings)
    return Authentication(keyring, tokens, operator_key()) if is_on(settings) else None


def tokens_of(settings: Settings) -> Tokens | None:
    """Which tokens are accepted; None where none are. Raises StartupError."""
    secret = settings.jwt_secret.get_secret_value().encode() if settings.jwt_secret else None
    if secret is None and settings.jwks is None:
        if settings.jwt_issuer or settings.jwt_audience:
            raise StartupError("SOCIOGRAPH_JWT_ISSUER and SOCIOGRAPH_JWT_AUDIENCE need SOCIOGRAPH_JWKS.")
        return None
    if secret is not None and (len(secret) < SECRET_BYTES or b"-----BEGIN" in secret):
        raise StartupError(
            f"SOCIOGRAPH_JWT_SECRET must be a secret of at least {SECRET_BYTES} bytes, not a public key; "
            "`openssl rand -base64 48` makes one."
        )
    if settings.jwks is not None and not (settings.jwt_issuer and settings.jwt_audience):
        raise StartupError(
            "SOCIOGRAPH_JWKS needs SOCIOGRAPH_JWT_ISSUER and SOCIOGRAPH_JWT_AUDIENCE: the same keys sign tokens for "
            "other services too."
        )
    return Tokens(
        secret,
        None if settings.jwks is None else jwks.of(settings.jwks, settings.jwks_pause),
        settings.jwt_issuer,
        settings.jwt_audience,
        settings.jwt_role_claim,
        settings.jwt_leeway,
    )


def check_address(host: str, authentication: Authentication | None) -> None:
    """Raise StartupError where ``host``, an IP address, lets in other machines and nobody asks who they are."""
    if authentication is None and not is_loopback(host):
        raise StartupError(REFUSED.format(host=host))


Endpoint = Callable[[Request], Awaitable[Response]]


def guard(authentication: Authentication | None, roles: Collection[Role]) -> Callable[[Endpoint], Endpoint]:
    """What keeps an endpoint for callers in these roles; without ``authentication`` it is for everybody."""

    def guarded(endpoint: Endpoint) -> Endpoint:
        async def answer(request: Request) -> Response:
            try:
                if authentication is not None and (await authentication.principal(request)).role not in roles:
                    raise Turned(HTTPStatus.FORBIDDEN, f"This is for the roles {', '.join(roles)}.", "FORBIDDEN")
            except Turned as error:
                return told(error)
            return await endpoint(request)

        return answer

    return guarded
