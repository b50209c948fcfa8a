"""How fast somebody may call: a bucket of tokens for each caller, filled at a rate, of which every call takes some.

A bucket is one number, the time at which it will be full again (the generic cell rate algorithm, ATM Forum 1996). What
is over then has no bucket: it is full. A request that costs more than a bucket holds is let in while it is full, and
leaves a debt, so that the rate holds whatever the size of requests.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address

from cachetools import LRUCache

from schema.principal import LOCAL, Principal
from schema.refusals import Turned

CODE = "RATE_LIMITED"
KEPT = 65_536
"""Callers of a kind that have a bucket; of more, those who have not called for longest start with a full one."""
EQUAL_S = 1e-6
"""Seconds that do not matter: sums of floats are not exact."""
SHARED_BITS = 64
"""Bits that the IPv6 addresses of one household have in common."""
RATE = re.compile(r"(\d+(?:\.\d+)?)/([1-9]\d*)")


class Kind(StrEnum):
    """Who calls: a principal by role, a local caller by address, an unknown one (whose credential is wrong) as well."""

    CLIENT = "client"
    SERVICE = "service"
    ANALYST = "analyst"
    ADMIN = "admin"
    LOCAL = "local"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rate:
    """Tokens ``per_second``, and so many at once after a while of silence."""

    per_second: float
    burst: int


STANDARD = "client=10/100 analyst=5/50 unknown=5/50"


def rates(text: str) -> dict[Kind, Rate | None]:
    """From ``client=10/100 service=none``: kinds that are not named keep the standard. Raises ValueError."""
    found: dict[Kind, Rate | None] = dict.fromkeys(Kind)
    for part in f"{STANDARD} {text}".replace(",", " ").split():
        kind, _, rate = part.partition("=")
        if kind not in set(Kind):
            raise ValueError(f"{kind!r} is none of {', '.join(Kind)}")
        found[Kind(kind)] = None if rate == "none" else _rate(part, rate)
    return found


def _rate(part: str, text: str) -> Rate:
    match = RATE.fullmatch(text)
    if match is None or float(match[1]) <= 0:
        raise ValueError(f"{part!r}: write tokens per second and tokens at once, such as client=10/100, or client=none")
    return Rate(float(match[1]), int(match[2]))


class RateLimited(Turned):
    """Not now. ``wait``: seconds after which the same is let in, if nobody else of that bucket calls."""

    def __init__(self, wait: float) -> None:
        self.wait_ms = math.ceil(wait * 1000)
        super().__init__(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"That is too much at once: try again in {self.wait_ms} ms, and send many events in one trackBatch.",
            CODE,
            {"retry-after": retry_after(self.wait_ms)},
            {"retryAfterMs": self.wait_ms},
        )


def retry_after(wait_ms: int) -> str:
    """The header: whole seconds."""
    return str(max(1, math.ceil(wait_ms / 1000)))


@dataclass
class RateLimits:
    """The buckets of everybody. ``clock``: seconds that never go back."""

    rates: Mapping[Kind, Rate | None] = field(default_factory=lambda: rates(STANDARD))
    clock: Callable[[], float] = time.monotonic
    kept: int = KEPT

    def __post_init__(self) -> None:
        # Each kind has room of its own, so that no crowd of strangers drives out the buckets of those who are known.
        self._full_at: dict[Kind, LRUCache[str, float]] = {kind: LRUCache(self.kept) for kind in Kind}

    def wait(self, kind: Kind, name: str, cost: int, taken: int = 0) -> float:
        """Take what ``cost`` tokens are beyond those ``taken`` for it before, and answer 0.

        Where there are not as many, take none and answer how many seconds to wait.
        """
        rate = self.rates[kind]
        if rate is None or cost <= taken:
            return 0.0
        buckets, now = self._full_at[kind], self.clock()
        full_at = max(buckets.get(name, now), now)
        spare = (rate.burst - min(cost, rate.burst) + taken) / rate.per_second
        if full_at - now > spare + EQUAL_S:
            return full_at - now - spare
        buckets[name] = full_at + (cost - taken) / rate.per_second
        return 0.0

    def allowance(self, principal: Principal, address: str | None) -> Allowance:
        """Of a caller: the principal's, or the address's where nobody is told from another."""
        if principal == LOCAL:
            return Allowance(self, Kind.LOCAL, place(address))
        return Allowance(self, Kind(principal.role), principal.id)

    def unknown(self, address: str | None) -> Allowance:
        """Of an address from which a wrong credential came."""
        return Allowance(self, Kind.UNKNOWN, place(address))


@dataclass(frozen=True, slots=True)
class Allowance:
    """One caller's bucket."""

    limits: RateLimits
    kind: Kind
    name: str

    def take(self, cost: int = 1, taken: int = 0) -> None:
        """See ``RateLimits.wait``. Raises RateLimited."""
        wait = self.limits.wait(self.kind, self.name, cost, taken)
        if wait > 0:
            raise RateLimited(wait)


UNLIMITED = Allowance(RateLimits(dict.fromkeys(Kind)), Kind.LOCAL, "")


def place(address: str | None) -> str:
    """Whose bucket an address has: its own, or that of the network where it is one of very many."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return address or ""
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> SHARED_BITS << SHARED_BITS))
