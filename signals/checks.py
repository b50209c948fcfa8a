"""What may stand in a field: each check gives the value to keep or raises Wrong with what to do about it."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from math import isfinite
from zoneinfo import available_timezones

from signals.clock import EPOCH, whole_ms
from signals.forms import Check, Wrong, shown
from signals.limits import ID_LENGTH, INT64_MAX, INT64_MIN, INT_MAX, SHORT_TEXT_LENGTH, TAGS, TEXT_LENGTH, TIME_LENGTH

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
SNAKE_CASE = re.compile(r"[a-z][a-z0-9_]*\Z")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")


def identifier(value: object) -> str:
    """An id: 1 to 128 characters, or an integer (a GraphQL ID may be either), kept as a string."""
    if isinstance(value, str):
        if 0 < len(value) <= ID_LENGTH and value.isprintable() and value[0] != " " and value[-1] != " ":
            return value
        return _unusual_id(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(within_64_bits(value))
    raise Wrong.because("must be a string or an integer")


def _unusual_id(value: str) -> str:
    if not value:
        raise Wrong.because(f"is empty; give 1 to {ID_LENGTH} characters")
    if value != value.strip():
        raise Wrong.because("begins or ends with white space; trim it")
    return _clean(value, ID_LENGTH)


def text(longest: int = TEXT_LENGTH) -> Check:
    """A check for free text up to ``longest`` characters on one line; empty is the same as left out."""

    def check(value: object) -> str | None:
        if not isinstance(value, str):
            raise Wrong.because("must be a string")
        return _clean(value, longest) or None

    return check


def _clean(value: str, longest: int) -> str:
    if len(value) > longest:
        raise Wrong.because(f"has {len(value)} characters; at most {longest} are kept")
    if not value.isprintable():
        refuse(CONTROL, value, "the control character")
        refuse_surrogates(value)
    return value


def refuse(pattern: re.Pattern[str], value: str, what: str) -> None:
    """Raise Wrong for the first match of ``pattern``, a single character, in ``value``."""
    found = pattern.search(value)
    if found:
        character = f"U+{ord(found[0]):04X}"
        raise Wrong.because(f"holds {what} {character} at character {found.start() + 1}; take it out")


def refuse_surrogates(value: str) -> None:
    """Raise Wrong for half a character, which no UTF-8 can carry."""
    refuse(SURROGATE, value, "half a character (a lone surrogate),")


def snake_case(value: object) -> str:
    """A lower-case name such as ``project_note``, up to 64 characters."""
    if not isinstance(value, str):
        raise Wrong.because("must be a string")
    if not SNAKE_CASE.match(value) or len(value) > SHORT_TEXT_LENGTH:
        raise Wrong.because(
            f"{shown(value)} is not in snake_case; use a to z, 0 to 9 and _, beginning with a letter, "
            f"1 to {SHORT_TEXT_LENGTH} characters"
        )
    return value


def whole_number(value: object) -> int:
    """An integer from 0 to 2147483647; 3.0 is 3."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong.because("must be a whole number")
    if not 0 <= value <= INT_MAX:
        raise Wrong.because(f"must be from 0 to {INT_MAX}")
    return value


def decimal(least: float | None = None, most: float | None = None) -> Check:
    """A check for a finite number, within bounds where they are given."""

    def check(value: object) -> float:
        number = _finite(value)
        if (least is not None and number < least) or (most is not None and number > most):
            raise Wrong.because(f"must be from {least:g} to {most:g}")
        return number

    return check


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong.because("must be a number")
    if isinstance(value, int):
        return float(within_64_bits(value))
    if not isfinite(value):
        raise Wrong.because("must be a finite number, not NaN or Infinity")
    return value


def within_64_bits(value: int) -> int:
    """An integer that the engines can keep. Raises Wrong."""
    if not INT64_MIN <= value <= INT64_MAX:
        raise Wrong.because("is beyond 64 bits; send it as a string")
    return value


def instant(value: object) -> datetime:
    """An ISO 8601 time or a datetime, with an offset, from 1970 to 9999; kept in UTC and whole milliseconds."""
    moment = _parsed(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        raise Wrong.because("must be a time, such as 2026-03-01T09:30:00Z")
    if moment.utcoffset() is None:
        raise Wrong.because("has no offset; add Z for UTC, or an offset such as +02:00")
    try:
        moment = whole_ms(moment)
    except OverflowError:
        raise Wrong.because("must be in the years 1970 to 9999") from None
    if moment < EPOCH:
        raise Wrong.because("must be in the years 1970 to 9999")
    return moment


def _parsed(value: str) -> datetime:
    try:
        if len(value) <= TIME_LENGTH:
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise Wrong.because(f"{shown(value)} is no ISO 8601 time; write one such as 2026-03-01T09:30:00Z")


def time_zone(value: object) -> str | None:
    """An IANA name: Europe/Berlin; empty is the same as left out."""
    if not isinstance(value, str):
        raise Wrong.because("must be a string")
    if value and value not in zones():
        near = {name.casefold(): name for name in zones()}.get(value.casefold())
        hint = f"did you mean {near}?" if near else "write one such as Europe/Berlin or UTC"
        raise Wrong.because(f"{shown(value)} is no IANA time zone; {hint}")
    return value or None


@cache
def zones() -> frozenset[str]:
    """The names of the known time zones, read once; not the machine's own under another name."""
    return frozenset(available_timezones() - {"localtime"})


def tags(value: object) -> tuple[str, ...]:
    """Up to 64 texts, each once, in the order given."""
    if not isinstance(value, list | tuple):
        raise Wrong.because("must be a list of strings")
    if len(value) > TAGS:
        raise Wrong.because(f"has {len(value)} tags; at most {TAGS} are kept")
    return tuple(dict.fromkeys(snip for snip in map(text(SHORT_TEXT_LENGTH), value) if snip))


def language(value: object) -> str:
    """A BCP 47 tag: de, pt-BR."""
    if not isinstance(value, str) or not LANGUAGE.match(value) or len(value) > SHORT_TEXT_LENGTH:
        raise Wrong.because("must be a language tag, such as de or pt-BR")
    return value
