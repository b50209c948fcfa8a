"""What the ranking reads answer. Values only; scores are sums of their contributions.

Those of which a page has hundreds are not frozen, which makes them twice as quick to make; nobody changes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from signals.contributions import Contribution
from signals.events import ContentRef
from signals.people import Connection

Counts = tuple[tuple[str, int], ...]
"""(type, events), most first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MutualConnections:
    """Users both are connected with (ACCEPTED, among the latest connections of each); ``witnesses``: some, by id."""

    count: int = 0
    witnesses: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Affinity:
    """How likely the viewer turns to ``user_id`` next. ``score``: 0 and up; 0 for somebody never heard of.

    ``order``: the same before it is cut off at 0; what lists are sorted by, descending, then by id.
    ``outgoing``, ``incoming``: events of positive weight. ``blocked``: either has blocked the other; the score is 0.
    """

    user_id: str
    score: float
    order: float
    contributions: tuple[Contribution, ...]
    last_interaction_at: datetime | None
    outgoing: int
    incoming: int
    blocked: bool
    connection: Connection | None = None
    mutual_connections: MutualConnections = MutualConnections()


@dataclass(slots=True, kw_only=True)
class Witness:
    """One of the viewer's ties who engaged: latest interaction by name (LIKE), when, and the viewer's affinity."""

    user_id: str
    interaction: str
    occurred_at: datetime
    affinity: float


@dataclass(slots=True, kw_only=True)
class SocialProof:
    """The viewer's ties among the content's latest engagers; ``strength``: how much their engagement weighs."""

    count: int = 0
    strength: float = 0.0
    witnesses: tuple[Witness, ...] = ()


@dataclass(slots=True, kw_only=True)
class Rates:
    """Events or users per person reached, smoothed with a prior, so that 1 of 1 does not beat 900 of 1000."""

    click_through: float = 0.0
    like: float = 0.0
    comment: float = 0.0
    share: float = 0.0
    save: float = 0.0
    hide: float = 0.0


@dataclass(slots=True, kw_only=True)
class CandidateSignals:
    """One candidate's features. ``hidden_because``: why ``hidden``: HIDDEN, REPORTED, AUTHOR_BLOCKED,
    BLOCKED_BY_AUTHOR or AUTHOR_MUTED; a hidden candidate scores 0."""

    content: ContentRef
    score: float
    contributions: tuple[Contribution, ...]
    popularity: float
    trend: float
    rising: float
    author_affinity: float
    co_action: float
    social_proof: SocialProof
    rates: Rates
    reporters: int
    seen: bool
    last_seen_at: datetime | None
    my_interactions: Counts
    hidden_because: str | None

    @property
    def hidden(self) -> bool:
        return self.hidden_because is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSignals:
    """One row per candidate, in the order asked. ``dropped``: features left out, because the budget ran out."""

    as_of: datetime
    dropped: tuple[str, ...]
    candidates: tuple[CandidateSignals, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TieProof:
    """``count`` people of one ``kind`` (FOLLOWS, CONNECTED, TALKS) lead to the suggestion; ``witnesses``: some."""

    kind: str
    count: int
    witnesses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedUser:
    user_id: str
    score: float
    contributions: tuple[Contribution, ...]
    social_proof: tuple[TieProof, ...]
    shared_contents: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendedContent:
    """``sources``: where the candidate came from: TIES, CO_ACTION, TRENDING."""

    content: ContentRef
    score: float
    contributions: tuple[Contribution, ...]
    sources: tuple[str, ...]
    social_proof: SocialProof
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendingContent:
    """``users``: distinct users (among ties: ties) who engaged; ``rising``: how unusual the last hours are."""

    content: ContentRef
    score: float
    contributions: tuple[Contribution, ...]
    popularity: float
    rising: float
    users: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One step of a path. ``kinds``: CONNECTED, FOLLOWS, FOLLOWED_BY, INTERACTED; counts of positive events."""

    from_id: str
    to_id: str
    kinds: tuple[str, ...]
    outgoing: int
    incoming: int
    last_interaction_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialPath:
    """A shortest path between two users; of several, the one whose ids come first. No step crosses a block.

    ``users``: everybody on it, both ends among them; one user where both ends are the same.
    """

    users: tuple[str, ...]
    steps: tuple[PathStep, ...]

    @property
    def length(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRate:
    """Impressions at one position of a list, those followed by an interaction, and the smoothed share."""

    position: int
    impressions: int
    clicks: int
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickThrough:
    """``complete``: False where there were more impressions than are read at once; then the latest are counted."""

    impressions: int
    clicks: int
    rate: float
    positions: tuple[PositionRate, ...]
    complete: bool
    withheld: bool = False
    """See ``signals.withholding``."""
