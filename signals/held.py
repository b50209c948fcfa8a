"""Everything that is held about a person, as JSON: one object per record, under the name of what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signals.clock import from_ms
from signals.events import JSON
from signals.latest import TAIL, Latest, LatestTimes
from signals.packing import unpack_rows
from signals.pairs import Pair
from signals.person_days import PersonDay
from signals.persons import CIRCLE, LINKS, TIMES, TOUCHED

MOMENTS = frozenset(
    {
        "first",
        "last",
        "at",
        "since",
        "touched",
        "engaged",
        "visited",
        "spoke",
        "createdAt",
        "lastUsedAt",
        "revokedAt",
        "requestedAt",
        "finishedAt",
        "erasedAt",
    }
)
"""Properties that are times, kept in epoch ms."""
INNER = frozenset({"changed", "hash", "state"})
"""What serves the database alone, or would let somebody in."""


@dataclass(frozen=True, slots=True)
class Page:
    """Records as JSON, maybe none, and where to go on; None at the end."""

    records: tuple[JSON, ...]
    next: str | None


def plain(node: Mapping[str, Any]) -> dict[str, Any]:
    """The properties, with times written out."""
    return {name: _told(name, value) for name, value in sorted(node.items()) if name not in INNER and value is not None}


def _time(ms: int) -> str:
    return from_ms(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _told(name: str, value: Any) -> Any:
    return _time(value) if name in MOMENTS and isinstance(value, int) else value


def person(node: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody's events add up to, with the lists of the latest."""
    lists = {
        name: [{"id": id, "at": _time(at)} for at, id, _ in Latest.unpack(node, name, size).members()]
        for name, size in (("touched", TOUCHED), ("circle", CIRCLE), ("links", LINKS))
    }
    times = [_time(at) for at in LatestTimes.unpack(node, "times", TIMES).times()]
    packed = {"times", *lists, "received", *(name + TAIL for name in ("times", *lists))}
    return {**plain({k: v for k, v in node.items() if k not in packed}), **lists, "times": times}


def pair(node: Mapping[str, Any], towards: Mapping[str, str]) -> dict[str, Any]:
    """What one did towards a content or a person; ``towards``: who and whom."""
    states = {name: state.on for name, state in Pair.unpack(node).states.items()}
    packed = {"key", "counts", "states", "heat"}
    rest = plain({name: value for name, value in node.items() if name not in packed})
    return {**towards, **rest, "counts": Pair.unpack(node).counts, "states": states}


def day(node: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody did on a UTC day, by quarter of an hour; or how much was done towards them."""
    at = _time(node["at"])
    if node["kind"] == "t":
        return {"day": at, "received": node["n"]}
    found = PersonDay.unpack("", node["at"], node)
    parts = [
        {"slot": p.slot, "type": p.type, "contentType": p.content_type, "country": p.country, "events": n, "ms": ms}
        | {"deviceType": p.device_type, "session": p.session}
        for p, (n, ms) in sorted(found.parts.items())
    ]
    return {"day": at, "done": node["n"], "parts": parts, "sessions": found.sessions, "contents": found.contents}


def content(node: Mapping[str, Any]) -> dict[str, Any]:
    """A content whose author somebody is said to be: what was registered."""
    tags = unpack_rows(node.get("tags"))
    facts = {name: node.get(name) for name in ("type", "id", "createdAt", "language")}
    return {**plain(facts), "tags": list(tags[0]) if tags else []}
