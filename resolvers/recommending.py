"""Contents a viewer may like, found and ranked: from the viewer's ties, people of the same taste, and what is hot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from heapq import nsmallest

from resolvers.arguments import identified, page_size
from resolvers.budget import Budget
from resolvers.stage import Page, Stage
from resolvers.standpoint import Standpoint
from resolvers.surroundings import Surroundings, around, looking, together
from signals.coaction import CoAction
from signals.events import ContentRef
from signals.feed import DISCOVER, Feature
from signals.profiles import Card
from signals.ranked import CandidateSignals, RecommendedContent
from signals.recommendations import diverse
from signals.sources import CO_ACTION, TIES, TRENDING, WORDS, passed_on
from signals.wanted import Wanted

FROM_TIES = 80
FROM_CO_ACTION = 80
FROM_TRENDING = 60
"""Candidates of each source for the first 50; more for longer lists."""
CO_ACTORS = 64
"""People of the same taste who are looked at."""
FEATURES = frozenset({Feature.SCORE, Feature.SOCIAL_PROOF, Feature.CO_ACTION, Feature.MINE})


async def recommended(
    standpoint: Standpoint, viewer_id: str, first: int | None = None, content_type: str | None = None
) -> list[RecommendedContent]:
    """Contents the viewer has not seen, hidden or made, best first, no author filling the list.

    Raises LimitExceeded and InvalidArgument.
    """
    identified(viewer_id, "viewerId")
    count = page_size("first", first)
    sources = await _sources(standpoint, viewer_id, content_type, max(1, -(-count // 50)))
    refs = {key: ContentRef.of(key) for key in sources}
    page = Page(viewer_id=viewer_id, refs=refs, features=FEATURES, preset=DISCOVER)
    stage = await Stage.of(standpoint, page, Budget.of(None))
    rows = stage.rows()
    authors = {key: card.author_id for key, card in stage.cards.items()}
    fresh = [row for key, row in rows.items() if _is_new(row, stage.cards.get(key), viewer_id)]
    return [_recommended(row, sources[row.content.key]) for row in diverse(fresh, authors, count, standpoint.weights)]


async def _sources(
    standpoint: Standpoint, viewer_id: str, content_type: str | None, scale: int
) -> dict[str, tuple[str, ...]]:
    """The candidates by key, and where each comes from."""
    hottest = standpoint.nodes.hottest(content_type, FROM_TRENDING * scale, standpoint.cut)
    here, hot = await asyncio.gather(looking(standpoint, viewer_id), hottest)
    viewer = here.viewer
    found = await standpoint.read(
        together(around(viewer_id, set(here.partners())), Wanted(cards=viewer.touched.keys()))
    )
    here = here.with_found(found)
    co = CoAction.of(viewer, found.cards, standpoint.ms, standpoint.weights)
    alike = nsmallest(CO_ACTORS, co.people, key=lambda id: (-co.people[id], id))
    here = here.with_found(await standpoint.read(Wanted(profiles=set(alike) - here.profiles.keys())))

    def passed(closeness: dict[str, float], count: int) -> list[str]:
        return passed_on(closeness, here.profiles, viewer.touched, content_type, standpoint.ms, count * scale)

    return _merged(
        (TIES, passed(_open(here), FROM_TIES)),
        (CO_ACTION, passed({id: co.people[id] for id in alike}, FROM_CO_ACTION)),
        (TRENDING, [key for key in hot if key not in viewer.touched]),
    )


def _open(here: Surroundings) -> dict[str, float]:
    """How strong the viewer's ties are, but for those that a block ended."""
    return {id: strength for id, strength in here.strengths().items() if not here.is_blocked(id)}


def _merged(*sources: tuple[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    merged: dict[str, tuple[str, ...]] = {}
    for source, keys in sources:
        for key in keys:
            merged[key] = (*merged.get(key, ()), source)
    return merged


def _is_new(row: CandidateSignals, card: Card | None, viewer_id: str) -> bool:
    """Whether the content is there, and new to the viewer: not seen, hidden or the viewer's own."""
    return card is not None and card.author_id != viewer_id and not row.seen and not row.hidden


def _recommended(row: CandidateSignals, sources: tuple[str, ...]) -> RecommendedContent:
    words = (part.because for part in row.contributions if part.signal == "proof" and part.because)
    return RecommendedContent(
        content=row.content,
        score=row.score,
        contributions=row.contributions,
        sources=sources,
        social_proof=row.social_proof,
        because=next(words, WORDS[sources[0]]),
    )
