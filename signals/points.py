"""Points: what events earn whoever did them, added up."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from signals.diary import Entry
from signals.pairs import term_of
from signals.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Points:
    """``by_category``: most points first, then by name. ``by_day``: latest local date first.

    Both name only what an event worth something belongs to; their sums may be 0 all the same.
    """

    total: float
    by_category: tuple[tuple[str, float], ...]
    by_day: tuple[tuple[date, float], ...]


def worth(entry: Entry, vocabulary: Vocabulary) -> float:
    """The points of one event: its own, 0 among them, else those of its row in the vocabulary."""
    if entry.points is not None:
        return entry.points
    return term_of(vocabulary, f"{entry.face}.{entry.name}").points


def points(entries: Iterable[Entry], dates: Iterable[date], vocabulary: Vocabulary) -> Points:
    """What ``entries`` earn. ``dates``: the local date of each."""
    by_category: dict[str, list[float]] = defaultdict(list)
    by_day: dict[date, list[float]] = defaultdict(list)
    for entry, day in zip(entries, dates, strict=True):
        earned = worth(entry, vocabulary)
        if earned:
            by_category[entry.category].append(earned)
            by_day[day].append(earned)
    categories = [(name, math.fsum(earned)) for name, earned in by_category.items()]
    return Points(
        total=math.fsum(part for earned in by_category.values() for part in earned),
        by_category=tuple(sorted(categories, key=lambda row: (-row[1], row[0]))),
        by_day=tuple(sorted(((day, math.fsum(e)) for day, e in by_day.items()), key=itemgetter(0), reverse=True)),
    )
