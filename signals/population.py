"""The people of a simulation: where they live, whom they know, what they use and how keen they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from random import Random


@dataclass(frozen=True, slots=True)
class Place:
    """A time zone with its country and language."""

    zone: str
    country: str
    language: str


PLACES = (
    Place("Europe/Berlin", "DE", "de"),
    Place("Europe/Lisbon", "PT", "pt"),
    Place("America/New_York", "US", "en"),
    Place("America/Sao_Paulo", "BR", "pt-BR"),
    Place("Asia/Kolkata", "IN", "en"),
    Place("Asia/Tokyo", "JP", "ja"),
)
NO_SESSIONS = "Android - Native Mobile App"
"""An app that does not say which session its events belong to."""
USER_AGENTS = (
    NO_SESSIONS,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Safari/605.1.15",
    "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1",
)
SHARES = (6, 5, 4, 1, 2, 1)
"""How common each of them is."""
TAGS = ("music", "cooking", "cycling", "chess", "gardens", "films", "physics", "travel", "poetry", "football")

CIRCLE = 9
"""People in a circle of friends, about."""
WITHIN, ACROSS = 0.55, 1.2
"""Chance that two of a circle are friends; friends beyond the circle per person."""


@dataclass(slots=True)
class Person:
    """Somebody. ``friends``: positions in the population."""

    id: str
    place: Place
    circle: int
    sittings: float
    """Chance of each of the day's four possible sittings."""
    appeal: float
    """How much others care for what this person writes, heavy-tailed from 1."""
    interests: tuple[str, ...]
    user_agents: tuple[str, ...]
    lessons: float = 0.0
    """Chance of a lesson at a sitting; who takes many solves more problems at each."""
    friends: list[int] = field(default_factory=list)


def populate(random: Random, size: int, user_id: str | None) -> list[Person]:
    """``size`` people in circles of friends. ``user_id`` names the first, who then knows many and is often there."""
    people = [_person(random, id, number // CIRCLE) for number, id in enumerate(_ids(size, user_id))]
    _befriend(random, people)
    for person in people:
        person.lessons = random.betavariate(0.6, 2.5)
    if user_id is not None:
        _centre(random, people)
    return people


def _ids(size: int, user_id: str | None) -> list[str]:
    ids = [f"user-{number}" for number in range(1, size + 1)]
    if user_id is not None:
        ids.remove(user_id if user_id in ids else ids[0])
        ids.insert(0, user_id)
    return ids


def _person(random: Random, id: str, circle: int) -> Person:
    home = PLACES[circle % len(PLACES)]
    return Person(
        id=id,
        place=home if random.random() < 0.85 else random.choice(PLACES),
        circle=circle,
        sittings=random.betavariate(1.2, 3.0),
        appeal=min(50.0, random.paretovariate(1.3)),
        interests=tuple(random.sample(TAGS, 3)),
        user_agents=tuple(random.choices(USER_AGENTS, SHARES, k=2)),
    )


def _befriend(random: Random, people: list[Person]) -> None:
    for a, b in combinations(range(min(CIRCLE, len(people))), 2):
        for first in range(0, len(people), CIRCLE):
            if first + b < len(people) and random.random() < WITHIN:
                _join(people, first + a, first + b)
    for _ in range(round(len(people) * ACROSS / 2)):
        a, b = random.choices(range(len(people)), [person.appeal for person in people], k=2)
        _join(people, a, b)


def _centre(random: Random, people: list[Person]) -> None:
    people[0].sittings, people[0].appeal, people[0].lessons = 0.6, 20.0, 0.4
    for other in random.sample(range(len(people)), min(len(people), 2 * CIRCLE)):
        _join(people, 0, other)


def _join(people: list[Person], a: int, b: int) -> None:
    if a != b and b not in people[a].friends:
        people[a].friends.append(b)
        people[b].friends.append(a)
