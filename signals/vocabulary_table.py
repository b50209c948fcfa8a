"""The vocabulary's TOML files, read and checked: what is wrong in them stops the start, with file, row and remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from signals.errors import StartupError

Name: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]
Word: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]

REMEDIES = {
    "string_pattern_mismatch": "letters, digits and _ only, beginning with a letter; names in upper case, "
    "category and action in lower case; 64 characters at most",
    "extra_forbidden": "not known here; a row has weight, behaviour, undoes, category, action, target, points and "
    "face, a file content_types, content, social and activity",
}


class Row(BaseModel):
    """One row as written; what it leaves out is filled in by ``signals.vocabulary``."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    weight: Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)] | None = None
    behaviour: Literal["count", "state", "connection"] | None = None
    undoes: Name | None = None
    category: Word | None = None
    action: Word | None = None
    target: Name | None = None
    points: Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)] | None = None
    face: Literal["profile"] | None = None


class Table(BaseModel):
    """One file as written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    content_types: list[Name] = []
    content: dict[Name, Row] = {}
    social: dict[Name, Row] = {}
    activity: dict[Name, Row] = {}


def read(path: Path) -> Table:
    """The table in ``path``. Raises StartupError that says where and what to do."""
    try:
        return Table.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise StartupError(
            f"The vocabulary {path} cannot be read: {error.strerror}. Check SOCIOGRAPH_VOCABULARY."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartupError(f"The vocabulary {path} is not valid TOML: {error}. A name may stand there once.") from error
    except ValidationError as error:
        raise StartupError("\n".join(_complaint(path, dict(e)) for e in error.errors())) from error


def _complaint(path: Path, error: dict[str, object]) -> str:
    location = error["loc"]
    where = ".".join(str(part) for part in location if part != "[key]") if isinstance(location, tuple) else ""
    return f"The vocabulary {path}, {where or 'file'}: {REMEDIES.get(str(error['type']), error['msg'])}."
