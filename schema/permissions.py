"""Who may read and do what: ``permissions.toml``, which says what its words mean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from schema.principal import Role
from signals.errors import StartupError

FILE = Path(__file__).with_name("permissions.toml")
SAME, RECORDING, PEOPLE = "same", "recording", "people"
EVERYBODY, NOBODY = "everybody", "nobody"


class Must(StrEnum):
    """What a request has to have in an argument that names a person."""

    OWN = "own"
    OWN_OR_ABSENT = "own or absent"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Rule:
    """On what a role may have a field: on everything, unless something is said.

    ``if_own``: of an object of the caller's. ``as_itself``: the field finds out by itself whom it is about.
    ``where``: what has to be in arguments, by path.
    """

    if_own: bool = False
    as_itself: bool = False
    where: tuple[tuple[str, Must], ...] = ()

    @property
    def makes_own(self) -> bool:
        """Whether what the field answers belongs to the caller, once all this holds."""
        return self.as_itself or any(must is Must.OWN for _, must in self.where)


@dataclass(frozen=True, slots=True)
class Permissions:
    """``rules``: by coordinate (``User.streak``), then by role. The others: see the table."""

    rules: Mapping[str, Mapping[Role, Rule]]
    same: frozenset[str]
    recording: frozenset[str]
    people: Mapping[str, tuple[str, ...]]

    def roles(self, coordinate: str) -> list[Role]:
        """Those that may have the field, on something at least."""
        return sorted(self.rules.get(coordinate, {}), key=list(Role).index)

    @classmethod
    def load(cls, file: Path = FILE) -> Permissions:
        """The table of a file. Raises StartupError for words that mean nothing."""
        rows: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        same, recording = frozenset(rows.pop(SAME, ())), frozenset(rows.pop(RECORDING, ()))
        people = {coordinate: tuple(paths) for coordinate, paths in rows.pop(PEOPLE, {}).items()}
        rules = {
            f"{kind}.{name}": _rules(f"{kind}.{name}", said, people)
            for kind, fields in rows.items()
            for name, said in fields.items()
        }
        return cls(rules, same, recording, people)


@cache
def standard() -> Permissions:
    """The table as it comes."""
    return Permissions.load()


def _rules(coordinate: str, said: str, people: Mapping[str, tuple[str, ...]]) -> dict[Role, Rule]:
    if said == EVERYBODY:
        return dict.fromkeys(Role, Rule())
    rules: dict[Role, Rule] = {}
    for part in said.split(";"):
        role, _, condition = part.strip().partition(" ")
        try:
            rules[Role(role)] = _rule(condition.strip(), people.get(coordinate, ()))
        except ValueError as error:
            raise StartupError(f"permissions.toml, {coordinate}: {part.strip()!r} means nothing: {error}.") from error
    return rules


def _rule(condition: str, people: tuple[str, ...]) -> Rule:
    if condition in ("", "if own", "as itself"):
        return Rule(if_own=condition == "if own", as_itself=condition == "as itself")
    word, _, terms = condition.partition(" ")
    if word != "where":
        raise ValueError(f"{word!r} begins no condition")
    where: list[tuple[str, Must]] = []
    for term in terms.split(" and "):
        path, _, must = term.strip().partition(" is ")
        if path == NOBODY and must == "named":
            where += [(person, Must.ABSENT) for person in people]
        elif path in people:
            where.append((path, Must(must)))
        else:
            raise ValueError(f"{path!r} names no person")
    return Rule(where=tuple(where))
