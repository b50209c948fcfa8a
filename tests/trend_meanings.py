"""What trends and reads about everybody mean: obvious Python over a list of events, by the words of docs/trends.md.

Answers have the shape that GraphQL gives them, so that they can be compared with it as they are. ``events`` are always
all unretracted events, in any order. Only values and the vocabulary are shared with the product; no fold is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import fmean
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from signals.events import ContentRef, Event, EventFilter
from signals.people import ConnectionStatus
from signals.vocabulary import Behaviour, Vocabulary
from tests.meanings import Negotiation, item, matches, milliseconds, order

Answer: TypeAlias = dict[str, Any]
Span: TypeAlias = tuple[datetime, datetime]

QUARTER = timedelta(minutes=15)
"""Clocks change, and the hours of every zone begin, on a quarter hour of UTC (since 1972, and in the zones tried)."""
MONTH = timedelta(days=32)
DAY = timedelta(days=1)
STEPS = (("VIEW",), ("LIKE", "REACT"), ("COMMENT", "REPLY"), ("SHARE",))
APPROVAL = 3.0
"""The least weight of an interaction that the engagement rate counts."""
PEAKS = 3


@dataclass(frozen=True, slots=True)
class Prior:
    """So many views of which this share led to an interaction are always assumed."""

    share: float
    strength: float


def shown(at: datetime) -> str:
    """As the API writes a time."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def weigher(vocabulary: Vocabulary) -> Callable[[Event], float]:
    return lambda event: vocabulary.term(event.face, event.name).weight


# ---- the calendar


def periods(zone: ZoneInfo, granularity: str, since: datetime, until: datetime) -> list[Span]:
    """The hours, days, weeks or months there that overlap [since, until): found by watching clock and calendar."""
    margin = DAY if granularity in ("HOUR", "DAY") else MONTH
    at = datetime(since.year, since.month, since.day, tzinfo=UTC) - 2 * margin
    starts: list[datetime] = []
    latest: object = None
    while at <= until + 2 * margin:
        label = _label(at.astimezone(zone), granularity)
        if granularity == "HOUR":
            starts += [at] if at.astimezone(zone).minute == 0 else []
        elif latest is None or label > latest:  # type: ignore[operator]
            starts += [at]
            latest = label
        at += QUARTER
    spans = [(start, starts[n + 1]) for n, start in enumerate(starts[:-1])]
    return [(start, end) for start, end in spans[1:] if end > since and start < until]


def _label(local: datetime, granularity: str) -> date:
    day = local.date()
    if granularity == "WEEK":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if granularity == "MONTH" else day


# ---- who counts


def friends(events: Sequence[Event], vocabulary: Vocabulary, user: str) -> set[str]:
    """With whom the user is connected, and whom the user follows."""
    found = set()
    between = sorted((e for e in events if e.target_user_id is not None), key=order)
    for other in {id for e in between for id in (e.user_id, e.target_user_id)} - {user, None}:
        tale, follows = Negotiation(), False
        for event in between:
            term = vocabulary.term(event.face, event.name)
            if {event.user_id, event.target_user_id} == {user, other} and term.behaviour is Behaviour.CONNECTION:
                tale.tell(event)
            if (event.user_id, event.target_user_id) == (user, other) and term.state == "FOLLOW":
                follows = term.on
        if follows or tale.status is ConnectionStatus.ACCEPTED:
            found.add(str(other))
    return found


def neighbourhood(events: Sequence[Event], vocabulary: Vocabulary, viewer: str, hops: int = 1) -> list[str]:
    """Nearer first, then by id; without the viewer; at most 1000."""
    rings: list[set[str]] = [{viewer}]
    for _ in range(hops):
        reached = {friend for user in rings[-1] for friend in friends(events, vocabulary, user)}
        rings.append(reached.difference(*rings))
    return [user for ring in rings[1:] for user in sorted(ring)][:1000]


# ---- engagementTrends


def group_of(event: Event, group_by: str) -> str:
    device = event.device.type if event.device is not None else None
    return {
        "NONE": "all",
        "TYPE": event.type,
        "CATEGORY": event.category,
        "CONTENT_TYPE": event.content.type if event.content is not None else "none",
        "COUNTRY": event.country or "unknown",
        "DEVICE_TYPE": device or "unknown",
    }[group_by]


def counted(events: Collection[Event], weight: Callable[[Event], float]) -> Answer:
    """What a bucket and a series say of their events."""
    return {
        "uniqueUsers": len({e.user_id for e in events}),
        "sessions": len({e.session_id for e in events} - {None}),
        "timeSpentMs": float(sum(e.duration_ms or 0 for e in events)),
        "score": sum((weight(e) for e in events), 0.0),
    }


def engagement_trends(
    events: Sequence[Event],
    vocabulary: Vocabulary,
    now: datetime,
    since: datetime,
    until: datetime,
    granularity: str = "DAY",
    time_zone: str = "UTC",
    group_by: str = "TYPE",
    filter: EventFilter | None = None,
    people: Collection[str] | None = None,
    first: int = 50,
) -> Answer:
    """``people``: only what they do; None for everybody."""
    passing = [e for e in events if matches(e, filter or EventFilter()) and (people is None or e.user_id in people)]
    window = [e for e in passing if since <= e.occurred_at < until]
    before = [e for e in passing if since - (until - since) <= e.occurred_at < since]
    spans = periods(ZoneInfo(time_zone), granularity, since, until)
    weight = weigher(vocabulary)
    series: list[Answer] = []
    for group in {"all"} if group_by == "NONE" else {group_of(e, group_by) for e in window}:
        mine = [e for e in window if group_of(e, group_by) == group]
        previous = sum(group_of(e, group_by) == group for e in before)
        buckets = []
        for start, end in spans:
            inside = [e for e in mine if start <= e.occurred_at < end]
            complete = end <= now and since <= start and end <= until
            edges = {"start": shown(start), "end": shown(end), "complete": complete, "events": len(inside)}
            buckets.append(edges | counted(inside, weight))
        totals = {
            "group": group,
            "total": len(mine),
            "previousTotal": previous,
            "change": (len(mine) - previous) / previous if previous else None,
            "buckets": buckets,
        }
        series.append(totals | counted(mine, weight))
    series.sort(key=lambda row: (-row["total"], row["group"]))
    return {"timeZone": time_zone, "series": series[:first]}


# ---- activitySummary


def peaks(hours: Iterable[int]) -> list[Answer]:
    """The three hours of the day that come most, most first, then the earlier."""
    hours = list(hours)
    rows = sorted(((hour, hours.count(hour)) for hour in set(hours)), key=lambda row: (-row[1], row[0]))
    return [{"hour": hour, "count": count} for hour, count in rows[:PEAKS]]


def activity_summary(events: Sequence[Event], filter: EventFilter | None = None, time_zone: str = "UTC") -> Answer:
    """What the summary says over and above its counts by type, category and action."""
    found = [e for e in events if matches(e, filter or EventFilter())]
    local = [e.occurred_at.astimezone(ZoneInfo(time_zone)) for e in found]
    dates = [at.date() for at in local]
    times: dict[str, list[datetime]] = {}
    for event in found:
        if event.session_id is not None:
            times.setdefault(event.session_id, []).append(event.occurred_at)
    lengths = [milliseconds(max(at) - min(at)) for at in times.values()]
    return {
        "totalEvents": len(found),
        "uniqueUsers": len({e.user_id for e in found}),
        "sessions": len(times),
        "mostActiveDay": min(dates, key=lambda day: (-dates.count(day), day)).isoformat() if dates else None,
        "peakHours": peaks(at.hour for at in local),
        "meanSessionMs": fmean(lengths) if lengths else None,
    }


# ---- activeUsers


def active_users(
    events: Sequence[Event],
    since: datetime,
    until: datetime,
    time_zone: str = "UTC",
    people: Collection[str] | None = None,
) -> list[Answer]:
    """One row per local date; everybody's dates are those of this zone."""
    zone = ZoneInfo(time_zone)
    dates: dict[str, set[date]] = {}
    for event in events:
        if people is None or event.user_id in people:
            dates.setdefault(event.user_id, set()).add(event.occurred_at.astimezone(zone).date())
    rows = []
    for start, _ in periods(zone, "DAY", since, until):
        day = start.astimezone(zone).date()

        def within(first: int, last: int, day: date = day) -> set[str]:
            """Who was active from so many to so many dates before."""
            wanted = {day - timedelta(days=back) for back in range(last, first + 1)}
            return {user for user, on in dates.items() if on & wanted}

        today, month, lately = within(0, 0), within(29, 0), within(30, 1)
        new = {user for user in today if min(dates[user]) == day}
        ever = {user for user, on in dates.items() if min(on) <= day}
        rows.append(
            {
                "date": day.isoformat(),
                "start": shown(start),
                "dau": len(today),
                "wau": len(within(6, 0)),
                "mau": len(month),
                "stickiness": len(today) / len(month) if month else 0.0,
                "new": len(new),
                "returning": len((today - new) & lately),
                "resurrected": len(today - new - lately),
                "dormant": len(ever - month),
            }
        )
    return rows


# ---- topContent and content.engagement


def rate(events: Collection[Event], weight: Callable[[Event], float], prior: Prior) -> float:
    """(E + p s) / (max(V, E) + s): E interactions that approve, V views."""
    views = sum(e.name == "VIEW" for e in events)
    engaged = sum(weight(e) >= APPROVAL for e in events)
    return (engaged + prior.share * prior.strength) / (max(views, engaged) + prior.strength)


def dwell(events: Collection[Event]) -> float | None:
    """Mean ms of the events that have a duration."""
    durations = [e.duration_ms for e in events if e.duration_ms is not None]
    return fmean(durations) if durations else None


def top_content(
    events: Sequence[Event],
    vocabulary: Vocabulary,
    prior: Prior,
    since: datetime,
    until: datetime,
    by: str = "SCORE",
    content_type: str | None = None,
    people: Collection[str] | None = None,
    first: int = 50,
) -> list[Answer]:
    found: dict[ContentRef, list[Event]] = {}
    for event in events:
        ref = item(event)
        if ref is None or content_type not in (None, ref.type) or (people is not None and event.user_id not in people):
            continue
        if since <= event.occurred_at < until:
            found.setdefault(ref, []).append(event)
    rows = [_of_content(ref, done, weigher(vocabulary), prior, by) for ref, done in found.items()]
    rows.sort(key=lambda row: f"{row['content']['type']}:{row['content']['id']}")
    rows.sort(key=lambda row: row["value"], reverse=True)
    return rows[:first]


def _of_content(
    ref: ContentRef, events: list[Event], weight: Callable[[Event], float], prior: Prior, by: str
) -> Answer:
    def named(*names: str) -> int:
        return sum(e.name in names for e in events)

    depths = [e.scroll_depth for e in events if e.scroll_depth is not None]
    values: Answer = {
        "events": len(events),
        "uniqueUsers": len({e.user_id for e in events}),
        "views": named("VIEW"),
        "likes": named("LIKE"),
        "comments": named("COMMENT", "REPLY"),
        "shares": named("SHARE"),
        "saves": named("SAVE"),
        "timeSpentMs": float(sum(e.duration_ms or 0 for e in events)),
        "score": sum((weight(e) for e in events), 0.0),
        "engagementRate": rate(events, weight, prior),
    }
    ranked_by = {"TIME_SPENT": "timeSpentMs", "UNIQUE_USERS": "uniqueUsers", "ENGAGEMENT_RATE": "engagementRate"}
    return values | {
        "content": {"type": ref.type, "id": ref.id},
        "meanDwellMs": dwell(events),
        "averageScrollDepth": fmean(depths) if depths else None,
        "value": float(values[ranked_by.get(by, by.lower())]),
    }


def funnel(events: Collection[Event]) -> list[Answer]:
    """Of those who did all earlier steps, in any order, the ones who did this one too."""
    rows: list[Answer] = []
    left = {e.user_id for e in events}
    for names in STEPS:
        left = left & {e.user_id for e in events if e.name in names}
        previous = rows[-1]["users"] if rows else 0
        rows.append({"step": names[0], "users": len(left), "ofPrevious": len(left) / previous if previous else None})
    return rows


def content_engagement(
    events: Sequence[Event], vocabulary: Vocabulary, prior: Prior, ref: ContentRef, since: datetime | None, at: datetime
) -> Answer:
    """What the engagement with one content says over and above its counts."""
    done = [e for e in events if item(e) == ref and e.occurred_at <= at and (since is None or e.occurred_at >= since)]
    return {
        "engagementRate": rate(done, weigher(vocabulary), prior),
        "meanDwellMs": dwell(done),
        "funnel": funnel(done),
    }
