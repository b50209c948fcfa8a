"""People and what stands between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ConnectionStatus(StrEnum):
    REQUESTED = "REQUESTED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    REMOVED = "REMOVED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The state between two users, derived from their lifecycle events (``signals.connections``).

    ``since``: when the present status began. ``response_ms``: from the request to its answer, None while unanswered.
    """

    user_id: str
    other_id: str
    status: ConnectionStatus
    requested_by: str | None
    since: datetime
    response_ms: int | None


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who acted, was acted upon, or wrote something."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileVisitor:
    """Who looked at a profile: visits in the window, repeated when there is more than one."""

    user_id: str
    visits: int
    last_visit_at: datetime

    @property
    def repeated(self) -> bool:
        return self.visits > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialRelation:
    """What one user did towards another: the states that are on, counts by type, first and last time."""

    user_id: str
    other_id: str
    states: tuple[str, ...]
    """Names of the vocabulary rows that are on, sorted: FOLLOW, BLOCK, MUTE."""
    by_type: tuple[tuple[str, int], ...]
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Messages between two users, from the first one's side, over the latest 500 message events of the pair.

    A MESSAGE_READ with ``content`` reads that message; one without reads everything sent to the reader up to then.
    Latencies are in ms from sending to the earliest reading that is not before it.
    """

    sent: int
    received: int
    sent_and_read: int
    received_and_read: int
    mean_read_latency_ms: float | None
    """Of the messages sent by the first user: how long the other took."""
    last_message_at: datetime | None
