"""What somebody did, an entry per event, as far as trends and the reads about a person need it."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One unretracted event. ``at``: epoch ms. Diaries are lists of entries, oldest first by (at, id)."""

    at: int
    id: str
    actor_id: str
    face: str
    name: str
    """The vocabulary's name: LIKE, LOGIN, CUSTOM."""
    category: str
    action: str
    content_key: str | None = None
    """``POST:42``, where the event is about content."""
    target_user_id: str | None = None
    entity_type: str | None = None
    entity_id: str | None = None
    session_id: str | None = None
    duration_ms: int | None = None
    scroll_depth: float | None = None
    points: float | None = None
    time_zone: str | None = None
    country: str | None = None
    device_type: str | None = None
    metadata: str | None = None
    """JSON text."""

    @property
    def type(self) -> str:
        """``category:action``."""
        return f"{self.category}:{self.action}"


class Moment(NamedTuple):
    """When somebody did something, and where: what a streak needs of an event. Lists are oldest first by (at, id)."""

    at: int
    id: str
    time_zone: str | None
    name: str
    import_: str | None = None
    """The metadata, JSON text, of a STREAK_IMPORTED; None for anything else."""
