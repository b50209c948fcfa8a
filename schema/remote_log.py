"""Reading the whole log from a running server, as any client does: page by page, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from schema.remote import Server
from schema.scalars import written_time
from signals.content import Content
from signals.events import ContentRef, Event, Face
from signals.figures import Figures
from signals.habits import Habits
from signals.vocabulary import PROFILE_VISIT, Vocabulary

PAGE = 500
AT_ONCE = 100
"""Contents in a request."""
UNDER_WAY = 4
"""Such requests at once."""

EVENTS = """
query Log($filter: EventFilter, $after: String, $first: Int) {
  events(filter: $filter, after: $after, first: $first) {
    pageInfo { hasNextPage endCursor }
    edges {
      node {
        __typename id category action occurredAt receivedAt durationMs
        user { id }
        ... on ContentInteraction {
          contentName: interaction content { type id } scrollDepth position impressionId
        }
        ... on SocialInteraction { socialName: interaction about: content { type id } targetUser { id } }
        ... on ProfileVisit { profileUser { id } }
        ... on Activity { activityName: activity entity { type id } }
      }
    }
  }
}
"""
HABITS = f"query Habits($by: DateTime) {{ populationHabits(asOf: $by) {{ at {' '.join(Habits().named())} }} }}"
FACES = {
    "ContentInteraction": Face.CONTENT,
    "SocialInteraction": Face.SOCIAL,
    "ProfileVisit": Face.PROFILE,
    "Activity": Face.ACTIVITY,
}


class RemoteLog:
    """Implements ``resolvers.training.Log``. ``vocabulary`` must be the server's."""

    def __init__(self, server: Server, vocabulary: Vocabulary) -> None:
        self._server, self._vocabulary = server, vocabulary

    async def page(self, until: datetime | None, after: str | None) -> tuple[Sequence[Event], str | None]:
        """Up to 500 events, newest first, and the cursor of the next page."""
        filter = {} if until is None else {"until": written_time(until)}
        data = await self._server.ask(EVENTS, {"filter": filter, "after": after, "first": PAGE})
        page = data["events"]["pageInfo"]
        events = [event_of(edge["node"], self._vocabulary) for edge in data["events"]["edges"]]
        return events, page["endCursor"] if page["hasNextPage"] else None

    async def contents(self, refs: Sequence[ContentRef]) -> list[Content | None]:
        """A hundred to a request, some requests at once."""
        turn = asyncio.Semaphore(UNDER_WAY)

        async def some(part: Sequence[ContentRef]) -> list[Content | None]:
            async with turn:
                return await self._contents(part)

        parts = [refs[start : start + AT_ONCE] for start in range(0, len(refs), AT_ONCE)]
        return [content for part in await asyncio.gather(*map(some, parts)) for content in part]

    async def figures(self, by: datetime) -> Figures | None:
        """The habits that were stored last by then."""
        row = (await self._server.ask(HABITS, {"by": written_time(by)}))["populationHabits"]
        return None if row is None else Figures(datetime.fromisoformat(row["at"]), Habits.of(row))

    async def _contents(self, refs: Sequence[ContentRef]) -> list[Content | None]:
        places = range(len(refs))
        asked = " ".join(f"c{n}: content(ref: $c{n}) {{ author {{ id }} createdAt }}" for n in places)
        document = f"query Contents({', '.join(f'$c{n}: ContentRef!' for n in places)}) {{ {asked} }}"
        data = await self._server.ask(document, {f"c{n}": {"type": r.type, "id": r.id} for n, r in enumerate(refs)})
        return [_content_of(ref, data[f"c{n}"]) for n, ref in enumerate(refs)]


def event_of(node: Mapping[str, Any], vocabulary: Vocabulary) -> Event:
    """An event from the API's answer, as far as it was asked for."""
    face = FACES[node["__typename"]]
    target = node.get("targetUser") or node.get("profileUser")
    return Event(
        id=node["id"],
        face=face,
        name=node.get("contentName") or node.get("socialName") or node.get("activityName") or PROFILE_VISIT,
        category=node["category"],
        action=node["action"],
        user_id=node["user"]["id"],
        content=_ref_of(node, vocabulary),
        target_user_id=None if target is None else target["id"],
        occurred_at=datetime.fromisoformat(node["occurredAt"]),
        received_at=datetime.fromisoformat(node["receivedAt"]),
        duration_ms=node["durationMs"],
        scroll_depth=node.get("scrollDepth"),
        impression_id=node.get("impressionId"),
        position=node.get("position"),
    )


def _ref_of(node: Mapping[str, Any], vocabulary: Vocabulary) -> ContentRef | None:
    """The content of an event; that of an activity is what its entity stands for."""
    given = node.get("content") or node.get("about")
    if given is not None:
        return ContentRef(given["type"], given["id"])
    entity = node.get("entity")
    if entity is None:
        return None
    target = vocabulary.term(Face.ACTIVITY, node["activityName"]).target
    return ContentRef(target, entity["id"]) if target is not None and entity["type"] == target.lower() else None


def _content_of(ref: ContentRef, node: Mapping[str, Any] | None) -> Content | None:
    if node is None:
        return None
    author, created = node["author"], node["createdAt"]
    return Content(
        ref=ref,
        author_id=None if author is None else author["id"],
        created_at=None if created is None else datetime.fromisoformat(created),
    )
