"""API keys in the graph: nodes of their own, which no event touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from neo4j import Record

from graph.driver import Database
from graph.errors import DATABASE_ERRORS, translate
from graph.pages import END_OF_TIME
from graph.queries import Statement, statement
from signals.api_keys import ApiKey
from signals.clock import from_ms, to_ms

CREATE = statement("key_create")
LIST = statement("keys_list")
LIVE = statement("keys_live")
REVOKE = statement("key_revoke")
USED = statement("key_used")


class KeyStore:
    """Implements ``resolvers.ports.ApiKeys``. Raises Unavailable where the database is not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create_key(self, key: ApiKey, digest: str) -> None:
        """Store a key and the hash of its secret. Its id must be new."""
        properties = {
            "id": key.id,
            "name": key.name,
            "role": key.role,
            "userId": key.user_id,
            "createdAt": to_ms(key.created_at),
            "hash": digest,
        }
        await self._write(CREATE, {"p": properties})

    async def keys(self, first: int, *, revoked: bool) -> list[ApiKey]:
        """Newest first, equal ones by id; with those that were revoked, or without."""
        rows = await self._database.read(LIST, {"until": END_OF_TIME, "first": first, "revoked": revoked})
        return [_key(row["key"]) for row in rows]

    async def live_keys(self, timeout: float | None = None) -> Sequence[tuple[ApiKey, str]]:
        """All that are not revoked, each with the hash of its secret, in no order."""
        rows = await self._database.read(LIVE, {"until": END_OF_TIME}, timeout=timeout)
        return [(_key(row["key"]), row["key"]["hash"]) for row in rows]

    async def revoke_key(self, id: str, at: datetime) -> ApiKey | None:
        """The key, which lets nobody in from now on; None where there is none. Revoked before, it keeps that time."""
        rows = await self._write(REVOKE, {"id": id, "at": to_ms(at)})
        return _key(rows[0]["key"]) if rows else None

    async def key_used(self, id: str, at: datetime) -> None:
        """Note when a key was used last."""
        await self._write(USED, {"id": id, "at": to_ms(at)})

    async def _write(self, statement: Statement, parameters: Mapping[str, Any]) -> list[Record]:
        try:
            async with self._database.transaction(name=statement.name) as transaction:
                return await transaction.run(statement, parameters)
        except DATABASE_ERRORS as error:
            raise translate(error) from error


def _key(node: Mapping[str, Any]) -> ApiKey:
    return ApiKey(
        id=node["id"],
        name=node["name"],
        role=node["role"],
        created_at=from_ms(node["createdAt"]),
        user_id=node.get("userId"),
        last_used_at=_time(node.get("lastUsedAt")),
        revoked_at=_time(node.get("revokedAt")),
    )


def _time(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
