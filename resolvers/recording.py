"""Recording: what is sent in passes the gate, goes to the recorder once, and each gets its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias

from resolvers.ports import Recorder
from signals.checks import identifier, text
from signals.content import Content
from signals.errors import LimitExceeded
from signals.events import Event, Face
from signals.forms import Field, Form
from signals.intake import Intake
from signals.limits import BATCH
from signals.outcomes import (
    TAKEN,
    IdConflict,
    InvalidInput,
    Overloaded,
    Problem,
    Refused,
    RefusedBecause,
    RetractOutcome,
    Tracked,
    TrackOutcome,
)

RETRACTION = Form({"eventId": Field("event_id", identifier, required=True), "reason": Field("reason", text())})


@dataclass(frozen=True, slots=True)
class Registered:
    """The content as it is now known."""

    content: Content


RegisterOutcome: TypeAlias = Registered | InvalidInput | Overloaded


@dataclass(frozen=True)
class BatchOutcome:
    """One outcome per event, in order."""

    results: tuple[TrackOutcome, ...]

    @property
    def tracked(self) -> int:
        """Events recorded by this batch."""
        return sum(isinstance(r, Tracked) for r in self.results) - self.duplicates

    @cached_property
    def duplicates(self) -> int:
        """Events that were recorded before."""
        return sum(isinstance(r, Tracked) and r.duplicate for r in self.results)

    @property
    def conflicts(self) -> int:
        """Events whose id is taken by other facts."""
        return sum(isinstance(r, IdConflict) for r in self.results)

    @property
    def invalid(self) -> int:
        """Events that did not pass the gate."""
        return sum(isinstance(r, InvalidInput) for r in self.results)

    @property
    def refused(self) -> int:
        """Events that may not be recorded."""
        return sum(isinstance(r, Refused) for r in self.results)

    @property
    def overloaded(self) -> int:
        """Events to be sent again later."""
        return sum(isinstance(r, Overloaded) for r in self.results)


async def track(
    recorder: Recorder, intake: Intake, raw: Any, face: Face, received_at: datetime, only: str | None = None
) -> TrackOutcome:
    """Record the event in ``raw``, an input object of ``face``. ``only``: Refused where another user acts in it."""
    event = _allowed(intake.event(raw, face, received_at), only)
    if not isinstance(event, Event):
        return event
    [outcome] = await recorder.record([event])
    return _discreet(outcome, only)


async def track_batch(
    recorder: Recorder, intake: Intake, raws: Sequence[Any], received_at: datetime, only: str | None = None
) -> BatchOutcome:
    """Record up to 1000 EventInputs; a bad one harms no other. ``only``: as for ``track``.

    Raises LimitExceeded for more.
    """
    if len(raws) > BATCH:
        raise LimitExceeded(f"The batch has {len(raws)} events; at most {BATCH} are taken at once. Send it in parts.")
    read = [_allowed(intake.one_of(raw, received_at), only) for raw in raws]
    good = [event for event in read if isinstance(event, Event)]
    recorded = (_discreet(outcome, only) for outcome in (await recorder.record(good) if good else ()))
    outcomes = (next(recorded) if isinstance(event, Event) else event for event in read)
    return BatchOutcome(tuple(_placed(outcome, index) for index, outcome in enumerate(outcomes)))


def _allowed(event: Event | InvalidInput, only: str | None) -> Event | InvalidInput | Refused:
    """The event, unless somebody else than ``only`` acts in it."""
    if only is None or not isinstance(event, Event) or event.user_id == only:
        return event
    return Refused(RefusedBecause.NOT_ALLOWED)


def _discreet(outcome: TrackOutcome, only: str | None) -> TrackOutcome:
    """The outcome without an event of somebody else than ``only``, which has the id."""
    if only is None or not isinstance(outcome, IdConflict):
        return outcome
    return outcome if outcome.recorded.user_id == only else TAKEN


def _placed(outcome: TrackOutcome, index: int) -> TrackOutcome:
    """The same outcome, with problems whose paths begin at the batch."""
    if not isinstance(outcome, InvalidInput):
        return outcome
    return InvalidInput(tuple(Problem(("events", str(index), *p.path), p.message) for p in outcome.problems))


async def retract(recorder: Recorder, event_id: str, reason: str | None, at: datetime) -> RetractOutcome:
    """Take the event back. InvalidInput for an id or a reason (at most 256 characters) that cannot be."""
    values, problems = RETRACTION.read({"eventId": event_id, "reason": reason})
    if problems:
        return InvalidInput(tuple(problems))
    return await recorder.retract(values["event_id"], values.get("reason"), at)


async def register(recorder: Recorder, intake: Intake, raw: Any) -> RegisterOutcome:
    """Remember what ``raw``, a RegisterContentInput, says about content."""
    registration = intake.registration(raw)
    if isinstance(registration, InvalidInput):
        return registration
    known = await recorder.register([registration])
    return known if isinstance(known, Overloaded) else Registered(known[0])
