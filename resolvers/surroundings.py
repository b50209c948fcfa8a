"""The people around a viewer: what was read of them, and how close they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from itertools import islice

from resolvers.standpoint import Standpoint
from signals.affinity import Closeness, Measure, Regard, affinity, order, regard, strength
from signals.affinity import blocked as is_blocked
from signals.bridges import bridges
from signals.clock import from_ms
from signals.habits import Habits
from signals.packing import joined
from signals.pairs import Pair
from signals.people import Connection, ConnectionStatus
from signals.profiles import Profile
from signals.ranked import Affinity, MutualConnections
from signals.wanted import Found, Wanted
from signals.witnesses import Ties


def tie_keys(viewer_id: str, others: Iterable[str]) -> set[str]:
    """The keys of the ties between the viewer and ``others``, both directions of each."""
    return {key for other in others for key in (joined(viewer_id, other), joined(other, viewer_id))}


def acquaintances(viewer: Profile, count: int) -> list[str]:
    """The viewer's ``count`` latest partners, newest first."""
    return list(islice(viewer.circle, count))


def around(viewer_id: str, others: Set[str]) -> Wanted:
    """What closeness to ``others`` is made of: their profiles, and the ties in both directions."""
    return Wanted(profiles=others, ties=tie_keys(viewer_id, others))


def together(*wanted: Wanted) -> Wanted:
    """All of it, to be read at once."""
    return Wanted(
        profiles=frozenset().union(*(w.profiles for w in wanted)),
        cards=frozenset().union(*(w.cards for w in wanted)),
        interacted=frozenset().union(*(w.interacted for w in wanted)),
        ties=frozenset().union(*(w.ties for w in wanted)),
    )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A viewer, the profiles and ties that were read, and what turns them into closeness."""

    standpoint: Standpoint
    habits: Habits
    viewer: Profile
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    ties: Mapping[str, Pair] = field(default_factory=dict)
    measure: Measure = field(init=False)

    def __post_init__(self) -> None:
        standpoint = self.standpoint
        object.__setattr__(self, "measure", Measure.of(standpoint.ms, self.habits, standpoint.weights))

    @property
    def now(self) -> int:
        """The instant that everything is aged by, in epoch ms."""
        return self.measure.now

    def with_found(self, found: Found) -> Surroundings:
        """The same, knowing also what was ``found``."""
        return replace(self, profiles={**self.profiles, **found.profiles}, ties={**self.ties, **found.ties})

    def pair(self, other_id: str) -> tuple[Pair | None, Pair | None]:
        """What the viewer did towards the other, and the other towards the viewer."""
        ties, me = self.ties, self.viewer.id
        return ties.get(joined(me, other_id)), ties.get(joined(other_id, me))

    def is_stranger(self, other_id: str) -> bool:
        """Whether the two never had to do with each other in a way that counts."""
        return all(pair is None or pair.touched is None for pair in self.pair(other_id))

    def is_blocked(self, other_id: str) -> bool:
        """Whether either has blocked the other."""
        return is_blocked(*self.pair(other_id))

    def partners(self) -> list[str]:
        """Those of the viewer's latest partners who can lead to others."""
        return acquaintances(self.viewer, self.standpoint.weights.bridges.ties)

    def strengths(self) -> dict[str, float]:
        """How strong the tie with each of these partners is."""
        return {other: strength(*self.pair(other), self.now) for other in self.partners()}

    def circles(self) -> dict[str, Profile]:
        """The profiles of these partners, as far as they were read."""
        return {other: self.profiles[other] for other in self.partners() if other in self.profiles}

    def bridges(self, wanted: Set[str] | None) -> dict[str, float]:
        """How well ``wanted`` (None: everybody) are reached through the viewer's partners."""
        if wanted is not None and not wanted:
            return {}
        standpoint = self.standpoint
        return bridges(self.viewer, self.strengths(), self.circles(), self.now, standpoint.weights, wanted)

    def affinity(self, other_id: str, bridged: float = 0.0) -> Affinity:
        """The viewer's affinity to the other; nothing to oneself."""
        if other_id == self.viewer.id:
            return nothing(other_id)
        return affinity(self._closeness(other_id, bridged), self.measure)

    def regard(self, other_id: str, bridged: float = 0.0, *, words: bool = True) -> Regard:
        """How close somebody else is, in brief."""
        return regard(self._closeness(other_id, bridged), self.measure, words=words)

    def witnesses(self, ids: Iterable[str], *, words: bool = True) -> Ties:
        """The ties of these as witnesses."""
        close = (self._closeness(id, 0.0) for id in ids)
        return Ties.of(close, self.measure, self.standpoint.weights.witness, words=words)

    def _other(self, id: str) -> Profile | None:
        """Somebody else than the viewer, who has nothing mutual with themselves."""
        return None if id == self.viewer.id else self.profiles.get(id)

    def order(self, other_id: str) -> float:
        """What lists of the viewer's ties are sorted by."""
        return order(self._closeness(other_id, 0.0), self.measure)

    def _closeness(self, other_id: str, bridged: float) -> Closeness:
        out, into = self.pair(other_id)
        other = self.profiles.get(other_id) or Profile(other_id)
        return Closeness(self.viewer, other, out, into, bridged)

    def related(self, known: Iterable[Affinity], witnesses: int) -> list[Affinity]:
        """These affinities, now with the connection and the mutual connections beside each."""
        friends = connected(self.viewer)
        found = list(known)
        for one in found:
            one.connection = connection(self.viewer, one.user_id)
            one.mutual_connections = mutual(friends, self._other(one.user_id), witnesses)
        return found


async def looking(standpoint: Standpoint, viewer_id: str, wanted: Wanted | None = None) -> Surroundings:
    """The viewer with what is ``wanted`` around, read in one round trip."""
    viewers = Wanted(profiles={viewer_id})
    found, habits = await asyncio.gather(
        standpoint.read(together(wanted, viewers) if wanted else viewers), standpoint.habits()
    )
    viewer = found.profiles.get(viewer_id) or Profile(viewer_id)
    return Surroundings(standpoint, habits, viewer).with_found(found)


def nothing(user_id: str) -> Affinity:
    """The affinity to oneself, and to somebody nothing is known of."""
    return Affinity(
        user_id=user_id,
        score=0.0,
        order=0.0,
        contributions=(),
        last_interaction_at=None,
        outgoing=0,
        incoming=0,
        blocked=False,
    )


def connection(viewer: Profile, other_id: str) -> Connection | None:
    """Where the viewer's connection with the other stands; None where there never was one."""
    link = viewer.links.get(other_id)
    if link is None:
        return None
    return Connection(
        user_id=viewer.id,
        other_id=other_id,
        status=link.status,
        requested_by=link.requested_by,
        since=from_ms(link.since),
        response_ms=link.response_ms,
    )


def connected(profile: Profile) -> set[str]:
    """With whom the user is connected."""
    return {other for other, link in profile.links.items() if link.status is ConnectionStatus.ACCEPTED}


def mutual(friends: Set[str], other: Profile | None, witnesses: int) -> MutualConnections:
    """Which of ``friends`` the other is connected with; the first ``witnesses`` of them by id."""
    if other is None or not friends:
        return MutualConnections()
    both = [id for id in other.links.keys() & friends if other.links[id].status is ConnectionStatus.ACCEPTED]
    return MutualConnections(count=len(both), witnesses=tuple(sorted(both)[:witnesses]))
