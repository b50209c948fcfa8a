"""What a request's resolvers work with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TypeAlias

import strawberry
from strawberry.dataloader import DataLoader

from resolvers.auditing import Auditor
from resolvers.discretion import seen_by
from resolvers.histories import ReadOnce
from resolvers.ports import (
    Actives,
    Archive,
    Backups,
    Consents,
    ContentsInDepth,
    Diaries,
    Discretion,
    Erasing,
    Events,
    Impressions,
    Neighbourhoods,
    NodesAhead,
    People,
    PersonalData,
    Population,
    Recorder,
    Retaining,
    Sequences,
    Sessions,
    Summaries,
    TopContents,
    Trends,
)
from resolvers.standpoint import Standpoint
from resolvers.streaks import StreakKeeper
from schema.arguments import given
from schema.keyring import Keyring
from schema.metrics import Metrics
from schema.principal import LOCAL, Principal, Role
from schema.rate_limits import UNLIMITED, Allowance
from signals.achievements_table import Rule
from signals.clock import whole_ms
from signals.content import Content, Engagement
from signals.events import ContentRef, Event
from signals.intake import Intake
from signals.rewards import Rewards
from signals.vocabulary import Vocabulary
from signals.weights import Weights


def now() -> datetime:
    """The present in UTC and whole milliseconds."""
    return whole_ms(datetime.now(UTC))


@dataclass
class Context:
    """One per request, of ``principal``. ``received_at``: when the request came, the same for everything in it.
    ``write_deadline``: seconds until a mutation is answered."""

    recorder: Recorder
    events: Events
    people: People
    contents: ContentsInDepth
    nodes: NodesAhead
    sequences: Sequences
    diaries: Diaries
    streaks: StreakKeeper
    impressions: Impressions
    neighbourhoods: Neighbourhoods
    trends: Trends
    summaries: Summaries
    actives: Actives
    top_contents: TopContents
    population: Population
    sessions: Sessions
    consents: Consents
    discretion: Discretion
    archive: Archive
    backups: Backups
    retaining: Retaining
    erasing: Erasing
    personal_data: PersonalData
    intake: Intake
    vocabulary: Vocabulary
    weights: Weights
    achievements: tuple[Rule, ...]
    rewards: Rewards
    metrics: Metrics
    keyring: Keyring
    auditor: Auditor
    write_deadline: float = 2.0
    analyst_k: int = 5
    principal: Principal = LOCAL
    allowance: Allowance = UNLIMITED
    received_at: datetime = field(default_factory=now)
    dropped: set[str] = field(default_factory=set)

    @property
    def least(self) -> int:
        """People that must stand behind a figure for this principal to be told it; 0 for most."""
        return self.analyst_k if self.principal.role is Role.ANALYST else 0

    def standpoint(self, as_of: datetime | None = None, known_at: datetime | None = None) -> Standpoint:
        """Where a ranking read looks from: the instant of the request, or one of the past."""
        here = Standpoint(self.nodes, self.weights, self.vocabulary, self.received_at)
        return here.back(given(as_of), given(known_at))

    async def seen_by(
        self, viewer_id: str, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> Standpoint:
        """As ``standpoint``, for a viewer: without people who are not to be reckoned with."""
        self.nodes.ahead()
        here = seen_by(self.standpoint(as_of, known_at), await self.discretion.quiet(), viewer_id)
        self.dropped.update(here.dropped)
        return here

    @cached_property
    def known_contents(self) -> DataLoader[ContentRef, Content | None]:
        """Content by reference: one call for all that a request asks for."""
        return DataLoader(load_fn=self._contents)

    @cached_property
    def engagements(self) -> DataLoader[ContentRef, Engagement]:
        """Engagement as it stands, by reference: one call for all that a request asks for."""
        return DataLoader(load_fn=self._engagements)

    @cached_property
    def histories(self) -> ReadOnce:
        """What people did: one read for all that a request asks of somebody."""
        return ReadOnce(self.diaries)

    @cached_property
    def known_events(self) -> DataLoader[str, Event | None]:
        """Events by id: one call for all that a request asks for."""
        return DataLoader(load_fn=self._events)

    def remember(self, content: Content | None) -> ContentRef | None:
        """The reference of ``content``, which need not be read again in this request."""
        if content is None:
            return None
        self.known_contents.prime(content.ref, content)
        return content.ref

    async def _contents(self, refs: list[ContentRef]) -> list[Content | None]:
        return await self.contents.contents(refs)

    async def _events(self, ids: list[str]) -> list[Event | None]:
        return await self.sessions.events_by_id(ids)

    async def _engagements(self, refs: list[ContentRef]) -> list[Engagement]:
        return await self.contents.engagements(refs, self.received_at)


Info: TypeAlias = strawberry.Info[Context, None]
