"""Ranking reads that leave out whom they are not to reckon with."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from resolvers.ports import Nodes
from resolvers.standpoint import Standpoint
from signals.cut import Cut
from signals.discretion import discreet
from signals.habits import Habits
from signals.wanted import Found, Wanted

PERSONALISATION = "PERSONALISATION"
"""What an answer names as dropped where the viewer objected."""


class DiscreetNodes:
    """Nodes (``resolvers.ports.Nodes``) as a viewer may see them where ``quiet`` are not to be reckoned with."""

    def __init__(self, nodes: Nodes, quiet: Set[str], viewer_id: str) -> None:
        self._nodes = nodes
        self._quiet = quiet
        self._viewer_id = viewer_id

    async def read(self, wanted: Wanted, cut: Cut | None) -> Found:
        """All of it that may be seen."""
        return discreet(await self._nodes.read(wanted, cut), self._quiet, self._viewer_id)

    async def hottest(self, content_type: str | None, first: int, cut: Cut | None) -> list[str]:
        """As it is: what many do names nobody."""
        return await self._nodes.hottest(content_type, first, cut)

    async def habits(self, cut: Cut | None) -> Habits:
        """As they are."""
        return await self._nodes.habits(cut)


def seen_by(standpoint: Standpoint, quiet: Set[str], viewer_id: str) -> Standpoint:
    """The standpoint from which ``viewer_id`` looks; ``dropped`` says so where the viewer is quiet as well."""
    if not quiet:
        return standpoint
    dropped = (PERSONALISATION,) if viewer_id in quiet else ()
    return replace(standpoint, nodes=DiscreetNodes(standpoint.nodes, quiet, viewer_id), dropped=dropped)
