"""A town that is busy enough for ranking to have much to say: many events of few people, with ties in time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from signals.content import Registration
from signals.events import ContentRef, EntityRef, Event
from tests.factories import NOON, RECEIVED, active, did, met, visited
from tests.strategies import Record, Register, Retract, Step

PEOPLE = ("ann", "Ann", "bob", "cat", "dan", "eve", "\U0001f600", "\ufffd")
THINGS = (
    *(ContentRef(kind, id) for kind in ("POST", "ARTICLE") for id in ("1", "2", "\U0001f600")),
    ContentRef("COMMUNITY", "7"),
)
AUTHORS = (*PEOPLE[:3], "author", "author")
DONE = (*("VIEW",) * 6, *("LIKE",) * 4, "UNLIKE", "COMMENT", "SHARE", "SAVE", "CLICK", "HIDE", "UNHIDE", "REPORT")
SAID = (*("MESSAGE_SENT",) * 6, "MESSAGE_READ", "REPLY", "MENTION", *("FOLLOW",) * 3, "UNFOLLOW", "BLOCK", "UNBLOCK")
SETTLED = ("CONNECTION_REQUEST", "CONNECTION_REQUEST", "CONNECTION_ACCEPT", "CONNECTION_ACCEPT", "CONNECTION_DECLINE")
LEFT = ("CONNECTION_CANCEL", "CONNECTION_REMOVE", "MUTE", "UNMUTE", "REPORT")
DELAYS = (timedelta(0), timedelta(0), timedelta(hours=3), timedelta(days=9))


def events(chance: random.Random, count: int) -> list[Event]:
    """Events of the last year before the latest is received; some are received late, some occur at one instant."""
    makers: tuple[Callable[[str, str, float], Event], ...] = (
        *(lambda a, _, s: did(chance.choice(DONE), a, chance.choice(THINGS), s),) * 8,
        lambda a, _, s: did("IMPRESSION", a, chance.choice(THINGS), s, impression_id=chance.choice("ij"), position=1),
        lambda a, _, s: did("VIEW", a, chance.choice(THINGS), s, impression_id=chance.choice("ij")),
        *(lambda a, b, s: met(chance.choice(SAID), a, b, s),) * 6,
        *(lambda a, b, s: met(chance.choice(SETTLED), a, b, s),) * 2,
        lambda a, b, s: met(chance.choice(LEFT), a, b, s),
        *(lambda a, b, s: visited(a, b, s),) * 2,
        lambda a, _, s: active(chance.choice(("COMMUNITY_JOIN", "COMMUNITY_LEAVE")), a, s, EntityRef("community", "7")),
        lambda a, _, s: met("MESSAGE_SENT", a, a, s),
    )
    made = []
    for _ in range(count):
        one, other = chance.sample(PEOPLE[: chance.choice((3, len(PEOPLE)))], 2)
        age = chance.choice((0.0, 1.0, 60.0)) + round(10 ** chance.uniform(0, 7.4), chance.choice((0, 3)))
        event = chance.choice(makers)(one, other, -age)
        made.append(replace(event, received_at=min(RECEIVED, event.occurred_at + chance.choice(DELAYS))))
    return made


def history(chance: random.Random, count: int = 120) -> list[Step]:
    """The events in any order, in any batches, some taken back; authors are told in between."""
    arrivals = events(chance, count)
    chance.shuffle(arrivals)
    steps: list[Step] = []
    while arrivals:
        size = chance.choice((1, 7, 30))
        steps.append(Record(tuple(arrivals[:size])))
        arrivals = arrivals[size:]
        if chance.random() < 0.5:
            steps.append(Register((Registration(content=chance.choice(THINGS), author_id=chance.choice(AUTHORS)),)))
    known = [event.id for step in steps if isinstance(step, Record) for event in step.events]
    return [*steps, *(Retract(id, None, NOON + timedelta(days=40)) for id in chance.sample(known, count // 15))]
