"""Reads over content: implements ``resolvers.ports.Contents``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graph.driver import Database
from graph.past import Past
from graph.queries import statement
from graph.registering import content_of
from signals.clock import from_ms
from signals.content import Content, ContentRelation, Engagement
from signals.cut import Cut
from signals.events import ContentRef
from signals.items import Item, by_type
from signals.packing import joined
from signals.pairs import Pair
from signals.vocabulary import Vocabulary

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

    async def engagement_as_of(self, ref: ContentRef, at: datetime) -> Engagement:
        """From the interactions that had occurred by ``at``: folded from the log."""
        item = await self._past.item(ref, Cut(at))
        return item.engagement(ref, self._vocabulary, at)

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
