"""Believable activity for trying things out: the same plan gives the same events, under the same ids, every time.

People sit down at the hours that their place and the weekday suggest, read what is fresh, liked and written by people
they know, write, talk, make friends and learn. Everything follows from the plan; nothing is read from a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random
from zoneinfo import ZoneInfo

from signals.clock import DAY_MS, HOUR_MS, from_ms, to_ms
from signals.population import USER_AGENTS, populate
from signals.rows import Raw, columns
from signals.sittings import Sitting
from signals.town import Town
from signals.user_agents import device

HOLIDAY_DAYS = 10
"""Whoever is followed for longer may be away once."""
SITTINGS = 4
"""At most, per person and day."""
WORKDAY = (1, 1, 1, 1, 1, 3, 8, 14, 12, 8, 8, 10, 16, 12, 8, 8, 10, 13, 16, 20, 22, 18, 10, 4)
WEEKEND = (3, 2, 1, 1, 1, 1, 2, 4, 8, 12, 15, 16, 15, 14, 13, 13, 13, 14, 16, 18, 19, 17, 12, 7)
"""How likely a sitting begins in each local hour."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate: ``days`` of 24 hours that end at ``until``, with ``users`` people."""

    until: datetime
    days: int = 14
    users: int = 200
    seed: int = 1
    user_id: str | None = None

    @property
    def name(self) -> str:
        """Eight characters that stand for the plan."""
        return blake2b(repr(astuple(self)).encode(), digest_size=4).hexdigest()


def simulate(plan: Plan) -> Iterator[Raw]:
    """Registrations and events, a day at a time, each day in the order things happen. Memory: one day and the people.

    Nothing happens at or after ``plan.until``.
    """
    random = Random(f"{plan.seed}/{plan.users}/{plan.user_id}")  # noqa: S311 - play, not secrets
    town = Town(plan.name, random, populate(random, plan.users, plan.user_id))
    end = to_ms(plan.until)
    start = end - plan.days * DAY_MS
    yield from _before(town, start)
    _arrange(town, start, plan.days)
    for day in range(plan.days):
        happened = list(_day(town, start + day * DAY_MS))
        happened.sort(key=lambda at_raw: at_raw[0])
        yield from (raw for at, raw in happened if at < end)


def table(plan: Plan) -> Iterator[dict[str, str]]:
    """The events as rows of columns, which hold less than the events do."""
    for raw in simulate(plan):
        row = columns(raw)
        if row is not None:
            [fields] = raw.values()
            row["user_agent"] = next(agent for agent in USER_AGENTS if device(agent) == fields["device"])
            yield row


def _before(town: Town, start: int) -> Iterator[Raw]:
    """What was written in the three days before anybody looks."""
    ages = sorted((town.random.random() * 3 * DAY_MS for _ in range(1 + len(town.people) // 5)), reverse=True)
    for age in ages:
        author = town.random.randrange(len(town.people))
        yield town.write(author, int(start - age), town.random.choice(("POST", "POST", "ARTICLE")))[1]


def _arrange(town: Town, start: int, days: int) -> None:
    """When each pair of friends will connect, most of them soon, and who is away when."""
    for person, friends in enumerate(each.friends for each in town.people):
        for friend in friends:
            if person < friend:
                asks, asked = (person, friend) if town.random.random() < 0.5 else (friend, person)
                town.meetings[asks].append((int(start + days * DAY_MS * town.random.betavariate(1, 2)), asked))
    for meetings in town.meetings.values():
        meetings.sort(reverse=True)
    for person in range(len(town.people) if days > HOLIDAY_DAYS else 0):
        left = start + town.random.randrange(1, days) * DAY_MS
        town.away[person] = left, left + town.random.choice((0, 2, 3, 4)) * DAY_MS


def _day(town: Town, start: int) -> Iterator[tuple[int, Raw]]:
    """What happens in the 24 hours from ``start`` (epoch ms), with its time."""
    sittings = [
        (_begin(town, start, person.place.zone), number)
        for number, person in enumerate(town.people)
        if not _away(town, number, start)
        for _ in range(SITTINGS)
        if town.random.random() < person.sittings
    ]
    for at, number in sorted(sittings):
        yield from Sitting(town, number, at).happen()


def _away(town: Town, person: int, start: int) -> bool:
    left, back = town.away.get(person, (0, 0))
    return left <= start < back


def _begin(town: Town, start: int, zone: str) -> int:
    """A moment in the day from ``start`` that suits the local time there."""
    local = from_ms(start).astimezone(ZoneInfo(zone))
    hours = WEEKEND if local.weekday() >= 5 else WORKDAY
    hour = town.random.choices(range(24), hours)[0] + town.random.random()
    since_midnight = (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) // timedelta(milliseconds=1)
    return start + (int(hour * HOUR_MS) - since_midnight) % DAY_MS
