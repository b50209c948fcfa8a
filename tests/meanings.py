"""What single words of the contract mean: order, filter, popularity, the life of a connection, a message read.

Used by the oracle; no fold of the product is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from signals.clock import MILLISECOND
from signals.events import ContentRef, Event, EventFilter
from signals.people import ConnectionStatus

HALF_LIVES = [timedelta(seconds=300) * 6**k for k in range(7)]
UNIT = timedelta(hours=18)

Order = tuple[datetime, str]
Pairs = tuple[tuple[str, int], ...]


def order(event: Event) -> Order:
    """What every list of events is sorted by."""
    return event.occurred_at, event.id


def milliseconds(span: timedelta) -> int:
    return span // MILLISECOND


def item(event: Event) -> ContentRef | None:
    """The content an event is done to; what an event towards a person mentions is not."""
    return None if event.target_user_id is not None else event.content


def looked_at(event: Event) -> object:
    """What an event is about: content, person, entity, or where there is none, its own type."""
    return item(event) or event.target_user_id or event.entity or (event.type,)


def most_first(names: Iterable[str]) -> Pairs:
    """How often each name comes, most first, equal ones by name."""
    return tuple(sorted(Counter(names).items(), key=lambda row: (-row[1], row[0])))


def matches(event: Event, filter: EventFilter) -> bool:
    """Whether an event passes every narrowing of a filter."""
    wanted: list[tuple[object, object]] = [
        (filter.user_id, event.user_id),
        (filter.content, event.content),
        (filter.target_user_id, event.target_user_id),
        (filter.session_id, event.session_id),
    ]
    any_of = [(filter.types, event.type), (filter.categories, event.category), (filter.actions, event.action)]
    return (
        all(want is None or want == have for want, have in wanted)
        and all(choice is None or have in choice for choice, have in any_of)
        and (filter.since is None or event.occurred_at >= filter.since)
        and (filter.until is None or event.occurred_at < filter.until)
    )


def popularity(touches: Sequence[datetime], at: datetime) -> float:
    """V_1 of signals.md, term by term: each user's first touch decayed by its own age; the future has age 0."""
    total = 0.0
    for touch in touches:
        age = max(at - touch, timedelta(0))
        total += sum(UNIT / half * math.exp2(-(age / half)) for half in HALF_LIVES)
        total += UNIT / HALF_LIVES[-1] / 6
    return total


@dataclass
class Negotiation:
    """The life of one connection, told event by event in the order they occurred."""

    status: ConnectionStatus | None = None
    requested_by: str | None = None
    since: datetime | None = None
    response_ms: int | None = None
    waiting: dict[str, ConnectionStatus] = field(default_factory=dict)

    def tell(self, event: Event) -> None:
        who, at = event.user_id, event.occurred_at
        pending = self.status is ConnectionStatus.REQUESTED
        accepted = self.status is ConnectionStatus.ACCEPTED
        match event.name:
            case "CONNECTION_REQUEST" if pending and who != self.requested_by:
                self.answer(ConnectionStatus.ACCEPTED, at)
            case "CONNECTION_REQUEST" if not pending and not accepted:
                self.request(who, at)
            case "CONNECTION_ACCEPT" | "CONNECTION_DECLINE" if pending and who != self.requested_by:
                self.answer(answer_of(event), at)
            case "CONNECTION_ACCEPT" | "CONNECTION_DECLINE" if not pending and not accepted:
                self.waiting[who] = answer_of(event)
            case "CONNECTION_CANCEL":
                self.waiting.clear()
                if pending and who == self.requested_by:
                    self.status, self.since = ConnectionStatus.CANCELLED, at
            case "CONNECTION_REMOVE":
                self.waiting.clear()
                if accepted:
                    self.status, self.since = ConnectionStatus.REMOVED, at

    def request(self, who: str, at: datetime) -> None:
        self.status, self.requested_by, self.since, self.response_ms = ConnectionStatus.REQUESTED, who, at, None
        early = [answer for by, answer in self.waiting.items() if by != who]
        if early:
            self.answer(early[0], at)

    def answer(self, status: ConnectionStatus, at: datetime) -> None:
        assert self.since is not None
        self.status, self.since, self.response_ms = status, at, milliseconds(at - self.since)
        self.waiting.clear()


def answer_of(event: Event) -> ConnectionStatus:
    return ConnectionStatus.ACCEPTED if event.name == "CONNECTION_ACCEPT" else ConnectionStatus.DECLINED


def read_after(message: Event, events: Sequence[Event]) -> int | None:
    """Ms until the other side first read the message, not before it was sent; None while unread."""
    for read in events:
        if (
            read.name == "MESSAGE_READ"
            and (read.user_id, read.target_user_id) == (message.target_user_id, message.user_id)
            and read.occurred_at >= message.occurred_at
            and read.content in (None, message.content)
        ):
            return milliseconds(read.occurred_at - message.occurred_at)
    return None
