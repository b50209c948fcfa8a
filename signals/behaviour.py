"""How somebody behaves: when, about what, how long, how fast they answer, and the same in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median
from typing import NamedTuple

from signals.connections import ANSWERS, Settled, Step
from signals.conversations import READ, SENT
from signals.diary import Entry
from signals.items import ordered
from signals.local_days import zones
from signals.people import ConnectionStatus
from signals.sessions import Outline

PEAKS = 3
TAGS = 20
TYPES = 50
LIFECYCLE = "CONNECTION_"


class Received(NamedTuple):
    """A message or a step of a connection that came from somebody else. ``at``: epoch ms."""

    at: int
    id: str
    actor_id: str
    name: str
    content_key: str | None


@dataclass(frozen=True, slots=True)
class MeanDuration:
    """``count``: the events of this type that say how long they took."""

    type: str
    mean_ms: float
    count: int


@dataclass(frozen=True, slots=True)
class FeatureUse:
    """``share`` of all events, 0 to 1."""

    category: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class SessionHabits:
    """Means are None without sessions. ``usual_start_hour``: local, 0 to 23; of equal ones the earliest."""

    count: int
    mean_ms: float | None
    mean_events: float | None
    usual_start_hour: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Pairs are (name, count), most first, then by name. Times of day are local."""

    since: datetime
    until: datetime
    events: int
    heat_map: tuple[tuple[int, ...], ...]
    """Events by day of the week, Monday first, and hour."""
    peak_hours: tuple[tuple[int, int], ...]
    """(hour, count), most first, then by hour; hours without events are left out."""
    content_types: tuple[tuple[str, int], ...]
    tags: tuple[tuple[str, int], ...]
    mean_durations: tuple[MeanDuration, ...]
    message_read_ms: float | None
    connection_answer_ms: float | None
    feature_use: tuple[FeatureUse, ...]
    sessions: SessionHabits


@dataclass(frozen=True, slots=True)
class Observed:
    """What behaviour follows from, all of one person and one window, oldest first.

    ``times``: the local time of each entry. ``tags``: of contents by key. ``sessions``: those begun in the window.
    """

    entries: Sequence[Entry]
    times: Sequence[datetime]
    received: Sequence[Received]
    tags: Mapping[str, Sequence[str]]
    sessions: Sequence[Outline]


def local_times(entries: Sequence[Entry], before: str | None) -> list[datetime]:
    """The local time of each entry of one person, oldest first. ``before``: the zone until the first says one."""
    places = zones(entries, before)
    return [datetime.fromtimestamp(entry.at // 1000, zone) for entry, zone in zip(entries, places, strict=True)]


def behaviour(observed: Observed, since: datetime, until: datetime) -> Behaviour:
    """What ``observed`` in [since, until) adds up to."""
    entries, times = observed.entries, observed.times
    hours = Counter(time.hour for time in times)
    contents = Counter(entry.content_key for entry in entries if entry.content_key is not None)
    kinds, tags = Counter[str](), Counter[str]()
    for key, count in contents.items():
        kinds[key.partition(":")[0]] += count
        for tag in observed.tags.get(key, ()):
            tags[tag] += count
    return Behaviour(
        since=since,
        until=until,
        events=len(entries),
        heat_map=_heat_map(times),
        peak_hours=tuple(sorted(hours.items(), key=lambda row: (-row[1], row[0])))[:PEAKS],
        content_types=ordered(list(kinds.items())),
        tags=ordered(list(tags.items()))[:TAGS],
        mean_durations=_mean_durations(entries),
        message_read_ms=_median(reading_times(entries, observed.received)),
        connection_answer_ms=_median(answer_times(entries, observed.received)),
        feature_use=_feature_use(entries),
        sessions=_session_habits(observed),
    )


def reading_times(entries: Iterable[Entry], received: Iterable[Received]) -> list[int]:
    """How long each reading came after the message it reads, in ms.

    A reading that names a content reads the latest message of that sender with it, one without the latest of all;
    only messages that had come by then and were not read before.
    """
    unread: dict[str, list[Received]] = defaultdict(list)
    messages = iter([message for message in received if message.name == SENT])
    waiting = next(messages, None)
    found = []
    for entry in entries:
        if entry.name != READ or entry.target_user_id is None:
            continue
        while waiting is not None and waiting.at <= entry.at:
            unread[waiting.actor_id].append(waiting)
            waiting = next(messages, None)
        message = _taken(unread[entry.target_user_id], entry.content_key)
        if message is not None:
            found.append(entry.at - message.at)
    return found


def _taken(unread: list[Received], content_key: str | None) -> Received | None:
    """The latest message with that content, of any where it is None; no longer among ``unread`` afterwards."""
    for place in reversed(range(len(unread))):
        if content_key is None or unread[place].content_key == content_key:
            return unread.pop(place)
    return None


def answer_times(entries: Iterable[Entry], received: Iterable[Received]) -> list[int]:
    """How long this person took to accept or decline each request, in ms."""
    steps: dict[str, list[tuple[Step, bool]]] = defaultdict(list)
    for entry in entries:
        if entry.name.startswith(LIFECYCLE) and entry.target_user_id is not None:
            steps[entry.target_user_id].append((Step(entry.at, entry.id, entry.name, entry.actor_id), True))
    for one in received:
        if one.name.startswith(LIFECYCLE) and one.actor_id in steps:
            steps[one.actor_id].append((Step(one.at, one.id, one.name, one.actor_id), False))
    return [time for between in steps.values() for time in _answered(sorted(between))]


def _answered(steps: Iterable[tuple[Step, bool]]) -> list[int]:
    """``steps`` between two people with whether the one in question took them, oldest first."""
    state, found = Settled(), []
    for step, own in steps:
        asked = state.status is ConnectionStatus.REQUESTED and state.requested_by != step.actor
        if own and asked and step.name in ANSWERS:
            found.append(step.at - state.since)
        state = state.after(step)
    return found


def _median(values: Sequence[int]) -> float | None:
    return float(median(values)) if values else None


def _heat_map(times: Iterable[datetime]) -> tuple[tuple[int, ...], ...]:
    cells = Counter((time.weekday(), time.hour) for time in times)
    return tuple(tuple(cells[day, hour] for hour in range(24)) for day in range(7))


def _mean_durations(entries: Iterable[Entry]) -> tuple[MeanDuration, ...]:
    by_type: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.duration_ms is not None:
            by_type[entry.type].append(entry.duration_ms)
    rows = [MeanDuration(type, fmean(durations), len(durations)) for type, durations in by_type.items()]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.type))[:TYPES])


def _feature_use(entries: Sequence[Entry]) -> tuple[FeatureUse, ...]:
    rows = ordered(list(Counter(entry.category for entry in entries).items()))
    return tuple(FeatureUse(category, count, count / len(entries)) for category, count in rows)


def _session_habits(observed: Observed) -> SessionHabits:
    sessions = observed.sessions
    if not sessions:
        return SessionHabits(0, None, None, None)
    hours = {entry.id: time.hour for entry, time in zip(observed.entries, observed.times, strict=True)}
    starts = Counter(hours[first] for session in sessions if (first := session.event_ids[0]) in hours)
    return SessionHabits(
        count=len(sessions),
        mean_ms=fmean(session.duration_ms for session in sessions),
        mean_events=fmean(session.event_count for session in sessions),
        usual_start_hour=min(starts, key=lambda hour: (-starts[hour], hour), default=None),
    )
