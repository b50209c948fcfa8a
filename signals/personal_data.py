"""What looks like personal data: ``personal_data.toml`` and a deployment's own rows over it, and how keys are read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from signals.tables import Section, Table

DEFAULT = Path(__file__).with_name("personal_data.toml")
TABLE = Table("patterns of personal data", DEFAULT, "SOCIOGRAPH_PERSONAL_DATA")

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|\d+")
"""``userEmail2`` is user, email, 2; letters that have no case make words of their own."""
WHOLE = "="
KEYS = 4096
"""Keys whose kind is remembered."""
KEY_LENGTH = 128
"""Characters of a key that is worth remembering."""


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    return pattern


def _has_words(pattern: str) -> str:
    if not words(pattern.removeprefix(WHOLE)):
        raise ValueError(f"{pattern!r} has no word")
    return pattern


KeyPattern: TypeAlias = Annotated[str, AfterValidator(_has_words)]
Expression: TypeAlias = Annotated[str, AfterValidator(_compiles)]


class Look(Section):
    texts: bool


class PersonalData(BaseModel):
    """The table; see its comments."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    keys: dict[str, Annotated[tuple[KeyPattern, ...], Field(strict=False)]]
    values: dict[str, Expression]
    look: Look

    @classmethod
    def load(cls, path: Path | None = None) -> PersonalData:
        """The table with the rows of ``path`` over it. Raises StartupError that says where and what to do."""
        return TABLE.load(cls, path)


@cache
def standard() -> PersonalData:
    """The table as it comes."""
    return PersonalData.load()


def words(key: str) -> tuple[str, ...]:
    """The words that a key is made of, in lower case and without accents: e, mail; user, ipv, 4."""
    plain = unicodedata.normalize("NFKD", key).replace("IPv", "Ipv")
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return tuple(word.lower() for word in WORD.findall(plain))


class Kinds:
    """Says of which kind a key or a text is, if it looks like personal data at all."""

    def __init__(self, table: PersonalData) -> None:
        patterns = [(kind, pattern) for kind, row in table.keys.items() for pattern in row]
        self._whole = _by_words((k, p[len(WHOLE) :]) for k, p in patterns if p.startswith(WHOLE))
        self._parts = _by_words((k, p) for k, p in patterns if not p.startswith(WHOLE))
        self._run_together = {"".join(found): kind for found, kind in {**self._parts, **self._whole}.items()}
        self._lengths = sorted({len(found) for found in self._parts})
        self._texts = [(k, re.compile(e)) for k, e in table.values.items() if e] if table.look.texts else []
        self._known: dict[str, str | None] = {}

    def of_key(self, key: str) -> str | None:
        """The kind of personal data that a key announces; None where it announces none."""
        try:
            return self._known[key]
        except KeyError:
            kind = self._of_words(words(key))
        if len(key) <= KEY_LENGTH and len(self._known) < KEYS:
            self._known[key] = kind
        return kind

    def of_text(self, text: str) -> str | None:
        """The kind of personal data that a text holds, where texts are looked at."""
        for kind, pattern in self._texts:
            if pattern.search(text):
                return kind
        return None

    def _of_words(self, found: tuple[str, ...]) -> str | None:
        while len(found) > 1 and found[-1].isdecimal():
            found = found[:-1]
        whole = self._whole.get(found) or self._run_together.get("".join(found))
        if whole is not None:
            return whole
        for length in self._lengths:
            for start in range(len(found) - length + 1):
                kind = self._parts.get(found[start : start + length])
                if kind is not None:
                    return kind
        return None


def _by_words(patterns: Iterable[tuple[str, str]]) -> Mapping[tuple[str, ...], str]:
    """The kinds by the words of the patterns; of a pattern in two rows the first counts."""
    found: dict[tuple[str, ...], str] = {}
    for kind, pattern in patterns:
        found.setdefault(words(pattern), kind)
    return found
