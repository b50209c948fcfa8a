"""Which web pages may make a browser call: none of other origins, unless that was set.

A browser sends some requests of foreign pages without asking first (a GET by an image, a form or a script). Nothing is
changed by a GET here, but reading costs, and an API on loopback asks nobody who they are. So a request that needs no
leave is turned away where the browser says that a foreign page makes it (Fetch Metadata, or ``Origin``), unless it has
a header that needs leave, which CORS then gave. A POST needs leave in any case: its body is JSON and said to be.

A page of a foreign name that points to this machine (DNS rebinding) is no foreign page to the browser. While nobody is
asked who they are, a request must therefore name this machine, or a name that was set, as its host.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers

from schema.refusals import Turned

CODE = "FOREIGN_PAGE"
NEED_LEAVE = ("authorization", "x-requested-with", "graphql-require-preflight", "apollo-require-preflight")
"""Headers that a foreign page cannot send without leave."""
OWN = {"same-origin", "none"}
"""What Fetch Metadata says of requests by our own pages, and by people themselves (an address typed in)."""
EVERYONE = "*"


@dataclass(frozen=True, slots=True)
class Origins:
    """``allowed``: origins that may call besides our own, ``*`` for all; ``hosts``: names we may be called by, or any.

    A name in ``hosts`` goes without a port.
    """

    allowed: Collection[str] = ()
    hosts: Collection[str] | None = None

    def check(self, method: str, headers: Headers) -> None:
        """Raises Turned."""
        if self.hosts is not None and not self._is_ours(headers.get("host", "")):
            raise Turned(
                HTTPStatus.MISDIRECTED_REQUEST,
                "While authentication is off, this API is called by localhost, 127.0.0.1 or [::1] only; "
                "SOCIOGRAPH_HOSTS adds names.",
                "WRONG_HOST",
            )
        if method == "GET" and not any(name in headers for name in NEED_LEAVE) and self._is_foreign(headers):
            raise Turned(
                HTTPStatus.FORBIDDEN,
                "A page of another origin asks. SOCIOGRAPH_CORS_ORIGINS lets it; then send the query by POST, or with "
                f"the header {NEED_LEAVE[2]}.",
                CODE,
            )

    def _is_ours(self, host: str) -> bool:
        name = _split(f"//{host}").hostname or ""
        return name in (self.hosts or ()) or name == "localhost" or _is_loopback(name)

    def _is_foreign(self, headers: Headers) -> bool:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if EVERYONE in self.allowed or origin in self.allowed:
            return False
        if site is not None:
            return site not in OWN
        return origin is not None and _split(origin).netloc != headers.get("host")


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
