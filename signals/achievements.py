"""Achievements: how far somebody came with each, and when it was reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from signals.achievements_table import Count, Distinct, Narrowed, Points, Rule, Streak
from signals.balance import value_under
from signals.clock import from_ms
from signals.diary import Entry
from signals.points import worth
from signals.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Achievement:
    """``progress``: towards ``target`` and never beyond it. What was reached once stays reached."""

    id: str
    title: str
    description: str
    kind: str
    progress: float
    target: float
    earned_at: datetime | None


class Streaks(Protocol):
    """Somebody's runs of active days, as far as achievements go by them."""

    @property
    def longest(self) -> int:
        """Days."""
        ...

    def reached(self, days: int) -> int | None:
        """When a run first had so many days, in epoch ms; None while none had."""
        ...


def metadata_needed(rules: Sequence[Rule]) -> bool:
    """Whether the entries have to bring their metadata."""
    return any(isinstance(rule, Distinct) and rule.of == "METADATA" for rule in rules)


def achievements(
    rules: Sequence[Rule], entries: Sequence[Entry], streaks: Streaks, vocabulary: Vocabulary
) -> list[Achievement]:
    """One per rule, in their order. ``entries``: all that somebody did, oldest first."""
    return [_achievement(rule, entries, streaks, vocabulary) for rule in rules]


def _achievement(rule: Rule, entries: Sequence[Entry], streaks: Streaks, vocabulary: Vocabulary) -> Achievement:
    if isinstance(rule, Streak):
        progress, earned = float(streaks.longest), streaks.reached(rule.target)
    else:
        progress, earned = _first(_amounts(rule, entries, vocabulary), rule.target)
    return Achievement(
        id=rule.id,
        title=rule.title,
        description=rule.description,
        kind=rule.kind,
        progress=rule.target if earned is not None else max(0.0, min(progress, rule.target)),
        target=rule.target,
        earned_at=None if earned is None else from_ms(earned),
    )


def _first(amounts: Iterator[tuple[int, float]], target: float) -> tuple[float, int | None]:
    """The running amount at the end, or when it reached ``target``. ``amounts``: (epoch ms, amount so far)."""
    amount = 0.0
    for at, amount in amounts:
        if amount >= target:
            return amount, at
    return amount, None


def _amounts(
    rule: Count | Distinct | Points, entries: Sequence[Entry], vocabulary: Vocabulary
) -> Iterator[tuple[int, float]]:
    if isinstance(rule, Points):
        return _running(entries, lambda entry: worth(entry, vocabulary))
    chosen = _narrowed(rule, entries)
    return _running(chosen, lambda _: 1.0) if isinstance(rule, Count) else _different(rule, chosen)


def _running(entries: Sequence[Entry], amount: Callable[[Entry], float]) -> Iterator[tuple[int, float]]:
    total = 0.0
    for entry in entries:
        total += amount(entry)
        yield entry.at, total


def _different(rule: Distinct, entries: Sequence[Entry]) -> Iterator[tuple[int, float]]:
    seen: set[str | tuple[str | None, str]] = set()
    for entry in entries:
        value = _value(rule, entry)
        if value is not None:
            seen.add(value)
            yield entry.at, float(len(seen))


def _value(rule: Distinct, entry: Entry) -> str | tuple[str | None, str] | None:
    if rule.of == "CONTENTS":
        return entry.content_key
    if rule.of == "ENTITIES":
        return None if entry.entity_id is None else (entry.entity_type, entry.entity_id)
    return value_under(entry.metadata, rule.key or "")


def _narrowed(rule: Narrowed, entries: Sequence[Entry]) -> list[Entry]:
    if not rule.types and not rule.categories:
        return list(entries)
    types, categories = set(rule.types), set(rule.categories)
    return [entry for entry in entries if entry.category in categories or (types and entry.type in types)]
