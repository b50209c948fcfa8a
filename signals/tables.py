"""Tables of settings in TOML: one that comes with the product, and a deployment's own rows over it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from signals.errors import StartupError

M = TypeVar("M", bound=BaseModel)


class Section(BaseModel):
    """Rows that belong together; what each means stands in the table."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True, slots=True)
class Table:
    """A table by what it is called, the file that comes with the product and the variable that names another."""

    name: str
    default: Path
    variable: str

    def load(self, model: type[M], path: Path | None) -> M:
        """The table with the rows of ``path`` over it. Raises StartupError that says where and what to do."""
        rows = self._read(self.default)
        if path is not None:
            for section, own in self._read(path).items():
                known = rows.get(section)
                rows[section] = {**known, **own} if isinstance(known, dict) and isinstance(own, dict) else own
        try:
            return model.model_validate(rows)
        except ValidationError as error:
            faults = [self._complaint(path or self.default, dict(each)) for each in error.errors()]
            raise StartupError("\n".join(faults)) from error

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise StartupError(
                f"The {self.name} {path} cannot be read: {error.strerror}. Check {self.variable}."
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise StartupError(f"The {self.name} {path} are not valid TOML: {error}.") from error

    def _complaint(self, path: Path, error: dict[str, object]) -> str:
        location = error["loc"]
        where = f", {'.'.join(map(str, location))}" if isinstance(location, tuple) and location else ""
        unknown = f"is no row; the rows are those of signals/{self.default.name}"
        told = str(error["msg"]).removeprefix("Value error, ")
        told = told[:1].lower() + told[1:]
        return f"The {self.name} {path}{where}: {unknown if error['type'] == 'extra_forbidden' else told}."
