"""What is recorded: an event, what it points at, and the envelope it came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

JSON: TypeAlias = "None | bool | int | float | str | Sequence[JSON] | Mapping[str, JSON]"


class Face(StrEnum):
    """Which kind of thing an event is; each has its own input and its own GraphQL type."""

    CONTENT = "content"
    SOCIAL = "social"
    PROFILE = "profile"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class ContentRef:
    """A piece of content: its type from the vocabulary (``POST``) and the client's id."""

    type: str
    id: str

    @property
    def key(self) -> str:
        """``POST:42``; unambiguous, because a type holds no colon."""
        return f"{self.type}:{self.id}"

    @classmethod
    def of(cls, key: str) -> ContentRef:
        """The reference a ``key`` stands for."""
        kind, _, id_ = key.partition(":")
        return cls(kind, id_)


@dataclass(frozen=True, slots=True)
class EntityRef:
    """Anything an activity may be about that is not content: ``project``, ``email``, ``meditation``."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Device:
    """What the client said it runs on. ``type`` is one of DESKTOP, MOBILE, TABLET, OTHER."""

    type: str | None = None
    browser: str | None = None
    browser_version: str | None = None
    os: str | None = None
    platform: str | None = None
    app_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing somebody did. All times are aware UTC datetimes in whole milliseconds.

    Facts decide between duplicate and conflict (``signals.fingerprint``); the envelope (``device``, ``country``,
    ``time_zone``, ``sent_at``, ``received_at``) does not, and stays as first received.
    """

    id: str
    face: Face
    name: str
    """The vocabulary's name: LIKE, CONNECTION_REQUEST, PROFILE_VISIT, LOGIN, CUSTOM."""
    category: str
    action: str
    user_id: str
    content: ContentRef | None = None
    target_user_id: str | None = None
    entity: EntityRef | None = None

    occurred_at: datetime
    """When it happened by the server's clock (``signals.clock.corrected``): what every read orders and filters by."""
    received_at: datetime
    reported_at: datetime | None = None
    """When it happened as the client said; None where the client left it to the server."""
    sent_at: datetime | None = None

    session_id: str | None = None
    duration_ms: int | None = None
    metadata: JSON = None
    context: JSON = None
    scroll_depth: float | None = None
    reaction: str | None = None
    position: int | None = None
    impression_id: str | None = None
    source: str | None = None
    points: float | None = None

    device: Device | None = None
    country: str | None = None
    time_zone: str | None = None

    retracted_at: datetime | None = None
    retract_reason: str | None = None
    expired_at: datetime | None = None
    """When retention took what it carried: it is still counted, and no longer shown among events."""

    @property
    def type(self) -> str:
        """``category:action``, the name people filter by: ``post:like``, ``social:follow``, ``profile:visit``."""
        return f"{self.category}:{self.action}"

    @property
    def retracted(self) -> bool:
        """Whether it was taken back: still readable, counted nowhere."""
        return self.retracted_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events; every field narrows. ``since`` is inclusive, ``until`` exclusive."""

    user_id: str | None = None
    types: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    actions: tuple[str, ...] | None = None
    content: ContentRef | None = None
    target_user_id: str | None = None
    session_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def of_every_type(self) -> bool:
        """Whether events of all types, categories and actions pass."""
        return self.types is None and self.categories is None and self.actions is None


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of events, newest first by (occurred_at, id), with an opaque cursor beside each."""

    events: tuple[Event, ...]
    cursors: tuple[str, ...]
    has_next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A client's session: the unretracted events that carry its id. ``depth`` counts distinct things looked at."""

    id: str
    events: tuple[Event, ...]
    """Oldest first, at most 500."""
    event_count: int
    start: datetime
    end: datetime
    duration_ms: int
    depth: int
    entry: Event
    exit: Event
    device: Device | None


@dataclass(frozen=True, slots=True)
class Sums:
    """What of a summary costs something and is asked for: distinct people and distinct sessions."""

    users: bool = True
    sessions: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitySummary:
    """Totals over unretracted events; 0 and () where not asked for. Pairs are (name, count), most first, by name."""

    total_events: int
    unique_users: int
    sessions: int
    by_category: tuple[tuple[str, int], ...]
    by_type: tuple[tuple[str, int], ...]
    most_active_day: str | None
    """ISO date; of equal days the earliest."""
    most_common_action: str | None
    peak_hours: tuple[tuple[int, int], ...] = ()
    """(Hour of the day, events) of the three hours with most events, most first, then by hour; where asked for."""
    mean_session_ms: float | None = None
    """From a session's first event to its last; None without sessions, and where it was not asked for."""
    withheld: bool = False
    """See ``signals.withholding``."""
