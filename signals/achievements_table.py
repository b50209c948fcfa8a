"""What can be achieved: ``achievements.toml``, or a deployment's own file in its place."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from signals.limits import SHORT_TEXT_LENGTH
from signals.tables import Section, Table

DEFAULT = Path(__file__).with_name("achievements.toml")
TABLE = Table("achievements", DEFAULT, "SOCIOGRAPH_ACHIEVEMENTS")

Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=256)]
Word: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=SHORT_TEXT_LENGTH)]
EventType: TypeAlias = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$", max_length=2 * SHORT_TEXT_LENGTH + 1)
]
Whole: TypeAlias = Annotated[int, Field(ge=1, le=10**9)]


class Declared(Section):
    """What every achievement has; what each means stands in ``achievements.toml``."""

    id: Word
    title: Text
    description: Text


class Narrowed(Declared):
    """About events of any of these types or categories; of all where there are none."""

    types: Annotated[tuple[EventType, ...], Field(max_length=100, strict=False)] = ()
    categories: Annotated[tuple[Word, ...], Field(max_length=100, strict=False)] = ()
    target: Whole


class Count(Narrowed):
    kind: Literal["COUNT"]


class Distinct(Narrowed):
    kind: Literal["DISTINCT"]
    of: Literal["ENTITIES", "CONTENTS", "METADATA"]
    key: Text | None = None

    @model_validator(mode="after")
    def _keyed(self) -> Distinct:
        if (self.key is None) == (self.of == "METADATA"):
            raise ValueError('key belongs to of = "METADATA", and has to be there')
        return self


class Streak(Declared):
    kind: Literal["STREAK"]
    target: Whole


class Points(Declared):
    kind: Literal["POINTS"]
    target: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]


Rule: TypeAlias = Count | Distinct | Streak | Points


class Achievables(BaseModel):
    """One file, in its order."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    achievement: Annotated[
        tuple[Annotated[Rule, Field(discriminator="kind")], ...], Field(max_length=500, strict=False)
    ]

    @model_validator(mode="after")
    def _told_apart(self) -> Achievables:
        [(id, times)] = Counter(rule.id for rule in self.achievement).most_common(1) or [("", 0)]
        if times > 1:
            raise ValueError(f"two achievements have the id {id}; choose another for one of them")
        return self


def load(path: Path | None = None) -> tuple[Rule, ...]:
    """Those of ``path``, else those that come with the product. Raises StartupError that says where and what to do."""
    return TABLE.load(Achievables, path).achievement


@cache
def standard() -> tuple[Rule, ...]:
    """Those that come with the product."""
    return load()
