"""How close a viewer is to others: to those asked for, and to all of the viewer's ties."""

from __future__ import annotations

from collections.abc import Sequence

from resolvers.arguments import WITNESSES, at_most, batch, identified, page_size
from resolvers.standpoint import Standpoint
from resolvers.surroundings import Surroundings, around, looking, together
from signals.ranked import Affinity
from signals.wanted import Wanted

NAMED = 3
"""Witnesses of mutual connections, where nobody says how many."""


async def affinities(
    standpoint: Standpoint,
    viewer_id: str,
    user_ids: Sequence[str],
    witnesses: int | None = None,
    *,
    scored: bool = True,
) -> list[Affinity]:
    """The viewer's affinity to each of up to 1000 users, in the order asked.

    ``scored``: whether strangers are looked for among the partners of the viewer's partners, which takes a second
    round trip. Raises LimitExceeded and InvalidArgument.
    """
    identified(viewer_id, "viewerId")
    users = {identified(id, "userIds") for id in batch("userIds", user_ids)}
    shown = at_most("witnesses", witnesses, NAMED, WITNESSES)
    here = await looking(standpoint, viewer_id, around(viewer_id, users))
    bridged: dict[str, float] = {}
    if scored:
        strangers = {id for id in users if id != viewer_id and here.is_stranger(id)}
        here = here.with_found(await standpoint.read(_bridging(here, strangers)))
        bridged = here.bridges(strangers)
    found = here.related((here.affinity(id, bridged.get(id, 0.0)) for id in users), shown)
    known = {one.user_id: one for one in found}
    return [known[id] for id in user_ids]


async def ties(standpoint: Standpoint, viewer_id: str, first: int | None = None) -> list[Affinity]:
    """The closest of the viewer's latest 256 ties, equal ones by id. Raises LimitExceeded and InvalidArgument."""
    count = page_size("first", first)
    here = await looking(standpoint, viewer_id)
    others = [id for id in here.viewer.circle if id != viewer_id]
    here = here.with_found(await standpoint.read(around(viewer_id, frozenset(others))))
    strongest = sorted(others, key=lambda id: (-here.order(id), id))
    return here.related(map(here.affinity, strongest[:count]), NAMED)


def _bridging(here: Surroundings, strangers: set[str]) -> Wanted:
    """What leads to ``strangers``, as far as it was not read yet."""
    if not strangers:
        return Wanted()
    partners = set(here.partners())
    wanted = around(here.viewer.id, partners - here.profiles.keys())
    return together(wanted, Wanted(ties=around(here.viewer.id, partners).ties - here.ties.keys()))
