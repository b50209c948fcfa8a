"""How this population deals with each other: three figures that the affinity formula adapts to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares and means over positive person-to-person events; the defaults hold until there is enough to go by.

    ``repeat`` (pi): share of the events whose pair already had a tie. ``reply`` (rho): of those, the share where the
    pair's last event came from the other side. ``spread`` (m): of those, the mean of ln(1 + a), a the number of the
    actor's other events since the pair's last.
    """

    repeat: float = 0.5
    reply: float = 0.5
    spread: float = 1.0
