"""How two people are connected: a shortest path over whom each deals with and is connected to.

The search goes level by level from both ends, always from the side with fewer people to look at. When the two sides
meet, every shortest path runs through somebody they have in common, and of all these paths the one whose ids come
first is the answer. Blocks are looked up on that path alone; a step that one crosses is forbidden, and the search goes
on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from resolvers.arguments import identified, within
from resolvers.standpoint import Standpoint
from resolvers.surroundings import connected, tie_keys
from signals.affinity import blocked
from signals.clock import from_ms
from signals.packing import joined
from signals.pairs import Pair
from signals.profiles import Profile
from signals.ranked import PathStep, SocialPath
from signals.wanted import Wanted

HOPS = 4
MOST_HOPS = 6
BATCH = 256
"""Profiles in one round trip."""
LOOKED_AT = 4096
"""Profiles that one search reads; where that is not enough, no path is found."""
DETOURS = 64
"""Blocked steps that one search goes around."""


async def path_between(
    standpoint: Standpoint, from_id: str, to_id: str, max_hops: int | None = None
) -> SocialPath | None:
    """A shortest path of at most ``max_hops`` (1 to 6) steps; of several the one whose ids come first.

    None where there is none, or where more than 4,096 people had to be looked at. Raises InvalidArgument.
    """
    identified(from_id, "fromId")
    identified(to_id, "toId")
    hops = within("maxHops", max_hops, HOPS, 1, MOST_HOPS)
    search = Search(standpoint)
    for _ in range(DETOURS):
        users = await search.shortest(from_id, to_id, hops)
        if users is None:
            return None
        ties = await search.ties(users)
        if search.free(users, ties):
            return SocialPath(users=tuple(users), steps=tuple(search.step(a, b, ties) for a, b in pairwise(users)))
    return None


@dataclass(slots=True)
class Side:
    """One end's view. ``levels``: whom it reached after so many steps; ``parents``: from where, one level nearer."""

    levels: list[set[str]]
    parents: dict[str, set[str]] = field(default_factory=dict)

    @property
    def front(self) -> set[str]:
        return self.levels[-1]

    def reach(self, neighbours: dict[str, set[str]]) -> None:
        """Go one step on, from everybody at the front to their ``neighbours``."""
        known = set().union(*self.levels)
        level: set[str] = set()
        for id in self.front:
            for other in neighbours.get(id, set()) - known:
                level.add(other)
                self.parents.setdefault(other, set()).add(id)
        self.levels.append(level)


@dataclass(slots=True)
class Search:
    """What was read and what is forbidden, over the tries of one search."""

    standpoint: Standpoint
    profiles: dict[str, Profile] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    forbidden: set[frozenset[str]] = field(default_factory=set)

    async def shortest(self, from_id: str, to_id: str, hops: int) -> list[str] | None:
        """The users of the path, both ends among them."""
        near, far = Side([{from_id}]), Side([{to_id}])
        while (met := _meeting(near, far)) is None:
            if len(near.levels) + len(far.levels) - 2 >= hops:
                return None
            side = near if len(near.front) <= len(far.front) else far
            neighbours = await self._neighbours(side.front)
            if neighbours is None:
                return None
            side.reach(neighbours)
            if not side.front:
                return None
        return _first(near, far, *met)

    async def _neighbours(self, ids: set[str]) -> dict[str, set[str]] | None:
        """Whom each of them deals with or is connected to; None where that is too many to look at."""
        missing = sorted(ids - self.profiles.keys() - self.unknown)
        if len(self.profiles) + len(missing) > LOOKED_AT:
            return None
        for start in range(0, len(missing), BATCH):
            batch = frozenset(missing[start : start + BATCH])
            found = await self.standpoint.read(Wanted(profiles=batch))
            self.profiles.update(found.profiles)
            self.unknown |= batch - found.profiles.keys()
        return {id: self._open(self.profiles[id]) for id in ids & self.profiles.keys()}

    def _open(self, profile: Profile) -> set[str]:
        others = profile.circle.keys() | connected(profile)
        return {other for other in others if frozenset((profile.id, other)) not in self.forbidden}

    async def ties(self, users: list[str]) -> dict[str, Pair]:
        """The ties along the path, in both directions. Its users' profiles are known then: either may list a step."""
        keys = {key for a, b in pairwise(users) for key in tie_keys(a, (b,))}
        missing = set(users) - self.profiles.keys() - self.unknown
        found = await self.standpoint.read(Wanted(ties=keys, profiles=missing))
        self.profiles.update(found.profiles)
        return dict(found.ties)

    def free(self, users: list[str], ties: dict[str, Pair]) -> bool:
        """Whether no step crosses a block; those that do are forbidden from now on."""
        crossed = [{a, b} for a, b in pairwise(users) if blocked(ties.get(joined(a, b)), ties.get(joined(b, a)))]
        self.forbidden |= {frozenset(step) for step in crossed}
        return not crossed

    def step(self, a: str, b: str, ties: dict[str, Pair]) -> PathStep:
        """What the step from ``a`` to ``b`` consists of."""
        out, into = ties.get(joined(a, b)), ties.get(joined(b, a))
        last = [pair.engaged for pair in (out, into) if pair is not None and pair.engaged is not None]
        return PathStep(
            from_id=a,
            to_id=b,
            kinds=tuple(self._kinds(a, b, out, into)),
            outgoing=_positive(out),
            incoming=_positive(into),
            last_interaction_at=from_ms(max(last)) if last else None,
        )

    def _kinds(self, a: str, b: str, out: Pair | None, into: Pair | None) -> list[str]:
        ends = [(x, y) for x, y in ((a, b), (b, a)) if x in self.profiles]
        kinds = {
            "CONNECTED": any(y in connected(self.profiles[x]) for x, y in ends),
            "FOLLOWS": out is not None and "FOLLOW" in out.on(),
            "FOLLOWED_BY": into is not None and "FOLLOW" in into.on(),
            "INTERACTED": bool(_positive(out) or _positive(into)),
        }
        return [kind for kind, there in kinds.items() if there]


def _positive(pair: Pair | None) -> int:
    """Events of positive weight between people."""
    return 0 if pair is None or pair.heat is None else pair.heat.n


def _meeting(near: Side, far: Side) -> tuple[int, int] | None:
    """The levels at which the two sides have somebody in common, as few steps in all as can be.

    These are the latest levels, unless somebody with very many partners is known to a partner whom they no longer list.
    """
    levels = [
        (i + j, i, j)
        for i, here in enumerate(near.levels)
        for j, there in enumerate(far.levels)
        if not here.isdisjoint(there)
    ]
    return min(levels)[1:] if levels else None


def _first(near: Side, far: Side, at_near: int, at_far: int) -> list[str]:
    """Of all shortest paths through this meeting the one whose ids come first, from one end to the other."""
    levels = [near.levels[at_near] & far.levels[at_far]]
    for _ in range(at_near):
        levels.insert(0, set().union(*(near.parents[id] for id in levels[0])))
    path = [min(levels[0])]
    for level in levels[1:]:
        path.append(min(id for id in level if path[-1] in near.parents[id]))
    for _ in range(at_far):
        path.append(min(far.parents[path[-1]]))
    return path
