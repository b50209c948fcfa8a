"""Sessions in outline: what somebody did in one go, as the client marked it or as silence divides it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from signals.clock import DAY_MS, from_ms

SILENCE_MS = 1_800_000
"""A longer time without an event ends an inferred session."""
LONGEST_MS = DAY_MS
"""So long after its first event the next inferred session begins, whatever happens."""
INFERRED = "inferred:"


class Step(NamedTuple):
    """One unretracted event, as far as sessions go. ``at``: epoch ms."""

    at: int
    id: str
    actor_id: str
    session_id: str | None
    thing: str
    """What it looks at, in a form that tells a user, a content, an entity and a type apart."""
    device: bool
    """Whether it says what the client ran on."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a session adds up to, with its events by id. Times are epoch ms."""

    id: str
    """The client's, or ``inferred:`` and the id of the first event."""
    inferred: bool
    user_id: str
    """Who did the first event."""
    start_ms: int
    end_ms: int
    depth: int
    """How many different things were looked at."""
    event_ids: tuple[str, ...]
    """Oldest first by (at, id)."""
    device_id: str | None
    """The first event that says what the client ran on."""

    @property
    def start(self) -> datetime:
        return from_ms(self.start_ms)

    @property
    def end(self) -> datetime:
        return from_ms(self.end_ms)

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    @property
    def event_count(self) -> int:
        return len(self.event_ids)

    @property
    def place(self) -> tuple[int, str]:
        """Lists have the latest first."""
        return self.start_ms, self.id


def given(steps: Iterable[Step]) -> list[Outline]:
    """A session for each session id; ``steps``, in any order, are all of its events. Steps without one are left out."""
    by_id: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        if step.session_id is not None:
            by_id[step.session_id].append(step)
    return [_outline(id, sorted(own), inferred=False) for id, own in by_id.items()]


def inferred(steps: Iterable[Step]) -> list[Outline]:
    """What events without a session id are cut into, person by person; in any order, those with one are left out."""
    return [
        _outline(f"{INFERRED}{sitting[0].id}", sitting, inferred=True)
        for own in loose(steps).values()
        for sitting in _cut(own)
    ]


def loose(steps: Iterable[Step]) -> dict[str, list[Step]]:
    """The steps without a session id by who did them, oldest first."""
    by_actor: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        if step.session_id is None:
            by_actor[step.actor_id].append(step)
    return {actor: sorted(own) for actor, own in by_actor.items()}


def _cut(steps: Sequence[Step]) -> Iterator[list[Step]]:
    sitting: list[Step] = []
    for step in steps:
        if sitting and (step.at - sitting[-1].at > SILENCE_MS or step.at - sitting[0].at >= LONGEST_MS):
            yield sitting
            sitting = []
        sitting.append(step)
    if sitting:
        yield sitting


def _outline(id: str, steps: Sequence[Step], *, inferred: bool) -> Outline:
    first = steps[0]
    return Outline(
        id=id,
        inferred=inferred,
        user_id=first.actor_id,
        start_ms=first.at,
        end_ms=steps[-1].at,
        depth=len({step.thing for step in steps}),
        event_ids=tuple(step.id for step in steps),
        device_id=next((step.id for step in steps if step.device), None),
    )
