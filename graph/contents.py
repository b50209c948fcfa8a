"""Reads over content: implements ``resolvers.ports.ContentsInDepth``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from graph.driver import Database
from graph.history import MANY_DAYS, windows
from graph.queries import statement
from graph.registering import content_of
from signals.clock import from_ms, to_ms
from signals.content import Content, ContentRelation, Depth, Engagement
from signals.events import ContentRef
from signals.funnel import funnel
from signals.interactions import Interaction, added_up, depth
from signals.items import Item, by_type
from signals.packing import joined
from signals.pairs import Pair
from signals.rollups import day_of
from signals.vocabulary import Vocabulary

DAYS_OF_SUBJECT = statement("days_of_subject")
INTERACTIONS_OF_CONTENT = statement("interactions_of_content")
DWELL_OF_CONTENT = statement("dwell_of_content")
FUNNEL_OF_CONTENT = statement("funnel_of_content")
CONTENTS_BY_KEY = statement("contents_by_key")
INTERACTED_BY_KEY = statement("interacted_by_key")

AT_ONCE = 50_000
"""Events in a statement, about."""
PATIENCE_S = 30.0
"""For a statement of so many."""


class ContentReader:
    def __init__(self, database: Database, vocabulary: Vocabulary) -> None:
        self._database = database
        self._vocabulary = vocabulary

    async def contents(self, refs: Sequence[ContentRef]) -> list[Content | None]:
        """One per reference; None for what was neither registered nor interacted with."""
        known = await self._nodes(refs)
        return [content_of(known[ref.key]) if _exists(known.get(ref.key)) else None for ref in refs]

    async def engagements(self, refs: Sequence[ContentRef], at: datetime) -> list[Engagement]:
        """One per reference, zeros for unknown ones; ``at`` ages the popularity."""
        known = await self._nodes(refs)
        return [Item.unpack(known.get(ref.key, {})).engagement(ref, self._vocabulary, at) for ref in refs]

    async def engagement_as_of(
        self, ref: ContentRef, at: datetime, since: datetime | None = None, *, deep: bool = False
    ) -> Engagement:
        """From the interactions that had occurred by ``at``, from ``since`` on: folded from the log."""
        interactions = await self._interactions(ref.key, 0 if since is None else to_ms(since), to_ms(at) + 1)
        found = added_up(interactions, self._vocabulary).engagement(ref, self._vocabulary, at)
        return replace(found, depth=depth(interactions)) if deep else found

    async def interactions(self, ref: ContentRef, since: int, until: int) -> list[Interaction]:
        """What was done with it in [since, until), epoch ms, oldest first by (at, id)."""
        return await self._interactions(ref.key, since, until)

    async def depth(self, ref: ContentRef) -> Depth:
        """How long people stay with it and how far they go, as it stands."""
        steps, dwell = await asyncio.gather(
            self._database.single(FUNNEL_OF_CONTENT, {"key": ref.key}),
            self._database.single(DWELL_OF_CONTENT, {"subject": joined("c", ref.key), "from": 0}),
        )
        return Depth(
            mean_dwell_ms=dwell["ms"] / dwell["n"] if dwell is not None and dwell["n"] else None,
            funnel=funnel((did, people) for *did, people in (() if steps is None else steps["rows"])),
        )

    async def _interactions(self, key: str, since: int, until: int) -> list[Interaction]:
        """A content's events in [since, until), epoch ms; so many at a time as a statement may answer."""
        parameters = {"subject": joined("c", key), "from": day_of(since), "to": until, "limit": MANY_DAYS}
        days = [(row["at"], row["n"]) for row in await self._database.read(DAYS_OF_SUBJECT, parameters)]
        found: list[Interaction] = []
        for start, end in windows(days, until, AT_ONCE) if days else ():
            if end > since:
                parameters = {"key": key, "from": max(start, since), "until": end}
                row = await self._database.single(INTERACTIONS_OF_CONTENT, parameters, timeout=PATIENCE_S)
                found += () if row is None else map(Interaction._make, row["rows"])
        return sorted(found)

    async def relation_to(self, user_id: str, ref: ContentRef) -> ContentRelation | None:
        row = await self._database.single(INTERACTED_BY_KEY, {"key": joined(user_id, ref.key)})
        if row is None:
            return None
        pair = Pair.unpack(row["pair"])
        return ContentRelation(
            user_id=user_id,
            content=ref,
            states=tuple(pair.on()),
            by_type=by_type(pair.counts, self._vocabulary, ref),
            first_at=from_ms(pair.first),
            last_at=from_ms(pair.last),
        )

    async def _nodes(self, refs: Sequence[ContentRef]) -> dict[str, dict[str, Any]]:
        row = await self._database.single(CONTENTS_BY_KEY, {"keys": sorted({ref.key for ref in refs})})
        return {} if row is None else {node["key"]: node for node in row["contents"]}


def _exists(node: dict[str, Any] | None) -> bool:
    return node is not None and bool(node.get("n") or node.get("registered"))
