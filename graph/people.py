"""Reads over users and what stands between them: implements ``resolvers.ports.People``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from graph.driver import Database
from graph.queries import statement
from graph.records import event_of
from signals.clock import from_ms, to_ms
from signals.connections import pair_key
from signals.conversations import conversation
from signals.items import by_type
from signals.packing import joined, unpack_counts
from signals.pairs import VISIT, Pair
from signals.people import Connection, ConnectionStatus, Conversation, ProfileVisitor, SocialRelation
from signals.vocabulary import Vocabulary

CONNECTION_BY_KEY = statement("connection_by_key")
CONNECTIONS_OF_USER = statement("connections_of_user")
MESSAGES_OF_PAIRS = statement("messages_of_pairs")
TIE_BY_KEY = statement("tie_by_key")
USERS_SEEN = statement("users_seen")
VISITORS_OF_USER = statement("visitors_of_user")
VISITS_OF_PAIRS = statement("visits_of_pairs")

MESSAGES = 500


class PeopleReader:
    def __init__(self, database: Database, vocabulary: Vocabulary) -> None:
        self._database = database
        self._vocabulary = vocabulary

    async def seen(self, user_ids: Sequence[str]) -> list[bool]:
        """Whether each did something, had something done to them, or wrote something."""
        known = {row["id"] for row in await self._database.read(USERS_SEEN, {"ids": list(user_ids)})}
        return [id in known for id in user_ids]

    async def connections(self, user_id: str, status: ConnectionStatus, first: int) -> list[Connection]:
        """Latest first by (since, other id)."""
        parameters = {"id": user_id, "status": status.value, "limit": first}
        rows = await self._database.read(CONNECTIONS_OF_USER, parameters)
        return [_connection(user_id, row["other"], row["connection"]) for row in rows]

    async def connection(self, user_id: str, other_id: str) -> Connection | None:
        parameters = {"key": pair_key(user_id, other_id)}
        row = await self._database.single(CONNECTION_BY_KEY, parameters)
        return None if row is None else _connection(user_id, other_id, row["connection"])

    async def visitors(self, user_id: str, since: datetime | None, first: int) -> list[ProfileVisitor]:
        """Latest first by (last visit, visitor id)."""
        start = 0 if since is None else to_ms(since)
        rows = await self._database.read(VISITORS_OF_USER, {"id": user_id, "since": start, "limit": first})
        counts = {row["pair"]: unpack_counts(row["counts"]).get(VISIT, 0) for row in rows if row["whole"]}
        partial = [row["pair"] for row in rows if not row["whole"]]
        if partial:
            visits = await self._database.read(VISITS_OF_PAIRS, {"pairs": partial, "since": start})
            counts.update((row["pair"], row["n"]) for row in visits)
        return [
            ProfileVisitor(
                user_id=row["visitor"], visits=counts.get(row["pair"], 0), last_visit_at=from_ms(row["last"])
            )
            for row in rows
        ]

    async def relation(self, user_id: str, other_id: str) -> SocialRelation | None:
        row = await self._database.single(TIE_BY_KEY, {"key": joined(user_id, other_id)})
        if row is None:
            return None
        pair = Pair.unpack(row["pair"])
        return SocialRelation(
            user_id=user_id,
            other_id=other_id,
            states=tuple(pair.on()),
            by_type=by_type(pair.counts, self._vocabulary),
            first_at=from_ms(pair.first),
            last_at=from_ms(pair.last),
        )

    async def conversation(self, user_id: str, other_id: str) -> Conversation:
        pairs = [joined(user_id, other_id), joined(other_id, user_id)]
        rows = await self._database.read(MESSAGES_OF_PAIRS, {"pairs": pairs, "limit": MESSAGES})
        return conversation(user_id, (event_of(row["event"]) for row in rows))


def _connection(user_id: str, other_id: str, properties: Mapping[str, Any]) -> Connection:
    return Connection(
        user_id=user_id,
        other_id=other_id,
        status=ConnectionStatus(properties["status"]),
        requested_by=properties.get("requestedBy"),
        since=from_ms(properties["since"]),
        response_ms=properties.get("responseMs"),
    )
