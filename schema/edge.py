"""What stands between the network and GraphQL, as the settings say: what every answer goes through, and refusals."""

from __future__ import annotations

import strawberry
import structlog
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from schema.documents_by_id import AnyDocument, Documents, TrustedDocuments
from schema.gate import Gate
from schema.headers import COMMON, SecurityHeaders
from schema.limits import Limits
from schema.origins import Origins
from schema.rate_limits import RateLimits, rates
from schema.refusals import refusal
from schema.settings import Settings

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def limits(settings: Settings) -> Limits:
    """How much one request may ask for."""
    return Limits(settings.max_tokens, settings.max_depth, settings.max_aliases, settings.max_cost)


def middleware(settings: Settings) -> list[Middleware]:
    """What every answer goes through."""
    return [Middleware(SecurityHeaders, hsts=settings.hsts), *cross_origin(settings)]


def cross_origin(settings: Settings) -> list[Middleware]:
    """Leave for web pages of other origins to call the API, where there are any."""
    if not settings.cors_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
            expose_headers=["retry-after", "www-authenticate"],
            max_age=86_400,
        )
    ]


def gate(settings: Settings, schema: strawberry.Schema, *, asked: bool) -> Gate:
    """What stands before GraphQL. ``asked``: callers say who they are, so that any name for this host will do.

    Raises StartupError for trusted documents that cannot be run.
    """
    path = settings.trusted_documents
    trusted: Documents = AnyDocument()
    if path is not None:
        trusted = TrustedDocuments.load(path, schema._schema, free_admins=settings.trusted_documents_free_admins)
    origins = Origins(settings.cors_origins, None if asked else settings.hosts)
    return Gate(origins, RateLimits(rates(settings.rate_limits)), trusted)


async def to_graphql(_: Request) -> Response:
    """The API has one address."""
    return RedirectResponse("/graphql")


async def refused(_: Request, error: Exception) -> Response:
    """An address or a method that does not exist, as JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    return refusal(status, getattr(error, "detail", str(error)))


async def broken(_: Request, error: Exception) -> Response:
    """A fault of ours: the log has all of it (the server writes it there), the caller learns nothing."""
    log.error("unexpected failure", error=type(error).__name__)
    answer = refusal(500, "Something went wrong here. It has been logged.")
    answer.headers.update(COMMON)  # it is made outside of all middleware
    return answer
