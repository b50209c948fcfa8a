"""Messages between two people: what was sent, what was read, and how long that took."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from statistics import fmean

from signals.events import Event
from signals.people import Conversation

SENT, READ = "MESSAGE_SENT", "MESSAGE_READ"


def conversation(user_id: str, events: Iterable[Event]) -> Conversation:
    """``events``: the message events between ``user_id`` and one other, in any order.

    A reading with ``content`` covers that message; one without covers all that was sent to the reader up to then.
    """
    ordered = sorted(events, key=lambda e: (e.occurred_at, e.id))
    messages = [event for event in ordered if event.name == SENT]
    reads = [event for event in ordered if event.name == READ]
    read_at = {message.id: _first_read(message, reads) for message in messages}
    mine = [m for m in messages if m.user_id == user_id]
    theirs = [m for m in messages if m.user_id != user_id]
    latencies = [(at - m.occurred_at).total_seconds() * 1000 for m in mine if (at := read_at[m.id]) is not None]
    return Conversation(
        sent=len(mine),
        received=len(theirs),
        sent_and_read=len(latencies),
        received_and_read=sum(read_at[m.id] is not None for m in theirs),
        mean_read_latency_ms=fmean(latencies) if latencies else None,
        last_message_at=messages[-1].occurred_at if messages else None,
    )


def _first_read(message: Event, reads: Iterable[Event]) -> datetime | None:
    for read in reads:
        if (
            read.user_id == message.target_user_id
            and read.occurred_at >= message.occurred_at
            and read.content in (None, message.content)
        ):
            return read.occurred_at
    return None
