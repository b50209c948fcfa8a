"""Habits as they were stored: what reads of an instant go by are the latest figures that were stored by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from signals.habits import Habits


@dataclass(frozen=True, slots=True)
class Figures:
    """``habits`` of the latest events when they were stored, ``at``."""

    at: datetime
    habits: Habits
