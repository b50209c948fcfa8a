"""What a feed ranker asks of one viewer and up to 1000 candidates: features, reasons and a score."""

from __future__ import annotations

from collections.abc import Sequence, Set

from resolvers.arguments import WITNESSES, at_most, batch, identified, within
from resolvers.budget import Budget
from resolvers.stage import Page, Stage
from resolvers.standpoint import Standpoint
from signals.events import ContentRef
from signals.feed import ALL, HOME, Feature
from signals.ranked import FeedSignals

LONGEST_BUDGET_MS = 60_000


async def feed_signals(
    standpoint: Standpoint,
    viewer_id: str,
    candidates: Sequence[ContentRef],
    *,
    features: Set[Feature] = ALL,
    preset: str | None = None,
    witnesses: int | None = None,
    budget_ms: int | None = None,
    counted: bool = False,
    named: bool = True,
    words: bool = True,
) -> FeedSignals:
    """One row per candidate, in the order asked. Raises LimitExceeded and InvalidArgument.

    ``counted`` and ``words``: as in ``Page``; ``named``: whether somebody reads who the witnesses are.
    """
    identified(viewer_id, "viewerId")
    for ref in batch("candidates", candidates):
        identified(ref.id, "candidates.id")
    shown = at_most("witnesses", witnesses, 3, WITNESSES)
    if budget_ms is not None:
        within("budgetMs", budget_ms, budget_ms, 1, LONGEST_BUDGET_MS)
    keys = [ref.key for ref in candidates]
    page = Page(
        viewer_id=viewer_id,
        refs=dict(zip(keys, candidates, strict=True)),
        features=frozenset(features),
        preset=preset or HOME,
        witnesses=shown if named else 0,
        counted=counted and Feature.SCORE not in features,
        words=words,
    )
    stage = await Stage.of(standpoint, page, Budget.of(budget_ms))
    rows = stage.rows()
    return FeedSignals(
        as_of=standpoint.now,
        dropped=(*standpoint.dropped, *(feature.value for feature in Feature if feature in stage.dropped)),
        candidates=tuple([rows[key] for key in keys]),
    )
