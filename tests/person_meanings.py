"""What a person's activity says: points, balance, achievements, score, behaviour, sessions. By docs/person.md.

Obvious Python over all unretracted events, in any order. Answers have the shape that GraphQL gives them. Only values,
the vocabulary and the settings are shared with the product; no fold is.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import fmean, median
from typing import Any

from signals.achievements_table import Count, Distinct, Points, Rule, Streak
from signals.events import ContentRef, Event
from signals.people import ConnectionStatus
from signals.vocabulary import Vocabulary
from signals.weights import EngagementScoreWeights
from tests.meanings import Negotiation, looked_at, milliseconds, most_first, order
from tests.streak_meanings import (
    IMPORTED,
    STANDARD,
    Rules,
    imported,
    local_dates,
    own,
    reached_at,
    streak,
    zone_at,
    zones,
)
from tests.trend_meanings import Answer, peaks, shown

SILENCE, LONGEST = timedelta(minutes=30), timedelta(hours=24)
LATELY = timedelta(days=28)
TAGS, TYPES = 20, 50


def between(events: Sequence[Event], since: datetime | None, until: datetime | None) -> list[Event]:
    """Those of [since, until)."""
    return [e for e in events if (since is None or since <= e.occurred_at) and (until is None or e.occurred_at < until)]


# ---- points and balance


def worth(event: Event, vocabulary: Vocabulary) -> float:
    """Its own points, 0 among them, else those of its row."""
    return vocabulary.term(event.face, event.name).points if event.points is None else event.points


def points(
    events: Sequence[Event],
    user: str,
    vocabulary: Vocabulary,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Answer:
    mine = own(events, user)
    where = zones(mine)
    by_category: dict[str, float] = {}
    by_day: dict[date, float] = {}
    for event in between(mine, since, until):
        earned = worth(event, vocabulary)
        if earned != 0:
            day = event.occurred_at.astimezone(where[event.id]).date()
            by_category[event.category] = by_category.get(event.category, 0.0) + earned
            by_day[day] = by_day.get(day, 0.0) + earned
    return {
        "total": float(sum(by_category.values())),
        "byCategory": [
            {"category": name, "points": earned}
            for name, earned in sorted(by_category.items(), key=lambda row: (-row[1], row[0]))
        ],
        "byDay": [{"date": day.isoformat(), "points": by_day[day]} for day in sorted(by_day, reverse=True)],
    }


def value_of(event: Event, key: str) -> str | None:
    """The scalar under that key, as text: 1 and 1.0 are the same."""
    value: Any = event.metadata.get(key) if isinstance(event.metadata, Mapping) else None
    if value is None or isinstance(value, list | tuple | Mapping):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value) and abs(value) < 10**15:
        return str(int(value))
    return str(value)


def balance(
    events: Sequence[Event],
    user: str,
    key: str,
    vocabulary: Vocabulary,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Answer:
    counted = [(value_of(e, key), e) for e in between(own(events, user), since, until)]
    found = [(value, e) for value, e in counted if value is not None]
    whole = _sums([e for _, e in found], vocabulary)
    parts: list[Answer] = []
    for value in {value for value, _ in found}:
        sums = _sums([e for of, e in found if of == value], vocabulary)
        events_share, duration_share, points_share = (
            part / all_of_it if all_of_it else 0.0 for part, all_of_it in zip(sums, whole, strict=True)
        )
        parts.append(
            {
                "value": value,
                "events": sums[0],
                "durationMs": float(sums[1]),
                "points": sums[2],
                "eventShare": events_share,
                "durationShare": duration_share,
                "pointsShare": points_share,
            }
        )
    parts.sort(key=lambda part: (-part["events"], part["value"]))
    shares = [part["eventShare"] for part in parts]
    entropy = -sum(share * math.log(share) for share in shares)
    return {"parts": parts, "evenness": entropy / math.log(len(shares)) if len(shares) > 1 else 0.0}


def _sums(events: Collection[Event], vocabulary: Vocabulary) -> tuple[int, int, float]:
    return len(events), sum(e.duration_ms or 0 for e in events), float(sum(worth(e, vocabulary) for e in events))


# ---- achievements


def achievements(
    events: Sequence[Event],
    user: str,
    declared: Sequence[Rule],
    vocabulary: Vocabulary,
    now: datetime,
    rules: Rules = STANDARD,
) -> list[Answer]:
    """Whoever reached a target keeps it."""
    mine = own(events, user)
    rows = []
    for rule in declared:
        if isinstance(rule, Streak):
            progress, earned = float(streak(events, user, now, rules)["longest"]), reached(mine, rule.target, rules)
        else:
            amounts = [_amount(rule, mine[: n + 1], vocabulary) for n in range(len(mine))]
            earned = next(
                (e.occurred_at for e, so_far in zip(mine, amounts, strict=True) if so_far >= rule.target), None
            )
            progress = amounts[-1] if amounts else 0.0
        rows.append(
            {
                "id": rule.id,
                "title": rule.title,
                "description": rule.description,
                "kind": rule.kind,
                "progress": float(rule.target) if earned else max(0.0, min(progress, float(rule.target))),
                "target": float(rule.target),
                "earnedAt": earned and shown(earned),
            }
        )
    return rows


def reached(mine: Sequence[Event], length: int, rules: Rules) -> datetime | None:
    """When a run first had so many dates, or an import told of so many."""
    found, told = reached_at(mine, length, rules), imported(mine)
    times = [found[0]] if found else []
    times += [told[0].occurred_at] if told and told[2] >= length else []
    return min(times, default=None)


def _amount(rule: Count | Distinct | Points, mine: Sequence[Event], vocabulary: Vocabulary) -> float:
    if isinstance(rule, Points):
        return float(sum(worth(e, vocabulary) for e in mine))
    everything = not rule.types and not rule.categories
    chosen = [e for e in mine if everything or e.type in rule.types or e.category in rule.categories]
    if isinstance(rule, Count):
        return float(len(chosen))
    if rule.of == "METADATA":
        return float(len({value_of(e, rule.key or "") for e in chosen} - {None}))
    return float(len({e.content if rule.of == "CONTENTS" else e.entity for e in chosen} - {None}))


# ---- engagementScore


def engagement_score(
    events: Sequence[Event],
    user: str,
    vocabulary: Vocabulary,
    weights: EngagementScoreWeights,
    now: datetime,
    rules: Rules = STANDARD,
) -> Answer:
    """Contributions in the order of the words; each is weight x value / (value + typical)."""
    mine = own(events, user)
    today = now.astimezone(zone_at(mine)).date()
    recent = {day: done for day, done in local_dates(mine).items() if day > today - LATELY}
    lately = [e for done in recent.values() for e in done]

    def weight(event: Event) -> float:
        return vocabulary.term(event.face, event.name).weight

    half_life = timedelta(days=weights.depth_days)
    ages = [(max(weight(e), 0.0), (now - e.occurred_at) / half_life) for e in mine if e.name != IMPORTED]
    values = {
        "frequency": len(recent),
        "depth": sum(worth * 0.5**age for worth, age in ages),
        "breadth": len({e.category for e in lately}),
        "social": len({e.target_user_id for e in lately if weight(e) > 0} - {None, user}),
        "consistency": streak(events, user, now, rules)["current"],
    }
    contributions = []
    for signal, value in values.items():
        most, typical = getattr(weights, signal), getattr(weights, f"{signal}_typical")
        contribution = most * value / (value + typical)
        row = {"signal": signal, "value": float(value), "typical": typical, "weight": most}
        contributions.append(row | {"contribution": contribution})
    return {"value": sum(row["contribution"] for row in contributions), "contributions": contributions}


# ---- sessions


def outlines(events: Sequence[Event]) -> list[Answer]:
    """Every session, given or inferred, newest first."""
    kept = sorted(events, key=order)
    ids = sorted({e.session_id for e in kept if e.session_id is not None})
    found = [(id, False, [e for e in kept if e.session_id == id]) for id in ids]
    for user in sorted({e.user_id for e in kept}):
        sitting: list[Event] = []
        for event in [e for e in own(kept, user) if e.session_id is None]:
            silence = bool(sitting) and event.occurred_at - sitting[-1].occurred_at > SILENCE
            if not sitting or silence or event.occurred_at - sitting[0].occurred_at >= LONGEST:
                sitting = []
                found.append((f"inferred:{event.id}", True, sitting))
            sitting.append(event)
    found.sort(key=lambda row: (row[2][0].occurred_at, row[0]), reverse=True)
    return [_outline(*row) for row in found]


def _outline(id: str, inferred: bool, events: list[Event]) -> Answer:
    devices = [e.device for e in events if e.device is not None]
    return {
        "id": id,
        "inferred": inferred,
        "user": {"id": events[0].user_id},
        "start": shown(events[0].occurred_at),
        "end": shown(events[-1].occurred_at),
        "durationMs": float(milliseconds(events[-1].occurred_at - events[0].occurred_at)),
        "eventCount": len(events),
        "depth": len({looked_at(e) for e in events}),
        "entry": {"id": events[0].id},
        "exit": {"id": events[-1].id},
        "device": {"type": devices[0].type, "browser": devices[0].browser} if devices else None,
    }


def sessions(
    events: Sequence[Event], user: str | None, since: datetime | None, until: datetime, first: int = 50
) -> list[Answer]:
    """Those that start in [since, until); of one user: those whose first event is theirs."""
    return [
        row
        for row in outlines(events)
        if user in (None, row["user"]["id"])
        and (since is None or datetime.fromisoformat(row["start"]) >= since)
        and datetime.fromisoformat(row["start"]) < until
    ][:first]


# ---- behaviour


def behaviour(
    events: Sequence[Event],
    user: str,
    since: datetime,
    until: datetime,
    tags: Mapping[ContentRef, Sequence[str]],
) -> Answer:
    """All but the words."""
    mine = own(events, user)
    where = zones(mine)
    found = between(mine, since, until)
    local = [e.occurred_at.astimezone(where[e.id]) for e in found]
    heat = [[sum((at.weekday(), at.hour) == (day, hour) for at in local) for hour in range(24)] for day in range(7)]
    contents = [e.content for e in found if e.content is not None]
    timed = [e for e in found if e.duration_ms is not None]
    durations = [
        {"type": name, "count": count, "meanMs": fmean(e.duration_ms or 0 for e in timed if e.type == name)}
        for name, count in most_first(e.type for e in timed)[:TYPES]
    ]
    features = most_first(e.category for e in found)
    return {
        "events": len(found),
        "heatMap": heat,
        "peakHours": peaks(at.hour for at in local),
        "contentTypes": [{"type": name, "count": n} for name, n in most_first(ref.type for ref in contents)],
        "tags": [
            {"type": name, "count": n}
            for name, n in most_first(tag for ref in contents for tag in tags.get(ref, ()))[:TAGS]
        ],
        "meanDurations": durations,
        "messageReadMs": _median(_reading(between(events, since, until), user)),
        "connectionAnswerMs": _median(_answering(between(events, since, until), user)),
        "featureUse": [{"category": name, "count": n, "share": n / len(found)} for name, n in features],
        "sessions": _habits(events, mine, sessions(events, user, since, until, len(events))),
    }


def _median(values: Collection[int]) -> float | None:
    return float(median(values)) if values else None


def _reading(events: Sequence[Event], user: str) -> list[int]:
    """How long each message waited that the user read: the latest unread one that a receipt can be for."""
    unread: list[Event] = []
    waited = []
    for event in sorted(events, key=order):
        if event.name == "MESSAGE_SENT" and event.target_user_id == user:
            unread.append(event)
        if event.name == "MESSAGE_READ" and event.user_id == user:
            fitting = [m for m in unread if m.user_id == event.target_user_id and event.content in (None, m.content)]
            if fitting:
                unread.remove(fitting[-1])
                waited.append(milliseconds(event.occurred_at - fitting[-1].occurred_at))
    return waited


def _answering(events: Sequence[Event], user: str) -> list[int]:
    """How long each request waited that the user accepted or declined."""
    waited = []
    answers = ("CONNECTION_ACCEPT", "CONNECTION_DECLINE")
    ordered = sorted((e for e in events if e.name.startswith("CONNECTION_")), key=order)
    for other in {id for e in ordered for id in (e.user_id, e.target_user_id)} - {user}:
        tale = Negotiation()
        for event in ordered:
            if {event.user_id, event.target_user_id} != {user, other}:
                continue
            asked = tale.status is ConnectionStatus.REQUESTED and tale.requested_by == other
            tale.tell(event)
            if asked and event.user_id == user and event.name in answers and tale.response_ms is not None:
                waited.append(tale.response_ms)
    return waited


def _habits(events: Sequence[Event], mine: Sequence[Event], found: Sequence[Answer]) -> Answer:
    by_id = {e.id: e for e in events}
    where = zones(mine)
    starts = [by_id[row["entry"]["id"]] for row in found]
    hours = peaks(e.occurred_at.astimezone(where[e.id]).hour for e in starts)
    return {
        "count": len(found),
        "meanMs": fmean(row["durationMs"] for row in found) if found else None,
        "meanEvents": fmean(row["eventCount"] for row in found) if found else None,
        "usualStartHour": hours[0]["hour"] if hours else None,
    }
