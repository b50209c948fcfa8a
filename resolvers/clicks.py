"""How often what was shown was clicked."""

from __future__ import annotations

from datetime import datetime

from resolvers.ports import Impressions
from signals.cut import Cut
from signals.errors import InvalidArgument
from signals.ranked import ClickThrough


async def click_through(
    impressions: Impressions,
    since: datetime,
    until: datetime,
    content_type: str | None,
    cut: Cut | None = None,
    *,
    least: int = 0,
) -> ClickThrough:
    """Of the impressions from ``since`` on and before ``until``, within the cut, by ``least`` people at a position.

    Raises InvalidArgument where no time lies between.
    """
    if until <= since:
        raise InvalidArgument("until must be later than since.")
    return await impressions.click_through(since, until, content_type, cut, least=least)
