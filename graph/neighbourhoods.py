"""The people around a viewer: implements ``resolvers.ports.Neighbourhoods``."""

from __future__ import annotations

from collections.abc import Sequence

from graph.driver import Database
from graph.queries import statement
from signals.neighbourhood import full, nearer_first

FRIENDS_OF_USERS = statement("friends_of_users")


class NeighbourhoodReader:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def people(self, viewer_id: str, hops: int) -> tuple[str, ...]:
        """Whom one comes to in ``hops`` steps of friendship, nearer first, then by id; at most 1000."""
        rings: list[set[str]] = []
        people: Sequence[str] = (viewer_id,)
        for _ in range(hops):
            rings.append(await self._friends(people))
            people = nearer_first(rings, viewer_id)
            if full(people) or not people:
                break
        return nearer_first(rings, viewer_id)

    async def _friends(self, ids: Sequence[str]) -> set[str]:
        rows = await self._database.read(FRIENDS_OF_USERS, {"p": {"ids": list(ids)}})
        return {id for row in rows for id in row["ids"]}
