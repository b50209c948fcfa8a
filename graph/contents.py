"""Reads over content: implements ``resolvers.ports.Contents``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graph.driver import Database
from graph.pages import END_OF_TIME
from graph.past import Past
from graph.queries import statement
from graph.registering import content_of
from signals.clock import from_ms, to_ms
from signals.content import Content, ContentRelation, Depth, Engagement
from signals.cut import Cut
from signals.events import ContentRef
from signals.funnel import funnel
from signals.items import Item, by_type
from signals.packing import joined
from signals.pairs import Pair
from signals.vocabulary import Vocabulary

DWELL_OF_CONTENT = statement("dwell_of_content")
DWELL_OF_EVENTS = statement("dwell_of_events")
FUNNEL_OF_CONTENT = statement("funnel_of_content")
FUNNEL_OF_EVENTS = statement("funnel_of_events")
CONTENTS_BY_KEY = statement("contents_by_key")
INTERACTED_BY_KEY = statement("interacted_by_key")


class ContentReader:
    def __init__(self, database: Database, vocabulary: Vocabulary) -> None:
        self._database = database
        self._past = Past(database, vocabulary)
        self._vocabulary = vocabulary

    async def contents(self, refs: Sequence[ContentRef]) -> list[Content | None]:
        """One per reference; None for what was neither registered nor interacted with."""
        known = await self._nodes(refs)
        return [content_of(known[ref.key]) if _exists(known.get(ref.key)) else None for ref in refs]

    async def engagements(self, refs: Sequence[ContentRef], at: datetime) -> list[Engagement]:
        """One per reference, zeros for unknown ones; ``at`` ages the popularity."""
        known = await self._nodes(refs)
        return [Item.unpack(known.get(ref.key, {})).engagement(ref, self._vocabulary, at) for ref in refs]

    async def engagement_as_of(self, ref: ContentRef, at: datetime, since: datetime | None = None) -> Engagement:
        """From the interactions that had occurred by ``at``, from ``since`` on: folded from the log."""
        item = await self._past.item(ref, Cut(at), 0 if since is None else to_ms(since))
        return item.engagement(ref, self._vocabulary, at)

    async def depth(self, ref: ContentRef, since: datetime | None, at: datetime | None) -> Depth:
        """From all interactions: of days and pairs; from ``since`` on, or by ``at``: of the log."""
        if since is None and at is None:
            parameters: dict[str, Any] = {"key": ref.key, "subject": joined("c", ref.key), "from": 0}
            asked = FUNNEL_OF_CONTENT, DWELL_OF_CONTENT
        else:
            until = END_OF_TIME if at is None else to_ms(at) + 1
            parameters = {"key": ref.key, "from": 0 if since is None else to_ms(since), "until": until}
            asked = FUNNEL_OF_EVENTS, DWELL_OF_EVENTS
        steps, dwell = await asyncio.gather(*(self._database.single(each, parameters) for each in asked))
        return Depth(
            mean_dwell_ms=dwell["ms"] / dwell["n"] if dwell is not None and dwell["n"] else None,
            funnel=funnel((did, people) for *did, people in (() if steps is None else steps["rows"])),
        )

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
