"""Behaviour as a short paragraph, for people and for the prompt of an assistant: no id of anybody or anything in it.

Words that clients made up, such as tags and categories, are left out unless they are plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from signals.behaviour import Behaviour, SessionHabits
from signals.clock import DAY_MS, HOUR_MS
from signals.wording import MINUTE_MS, number, times

DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
PLAIN = re.compile(r"[^\W\d_]+([ _-][^\W\d_]+){0,3}")
LONGEST = 32
NAMED = 3
SECOND_MS = 1000
LENGTHS = ((DAY_MS, "day"), (HOUR_MS, "hour"), (MINUTE_MS, "minute"), (SECOND_MS, "second"))


def summary_text(behaviour: Behaviour) -> str:
    """A few plain sentences."""
    days = max(1, round((behaviour.until - behaviour.since).total_seconds() * SECOND_MS / DAY_MS))
    span = f"In these {number(days, 'day')}" if days > 1 else "On this day"
    if not behaviour.events:
        return f"{span} this person did nothing that was recorded."
    done = number(behaviour.events, "thing")
    return " ".join([f"{span} this person did {done}, {_when(behaviour)}.", *_sentences(behaviour)])


def length(ms: float) -> str:
    """``3 minutes``, ``2 days``: rounded, in the largest unit there is one of; ``less than a second`` below."""
    for unit, name in LENGTHS:
        if ms >= unit:
            return number(round(ms / unit), name)
    return "less than a second"


def _when(behaviour: Behaviour) -> str:
    by_day = [sum(hours) for hours in behaviour.heat_map]
    busiest = DAYS[by_day.index(max(by_day))]
    hours = _listed([f"{hour}:00" for hour, _ in behaviour.peak_hours])
    return f"mostly on {busiest} and around {hours} local time"


def _sentences(behaviour: Behaviour) -> Iterator[str]:
    used = [f"{_word(f.category)} ({f.share:.0%})" for f in behaviour.feature_use if _plain(f.category)]
    if used:
        yield f"Most of it was {_listed(used[:NAMED])}."
    kinds = _words(name.lower() for name, _ in behaviour.content_types)
    tags = _words(name for name, _ in behaviour.tags)
    if kinds:
        yield f"They turn to contents of the kinds {_listed(kinds)}{f', about {_listed(tags)}' if tags else ''}."
    yield from _coming(behaviour.sessions)
    yield from _answering(behaviour)


def _coming(sessions: SessionHabits) -> Iterator[str]:
    if sessions.mean_ms is None or sessions.mean_events is None:
        return
    hour = "" if sessions.usual_start_hour is None else f", usually from {sessions.usual_start_hour}:00 on"
    events = number(max(1, round(sessions.mean_events)), "thing")
    yield f"They came {times(sessions.count)}{hour}, for {length(sessions.mean_ms)} and {events} on average."


def _answering(behaviour: Behaviour) -> Iterator[str]:
    said = []
    if behaviour.message_read_ms is not None:
        said.append(f"read a message after {length(behaviour.message_read_ms)}")
    if behaviour.connection_answer_ms is not None:
        said.append(f"answer a connection request after {length(behaviour.connection_answer_ms)}")
    if said:
        yield f"They typically {_listed(said)}."


def _words(names: Iterable[str]) -> list[str]:
    """The first few of them that are plain words."""
    return [_word(name) for name in names if _plain(name)][:NAMED]


def _plain(name: str) -> bool:
    return len(name) <= LONGEST and PLAIN.fullmatch(name) is not None


def _word(name: str) -> str:
    return name.replace("_", " ")


def _listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)
