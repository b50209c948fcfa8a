"""The guard of ``metadata`` and ``context``: what looks like personal data is refused, or hashed by a key.

A hash says nothing of the value to whoever has not the key, and the same value always has the same one: events can
still be counted by it. It is a pseudonym: whoever has the key can try values out.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from typing import TypeAlias

import orjson

from signals.events import JSON
from signals.forms import Check, Wrong, path_part
from signals.limits import PROBLEMS
from signals.outcomes import Problem
from signals.personal_data import Kinds

HASHED = re.compile(r"hmac:[0-9a-f]{32}")
"""What stands for a value; it is left as it is when it comes again."""
DIGEST_BYTES = 16
Path: TypeAlias = tuple[str, ...]


def refusing(check: Check, kinds: Kinds) -> Check:
    """``check``, and nothing in what it gives looks like personal data."""

    def guarded(value: object) -> JSON:
        kept: JSON = check(value)
        problems: list[Problem] = []
        _look(kept, (), kinds, problems)
        if problems:
            raise Wrong(*problems)
        return kept

    return guarded


def hashing(check: Check, kinds: Kinds, key: bytes) -> Check:
    """``check``, with hashes in place of what looks like personal data."""

    def guarded(value: object) -> JSON:
        return _hashed(check(value), kinds, key)

    return guarded


def hashed(value: JSON, key: bytes) -> str:
    """``hmac:`` and the first 128 bits of HMAC-SHA256 (RFC 2104) of the value as JSON with sorted keys."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return f"hmac:{hmac.digest(key, text, 'sha256')[:DIGEST_BYTES].hex()}"


def _look(value: JSON, path: Path, kinds: Kinds, problems: list[Problem]) -> None:
    """Add what looks like personal data in ``value``, which stands at ``path``, to the problems."""
    if isinstance(value, str):
        kind = kinds.of_text(value)
        if kind is not None:
            problems.append(_problem(path, f"holds what looks like personal data ({kind})"))
        return
    for part, each in _members(value):
        kind = kinds.of_key(part) if isinstance(value, dict) else None
        if kind is None:
            _look(each, (*path, path_part(part)), kinds, problems)
        elif not _nothing(each):
            problems.append(_problem((*path, path_part(part)), f"looks like personal data ({kind})"))
        if len(problems) >= PROBLEMS:
            return


def _members(value: JSON) -> Iterable[tuple[str, JSON]]:
    """What an object or a list is made of, with what leads there."""
    if isinstance(value, dict):
        return value.items()
    return ((str(place), each) for place, each in enumerate(value)) if isinstance(value, list) else ()


def _problem(path: Path, what: str) -> Problem:
    return Problem(path, f"{what}; leave it out, or send an id of your own in its place")


def _hashed(value: JSON, kinds: Kinds, key: bytes) -> JSON:
    if isinstance(value, str):
        return hashed(value, key) if kinds.of_text(value) is not None else value
    if isinstance(value, dict):
        return {
            name: _hashed(each, kinds, key) if kinds.of_key(name) is None or _nothing(each) else hashed(each, key)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_hashed(each, kinds, key) for each in value]
    return value


def _nothing(value: JSON) -> bool:
    """Whether a value tells nothing: there is none, or it is a hash already."""
    return value is None or (isinstance(value, str) and (not value or HASHED.fullmatch(value) is not None))
