"""What a deployment settles about goals, streaks and notifications: ``rewards.toml`` and its own rows over it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from signals.limits import SHORT_TEXT_LENGTH
from signals.tables import Section, Table

DEFAULT = Path(__file__).with_name("rewards.toml")
TABLE = Table("rewards", DEFAULT, "SOCIOGRAPH_REWARDS")

EventType: TypeAlias = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$", max_length=2 * SHORT_TEXT_LENGTH + 1)
]
"""``category:action``."""
Days: TypeAlias = Annotated[int, Field(ge=1, le=40_000)]


class Goal(Section):
    types: Annotated[tuple[EventType, ...], Field(min_length=1, max_length=100, strict=False)]
    count: Annotated[int, Field(ge=1, le=1000)]


class StreakRules(Section):
    freezes: Annotated[int, Field(ge=0, le=365)]


class NotificationRules(Section):
    milestones: Annotated[tuple[Days, ...], Field(max_length=100, strict=False)]
    reminder_hour: Annotated[int, Field(ge=0, le=23)]


class Rewards(BaseModel):
    """All of it; a member per section of ``rewards.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    goal: Goal
    streak: StreakRules
    notifications: NotificationRules

    @classmethod
    def load(cls, path: Path | None = None) -> Rewards:
        """The table with the rows of ``path`` over it. Raises StartupError that says where and what to do."""
        return TABLE.load(cls, path)


@cache
def standard() -> Rewards:
    """The table as it comes."""
    return Rewards.load()
