"""What a ranking read asks of the graph in one round trip, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from signals.pairs import Pair
from signals.profiles import Card, Profile

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """User ids, content keys, keys of INTERACTED (user, content) and of TIE (user, user) as ``packing.joined`` makes
    them."""

    profiles: Set[str] = NOTHING
    cards: Set[str] = NOTHING
    interacted: Set[str] = NOTHING
    ties: Set[str] = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """By the same keys; what does not exist is absent."""

    profiles: Mapping[str, Profile] = field(default_factory=dict)
    cards: Mapping[str, Card] = field(default_factory=dict)
    interacted: Mapping[str, Pair] = field(default_factory=dict)
    ties: Mapping[str, Pair] = field(default_factory=dict)
