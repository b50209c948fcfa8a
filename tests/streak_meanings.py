"""What a person's calendar means: zones, streaks, days, notifications. Obvious Python, by the words of docs/person.md.

Answers have the shape that GraphQL gives them. ``events`` are always all unretracted events, in any order. Only values
and the vocabulary are shared with the product; no fold is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from signals.events import Event
from tests.meanings import order
from tests.trend_meanings import QUARTER, Answer, periods, shown

Dates: TypeAlias = dict[date, list[Event]]
IMPORTED = "STREAK_IMPORTED"
DAY = timedelta(days=1)
UTC_ZONE = ZoneInfo("UTC")
MOST = 40_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What a deployment settles."""

    freezes: int = 0
    milestones: tuple[int, ...] = (7, 30, 100)
    reminder_hour: int = 18
    goal: int = 3
    goal_types: tuple[str, ...] = ("problem:solved",)


STANDARD = Rules()


# ---- time zones and dates


def own(events: Sequence[Event], user: str) -> list[Event]:
    """What the user did, oldest first."""
    return sorted((e for e in events if e.user_id == user), key=order)


def zone_at(mine: Sequence[Event], until: Event | datetime | None = None) -> ZoneInfo:
    """The zone of the user's latest event that carries one, up to an event or before an instant."""
    zone = UTC_ZONE
    for event in mine:
        late = event.occurred_at >= until if isinstance(until, datetime) else until and order(event) > order(until)
        if event.time_zone is not None and not late:
            zone = ZoneInfo(event.time_zone)
    return zone


def zones(mine: Sequence[Event]) -> dict[str, ZoneInfo]:
    """The zone of each event."""
    return {event.id: zone_at(mine, event) for event in mine}


def exists(zone: ZoneInfo, day: date) -> bool:
    """Whether that date was ever shown there: some instant of the days around it has it."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return any((noon + timedelta(hours=hours)).astimezone(zone).date() == day for hours in range(-26, 27))


def steps(zone: ZoneInfo, first: date, last: date) -> int:
    """How many dates of that zone one goes on from the first to the last; below 0: back."""
    if last < first:
        return -steps(zone, last, first)
    if (last - first).days > 800:
        return (last - first).days
    return sum(exists(zone, first + DAY * n) for n in range(1, (last - first).days + 1))


def start_of(zone: ZoneInfo, day: date) -> datetime:
    """The first instant of a date there; of a date that was skipped, of the next."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return next(start for start, _ in periods(zone, "DAY", noon - 2 * DAY, noon + 3 * DAY) if _day(start, zone) >= day)


def later(zone: ZoneInfo, day: date, count: int) -> date:
    """So many dates of that zone later."""
    while count:
        day += DAY
        count -= exists(zone, day)
    return day


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def local_dates(mine: Sequence[Event]) -> Dates:
    """What the user did on each date, imports left out."""
    found: Dates = {}
    where = zones(mine)
    for event in mine:
        if event.name != IMPORTED:
            found.setdefault(_day(event.occurred_at, where[event.id]), []).append(event)
    return found


# ---- streaks


@dataclass(slots=True)
class Run:
    """Dates that follow each other, with what was bridged between them."""

    dates: list[date]
    used: int = 0
    bridged: set[date] = field(default_factory=set)

    @property
    def length(self) -> int:
        return len(self.dates)


def imported(mine: Sequence[Event]) -> tuple[Event, int, int, date | None] | None:
    """The latest import that makes sense: the event, current, longest, last date."""
    for event in reversed(mine):
        said: Any = event.metadata
        if event.name != IMPORTED or not isinstance(said, Mapping):
            continue
        current, longest, last = said.get("current"), said.get("longest"), _date(said.get("lastDate"))
        if type(current) is not int or type(longest) is not int or not 0 <= current <= longest <= MOST:
            continue
        if last is not None or current == 0:
            return event, current, longest, last
    return None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def runs(mine: Sequence[Event], rules: Rules) -> list[Run]:
    """Every run, oldest first."""
    active, where, told = local_dates(mine), zones(mine), imported(mine)
    dates = set(active)
    if told is not None:
        _, current, _, last = told
        dates |= {last - DAY * n for n in range(current)} if last is not None else set()
    found: list[Run] = []
    for day in sorted(dates):
        previous = found[-1].dates[-1] if found else None
        missed = _missed(previous, day, active, where) if previous else None
        if missed is None or missed > rules.freezes - found[-1].used:
            found.append(Run([day]))
            continue
        run = found[-1]
        done = active.get(run.dates[-1])
        zone = where[done[-1].id] if done else UTC_ZONE
        run.bridged |= {later(zone, run.dates[-1], n) for n in range(1, missed + 1)}
        run.used += missed
        run.dates.append(day)
    return found


def _missed(d1: date, d2: date, active: Dates, where: Mapping[str, ZoneInfo]) -> int:
    """Dates missed between two neighbouring active ones, by whichever calendar the traveller went."""
    gaps = [(d2 - d1).days]
    if d1 in active and d2 in active:
        e1, e2 = active[d1][-1], active[d2][0]
        z1, z2 = where[e1.id], where[e2.id]
        gaps.append(steps(z1, d1, _day(e2.occurred_at, z1)))
        gaps.append(steps(z2, _day(e1.occurred_at, z2), d2))
    return max(min(gaps) - 1, 0)


def breaks_at(run: Run, zone: ZoneInfo, rules: Rules) -> datetime:
    """When the run is over, unless something happens: the start of the date after the last one that may be missed."""
    return start_of(zone, later(zone, run.dates[-1], 2 + rules.freezes - run.used))


def streak(events: Sequence[Event], user: str, now: datetime, rules: Rules = STANDARD) -> Answer:
    mine = own(events, user)
    found, told = runs(mine, rules), imported(mine)
    longest = max([run.length for run in found] + ([told[2]] if told else []), default=0)
    answer: Answer = {
        "current": 0,
        "longest": longest,
        "lastActiveDate": found[-1].dates[-1].isoformat() if found else None,
        "atRiskAt": None,
        "freezesLeft": rules.freezes,
    }
    if found:
        end = breaks_at(found[-1], zone_at(mine), rules)
        if now < end:
            left = rules.freezes - found[-1].used
            answer |= {"current": found[-1].length, "atRiskAt": shown(end), "freezesLeft": left}
    return answer


def daily_activity(
    events: Sequence[Event], user: str, since: date, until: date, rules: Rules = STANDARD
) -> list[Answer]:
    """Every date from ``since`` to ``until``, both among them."""
    active = local_dates(own(events, user))
    rows = []
    for n in range((until - since).days + 1):
        day = since + DAY * n
        done = active.get(day, [])
        towards = [e for e in done if e.type in rules.goal_types]
        count = len({e.entity or e.id for e in towards})
        rows.append(
            {
                "date": day.isoformat(),
                "status": "COMPLETE" if count >= rules.goal else "PARTIAL" if count else "NONE",
                "count": count,
                "goal": rules.goal,
                "events": len(done),
            }
        )
    return rows


# ---- notifications


def notifications(
    events: Sequence[Event], user: str, since: datetime, now: datetime, rules: Rules = STANDARD
) -> list[Answer]:
    """Newest first. Ids and messages are the product's own."""
    mine = own(events, user)
    found = [*_broken(mine, now, rules), *_reminders(mine, now, rules), *_milestones(mine, rules)]
    told = [(at, kind, day, days) for at, kind, day, days in found if since <= at <= now]
    told.sort(key=lambda row: (row[0], row[1], row[3]), reverse=True)
    return [{"kind": kind, "at": shown(at), "date": day.isoformat(), "streak": days} for at, kind, day, days in told]


Told: TypeAlias = tuple[datetime, str, date, int]


def _broken(mine: Sequence[Event], now: datetime, rules: Rules) -> list[Told]:
    told: list[Told] = []
    for run in runs(mine, rules):
        zone = home(run, mine)
        at = breaks_at(run, zone, rules)
        if run.length >= 2 and at <= now:
            told.append((at, "STREAK_BROKEN", _day(at, zone), run.length))
    return told


def home(run: Run, mine: Sequence[Event]) -> ZoneInfo:
    """Where the run ends: what happens later does not change it."""
    last = local_dates(mine).get(run.dates[-1])
    return zone_at(mine, last[-1]) if last else zone_at(mine)


def _reminders(mine: Sequence[Event], now: datetime, rules: Rules) -> list[Told]:
    """One on each date that follows an active or a frozen one, if nothing happened on it by that hour."""
    active, found = local_dates(mine), runs(mine, rules)
    told: list[Told] = []
    every = {day + DAY * n for run in found for day in run.dates for n in range(1, 4 + rules.freezes)}
    for day in sorted(every):
        at = reminder_at(mine, day, rules.reminder_hour)
        if at is None or at > now:
            continue
        zone = zone_at(mine, at)
        before = next(day - DAY * n for n in range(1, 9) if exists(zone, day - DAY * n))
        run = next((run for run in found if before in _kept(run, mine, rules)), None)
        gone_on = any(e.occurred_at < at and of >= day for of, done in active.items() for e in done)
        if run is not None and not gone_on and not any(day in run.dates for run in found if day not in active):
            told.append((at, "REMINDER", day, sum(of <= before for of in run.dates)))
    return told


def _kept(run: Run, mine: Sequence[Event], rules: Rules) -> set[date]:
    """The dates of a run, those bridged in it, and those after it that could still be."""
    zone = home(run, mine)
    spare = {later(zone, run.dates[-1], n) for n in range(1, rules.freezes - run.used + 1)}
    return {*run.dates, *run.bridged, *spare}


def reminder_at(mine: Sequence[Event], day: date, hour: int) -> datetime | None:
    """The first instant at which it is that hour of that date where the user is."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    for n in range(4 * 24 * 3):
        at = start + QUARTER * n
        local = at.astimezone(zone_at(mine, at))
        if (local.date(), local.hour, local.minute) == (day, hour, 0):
            return at
    return None


def _milestones(mine: Sequence[Event], rules: Rules) -> list[Told]:
    """Each once: when it was reached for the first time."""
    reached = {length: reached_at(mine, length, rules) for length in rules.milestones}
    return [(*found[:1], "MILESTONE", found[1], length) for length, found in reached.items() if found]


def reached_at(mine: Sequence[Event], length: int, rules: Rules) -> tuple[datetime, date] | None:
    """When a run first had so many dates, and which date that was; what was only imported, when it was."""
    active, told = local_dates(mine), imported(mine)
    found = []
    for run in runs(mine, rules):
        if run.length >= length:
            day = run.dates[length - 1]
            found += [(active[day][0].occurred_at, day)] if day in active else []
            found += [(told[0].occurred_at, day)] if day not in active and told else []
    return min(found, default=None)
