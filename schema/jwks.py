"""The public keys of whoever issues tokens (JSON Web Key Set, RFC 7517), from a file or an address.

A key decides by its kind which algorithm it verifies; what a token says of that is only compared with it. Keys that
are secret (``oct``, or with a private part) are no public keys and are left out, and so are weak ones.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import structlog
from jwt import PyJWK, PyJWTError

from schema.loopback import is_here
from schema.together import Together
from signals.errors import StartupError, Unavailable

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

ALGORITHMS: Final[Mapping[tuple[str, str | None], str]] = {
    ("RSA", None): "RS256",
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "EdDSA",
}
"""By ``kty`` and ``crv``."""
RSA_BITS = 2048
MOST_KEYS = 100
MOST_BYTES = 256_000
HEADERS: Final = {"accept": "application/json", "accept-encoding": "identity"}
TIMEOUT_S = 3.0
"""For the whole answer."""
FRESH_S = 600.0
"""After so long a key that is gone from the set verifies no longer."""
STALE_S = 24 * 3600.0
"""So long the keys of before are believed where the set cannot be had."""
FAILED_S = 5.0
"""Seconds until a set that could not be had is asked for again."""

Load = Callable[[], Awaitable[bytes]]


class KeySet:
    """The keys as they were loaded last. ``pause``: seconds between loads for the sake of a key that is not known."""

    def __init__(self, load: Load, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._load, self._pause, self._clock = load, pause, clock
        self._keys: dict[tuple[str, str | None], PyJWK] = {}
        self._loaded_at = self._tried_at = float("-inf")
        self._loading = Together(self._once)

    async def find(self, algorithm: str, kid: str | None) -> PyJWK | None:
        """The key of that name for that algorithm; without a name, the only one there is.

        Raises Unavailable where no keys could be had so far, or for a day.
        """
        if self._clock() - self._loaded_at > FRESH_S and self._due(FAILED_S):
            begun = self._loading.begin()
            if not self._keys:
                await asyncio.shield(begun)
        found = self._known(algorithm, kid)
        if found is None:
            if self._loading.under_way or self._due(self._pause):
                await self._loading.run()
            found = self._known(algorithm, kid)
        if self._clock() - self._loaded_at > STALE_S:
            raise Unavailable("The keys by which tokens are verified cannot be had at the moment. Try again shortly.")
        return found

    def _known(self, algorithm: str, kid: str | None) -> PyJWK | None:
        if kid is not None:
            return self._keys.get((algorithm, kid))
        found = [key for (name, _), key in self._keys.items() if name == algorithm]
        return found[0] if len(found) == 1 else None

    def _due(self, pause: float) -> bool:
        """Whether loading was not tried in the last ``pause`` seconds."""
        return self._clock() - self._tried_at > pause

    async def _once(self) -> None:
        self._tried_at = self._clock()
        try:
            self._keys = keys(await self._load())
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            log.warning("the keys of tokens cannot be had; those of before are used", cause=_said(error))
            return
        self._loaded_at = self._tried_at
        if not self._keys:
            log.warning("the key set holds no key that can be used: RS256, ES256 and EdDSA are")


def keys(text: bytes) -> dict[tuple[str, str | None], PyJWK]:
    """The usable keys of a set, by algorithm and ``kid``. Raises ValueError for what is no set."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    entries = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_KEYS:
        raise ValueError(f"it is no JSON Web Key Set of at most {MOST_KEYS} keys")
    usable: dict[tuple[str, str | None], PyJWK] = {}
    for entry in entries:
        if (key := _key(entry)) is not None:
            usable.setdefault((key.algorithm_name, entry.get("kid")), key)
    return usable


def _key(entry: Any) -> PyJWK | None:
    """A public key for signatures in one of our algorithms, or None."""
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str | None) or "d" in entry:
        return None
    kind, curve = entry.get("kty"), entry.get("crv")
    algorithm = ALGORITHMS.get((kind, curve)) if isinstance(kind, str) and isinstance(curve, str | None) else None
    operations = entry.get("key_ops")
    if (
        algorithm is None
        or entry.get("alg", algorithm) != algorithm
        or entry.get("use", "sig") != "sig"
        or not (operations is None or (isinstance(operations, list) and "verify" in operations))
    ):
        return None
    try:
        key = PyJWK(entry, algorithm)
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None
    return key if algorithm != "RS256" or key.key.key_size >= RSA_BITS else None


def of(place: str, pause: float) -> KeySet:
    """The set at an https address (http on this machine), or in a file. Raises StartupError for neither."""
    if "://" in place:
        return KeySet(_at(place), pause)
    load = _in(Path(place))
    try:
        found = keys(Path(place).read_bytes())
    except (OSError, ValueError) as error:
        raise StartupError(f"SOCIOGRAPH_JWKS: {place} cannot be read as a key set: {_said(error)}.") from error
    if not found:
        raise StartupError(f"SOCIOGRAPH_JWKS: {place} holds no key for RS256 (2048 bits), ES256 or EdDSA (Ed25519).")
    return KeySet(load, pause)


def _in(path: Path) -> Load:
    async def load() -> bytes:
        return await asyncio.to_thread(path.read_bytes)

    return load


def _at(url: str) -> Load:
    parts = urlsplit(url)
    if not (parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and is_here(parts.hostname)))):
        raise StartupError("SOCIOGRAPH_JWKS must be a file or an https:// address (http:// on this machine only).")

    async def load() -> bytes:
        return await fetched(url)

    return load


async def fetched(url: str, transport: httpx.AsyncBaseTransport | None = None) -> bytes:
    """What is at ``url``, without following it elsewhere. Raises httpx.HTTPError, and ValueError for too much."""
    text = b""
    try:
        async with (
            asyncio.timeout(TIMEOUT_S),
            httpx.AsyncClient(transport=transport, timeout=TIMEOUT_S, follow_redirects=False) as client,
            client.stream("GET", url, headers=HEADERS) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise ValueError(f"it answered {response.status_code}")
            async for part in response.aiter_raw():
                text += part
                if len(text) > MOST_BYTES:
                    raise ValueError(f"it is larger than {MOST_BYTES} bytes")
    except TimeoutError:
        raise ValueError(f"it did not answer within {TIMEOUT_S:g} seconds") from None
    return text


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
