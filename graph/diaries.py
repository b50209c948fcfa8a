"""What people did, as columns: implements ``resolvers.ports.Diaries``.

Columns are read and not nodes, because nodes take three times as long; rows are sorted here, because ArcadeDB takes
longer to sort them.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from graph.driver import Database
from graph.queries import statement
from graph.recording import padded
from graph.stamps import settled
from signals.behaviour import Received
from signals.clock import DAY_MS
from signals.diary import Entry, Moment
from signals.packing import unpack_rows

DIARY = statement("diary")
DIARY_CHANGED = statement("diary_changed")
DIARY_MOMENTS = statement("diary_moments")
DIARY_RECEIVED = statement("diary_received")
DIARY_ZONE = statement("diary_zone")
TAGS_OF_CONTENTS = statement("tags_of_contents")

AT_ONCE = 100
"""People in a statement."""
CONTENTS = 1000
"""Contents in a statement."""
LATELY_MS = 30 * DAY_MS
"""So far back a zone is looked for first."""
PATIENCE_S = 30.0
"""For a statement: a million events take their time."""

by_time = itemgetter(0, 1)


class DiaryReader:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def diary(self, user_ids: Sequence[str], since: int, until: int, metadata: bool = False) -> list[Entry]:
        """Their events in [since, until), epoch ms; oldest first by (at, id). ``metadata``: with it."""
        rows: list[list[Any]] = []
        for start in range(0, len(user_ids), AT_ONCE):
            actors = padded({"actors": list(user_ids[start : start + AT_ONCE])})
            parameters = {**actors, "from": since, "until": until, "metadata": metadata}
            for record in await self._database.read(DIARY, parameters, timeout=PATIENCE_S):
                rows += record["rows"]
        rows.sort(key=by_time)
        return list(map(Entry._make, rows))

    async def moments(self, user_id: str) -> list[Moment]:
        """When a user did anything, oldest first by (at, id)."""
        record = await self._database.single(DIARY_MOMENTS, {"actor": user_id}, timeout=PATIENCE_S)
        rows: list[list[Any]] = [] if record is None else record["rows"]
        rows.sort(key=by_time)
        return list(map(Moment._make, rows))

    async def changed(self, user_id: str) -> str | None:
        """Another one after every transaction that changed what a user did; None for nobody, and amid a change."""
        record = await self._database.single(DIARY_CHANGED, {"id": user_id})
        return None if record is None else settled(record["changed"])

    async def zone_before(self, user_id: str, until: int) -> str | None:
        """The time zone of the user's latest event before ``until``, epoch ms, that carries one."""
        for since in (until - LATELY_MS, 0):
            parameters = {"actor": user_id, "from": since, "until": until}
            record = await self._database.single(DIARY_ZONE, parameters)
            if record is not None:
                zone: str = record["zone"]
                return zone
        return None

    async def received(self, user_id: str, since: int, until: int) -> list[Received]:
        """Messages and steps of connections towards a user in [since, until), epoch ms; oldest first by (at, id)."""
        parameters = {"user": user_id, "from": since, "until": until}
        record = await self._database.single(DIARY_RECEIVED, parameters, timeout=PATIENCE_S)
        rows: list[list[Any]] = [] if record is None else record["rows"]
        rows.sort(key=by_time)
        return list(map(Received._make, rows))

    async def tags(self, content_keys: Sequence[str]) -> dict[str, list[str]]:
        """The tags of contents by key; those without any are left out."""
        found: dict[str, list[str]] = {}
        for start in range(0, len(content_keys), CONTENTS):
            keys = padded({"keys": list(content_keys[start : start + CONTENTS])})
            record = await self._database.single(TAGS_OF_CONTENTS, keys, timeout=PATIENCE_S)
            rows = [] if record is None else record["rows"]
            found.update((key, packed[0]) for key, tags in rows if (packed := unpack_rows(tags)))
        return found
