"""Content, what is known about it and what its interactions add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from signals.events import ContentRef
from signals.funnel import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What ranking needs to know about a piece of content; None leaves what is there."""

    content: ContentRef
    author_id: str | None = None
    created_at: datetime | None = None
    tags: tuple[str, ...] | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A piece of content that was registered or interacted with."""

    ref: ContentRef
    author_id: str | None = None
    created_at: datetime | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """What people did with a piece of content. Retracted events count nowhere.

    ``views``, ``comments`` (with replies), ``shares``: events. ``likes``, ``saves``: users whose state is on.
    ``unique_users``: users with any interaction of positive weight. ``by_type``: (type, events), most first.
    ``engaged``: events of ``signals.engagement_rate.INTERACTION`` or more.
    ``score``: vocabulary weight times count (users for states), summed. ``popularity``: ``signals.decay`` V_1 of the
    distinct users' first such interactions, about first touches per 18 hours, at the instant asked (or, when that is
    earlier, at the latest of them).
    """

    views: int
    likes: int
    comments: int
    shares: int
    saves: int
    unique_users: int
    time_spent_ms: int
    average_scroll_depth: float | None
    popularity: float
    score: float
    by_type: tuple[tuple[str, int], ...]
    engaged: int
    depth: Depth | None = None
    """Only where it was asked for."""
    withheld: bool = False
    """See ``signals.withholding``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How long people stay with a content, and how far they go. ``mean_dwell_ms``: None where nobody said how long."""

    mean_dwell_ms: float | None
    funnel: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRelation:
    """Where one user stands with one piece of content: the states that are on, and counts of what was done."""

    user_id: str
    content: ContentRef
    states: tuple[str, ...]
    """Names of the vocabulary rows that are on, sorted: LIKE, SAVE, FOLLOW, REACT, HIDE, COMMUNITY_JOIN."""
    by_type: tuple[tuple[str, int], ...]
    first_at: datetime
    last_at: datetime
