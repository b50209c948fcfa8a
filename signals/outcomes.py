"""What became of something that was sent in: values, not exceptions, because each is expected."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from signals.events import Event


@dataclass(frozen=True, slots=True)
class Tracked:
    """Durable when answered. ``duplicate``: the same facts were there already."""

    event: Event
    duplicate: bool


@dataclass(frozen=True, slots=True)
class IdConflict:
    """The id is taken by other facts; nothing was changed."""

    event_id: str
    recorded: Event

    @property
    def message(self) -> str:
        return (
            f"The id {self.event_id!r} is already recorded with other facts. "
            "Send the new event under an id of its own; a retry must repeat what was first sent."
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where: ``path`` leads into the input, list positions as digits."""

    path: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class InvalidInput:
    """Not recorded, because of ``problems``."""

    problems: tuple[Problem, ...]

    @property
    def message(self) -> str:
        first = self.problems[0]
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        return f"{'.'.join(first.path) or 'input'}: {first.message}{more}"


TAKEN = InvalidInput((Problem(("id",), "is taken; send the event under an id of its own"),))
"""An ``IdConflict`` that may not say, or no longer knows, what has the id."""


@dataclass(frozen=True, slots=True)
class Overloaded:
    """Not recorded now: the queue is full or the database did not answer in time. The same call again is safe."""

    retry_after_ms: int

    @property
    def message(self) -> str:
        return f"Not recorded yet; send it again in {self.retry_after_ms} ms. Its id keeps it from counting twice."


class RefusedBecause(StrEnum):
    """Why an event that is right may not be recorded."""

    NOT_ALLOWED = "NOT_ALLOWED"
    NO_CONSENT = "NO_CONSENT"
    ERASED = "ERASED"


REFUSALS = {
    RefusedBecause.NOT_ALLOWED: "You may record for yourself only; use a key or a token that may record for others.",
    RefusedBecause.NO_CONSENT: "The user has not agreed to being recorded, or no longer does.",
    RefusedBecause.ERASED: "A user of this event was erased and may not be recorded again.",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """Not recorded, and nothing of it is kept: somebody decided so. The same again is of no use while that stands."""

    reason: RefusedBecause

    @property
    def message(self) -> str:
        return REFUSALS[self.reason]


@dataclass(frozen=True, slots=True)
class Retracted:
    """The event was taken back, with everything derived from it (also when it already had been)."""

    event: Event


@dataclass(frozen=True, slots=True)
class NotFound:
    """No event has this id."""

    event_id: str

    @property
    def message(self) -> str:
        return f"No event has the id {self.event_id!r}; it is the id that was sent, or answered when it was recorded."


TrackOutcome: TypeAlias = Tracked | IdConflict | InvalidInput | Refused | Overloaded
RetractOutcome: TypeAlias = Retracted | NotFound | InvalidInput | Overloaded
