"""The connection between two users: a state that follows from its lifecycle events, in whatever order they arrive.

::

    nothing, DECLINED, CANCELLED, REMOVED --request--> REQUESTED
    REQUESTED --accept by the other, request by the other--> ACCEPTED --remove--> REMOVED
    REQUESTED --decline by the other--> DECLINED
    REQUESTED --cancel by the requester--> CANCELLED

An answer that occurred before any request (clients' clocks disagree) waits for the request it belongs to and then
settles it at once; a cancel or a removal by anybody clears it. Events that do not fit the present state are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from signals.clock import from_ms
from signals.packing import joined
from signals.people import Connection, ConnectionStatus

ANSWERS = {
    "CONNECTION_ACCEPT": ConnectionStatus.ACCEPTED,
    "CONNECTION_DECLINE": ConnectionStatus.DECLINED,
}


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One lifecycle event; sorts by occurrence (epoch ms), then id."""

    at: int
    id: str
    name: str
    actor: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Where the pair stands. ``since`` in epoch ms; ``waiting``: answers by actor that no request has met yet."""

    status: ConnectionStatus | None = None
    requested_by: str | None = None
    since: int = 0
    response_ms: int | None = None
    waiting: dict[str, str] = field(default_factory=dict)

    def after(self, step: Step) -> Settled:
        """The state that ``step`` leads to."""
        if step.name == "CONNECTION_REQUEST":
            return self._request(step)
        if step.name in ANSWERS:
            return self._answer(step)
        return self._withdraw(step)

    def _request(self, step: Step) -> Settled:
        if self.status is ConnectionStatus.ACCEPTED:
            return self
        if self.status is ConnectionStatus.REQUESTED:
            if step.actor == self.requested_by:
                return self
            return replace(
                self, status=ConnectionStatus.ACCEPTED, since=step.at, response_ms=step.at - self.since, waiting={}
            )
        for actor, answer in self.waiting.items():
            if actor != step.actor:
                return Settled(ANSWERS[answer], step.actor, step.at, 0)
        return Settled(ConnectionStatus.REQUESTED, step.actor, step.at, None, self.waiting)

    def _answer(self, step: Step) -> Settled:
        if self.status is ConnectionStatus.REQUESTED:
            if step.actor == self.requested_by:
                return self
            return replace(self, status=ANSWERS[step.name], since=step.at, response_ms=step.at - self.since, waiting={})
        if self.status is ConnectionStatus.ACCEPTED:
            return self
        return replace(self, waiting={**self.waiting, step.actor: step.name})

    def _withdraw(self, step: Step) -> Settled:
        cancelled = step.name == "CONNECTION_CANCEL"
        if cancelled and self.status is ConnectionStatus.REQUESTED and step.actor == self.requested_by:
            return Settled(ConnectionStatus.CANCELLED, self.requested_by, step.at)
        if not cancelled and self.status is ConnectionStatus.ACCEPTED:
            return Settled(ConnectionStatus.REMOVED, self.requested_by, step.at, self.response_ms)
        return replace(self, waiting={})


def settle(steps: Iterable[Step]) -> Settled:
    """The state the ``steps`` add up to, whatever order they are given in."""
    state = Settled()
    for step in sorted(steps):
        state = state.after(step)
    return state


def pair_key(a: str, b: str) -> str:
    """The key of the unordered pair."""
    return joined(*sorted((a, b)))


def connection(user_id: str, other_id: str, state: Settled) -> Connection | None:
    """The state as ``user_id`` sees it; None while there is none."""
    if state.status is None:
        return None
    return Connection(
        user_id=user_id,
        other_id=other_id,
        status=state.status,
        requested_by=state.requested_by,
        since=from_ms(state.since),
        response_ms=state.response_ms,
    )
