"""JSON that is kept as given: any value that can be stored and answered again, within limits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite
from typing import TypeAlias, cast

import orjson

from signals.checks import refuse, refuse_surrogates, within_64_bits
from signals.events import JSON
from signals.forms import Wrong, path_part
from signals.limits import JSON_BYTES, JSON_DEPTH, PROBLEMS
from signals.outcomes import Problem

NUL = re.compile("\x00")
Path: TypeAlias = tuple[str | int, ...]


def json_value(value: object) -> JSON:
    """The value itself: at most 4096 bytes as compact UTF-8 and 10 deep, no NUL, finite numbers within 64 bits."""
    inspection = _Inspection()
    inspection.look(value, ())
    if inspection.seen > JSON_BYTES:
        raise Wrong.because(f"takes more than {JSON_BYTES} bytes as JSON, and no more are kept")
    if inspection.problems:
        raise Wrong(*inspection.problems)
    size = len(orjson.dumps(value))
    if size > JSON_BYTES:
        raise Wrong.because(f"takes {size} bytes as JSON; at most {JSON_BYTES} are kept")
    return cast("JSON", value)


class _Inspection:
    """One walk through a value; it ends early where more values are seen than there may be bytes."""

    __slots__ = ("problems", "seen")

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.seen = 0

    def look(self, value: object, path: Path) -> None:
        """Add what is wrong with ``value``, which stands at ``path``, to the problems."""
        self.seen += 1
        try:
            if isinstance(value, dict):
                _check_keys(value)
                self._look_within(value.items(), path)
            elif isinstance(value, list):
                self._look_within(enumerate(value), path)
            else:
                _check_scalar(value)
        except Wrong as wrong:
            where = tuple(str(part) if isinstance(part, int) else path_part(part) for part in path)
            self.problems.extend(Problem(where, p.message) for p in wrong.problems)

    def _look_within(self, members: Iterable[tuple[str | int, object]], path: Path) -> None:
        if len(path) >= JSON_DEPTH:
            raise Wrong.because(f"lies more than {JSON_DEPTH} deep; flatten it")
        for key, value in members:
            if self.seen > JSON_BYTES or len(self.problems) >= PROBLEMS:
                return
            self.look(value, (*path, key))


def _check_keys(members: Iterable[object]) -> None:
    for key in members:
        if not isinstance(key, str):
            raise Wrong.because("has a key that is no string")
        _check_text(key)


def _check_scalar(value: object) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int):
        within_64_bits(value)
    elif isinstance(value, float):
        if not isfinite(value):
            raise Wrong.because("must be a finite number, not NaN or Infinity")
    elif value is not None:
        raise Wrong.because("is no JSON value")


def _check_text(value: str) -> None:
    if not value.isprintable():
        refuse(NUL, value, "the control character")
        refuse_surrogates(value)
