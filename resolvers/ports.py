"""What the use cases need from a database, as structural types: ``graph`` satisfies them without importing them."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from signals import held
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
from signals.habits import Habits
from signals.interactions import Interaction
from signals.outcomes import Overloaded, RetractOutcome, TrackOutcome
from signals.people import Connection, ConnectionStatus, Conversation, ProfileVisitor, SocialRelation
from signals.ranked import ClickThrough
from signals.retention import Expiry
from signals.sessions import Outline
from signals.standing import Declaration, Standing
from signals.top_content import Counted, Spans
from signals.trends import EngagementTrends, Question
from signals.wanted import Found, Wanted


class Recorder(Protocol):
    """Takes events in, exactly once. Every answer comes after the commit that holds it."""

    async def record(self, events: Sequence[Event]) -> list[TrackOutcome]:
        """One outcome per event, in order. Ids may repeat within ``events``; InvalidInput: the database refused it."""
        ...

    async def retract(self, event_id: str, reason: str | None, at: datetime) -> RetractOutcome:
        """Take one event back, with everything derived from it."""
        ...

    async def register(self, registrations: Sequence[Registration]) -> list[Content] | Overloaded:
        """Remember facts about content; one answer per registration, in order."""
        ...


class Events(Protocol):
    """Reads over the event log. Retracted events are found by id only."""

    async def event(self, id: str) -> Event | None: ...

    async def events(self, filter: EventFilter, first: int, after: str | None) -> EventPage:
        """Newest first by (occurred_at, id). Raises InvalidCursor."""
        ...

    async def recent(self, user_id: str, limit: int, offset: int) -> list[Event]: ...

    async def session(self, id: str) -> Session | None: ...


class Sequences(Protocol):
    """A user's events as a ranker reads them."""

    async def sequence(self, user_id: str, first: int, types: Sequence[str] | None, cut: Cut | None) -> list[Event]:
        """The latest ones within ``cut``, of these types (None: of any); newest first by (occurred_at, id)."""
        ...


class Diaries(Protocol):
    """What people did, as far as trends and the reads about a person need it. Times are epoch ms."""

    async def diary(self, user_ids: Sequence[str], since: int, until: int, metadata: bool = False) -> list[Entry]:
        """Their events in [since, until), oldest first by (at, id); with their metadata where it is asked for."""
        ...

    async def moments(self, user_id: str) -> list[Moment]:
        """When a user did anything, oldest first by (at, id)."""
        ...

    async def changed(self, user_id: str) -> str | None:
        """Another one after every transaction that changed what a user did; None for nobody, and amid a change."""
        ...

    async def zone_before(self, user_id: str, until: int) -> str | None:
        """The time zone of the user's latest event before ``until`` that carries one."""
        ...

    async def received(self, user_id: str, since: int, until: int) -> list[Received]:
        """Messages and steps of connections towards a user in [since, until), oldest first by (at, id)."""
        ...

    async def tags(self, content_keys: Sequence[str]) -> dict[str, list[str]]:
        """The tags of contents by key; those without any are left out."""
        ...


class Sessions(Protocol):
    """What people did in one go."""

    async def sessions(self, user_id: str | None, since: int, until: int, first: int) -> list[Outline]:
        """The latest ones that start in [since, until), epoch ms, newest first by (start, id); of a user or of all."""
        ...

    async def events_by_id(self, ids: Sequence[str]) -> list[Event | None]:
        """One per id, retracted or not; None for one that is not there."""
        ...


class People(Protocol):
    """Reads over users and what stands between them."""

    async def seen(self, user_ids: Sequence[str]) -> list[bool]: ...

    async def connections(self, user_id: str, status: ConnectionStatus, first: int) -> list[Connection]:
        """Latest first by (since, other id)."""
        ...

    async def connection(self, user_id: str, other_id: str) -> Connection | None: ...

    async def visitors(self, user_id: str, since: datetime | None, first: int) -> list[ProfileVisitor]:
        """Latest first by (last visit, visitor id)."""
        ...

    async def relation(self, user_id: str, other_id: str) -> SocialRelation | None: ...

    async def conversation(self, user_id: str, other_id: str) -> Conversation: ...


class Neighbourhoods(Protocol):
    """The people around somebody."""

    async def people(self, viewer_id: str, hops: int) -> tuple[str, ...]:
        """Friends (connected with, or followed) of the viewer; with 2 ``hops`` their friends as well.

        Without the viewer, nearer first, then by id, at most 1000.
        """
        ...


class Trends(Protocol):
    """How engagement moves, and when people are active."""

    async def trends(self, question: Question) -> EngagementTrends:
        """Raises LimitExceeded for more than 50,000 buckets."""
        ...


class Summaries(Protocol):
    """What events add up to."""

    async def summary(self, filter: EventFilter, wants: Sums = ..., zone: ZoneInfo | None = None) -> ActivitySummary:
        """With a ``zone``, the most active day is one of its calendar, and the peak hours are there."""
        ...

    async def mean_session_ms(self, filter: EventFilter) -> float | None:
        """How long sessions last from the first event that passes to the last; None without sessions."""
        ...


class Actives(Protocol):
    """Who is active."""

    async def presence(self, dates: Dates) -> Presence:
        """Everybody's on these dates."""
        ...

    async def firsts(self, user_ids: Sequence[str]) -> dict[str, int]:
        """When each did anything for the first time, epoch ms; those who never did are left out."""
        ...


class TopContents(Protocol):
    """What people do with all contents in a span of time."""

    async def counted(self, spans: Spans, content_type: str | None) -> Counted:
        """What was done to each content, of one type or of any."""
        ...

    async def actors(self, keys: Sequence[str], days: range) -> dict[str, set[str]]:
        """Who did something with each content on these UTC days, by the names that ``counted`` uses."""
        ...


class Contents(Protocol):
    """Reads over content."""

    async def contents(self, refs: Sequence[ContentRef]) -> list[Content | None]: ...

    async def engagements(self, refs: Sequence[ContentRef], at: datetime) -> list[Engagement]:
        """One per reference, zeros for unknown ones; ``at`` ages the popularity."""
        ...

    async def engagement_as_of(self, ref: ContentRef, at: datetime) -> Engagement:
        """From the interactions that had occurred by ``at``."""
        ...

    async def relation_to(self, user_id: str, ref: ContentRef) -> ContentRelation | None: ...


class ContentsInDepth(Contents, Protocol):
    """As ``Contents``, and what people did with one content in a span of time."""

    async def engagement_as_of(
        self, ref: ContentRef, at: datetime, since: datetime | None = None, *, deep: bool = False
    ) -> Engagement:
        """From the interactions that had occurred by ``at``, from ``since`` on. ``deep``: with its depth."""
        ...

    async def interactions(self, ref: ContentRef, since: int, until: int) -> list[Interaction]:
        """What was done with it in [since, until), epoch ms, oldest first by (at, id)."""
        ...

    async def depth(self, ref: ContentRef) -> Depth:
        """How long people stay with it and how far they go, as it stands."""
        ...


class Nodes(Protocol):
    """What ranking reads: nodes and relationships by key, as they stand or as they stood."""

    async def read(self, wanted: Wanted, cut: Cut | None) -> Found:
        """All of it in one round trip where ``cut`` is None; else folded from the events that the cut holds."""
        ...

    async def hottest(self, content_type: str | None, first: int, cut: Cut | None) -> list[str]:
        """Keys of the contents with the most first touches lately (18-hour half-life), hottest first, then by key."""
        ...

    async def habits(self, cut: Cut | None) -> Habits:
        """The latest figures that were stored by then; the defaults where none were."""
        ...


class NodesAhead(Nodes, Protocol):
    """Nodes for one request, which may be told before its first read that there will be one."""

    def ahead(self) -> None:
        """Begin what every read has to wait for."""
        ...


class Impressions(Protocol):
    """What was shown, and what came of it."""

    async def click_through(
        self, since: datetime, until: datetime, content_type: str | None, cut: Cut | None = None, *, least: int = 0
    ) -> ClickThrough:
        """Of the impressions with an id that occurred from ``since`` on and before ``until``, within the cut.

        ``least``: people that must stand behind a position (``signals.withholding``).
        """
        ...


class Population(Protocol):
    """What is stored about everybody together."""

    async def figures(self, by: datetime) -> Figures | None:
        """The habits that were stored last by then; None where none were, and the defaults hold."""
        ...


class Backup(Protocol):
    """A file that was written."""

    @property
    def file(self) -> str:
        """Where, relative to the data folder."""
        ...

    @property
    def bytes(self) -> int: ...

    @property
    def seconds(self) -> float:
        """How long it took."""
        ...


class Backups(Protocol):
    """Copies of the whole database."""

    async def make(self, now: datetime) -> Backup:
        """Write one. Raises InvalidArgument where that is not ours to do, and Unavailable when it cannot be had."""
        ...


class Archive(Protocol):
    """The whole log as records, and putting such records back."""

    async def page(self, first: int, after: str | None) -> tuple[list[Record], str | None]:
        """Up to ``first`` records (and a salt before the first), and where to go on; None at the end.

        Raises InvalidCursor.
        """
        ...

    async def restore(self, records: Sequence[Record]) -> list[str | None]:
        """All or none of them: why it was not taken, for each; None where it stands. Raises Unavailable."""
        ...


class Discretion(Protocol):
    """Whom rankings are not to reckon with."""

    async def quiet(self) -> Set[str]:
        """Their ids, as they were a second ago at most. Raises Unavailable."""
        ...


class Consents(Protocol):
    """How people stand towards being recorded."""

    @property
    def required(self) -> bool:
        """Whether recording waits for consent."""
        ...

    async def standings(self, user_ids: Sequence[str]) -> list[Standing]:
        """One per person, in order, also of those nobody ever saw."""
        ...

    async def declare(self, user_id: str, said: Declaration) -> Standing | Overloaded:
        """What holds from now on: whatever is recorded after the answer was recorded in knowledge of it."""
        ...


class ApiKeys(Protocol):
    """The keys by which programs are let in. Raises Unavailable."""

    async def create_key(self, key: ApiKey, digest: str) -> None:
        """Store a key and the hash of its secret. Its id must be new."""
        ...

    async def keys(self, first: int, *, revoked: bool) -> list[ApiKey]:
        """Newest first, equal ones by id; with those that were revoked, or without."""
        ...

    async def live_keys(self, timeout: float | None = None) -> Sequence[tuple[ApiKey, str]]:
        """All that are not revoked, each with the hash of its secret, in no order."""
        ...

    async def revoke_key(self, id: str, at: datetime) -> ApiKey | None:
        """The key, which lets nobody in from now on; None where there is none. Revoked before, it keeps that time."""
        ...

    async def key_used(self, id: str, at: datetime) -> None:
        """Note when a key was used last."""
        ...


class AuditLog(Protocol):
    """Who did what that has to be accounted for. Raises Unavailable."""

    async def add_entries(self, entries: Sequence[AuditEntry]) -> None:
        """Durable when it returns. People who were erased are named by a key that says nothing of their id."""
        ...

    async def entries(self, filter: AuditFilter, first: int, after: str | None) -> AuditPage:
        """A page, newest first; of a person who was erased, too. Raises InvalidCursor."""
        ...


class Retaining(Protocol):
    """Letting go of events that were kept long enough."""

    async def step(
        self, now: datetime, *, days: int | None = None, after: str | None = None, dry_run: bool = False
    ) -> Expiry:
        """About two seconds of a run, which goes on ``after`` the step before; ``days``: instead of the default.

        Raises InvalidCursor.
        """
        ...


class Erasing(Protocol):
    """Taking out everything that is held about a person. Raises Unavailable."""

    async def erase(self, user_id: str, at: datetime, wait_s: float) -> Certificate:
        """Erase, and answer when that is done, or how far it is after ``wait_s``; a second time nothing changes."""
        ...

    async def foresee(self, user_id: str, at: datetime) -> Certificate:
        """What erasing would take out; changes nothing."""
        ...

    async def certificates(self, user_id: str, first: int) -> list[Certificate]:
        """Of a person, the latest first."""
        ...

    async def lift(self, user_id: str) -> bool:
        """Let somebody be recorded again; False where the erasure is not finished."""
        ...


class PersonalData(Protocol):
    """Everything that is held about a person. Raises Unavailable."""

    async def held_about(self, user_id: str, first: int, after: str | None) -> held.Page:
        """About ``first`` records, and where to go on. Raises InvalidCursor."""
        ...


class Health(Protocol):
    """Whether the database would take a write now."""

    async def ready(self) -> bool: ...
