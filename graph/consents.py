"""Consent as it is kept: implements ``resolvers.ports.Consents``."""

from __future__ import annotations

from collections.abc import Sequence

from graph.quiet import QuietPeople
from graph.standings import Standings
from graph.writer import Writer
from signals.outcomes import Overloaded
from signals.standing import Declaration, Standing


class ConsentBook:
    """Reads what holds, and declares through the writer."""

    def __init__(self, writer: Writer, standings: Standings, quiet: QuietPeople) -> None:
        self._writer = writer
        self._standings = standings
        self._quiet = quiet

    @property
    def required(self) -> bool:
        """Whether recording waits for consent."""
        return self._standings.required

    async def standings(self, user_ids: Sequence[str]) -> list[Standing]:
        """One per person, in order."""
        return await self._standings.read(user_ids)

    async def declare(self, user_id: str, said: Declaration) -> Standing | Overloaded:
        """What holds from now on, for every process."""
        try:
            return await self._writer.declare(user_id, said)
        finally:
            self._quiet.stale()
