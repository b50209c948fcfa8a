"""The protocol: the first 80 % of the events are given; each later one is ranked before its instant is added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from random import Random
from typing import Protocol

from signals.clock import to_ms
from signals.events import Event, Face
from signals.pairs import item_of, meaning
from signals.replay import Replay
from signals.vocabulary import Vocabulary

GIVEN = 0.8
SEED = 7


class Watcher(Protocol):
    """Something that follows the log."""

    def added(self, events: Sequence[Event]) -> None:
        """Events of one instant, of those that count, have been added to the replay."""
        ...


class Task(Watcher, Protocol):
    """Something that is asked about later events, by their ids."""

    asked: set[str]

    def look(self, event: Event, replay: Replay) -> None:
        """Rank the event's truth; the replay holds what occurred before its instant."""
        ...


@dataclass(frozen=True, slots=True)
class Log:
    """Events oldest first, each id once, and those among them that count: positive, person to person or to content."""

    all: Sequence[Event]
    events: Sequence[Event]

    @property
    def cut(self) -> int:
        """Where the later events begin."""
        return int(len(self.events) * GIVEN)

    @classmethod
    def of_people(cls, events: Sequence[Event], vocabulary: Vocabulary) -> Log:
        """Events towards others count."""
        return cls(events, [e for e in events if _towards(e) is not None and meaning(vocabulary, e).weight > 0])

    @classmethod
    def of_contents(cls, events: Sequence[Event], vocabulary: Vocabulary) -> Log:
        """Events with content count."""
        return cls(events, [e for e in events if item_of(e) is not None and meaning(vocabulary, e).weight > 0])


def _towards(event: Event) -> str | None:
    other = event.target_user_id if event.face in (Face.SOCIAL, Face.PROFILE) else None
    return other if other != event.user_id else None


def ordered(events: Iterable[Event]) -> list[Event]:
    """Oldest first, without what was retracted; of repeated ids the first."""
    by_id: dict[str, Event] = {}
    for event in events:
        if not event.retracted:
            by_id.setdefault(event.id, event)
    return sorted(by_id.values(), key=lambda event: (event.occurred_at, event.id))


def sampled(events: Sequence[Event], most: int) -> set[str]:
    """The ids of at most ``most`` of the events, the same ones every time."""
    ids = [event.id for event in events]
    return set(ids if len(ids) <= most else Random(SEED).sample(ids, most))  # noqa: S311 - nothing secret


def run(
    log: Log,
    replay: Replay,
    watchers: Sequence[Watcher],
    tasks: Sequence[Task],
    before: Callable[[int, Replay], None] | None = None,
) -> None:
    """Add the log to the replay, asking each task about its events; ``before`` hears of every instant (epoch ms)."""
    counted = {event.id for event in log.events}
    for at, group in groupby(log.all, key=lambda event: event.occurred_at):
        events = list(group)
        if before is not None:
            before(to_ms(at), replay)
        for event, task in product(events, tasks):
            if event.id in task.asked:
                task.look(event, replay)
        for event in events:
            replay.add(event)
        added = [event for event in events if event.id in counted]
        for watcher in (*watchers, *tasks):
            watcher.added(added)
