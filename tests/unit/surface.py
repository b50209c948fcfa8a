"""The GraphQL surface over ports that remember what they were asked and answer what they were told to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from graphql import GraphQLError

from graph.backups import Backup
from resolvers.auditing import Auditor
from resolvers.streaks import StreakKeeper
from schema.api import build_schema
from schema.context import Context
from schema.keyring import Keyring
from schema.metrics import Metrics
from schema.principal import LOCAL, Principal
from signals import achievements_table, held, rewards
from signals.active import Dates, Presence
from signals.api_keys import ApiKey
from signals.archive import Record
from signals.audit import AuditEntry, AuditFilter, AuditPage
from signals.behaviour import Received
from signals.content import Content, ContentRelation, Depth, Engagement, Registration
from signals.cut import Cut
from signals.diary import Entry, Moment
from signals.erasure import Certificate
from signals.events import ActivitySummary, ContentRef, Event, EventFilter, EventPage, Session, Sums
from signals.figures import Figures
from signals.funnel import funnel
from signals.habits import Habits
from signals.intake import Intake
from signals.interactions import Interaction
from signals.outcomes import NotFound, Overloaded, RetractOutcome, Tracked, TrackOutcome
from signals.people import Connection, ConnectionStatus, Conversation, ProfileVisitor, SocialRelation
from signals.ranked import ClickThrough
from signals.retention import Expiry
from signals.sessions import Outline
from signals.standing import UNKNOWN, Declaration, Standing
from signals.top_content import Counted, Spans
from signals.trends import EngagementTrends, Question, answer
from signals.wanted import Found, Wanted
from signals.weights import standard
from tests.factories import RECEIVED, VOCABULARY

SCHEMA = build_schema(VOCABULARY)
INTAKE = Intake(VOCABULARY)
METRICS = Metrics()
NO_ENGAGEMENT = Engagement(
    views=0,
    likes=0,
    comments=0,
    shares=0,
    saves=0,
    unique_users=0,
    time_spent_ms=0,
    average_scroll_depth=None,
    popularity=0.0,
    score=0.0,
    by_type=(),
    engaged=0,
)


class Nothing:
    """The ports of administrators who copy everything; it keeps nothing."""

    async def page(self, first: int, after: str | None) -> tuple[list[Record], str | None]:
        return list[Record]()[:first], after

    async def restore(self, records: Sequence[Record]) -> list[str | None]:
        return [None] * len(records)

    async def make(self, now: datetime) -> Backup:
        return Backup(f"backups/{now:%Y}.zip", 1, 0.5)


@dataclass
class Ports:
    """All ports in one. ``calls``: what was asked, in order; ``found``: all that ranking's reads find."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    outcomes: dict[str, TrackOutcome] = field(default_factory=dict)
    retraction: RetractOutcome = field(default_factory=lambda: NotFound("e1"))
    overloaded: bool = False
    page: EventPage = field(default_factory=lambda: EventPage((), (), has_next=False))
    known: dict[str, Any] = field(default_factory=dict)
    failure: Exception | None = None
    found: Found = field(default_factory=Found)

    def _asked(self, *call: Any) -> Any:
        self.calls.append(call)
        if self.failure:
            raise self.failure
        return self.known.get(call[0])

    async def record(self, events: Sequence[Event]) -> list[TrackOutcome]:
        self._asked("record", list(events))
        return [self.outcomes.get(event.id) or Tracked(event, duplicate=False) for event in events]

    async def retract(self, event_id: str, reason: str | None, at: datetime) -> RetractOutcome:
        self._asked("retract", event_id, reason, at)
        return self.retraction

    async def register(self, registrations: Sequence[Registration]) -> list[Content] | Overloaded:
        self._asked("register", list(registrations))
        if self.overloaded:
            return Overloaded(50)
        return [Content(ref=r.content, author_id=r.author_id, tags=r.tags or ()) for r in registrations]

    async def event(self, id: str) -> Event | None:
        found: Event | None = self._asked("event", id)
        return found

    async def events(self, filter: EventFilter, first: int, after: str | None) -> EventPage:
        self._asked("events", filter, first, after)
        return self.page

    async def recent(self, user_id: str, limit: int, offset: int) -> list[Event]:
        self._asked("recent", user_id, limit, offset)
        return list(self.page.events)

    async def session(self, id: str) -> Session | None:
        found: Session | None = self._asked("session", id)
        return found

    async def seen(self, user_ids: Sequence[str]) -> list[bool]:
        self._asked("seen", list(user_ids))
        return [user_id != "nobody" for user_id in user_ids]

    async def connections(self, user_id: str, status: ConnectionStatus, first: int) -> list[Connection]:
        return self._asked("connections", user_id, status, first) or []

    async def connection(self, user_id: str, other_id: str) -> Connection | None:
        found: Connection | None = self._asked("connection", user_id, other_id)
        return found

    async def visitors(self, user_id: str, since: datetime | None, first: int) -> list[ProfileVisitor]:
        return self._asked("visitors", user_id, since, first) or []

    async def relation(self, user_id: str, other_id: str) -> SocialRelation | None:
        found: SocialRelation | None = self._asked("relation", user_id, other_id)
        return found

    async def conversation(self, user_id: str, other_id: str) -> Conversation:
        found: Conversation = self._asked("conversation", user_id, other_id)
        return found

    async def contents(self, refs: Sequence[ContentRef]) -> list[Content | None]:
        self._asked("contents", list(refs))
        return [self.known.get(ref.key) for ref in refs]

    async def engagements(self, refs: Sequence[ContentRef], at: datetime) -> list[Engagement]:
        self._asked("engagements", list(refs), at)
        return [NO_ENGAGEMENT for _ in refs]

    async def engagement_as_of(
        self, ref: ContentRef, at: datetime, since: datetime | None = None, *, deep: bool = False
    ) -> Engagement:
        self._asked("engagement_as_of", ref, at, *filter(None, [since, deep]))
        return NO_ENGAGEMENT

    async def interactions(self, ref: ContentRef, since: int, until: int) -> list[Interaction]:
        return self._asked("interactions", ref, since, until) or []

    async def depth(self, ref: ContentRef) -> Depth:
        self._asked("depth", ref)
        return Depth(mean_dwell_ms=None, funnel=funnel(()))

    async def relation_to(self, user_id: str, ref: ContentRef) -> ContentRelation | None:
        found: ContentRelation | None = self._asked("relation_to", user_id, ref)
        return found

    async def sequence(self, user_id: str, first: int, types: Sequence[str] | None, cut: Cut | None) -> list[Event]:
        self._asked("sequence", user_id, first, types, cut)
        return list(self.page.events)

    async def diary(self, user_ids: Sequence[str], since: int, until: int, metadata: bool = False) -> list[Entry]:
        return self._asked("diary", list(user_ids), since, until, metadata) or []

    async def moments(self, user_id: str) -> list[Moment]:
        return self._asked("moments", user_id) or []

    async def changed(self, user_id: str) -> str | None:
        found: str | None = self._asked("changed", user_id)
        return found

    async def zone_before(self, user_id: str, until: int) -> str | None:
        found: str | None = self._asked("zone_before", user_id, until)
        return found

    async def received(self, user_id: str, since: int, until: int) -> list[Received]:
        return self._asked("received", user_id, since, until) or []

    async def tags(self, content_keys: Sequence[str]) -> dict[str, list[str]]:
        return self._asked("tags", list(content_keys)) or {}

    @property
    def required(self) -> bool:
        return bool(self.known.get("required"))

    async def standings(self, user_ids: Sequence[str]) -> list[Standing]:
        self._asked("standings", list(user_ids))
        return [self.known.get(f"standing {id}", UNKNOWN) for id in user_ids]

    async def quiet(self) -> Set[str]:
        return frozenset(self.known.get("quiet", ()))

    async def declare(self, user_id: str, said: Declaration) -> Standing | Overloaded:
        self._asked("declare", user_id, said)
        return Overloaded(50) if self.overloaded else UNKNOWN.declare(said)

    async def presence(self, dates: Dates) -> Presence:
        self._asked("presence", dates)
        return Presence([set[str]() for _ in dates.days], [0] * len(dates.days), 0)

    async def firsts(self, user_ids: Sequence[str]) -> dict[str, int]:
        return self._asked("firsts", list(user_ids)) or {}

    async def counted(self, spans: Spans, content_type: str | None) -> Counted:
        return self._asked("counted", spans, content_type) or Counted()

    async def actors(self, keys: Sequence[str], days: range) -> dict[str, set[str]]:
        return self._asked("actors", list(keys), days) or {}

    async def sessions(self, user_id: str | None, since: int, until: int, first: int) -> list[Outline]:
        return self._asked("sessions", user_id, since, until, first) or []

    async def events_by_id(self, ids: Sequence[str]) -> list[Event | None]:
        self._asked("events_by_id", list(ids))
        return [self.known.get(id) for id in ids]

    async def figures(self, by: datetime) -> Figures | None:
        found: Figures | None = self._asked("figures", by)
        return found

    async def click_through(
        self, since: datetime, until: datetime, content_type: str | None, cut: Cut | None = None, *, least: int = 0
    ) -> ClickThrough:
        found: ClickThrough = self._asked("click_through", since, until, content_type, cut, *filter(None, [least]))
        return found

    def ahead(self) -> None:
        """Nothing to wait for."""

    async def read(self, wanted: Wanted, cut: Cut | None) -> Found:
        self._asked("read", wanted, cut)
        return self.found

    async def hottest(self, content_type: str | None, first: int, cut: Cut | None) -> list[str]:
        self._asked("hottest", content_type, first, cut)
        return list(self.found.cards)

    async def habits(self, cut: Cut | None) -> Habits:
        self._asked("habits", cut)
        return Habits()

    async def people(self, viewer_id: str, hops: int) -> tuple[str, ...]:
        self._asked("people", viewer_id, hops)
        return tuple(self.known.get("people", ()))

    async def trends(self, question: Question) -> EngagementTrends:
        found: EngagementTrends | None = self._asked("trends", question)
        return found or answer(question, {})

    async def summary(
        self,
        filter: EventFilter,
        wants: Sums | None = None,
        zone: ZoneInfo | None = None,
    ) -> ActivitySummary:
        found: ActivitySummary = self._asked("summary", filter, wants, zone and zone.key)
        return found

    async def mean_session_ms(self, filter: EventFilter) -> float | None:
        found: float | None = self._asked("mean_session_ms", filter)
        return found

    async def add_entries(self, entries: Sequence[AuditEntry]) -> None:
        self._asked("add_entries", list(entries))

    async def entries(self, filter: AuditFilter, first: int, after: str | None) -> AuditPage:
        return self._asked("entries", filter, first, after) or AuditPage((), (), has_next=False)

    async def create_key(self, key: ApiKey, digest: str) -> None:
        self._asked("create_key", key, digest)

    async def keys(self, first: int, *, revoked: bool) -> list[ApiKey]:
        return list(self._asked("keys", first, revoked) or [])

    async def live_keys(self, timeout: float | None = None) -> Sequence[tuple[ApiKey, str]]:
        assert timeout is None or timeout > 0
        return list(self._asked("live_keys") or [])

    async def revoke_key(self, id: str, at: datetime) -> ApiKey | None:
        found: ApiKey | None = self._asked("revoke_key", id, at)
        return found

    async def key_used(self, id: str, at: datetime) -> None:
        self._asked("key_used", id, at)

    async def step(
        self, now: datetime, *, days: int | None = None, after: str | None = None, dry_run: bool = False
    ) -> Expiry:
        return self._asked("step", now, days, after, dry_run) or Expiry((), None)

    async def erase(self, user_id: str, at: datetime, wait_s: float) -> Certificate:
        return self._asked("erase", user_id, at, wait_s) or Certificate(id="1", person="hash", requested_at=at)

    async def foresee(self, user_id: str, at: datetime) -> Certificate:
        return self._asked("foresee", user_id, at) or Certificate(id=None, person="hash", requested_at=at)

    async def certificates(self, user_id: str, first: int) -> list[Certificate]:
        return self._asked("certificates", user_id, first) or []

    async def lift(self, user_id: str) -> bool:
        return self._asked("lift", user_id) is not False

    async def held_about(self, user_id: str, first: int, after: str | None) -> held.Page:
        return self._asked("held_about", user_id, first, after) or held.Page((), None)

    def recorded(self) -> list[Event]:
        """The events that reached the recorder."""
        return [event for call in self.calls if call[0] == "record" for event in call[1]]


@dataclass(frozen=True)
class Answer:
    """What a caller gets."""

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    extensions: dict[str, Any] = field(default_factory=dict)

    def codes(self) -> list[Any]:
        """Of the errors."""
        return [(error.extensions or {}).get("code") for error in self.errors]


def context_of(ports: Ports, principal: Principal = LOCAL) -> Context:
    """Of a request received at RECEIVED."""
    return Context(
        recorder=ports,
        events=ports,
        people=ports,
        contents=ports,
        nodes=ports,
        sequences=ports,
        diaries=ports,
        streaks=StreakKeeper(ports, rewards.standard().streak),
        impressions=ports,
        neighbourhoods=ports,
        trends=ports,
        summaries=ports,
        actives=ports,
        top_contents=ports,
        population=ports,
        sessions=ports,
        consents=ports,
        discretion=ports,
        archive=Nothing(),
        backups=Nothing(),
        retaining=ports,
        erasing=ports,
        personal_data=ports,
        intake=INTAKE,
        vocabulary=VOCABULARY,
        weights=standard(),
        achievements=achievements_table.standard(),
        rewards=rewards.standard(),
        metrics=METRICS,
        keyring=Keyring(lambda: ports, lambda: RECEIVED),
        auditor=Auditor(lambda: ports, lambda: RECEIVED),
        principal=principal,
        received_at=RECEIVED,
    )


async def ask(
    ports: Ports, query: str, variables: Mapping[str, Any] | None = None, principal: Principal = LOCAL
) -> Answer:
    """Execute ``query`` with everything received at RECEIVED."""
    context = context_of(ports, principal)
    result = await SCHEMA.execute(query, dict(variables or {}), context_value=context)
    return Answer(result.data, result.errors or [], result.extensions or {})


async def answered(ports: Ports, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The data of an answer without errors."""
    answer = await ask(ports, query, variables)
    assert not answer.errors, answer.errors
    assert answer.data is not None
    return answer.data
