"""The protocol: the first 80 % of the events are given; each later one is ranked before its instant is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import Protocol

from signals.clock import to_ms
from signals.events import Event, Face
from signals.pairs import item_of, meaning
from signals.replay import Replay
from signals.vocabulary import Vocabulary

GIVEN = 0.8
SEED = 7


class Task(Protocol):
    """Something that is asked of later events."""

    def look(self, event: Event, replay: Replay) -> None:
        """Rank the event's truth; ``replay`` holds what occurred before its instant."""
        ...

    def added(self, events: Sequence[Event]) -> None:
        """The events of one instant have been added."""
        ...


@dataclass(frozen=True, slots=True)
class Log:
    """Events that count for ranking, oldest first: of one kind, person to person or person to content."""

    events: Sequence[Event]

    @property
    def cut(self) -> int:
        """Where the later events begin."""
        return int(len(self.events) * GIVEN)

    @classmethod
    def of_people(cls, events: Sequence[Event], vocabulary: Vocabulary) -> Log:
        """Positive events towards others."""
        return cls(
            [e for e in _ordered(events) if _towards(e) is not None and meaning(vocabulary, e).weight > 0],
        )

    @classmethod
    def of_contents(cls, events: Sequence[Event], vocabulary: Vocabulary) -> Log:
        """Positive events with content."""
        return cls([e for e in _ordered(events) if item_of(e) is not None and meaning(vocabulary, e).weight > 0])


def _ordered(events: Sequence[Event]) -> list[Event]:
    return sorted((e for e in events if not e.retracted), key=lambda e: to_ms(e.occurred_at))


def _towards(event: Event) -> str | None:
    other = event.target_user_id if event.face in (Face.SOCIAL, Face.PROFILE) else None
    return other if other != event.user_id else None


def instants(events: Sequence[Event], start: int = 0) -> Iterator[tuple[int, list[Event]]]:
    """Groups of what occurred at the same millisecond, each with the position of its first."""
    position = start
    for _, group in groupby(events[start:], key=lambda e: e.occurred_at):
        found = list(group)
        yield position, found
        position += len(found)


def sampled(positions: Sequence[int], most: int, seed: int = SEED) -> set[int]:
    """At most ``most`` of the positions, the same ones every time."""
    draw = Random(seed)  # noqa: S311 - nothing secret
    return set(positions) if len(positions) <= most else set(draw.sample(list(positions), most))


def run(log: Log, replay: Replay, asked: Sequence[tuple[Task, set[int]]]) -> None:
    """Add the log to the replay, asking each task about the positions given with it."""
    for position, events in instants(log.events):
        for task, positions in asked:
            for at, event in enumerate(events, position):
                if at in positions:
                    task.look(event, replay)
        for event in events:
            replay.add(event)
        for task, _ in asked:
            task.added(events)
