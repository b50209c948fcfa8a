"""Requests that do not get as far as GraphQL: how they are told, always as JSON and in the shape of a GraphQL error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
from cross_web import HTTPException
from starlette.responses import Response

JSON_TYPE: Final = "application/json"
METHODS: Final = ("GET", "POST")

CODES: Final = {
    HTTPStatus.METHOD_NOT_ALLOWED: "METHOD_NOT_ALLOWED",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "BODY_TOO_LARGE",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
    HTTPStatus.SERVICE_UNAVAILABLE: "TIMEOUT",
}


class Turned(HTTPException):
    """A request that is turned away. ``code`` and ``said`` go into the error's extensions, ``headers`` out with it."""

    def __init__(
        self,
        status: HTTPStatus,
        reason: str,
        code: str,
        headers: Mapping[str, str] | None = None,
        said: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(status, reason)
        self.code = code
        self.headers = dict(headers or {})
        self.said = dict(said or {})


def told(error: HTTPException, media_type: str = JSON_TYPE) -> Response:
    """The answer to a request that raised ``error``."""
    if not isinstance(error, Turned):
        return refusal(error.status_code, error.reason, media_type)
    extensions = {"code": error.code, **error.said}
    return _answer(error.status_code, error.reason, extensions, error.headers, media_type)


def refusal(status: int, reason: str, media_type: str = JSON_TYPE) -> Response:
    """A request that did not get as far as GraphQL, as a GraphQL error."""
    headers = {"allow": ", ".join(METHODS)} if status == HTTPStatus.METHOD_NOT_ALLOWED else {}
    return _answer(status, reason, {"code": CODES.get(HTTPStatus(status), "BAD_REQUEST")}, headers, media_type)


def _answer(
    status: int, reason: str, extensions: Mapping[str, Any], headers: Mapping[str, str], media_type: str
) -> Response:
    body = write_json({"errors": [{"message": reason, "extensions": extensions}]})
    return Response(body, status, headers=dict(headers), media_type=media_type)


def write_json(data: object) -> bytes:
    """Compact UTF-8; what orjson refuses (half characters, integers beyond 64 bits) is escaped or written out."""
    try:
        return orjson.dumps(data)
    except TypeError:
        return json.dumps(data, separators=(",", ":")).encode()
