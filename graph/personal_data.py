"""Everything that is held about a person, part by part and page by page: implements ``resolvers.ports.PersonalData``.

Pages go by keys and places in commit order, which writes do not move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeAlias

import orjson

from graph.driver import Database
from graph.erasing import ERASURES_OF_PERSON
from graph.pages import END_OF_TIME
from graph.queries import Statement, statement
from graph.records import event_of
from graph.standings import Standings
from signals import held
from signals.archive import KeptStanding, packed
from signals.audit import AuditFilter, AuditPage
from signals.clock import EPOCH, from_ms
from signals.errors import InvalidCursor
from signals.events import JSON
from signals.held import Page
from signals.packing import SEPARATOR, joined

HELD_KEYS = statement("held_keys")
HELD_USER = statement("held_user")
PATIENCE_S = 30.0
FEW = 1000
"""Of what a person has few of, all at once."""

Place: TypeAlias = str | int
Told: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any]]


class Audits(Protocol):
    """The log of who read what about whom."""

    async def entries(self, filter: AuditFilter, first: int, after: str | None, /) -> AuditPage: ...


@dataclass(frozen=True, slots=True)
class Part:
    """Records of one kind: a statement with ``$after`` and ``$limit``, where it begins, and how a node is told of."""

    name: str
    read: Statement
    told: Told
    begin: Place = ""
    subject: str | None = None


def _pair(name: str, node: Mapping[str, Any]) -> dict[str, Any]:
    user, _, other = node["key"].partition(SEPARATOR)
    return {name: held.pair(node, {"userId": user, "with": other})}


def _connection(node: Mapping[str, Any]) -> dict[str, Any]:
    one, _, other = node["key"].partition(SEPARATOR)
    return {"connection": {"between": [one, other], **held.plain({**node, "key": None})}}


PARTS = (
    Part("interactions", statement("held_interactions"), partial(_pair, "interaction")),
    Part("ties", statement("held_ties"), partial(_pair, "tie")),
    Part("tiesTowards", statement("held_ties_towards"), partial(_pair, "tie")),
    Part("connections", statement("held_connections"), _connection),
    Part("days", statement("held_days"), lambda node: {"day": held.day(node)}, -1, "u"),
    Part("daysTowards", statement("held_days"), lambda node: {"day": held.day(node)}, -1, "t"),
    Part("contents", statement("held_contents"), lambda node: {"content": held.content(node)}),
    Part("events", statement("held_events"), lambda node: packed(event_of(node)), -1),
    Part("eventsTowards", statement("held_events_towards"), lambda node: packed(event_of(node)), -1),
)
NAMES = ("person", *(part.name for part in PARTS), "audits")


class PersonalDataReader:
    """Reads what there is. Raises Unavailable."""

    def __init__(self, database: Database, standings: Standings, audits: Audits) -> None:
        self._database = database
        self._standings = standings
        self._audits = audits

    async def held_about(self, user_id: str, first: int, after: str | None) -> Page:
        """Up to ``first`` records (a few more of the first part), and where to go on. Raises InvalidCursor."""
        name, place = _place(after)
        if name == "person":
            return Page(tuple(await self._person(user_id)), _cursor(PARTS[0].name, PARTS[0].begin))
        if name == "audits":
            return await self._audited(user_id, first, str(place) or None)
        number = NAMES.index(name) - 1
        part = PARTS[number]
        parameters = {"id": user_id, "after": place, "limit": first}
        if part.subject is not None:
            parameters["subject"] = joined(part.subject, user_id)
        rows = await self._database.read(part.read, parameters, timeout=PATIENCE_S)
        records = tuple(part.told(row["node"]) for row in rows)
        if len(rows) == first:
            return Page(records, _cursor(name, rows[-1]["place"]))
        if number + 1 == len(PARTS):
            return Page(records, _cursor("audits", ""))
        return Page(records, _cursor(PARTS[number + 1].name, PARTS[number + 1].begin))

    async def _person(self, user_id: str) -> list[JSON]:
        """What there is one of, or a few."""
        users = await self._database.read(HELD_USER, {"id": user_id})
        keys = await self._database.read(HELD_KEYS, {"id": user_id, "until": END_OF_TIME})
        key = (await self._standings.keys()).of(user_id)
        [standing] = await self._standings.read([user_id])
        erasures = await self._database.read(ERASURES_OF_PERSON, {"key": key, "limit": FEW})
        return [
            *({"person": held.person(row["node"])} for row in users),
            {"consent": packed(KeptStanding(key, standing))["standing"]},
            *({"apiKey": held.plain(row["node"])} for row in keys),
            *({"erasure": held.plain(row["erasure"])} for row in erasures),
        ]

    async def _audited(self, user_id: str, first: int, after: str | None) -> Page:
        """Who read something about the person, or acted on them."""
        whole = AuditFilter(since=EPOCH, until=from_ms(END_OF_TIME - 1), user_id=user_id)
        page = await self._audits.entries(whole, first, after)
        records = tuple(
            {
                "audit": {
                    "at": _written(entry.at),
                    "kind": entry.deed.kind.value,
                    "role": entry.deed.role,
                    "fields": list(entry.deed.fields),
                    "count": entry.count,
                }
            }
            for entry in page.entries
        )
        return Page(records, _cursor("audits", page.cursors[-1]) if page.has_next else None)


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cursor(name: str, place: Place) -> str:
    return orjson.dumps([name, place]).decode()


def _place(cursor: str | None) -> tuple[str, Place]:
    """Raises InvalidCursor."""
    if cursor is None:
        return NAMES[0], ""
    try:
        name, place = orjson.loads(cursor)
    except ValueError:
        raise InvalidCursor from None
    number = NAMES.index(name) if isinstance(name, str) and name in NAMES else None
    if number is None:
        raise InvalidCursor
    begin: Place = PARTS[number - 1].begin if 0 < number <= len(PARTS) else ""
    if type(place) is not type(begin):
        raise InvalidCursor
    return name, place
