"""Whom a viewer may want to know: partners of partners, people with contents in common, and who wrote unanswered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from resolvers.arguments import identified, page_size
from resolvers.standpoint import Standpoint
from resolvers.surroundings import Surroundings, around, looking, tie_keys, together
from signals.profiles import Card
from signals.ranked import SuggestedUser
from signals.suggestions import suggestions
from signals.wanted import Wanted

SHOWN = 20
"""Suggestions where nobody says how many."""


async def suggested(standpoint: Standpoint, viewer_id: str, first: int | None = None) -> list[SuggestedUser]:
    """The best first, equal ones by id. Raises LimitExceeded and InvalidArgument."""
    identified(viewer_id, "viewerId")
    count = page_size("first", first, SHOWN)
    here = await looking(standpoint, viewer_id)
    viewer = here.viewer
    found = await standpoint.read(
        together(
            around(viewer_id, set(here.partners())),
            Wanted(cards=viewer.touched.keys(), ties=tie_keys(viewer_id, viewer.circle)),
        )
    )
    here = here.with_found(found)
    shared = in_common(viewer_id, found.cards)
    return await _checked(here, shared, count)


async def _checked(here: Surroundings, shared: Mapping[str, int], count: int) -> list[SuggestedUser]:
    """The suggestions, once the ties with all of them are known: somebody reached may have blocked the viewer."""
    checked = set(here.viewer.circle)
    shortlist = 2 * count
    while True:
        found = _suggest(here, shared, shortlist)
        news = here.viewer.possible_ties({user.user_id for user in found}) - checked
        if news.isdisjoint(user.user_id for user in found[:count]):
            return found[:count]
        here = here.with_found(await here.standpoint.read(Wanted(ties=tie_keys(here.viewer.id, news))))
        checked |= news


def _suggest(here: Surroundings, shared: Mapping[str, int], count: int) -> list[SuggestedUser]:
    standpoint = here.standpoint
    return suggestions(
        here.viewer,
        here.strengths(),
        here.circles(),
        here.ties,
        shared,
        standpoint.ms,
        here.habits,
        standpoint.weights,
        count,
    )


def in_common(viewer_id: str, touched: Mapping[str, Card]) -> dict[str, int]:
    """With how many of the viewer's latest contents each other user engaged lately."""
    return Counter(user for user in _engagers(touched.values()) if user != viewer_id)


def _engagers(cards: Iterable[Card]) -> Iterable[str]:
    return (user for card in cards for user in card.engagers)
