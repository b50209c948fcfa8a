"""A community of any age, with the skew of real ones: the longer its history, the more events of the same people.

So much happens each day (``PER_DAY``), the last of it an hour ago: a longer history has the same last days.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.data import SEED
from benchmarks.world import ARTICLE, DAY, Row, Skewed, World, registrations, row, written

PEOPLE = 10_000
PER_DAY = 5000
NEW_CONTENTS = 60
"""A day."""
FRIENDS = 120
"""Whom somebody deals with, at most; the busiest of them most."""
TALK = 0.35
"""Share of events that are towards a person."""
LIFE_DAYS = 3.0
"""How long content is read: the mean of an exponential."""
READING = (("VIEW", "LIKE", "COMMENT", "SAVE", "SHARE"), (70, 15, 8, 4, 3))
TALKING = (("MESSAGE_SENT", "REPLY", "COMMENT", "FOLLOW"), (55, 20, 20, 5))


@dataclass(frozen=True, slots=True)
class Community:
    """Who there is, and whom each deals with."""

    draw: random.Random
    people: Skewed
    friends: dict[str, Skewed]

    @classmethod
    def of(cls, draw: random.Random) -> Community:
        people = Skewed.of([f"p{k}" for k in range(PEOPLE)], flat=30.0)
        friends = {id: Skewed.of(_friends(draw, id, people)) for id in people.items}
        return cls(draw, people, friends)

    def talk(self, at: datetime, id: str) -> Row:
        """Somebody turns to a friend, now and then to a stranger."""
        actor = self.people.draw(self.draw)
        other = self.people.draw(self.draw) if self.draw.random() < 0.03 else self.friends[actor].draw(self.draw)
        if other == actor:
            other = self.friends[actor].items[0]
        return row(at, id, self.draw.choices(TALKING[0], TALKING[1])[0], actor, ("USER", other))

    def read(self, at: datetime, id: str, contents: range) -> Row:
        """Somebody turns to content, most likely to what is new; of one day's, some draw far more than others."""
        days = len(contents) // NEW_CONTENTS
        ago = int(self.draw.expovariate(1 / LIFE_DAYS)) % days
        rank = int(NEW_CONTENTS * self.draw.random() ** 2)
        content = f"c{contents[-1] - ago * NEW_CONTENTS - rank}"
        return row(
            at, id, self.draw.choices(READING[0], READING[1])[0], self.people.draw(self.draw), (ARTICLE, content)
        )


def _friends(draw: random.Random, id: str, people: Skewed) -> list[str]:
    found = dict.fromkeys(people.draw(draw) for _ in range(draw.randint(3, FRIENDS)))
    found.pop(id, None)
    return list(found) or [people.items[0]]


def events(size: int, until: datetime) -> Iterator[Row]:
    """``size`` events up to ``until``, in order of time."""
    draw = random.Random(SEED)
    community = Community.of(draw)
    step = timedelta(days=1 / PER_DAY)
    start = until - size * step
    for k in range(size):
        at = start + (k + 1) * step
        if draw.random() < TALK:
            yield community.talk(at, f"e{k}")
        else:
            yield community.read(at, f"e{k}", range(NEW_CONTENTS * (1 + k // PER_DAY)))


def history(folder: Path, size: int, until: datetime) -> World:
    """A community with ``size`` events, written into ``folder``. Viewers and candidates come from its last days."""
    draw = random.Random(SEED)
    late, contents = [], dict[str, str]()

    def noticed() -> Iterator[Row]:
        for at, cells in events(size, until):
            if cells[3] == ARTICLE:
                contents[cells[4]] = ARTICLE
            if at > until - 3 * DAY:
                late.append(cells)
            yield at, cells

    file = written(folder, noticed())
    return World(
        files=(registrations(folder, draw, [cells[2] for cells in late], contents), file),
        events=size,
        until=until,
        viewers=tuple(sorted({cells[2] for cells in late})),
        people=tuple(cells[4] for cells in late if cells[3] == "USER"),
        contents=tuple(cells[4] for cells in late if cells[3] == ARTICLE),
    )
