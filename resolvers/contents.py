"""Reading content and a user's relation to it."""

from __future__ import annotations

from datetime import datetime

from resolvers.arguments import identified
from resolvers.ports import Contents, ContentsInDepth
from signals.content import Content, ContentRelation, Engagement
from signals.errors import InvalidArgument
from signals.events import ContentRef


async def content(contents: Contents, ref: ContentRef) -> Content | None:
    """The content of this reference; None when nobody ever saw it. Raises InvalidArgument."""
    [known] = await contents.contents([ContentRef(ref.type, identified(ref.id, "ref.id"))])
    return known


async def relation(contents: Contents, user_id: str, ref: ContentRef) -> ContentRelation | None:
    """What one user did with one piece of content. Raises InvalidArgument."""
    return await contents.relation_to(identified(user_id), ref)


async def engagement_as_of(
    contents: ContentsInDepth, ref: ContentRef, at: datetime, since: datetime | None = None, *, deep: bool = False
) -> Engagement:
    """What had been done with the content by ``at``, from ``since`` on. Raises InvalidArgument."""
    if since is not None and since > at:
        raise InvalidArgument("since must not be later than asOf.")
    return await contents.engagement_as_of(ref, at, since, deep=deep)
