"""What every answer tells browsers: that it is data and not a page, whom it is shown to, and how to come again."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The policy of an answer that is no page: it loads nothing, runs nothing and stands in no frame."""
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # dialogs hold the page still by a style element
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""The policy of the GraphiQL page: what is served from here, and no script that stands in the page itself."""
POLICY = "content-security-policy"

COMMON: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    POLICY: NOTHING,
    "cache-control": "no-store",
}


class SecurityHeaders:
    """Adds them to all answers that do not say otherwise. ``hsts``: seconds for which browsers keep to https, 0: none.

    Answers are about people: no cache keeps them, but where they say so themselves.
    """

    def __init__(self, app: ASGIApp, hsts: int = 0) -> None:
        self.app = app
        self.headers = dict(COMMON)
        if hsts:
            self.headers["strict-transport-security"] = f"max-age={hsts}; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, sending)

    def _add(self, headers: MutableHeaders) -> None:
        for name, value in self.headers.items():
            headers.setdefault(name, value)
