"""Where a ranking read looks from: what it reads through, by which table, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from resolvers.ports import Nodes
from signals.clock import to_ms
from signals.cut import Cut
from signals.habits import Habits
from signals.vocabulary import Vocabulary
from signals.wanted import Found, Wanted
from signals.weights import Weights


@dataclass(frozen=True, slots=True)
class Standpoint:
    """``now`` is the instant that everything is aged by; ``cut``: None for the present, else what is seen from then.
    ``dropped``: what is left out of everything that is seen from here."""

    nodes: Nodes
    weights: Weights
    vocabulary: Vocabulary
    now: datetime
    cut: Cut | None = None
    dropped: tuple[str, ...] = ()

    def back(self, as_of: datetime | None, known_at: datetime | None) -> Standpoint:
        """The same at an instant of the past; ``known_at`` alone looks from now at what was known by then."""
        if as_of is None and known_at is None:
            return self
        instant = as_of or self.now
        return replace(self, now=instant, cut=Cut(instant, known_at))

    @property
    def ms(self) -> int:
        """``now`` in epoch ms."""
        return to_ms(self.now)

    async def read(self, wanted: Wanted) -> Found:
        """One round trip; none where nothing is wanted."""
        if not (wanted.profiles or wanted.cards or wanted.interacted or wanted.ties):
            return Found()
        return await self.nodes.read(wanted, self.cut)

    async def habits(self) -> Habits:
        """How the population deals with each other, as known from here."""
        return await self.nodes.habits(self.cut)
