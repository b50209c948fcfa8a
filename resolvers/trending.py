"""What is catching on: with everybody, or among a viewer's ties."""

from __future__ import annotations

from collections import defaultdict

from resolvers.arguments import identified, page_size
from resolvers.standpoint import Standpoint
from resolvers.surroundings import around, looking
from signals.contributions import total
from signals.decay import Accumulator
from signals.events import ContentRef
from signals.ranked import TrendingContent
from signals.trending import rising, trend
from signals.wanted import Wanted

LOOKED_AT = 200
"""Contents that are read to find the first 50; more for longer lists."""


async def trending(
    standpoint: Standpoint,
    first: int | None = None,
    content_type: str | None = None,
    viewer_id: str | None = None,
    *,
    least: int = 0,
) -> list[TrendingContent]:
    """The contents that most users turn to now, ``least`` of them at least, most first, equal ones by key.

    With ``viewer_id``: the contents that most of the viewer's ties turned to lately, from what each of the latest 256
    ties touched last. Raises LimitExceeded and InvalidArgument.
    """
    count = page_size("first", first)
    if viewer_id is None:
        touches = await _everywhere(standpoint, content_type, max(LOOKED_AT, 2 * count))
    else:
        touches = await _among_ties(standpoint, identified(viewer_id, "viewerId"), content_type)
    found = [_trending(standpoint, key, accumulator) for key, accumulator in touches.items() if accumulator.n >= least]
    return sorted(found, key=lambda one: (-one.score, one.content.key))[:count]


async def _everywhere(standpoint: Standpoint, content_type: str | None, count: int) -> dict[str, Accumulator]:
    """First touches of the hottest contents by key."""
    keys = await standpoint.nodes.hottest(content_type, count, standpoint.cut)
    found = await standpoint.read(Wanted(cards=frozenset(keys)))
    return {key: card.touches for key, card in found.cards.items() if card.touches.n > 0}


async def _among_ties(standpoint: Standpoint, viewer_id: str, content_type: str | None) -> dict[str, Accumulator]:
    """Latest touches by the viewer's ties, each tie once per content, by key."""
    here = await looking(standpoint, viewer_id)
    ties = here.viewer.circle.keys() - {viewer_id}
    here = here.with_found(await standpoint.read(around(viewer_id, ties)))
    times: defaultdict[str, list[int]] = defaultdict(list)
    for id in ties & here.profiles.keys():
        if not here.is_blocked(id):
            for key, at in here.profiles[id].touched.items():
                if content_type is None or ContentRef.of(key).type == content_type:
                    times[key].append(at)
    return {key: Accumulator.of(found) for key, found in times.items()}


def _trending(standpoint: Standpoint, key: str, touches: Accumulator) -> TrendingContent:
    now, weights = standpoint.ms, standpoint.weights
    aged, contributions = touches.aged(now), trend(touches, now, weights)
    return TrendingContent(
        content=ContentRef.of(key),
        score=total(contributions),
        contributions=contributions,
        popularity=touches.mixed(aged, 1.0),
        rising=rising(touches, aged, weights),
        users=touches.n,
    )
