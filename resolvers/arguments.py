"""Arguments of reads, checked: how many, and which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from signals.checks import identifier, text, time_zone
from signals.clock import to_ms
from signals.errors import InvalidArgument, LimitExceeded
from signals.events import EventFilter
from signals.forms import Check, Wrong
from signals.limits import SHORT_TEXT_LENGTH

T = TypeVar("T")

PAGE = 500
"""Items in one list."""
SKIPPED = 10_000
"""Items that an offset may skip."""
CHOICES = 100
"""Values of one list in a filter."""
CANDIDATES = 1000
"""Users or contents that are ranked at once."""
WITNESSES = 20
"""Witnesses shown for one thing."""

name_of_type = text(2 * SHORT_TEXT_LENGTH + 1)


def page_size(name: str, size: int | None, default: int = 50) -> int:
    """``size``, when it is 1 to 500. Raises LimitExceeded above and InvalidArgument below."""
    if size is None:
        return default
    if size > PAGE:
        raise LimitExceeded(f"{name} is {size}; at most {PAGE} are answered at once. Ask for the rest in another page.")
    if size < 1:
        raise InvalidArgument(f"{name} is {size}; ask for 1 to {PAGE}.")
    return size


def skipped(name: str, count: int | None) -> int:
    """``count``, when it is 0 to 10,000. Raises LimitExceeded above and InvalidArgument below."""
    if count is None:
        return 0
    if count > SKIPPED:
        raise LimitExceeded(
            f"{name} is {count}; at most {SKIPPED} can be skipped. Page through `events` with a cursor."
        )
    if count < 0:
        raise InvalidArgument(f"{name} is {count}; it cannot be below 0.")
    return count


def at_most(name: str, count: int | None, default: int, limit: int) -> int:
    """``count``, when it is 0 to ``limit``. Raises LimitExceeded above and InvalidArgument below."""
    if count is None:
        return default
    if count > limit:
        raise LimitExceeded(f"{name} is {count}; at most {limit}.")
    if count < 0:
        raise InvalidArgument(f"{name} is {count}; it cannot be below 0.")
    return count


def within(name: str, value: int | None, default: int, least: int, most: int) -> int:
    """``value``, when it is ``least`` to ``most``. Raises InvalidArgument."""
    if value is None:
        return default
    if not least <= value <= most:
        raise InvalidArgument(f"{name} is {value}; it must be {least} to {most}.")
    return value


def batch(name: str, values: Sequence[T]) -> Sequence[T]:
    """``values``, when they are at most 1000. Raises LimitExceeded."""
    if len(values) > CANDIDATES:
        raise LimitExceeded(f"{name} has {len(values)} items; at most {CANDIDATES} are ranked at once. Ask in parts.")
    return values


def identified(value: str, name: str = "userId") -> str:
    """An id that something recorded could have. Raises InvalidArgument."""
    return _checked(identifier, name, value)


def zoned(name: str | None) -> ZoneInfo:
    """The time zone of this name; UTC without one. Raises InvalidArgument."""
    return ZoneInfo(_checked(time_zone, "timeZone", name) if name else "UTC")


def span(since: datetime, until: datetime) -> tuple[int, int]:
    """[since, until) in epoch ms. Raises InvalidArgument where no time lies between."""
    if until <= since:
        raise InvalidArgument("until must be later than since.")
    return to_ms(since), to_ms(until)


def narrowed(filter: EventFilter) -> EventFilter:
    """A filter that an engine can take. Raises InvalidArgument and LimitExceeded."""
    for name, id in (
        ("userId", filter.user_id),
        ("targetUserId", filter.target_user_id),
        ("sessionId", filter.session_id),
    ):
        if id is not None:
            _checked(identifier, f"filter.{name}", id)
    if filter.content is not None:
        _checked(identifier, "filter.content.id", filter.content.id)
    for name, values in (("types", filter.types), ("categories", filter.categories), ("actions", filter.actions)):
        _choices(f"filter.{name}", values or ())
    return filter


def _choices(name: str, values: tuple[str, ...]) -> None:
    if len(values) > CHOICES:
        raise LimitExceeded(f"{name} has {len(values)} values; at most {CHOICES} are taken.")
    for value in values:
        _checked(name_of_type, name, value)


def _checked(check: Check, name: str, value: T) -> T:
    try:
        check(value)
    except Wrong as wrong:
        raise InvalidArgument(f"{name} {wrong.problems[0].message}") from None
    return value
