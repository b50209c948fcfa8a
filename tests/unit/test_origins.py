"""Which web pages may make a browser call."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from schema.origins import NEED_LEAVE, Origins
from schema.refusals import Turned

HOST = {"host": "api.example:8000"}
FRIEND = "https://app.example"


def code(origins: Origins, method: str = "GET", **headers: str) -> str | None:
    """Why a request is turned away, or None."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        origins.check(method, Headers(HOST | named))
    except Turned as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({}, None),
        ({"sec_fetch_site": "same-origin"}, None),
        ({"sec_fetch_site": "none"}, None),
        ({"sec_fetch_site": "same-origin", "origin": "https://public.name"}, None),
        ({"sec_fetch_site": "cross-site"}, "FOREIGN_PAGE"),
        ({"sec_fetch_site": "same-site"}, "FOREIGN_PAGE"),
        ({"sec_fetch_site": "cross-site", "origin": "http://api.example:8000"}, "FOREIGN_PAGE"),
        ({"origin": "http://api.example:8000"}, None),
        ({"origin": "http://api.example"}, "FOREIGN_PAGE"),
        ({"origin": "https://evil.example"}, "FOREIGN_PAGE"),
        ({"origin": "null"}, "FOREIGN_PAGE"),
        ({"origin": "http://[::1"}, "FOREIGN_PAGE"),
        ({"origin": FRIEND, "sec_fetch_site": "cross-site"}, "FOREIGN_PAGE"),
    ],
)
def test_what_foreign_pages_may_get_without_leave(headers: dict[str, str], found: str | None) -> None:
    assert code(Origins(), **headers) == found


@pytest.mark.parametrize("name", NEED_LEAVE)
def test_a_header_that_needs_leave_lets_in(name: str) -> None:
    assert code(Origins(), sec_fetch_site="cross-site", **{name.replace("-", "_"): "1"}) is None


def test_pages_that_were_set_are_let_in() -> None:
    asks = {"origin": FRIEND, "sec_fetch_site": "cross-site"}
    assert code(Origins((FRIEND,)), **asks) is None
    assert code(Origins(("*",)), **asks) is None
    assert code(Origins(("https://other.example",)), **asks) == "FOREIGN_PAGE"
    # An image names no origin: it is nobody's whom one could have let in.
    assert code(Origins((FRIEND,)), sec_fetch_site="cross-site") == "FOREIGN_PAGE"


def test_a_post_asks_for_leave_by_its_content_type() -> None:
    assert code(Origins(), "POST", origin="https://evil.example", sec_fetch_site="cross-site") is None


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("localhost", None),
        ("localhost:8000", None),
        ("LOCALHOST:8000", None),
        ("127.0.0.1:8000", None),
        ("127.9.9.9", None),
        ("[::1]:8000", None),
        ("box.lan:8000", None),
        ("", "WRONG_HOST"),
        ("evil.example", "WRONG_HOST"),
        ("evil.example:8000", "WRONG_HOST"),
        ("localhost.evil.example", "WRONG_HOST"),
        ("127.0.0.1.evil.example:8000", "WRONG_HOST"),
        ("localhost@evil.example", "WRONG_HOST"),
        ("192.0.2.1", "WRONG_HOST"),
        ("[::1", "WRONG_HOST"),
        ("localhost:port", None),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_name_for_this_machine_is_turned_away(host: str, found: str | None, method: str) -> None:
    assert code(Origins(hosts=("box.lan",)), method, host=host) == found
    assert code(Origins(hosts=None), method, host=host) is None
