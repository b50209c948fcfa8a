"""Reading a JSON-like object field by field, with every problem and its path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeAlias

from signals.limits import PROBLEMS
from signals.outcomes import Problem

Check: TypeAlias = Callable[[Any], Any]
"""Gives the value to keep, or raises Wrong."""

SHOWN = 40
"""Characters of a caller's own words in a message."""


class Wrong(Exception):
    """A value that cannot be taken; the problems' paths begin at the value."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    @classmethod
    def because(cls, message: str) -> Wrong:
        return cls(Problem((), message))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: what the value is called inside, and what may stand there."""

    name: str
    check: Check
    required: bool = False


class Form:
    """The fields an object may have, by the caller's names."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = dict(fields)
        self._required = tuple((key, field.name) for key, field in fields.items() if field.required)

    def read(self, raw: object) -> tuple[dict[str, Any], list[Problem]]:
        """The values by inner name (null counts as left out), and what is wrong with the others."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        if not isinstance(raw, Mapping):
            return values, [Problem((), f"must be an object with {listed(self._fields)}")]
        fields = self._fields
        for key, value in raw.items():
            field = fields.get(key)
            if field is None:
                problems.append(self._unknown(key))
            elif value is not None:
                try:
                    values[field.name] = field.check(value)
                except Wrong as wrong:
                    problems.extend(Problem((key, *p.path), p.message) for p in wrong.problems)
            if len(problems) >= PROBLEMS:
                break
        for key, name in self._required:
            if name not in values and raw.get(key) is None:
                problems.append(Problem((key,), "is missing; it is required"))
        return values, problems[:PROBLEMS]

    def _unknown(self, key: object) -> Problem:
        if not isinstance(key, str):
            return Problem((), "has a key that is no string")
        return Problem((path_part(key),), f"is no field here; {suggestion(key[:SHOWN], tuple(self._fields))}")


def nested(form: Form, build: Callable[..., Any]) -> Check:
    """A check that reads a value with ``form`` and builds from what it read."""

    def check(value: object) -> Any:
        values, problems = form.read(value)
        if problems:
            raise Wrong(*problems)
        return build(**values)

    return check


def one_of(known: Mapping[str, Any], what: str) -> Check:
    """A check for a name in ``known``; gives what the name stands for. ``what``: an interaction."""
    names = tuple(known)

    def check(value: object) -> Any:
        if isinstance(value, str) and value in known:
            return known[value]
        if not isinstance(value, str):
            raise Wrong.because(f"must be the name of {what}; {suggestion('', names)}")
        raise Wrong.because(f"{shown(value)} is not the name of {what}; {suggestion(value[:SHOWN], names)}")

    return check


@lru_cache(maxsize=1024)
def suggestion(given: str, known: tuple[str, ...]) -> str:
    """What may have been meant, or else all there is."""
    plain = {name.replace("_", "").casefold(): name for name in known}
    near = get_close_matches(given.replace("_", "").casefold(), plain, n=3)
    return f"did you mean {listed([plain[name] for name in near], 'or')}?" if near else f"known: {listed(known)}"


def listed(names: Iterable[str], last: str = "and") -> str:
    *head, tail = names
    return f"{', '.join(head)} {last} {tail}" if head else tail


def shown(value: str) -> str:
    """A caller's text for a message: quoted, escaped where it cannot be printed, and short."""
    return repr(value) if len(value) <= SHOWN else f"{value[:SHOWN]!r}..."


def path_part(key: str) -> str:
    """A caller's key for a path: itself where it can be printed and is short."""
    return key if len(key) <= SHOWN and key.isprintable() else shown(key)
