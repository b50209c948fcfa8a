"""Every Cypher statement by name: one file each in ``graph/cypher``, line 1 a comment that says what it promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent / "cypher"


@dataclass(frozen=True, slots=True)
class Statement:
    """A parameterised Cypher text. Its ``name`` travels into transaction metadata, metrics and logs."""

    name: str
    text: str

    @property
    def promise(self) -> str:
        """What the statement does, from its first line."""
        return self.text.partition("\n")[0].removeprefix("//").strip()


def _load() -> Mapping[str, Statement]:
    files = sorted(FOLDER.glob("*.cypher"))
    return MappingProxyType({file.stem: Statement(file.stem, file.read_text(encoding="utf-8")) for file in files})


STATEMENTS = _load()


def statement(name: str) -> Statement:
    """The statement of this name; a KeyError at import time is a typo in the calling module."""
    return STATEMENTS[name]
