"""A scope: only what the people around a viewer do."""

from __future__ import annotations

from resolvers.arguments import identified, within
from resolvers.ports import Neighbourhoods
from signals.neighbourhood import HOPS


async def scope(neighbourhoods: Neighbourhoods, viewer_id: str | None, hops: int | None) -> tuple[str, ...] | None:
    """The people around the viewer; None without a viewer: everybody. Raises InvalidArgument."""
    steps = within("hops", hops, 1, 1, HOPS)
    if viewer_id is None:
        return None
    return await neighbourhoods.people(identified(viewer_id, "viewerId"), steps)
