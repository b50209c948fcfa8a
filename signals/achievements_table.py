"""The file of achievements, ``achievements.toml`` or a deployment's own, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from signals.errors import StartupError

DEFAULT = Path(__file__).with_name("achievements.toml")

Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=256)]
Word: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Type: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}:[a-z][a-z0-9_]{0,63}$")]
Whole: TypeAlias = Annotated[int, Field(ge=1, le=10**9)]

REMEDIES = {
    "extra_forbidden": "is not known here; look at the head of signals/achievements.toml",
    "missing": "is missing",
    "union_tag_not_found": "needs a kind: COUNT, STREAK, POINTS or DISTINCT",
    "union_tag_invalid": "has an unknown kind; it is COUNT, STREAK, POINTS or DISTINCT",
}


class Entry(BaseModel):
    """What every achievement has; what each means stands in ``achievements.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Word
    title: Text
    description: Text


class Narrowed(Entry):
    types: list[Type] = []
    categories: list[Word] = []
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
            raise ValueError('needs a key where of is "METADATA", and only there')
        return self


class Streak(Entry):
    kind: Literal["STREAK"]
    target: Whole


class Points(Entry):
    kind: Literal["POINTS"]
    target: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]


Rule: TypeAlias = Count | Distinct | Streak | Points


class Table(BaseModel):
    """One file as written."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    achievement: Annotated[list[Annotated[Rule, Field(discriminator="kind")]], Field(max_length=500)] = []


def load(path: Path | None = None) -> tuple[Rule, ...]:
    """The achievements of ``path``, else those that come with the product. Raises StartupError that says where."""
    source = path or DEFAULT
    try:
        table = Table.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    except OSError as error:
        raise StartupError(
            f"The achievements {source} cannot be read: {error.strerror}. Check SOCIOGRAPH_ACHIEVEMENTS."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartupError(f"The achievements {source} are not valid TOML: {error}.") from error
    except ValidationError as error:
        raise StartupError("\n".join(_complaint(source, dict(e)) for e in error.errors())) from error
    seen: set[str] = set()
    for rule in table.achievement:
        if rule.id in seen:
            raise StartupError(f"The achievements {source}: the id {rule.id} is there twice; choose another.")
        seen.add(rule.id)
    return tuple(table.achievement)


@cache
def standard() -> tuple[Rule, ...]:
    """Those that come with the product."""
    return load()


def _complaint(path: Path, error: Mapping[str, object]) -> str:
    location = error["loc"]
    where = ".".join(map(str, location)) if isinstance(location, tuple) else ""
    fault = REMEDIES.get(str(error["type"])) or str(error["msg"]).removeprefix("Value error, ")
    return f"The achievements {path}, {where}: {fault}."
