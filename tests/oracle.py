"""The plain meaning of every read in ``resolvers.ports``: obvious Python over a list of recorded facts.

Nothing here is kept up to date, packed or indexed: each answer is worked out from all events each time, so that what
an engine answers can be compared with what the words say. Only values, the vocabulary, the fingerprint and the clock
are shared with the product; no fold is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from statistics import fmean

from signals.clock import whole_ms
from signals.content import Content, ContentRelation, Engagement, Registration
from signals.errors import InvalidCursor
from signals.events import ActivitySummary, ContentRef, Event, EventFilter, EventPage, Face, Session
from signals.fingerprint import fingerprint
from signals.outcomes import IdConflict, NotFound, Overloaded, Retracted, RetractOutcome, Tracked, TrackOutcome
from signals.people import Connection, ConnectionStatus, Conversation, ProfileVisitor, SocialRelation
from signals.vocabulary import Behaviour, Term, Vocabulary
from tests.meanings import (
    Negotiation,
    item,
    looked_at,
    matches,
    milliseconds,
    most_first,
    order,
    popularity,
    read_after,
)

SESSION_EVENTS = 500
CONVERSATION_EVENTS = 500


class Oracle:
    """The recorder and every reader of ``resolvers.ports`` over plain lists."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.recorded: dict[str, Event] = {}
        self.registrations: list[Registration] = []

    # ---- Recorder

    async def record(self, events: Sequence[Event]) -> list[TrackOutcome]:
        return [self._record(event) for event in events]

    def _record(self, event: Event) -> Tracked | IdConflict:
        known = self.recorded.get(event.id)
        if known is None:
            self.recorded[event.id] = event
            return Tracked(event, duplicate=False)
        if fingerprint(known) == fingerprint(event):
            return Tracked(known, duplicate=True)
        return IdConflict(event.id, known)

    async def retract(self, event_id: str, reason: str | None, at: datetime) -> RetractOutcome:
        known = self.recorded.get(event_id)
        if known is None:
            return NotFound(event_id)
        if not known.retracted:
            known = replace(known, retracted_at=whole_ms(at), retract_reason=reason)
            self.recorded[event_id] = known
        return Retracted(known)

    async def register(self, registrations: Sequence[Registration]) -> list[Content] | Overloaded:
        answers = []
        for registration in registrations:
            self.registrations.append(registration)
            answers.append(self._content(registration.content))
        return answers

    # ---- Events

    def live(self, keep: Callable[[Event], bool] = lambda _: True) -> list[Event]:
        """The unretracted events that pass ``keep``, oldest first."""
        return sorted((e for e in self.recorded.values() if not e.retracted and keep(e)), key=order)

    async def event(self, id: str) -> Event | None:
        return self.recorded.get(id)

    async def events(self, filter: EventFilter, first: int, after: str | None) -> EventPage:
        found = self.live(lambda e: matches(e, filter))[::-1]
        if after is not None:
            at, separator, id = after.partition("/")
            if not separator:
                raise InvalidCursor
            found = [e for e in found if order(e) < (datetime.fromisoformat(at), id)]
        page = tuple(found[:first])
        cursors = tuple(f"{e.occurred_at.isoformat()}/{e.id}" for e in page)
        return EventPage(page, cursors, has_next=len(found) > first)

    async def recent(self, user_id: str, limit: int, offset: int) -> list[Event]:
        return self.live(lambda e: e.user_id == user_id)[::-1][offset : offset + limit]

    async def session(self, id: str) -> Session | None:
        events = self.live(lambda e: e.session_id == id)
        if not events:
            return None
        start, end = events[0].occurred_at, events[-1].occurred_at
        return Session(
            id=id,
            events=tuple(events[:SESSION_EVENTS]),
            event_count=len(events),
            start=start,
            end=end,
            duration_ms=milliseconds(end - start),
            depth=len({looked_at(e) for e in events}),
            entry=events[0],
            exit=events[-1],
            device=next((e.device for e in events if e.device is not None), None),
        )

    async def summary(self, filter: EventFilter) -> ActivitySummary:
        events = self.live(lambda e: matches(e, filter))
        days = most_first(e.occurred_at.date().isoformat() for e in events)
        actions = most_first(e.action for e in events)
        return ActivitySummary(
            total_events=len(events),
            unique_users=len({e.user_id for e in events}),
            sessions=len({e.session_id for e in events} - {None}),
            by_category=most_first(e.category for e in events),
            by_type=most_first(e.type for e in events),
            most_active_day=days[0][0] if days else None,
            most_common_action=actions[0][0] if actions else None,
        )

    # ---- People

    async def seen(self, user_ids: Sequence[str]) -> list[bool]:
        known = {id for e in self.live() for id in (e.user_id, e.target_user_id)}
        known |= {self._content(r.content).author_id for r in self.registrations}
        return [id in known for id in user_ids]

    async def connection(self, user_id: str, other_id: str) -> Connection | None:
        tale = Negotiation()
        for event in self.live(lambda e: {e.user_id, e.target_user_id} == {user_id, other_id}):
            if self._term(event).behaviour is Behaviour.CONNECTION:
                tale.tell(event)
        if tale.status is None or tale.since is None:
            return None
        return Connection(
            user_id=user_id,
            other_id=other_id,
            status=tale.status,
            requested_by=tale.requested_by,
            since=tale.since,
            response_ms=tale.response_ms,
        )

    async def connections(self, user_id: str, status: ConnectionStatus, first: int) -> list[Connection]:
        events = self.live(lambda e: user_id in (e.user_id, e.target_user_id))
        others = {e.target_user_id if e.user_id == user_id else e.user_id for e in events} - {None}
        states = [await self.connection(user_id, other) for other in others if other is not None]
        found = [state for state in states if state is not None and state.status is status]
        found.sort(key=lambda c: c.other_id)
        found.sort(key=lambda c: c.since, reverse=True)
        return found[:first]

    async def visitors(self, user_id: str, since: datetime | None, first: int) -> list[ProfileVisitor]:
        visits: dict[str, list[datetime]] = defaultdict(list)
        for event in self.live(lambda e: e.face is Face.PROFILE and e.target_user_id == user_id):
            if since is None or event.occurred_at >= since:
                visits[event.user_id].append(event.occurred_at)
        found = [ProfileVisitor(user_id=id, visits=len(at), last_visit_at=max(at)) for id, at in visits.items()]
        return sorted(found, key=lambda v: (v.last_visit_at, v.user_id), reverse=True)[:first]

    async def relation(self, user_id: str, other_id: str) -> SocialRelation | None:
        events = self.live(lambda e: e.user_id == user_id and e.target_user_id == other_id)
        if not events:
            return None
        return SocialRelation(
            user_id=user_id,
            other_id=other_id,
            states=self._states_on(events),
            by_type=most_first(e.type for e in events),
            first_at=events[0].occurred_at,
            last_at=events[-1].occurred_at,
        )

    async def conversation(self, user_id: str, other_id: str) -> Conversation:
        names = ("MESSAGE_SENT", "MESSAGE_READ")
        pair = ((user_id, other_id), (other_id, user_id))
        events = self.live(lambda e: e.name in names and (e.user_id, e.target_user_id) in pair)[-CONVERSATION_EVENTS:]
        messages = [e for e in events if e.name == "MESSAGE_SENT"]
        sent = [m for m in messages if m.user_id == user_id]
        received = [m for m in messages if m.user_id != user_id]
        latencies = [ms for m in sent if (ms := read_after(m, events)) is not None]
        return Conversation(
            sent=len(sent),
            received=len(received),
            sent_and_read=len(latencies),
            received_and_read=sum(read_after(m, events) is not None for m in received),
            mean_read_latency_ms=fmean(latencies) if latencies else None,
            last_message_at=messages[-1].occurred_at if messages else None,
        )

    # ---- Contents

    def _content(self, ref: ContentRef) -> Content:
        content = Content(ref=ref)
        for told in self.registrations:
            if told.content == ref:
                content = Content(
                    ref=ref,
                    author_id=content.author_id if told.author_id is None else told.author_id,
                    created_at=content.created_at if told.created_at is None else told.created_at,
                    tags=content.tags if told.tags is None else told.tags,
                    language=content.language if told.language is None else told.language,
                )
        return content

    async def contents(self, refs: Sequence[ContentRef]) -> list[Content | None]:
        known = {item(e) for e in self.live()} | {r.content for r in self.registrations}
        return [self._content(ref) if ref in known else None for ref in refs]

    async def engagements(self, refs: Sequence[ContentRef], at: datetime) -> list[Engagement]:
        return [self._engagement([e for e in self.live() if item(e) == ref], at) for ref in refs]

    async def engagement_as_of(self, ref: ContentRef, at: datetime) -> Engagement:
        return self._engagement([e for e in self.live() if item(e) == ref and e.occurred_at <= at], at)

    def _engagement(self, events: list[Event], at: datetime) -> Engagement:
        names = Counter(e.name for e in events)
        on = self._switches(events)
        states = Counter(name for _, name in on)
        first: dict[str, datetime] = {}
        for event in events:
            if self._term(event).weight > 0:
                first.setdefault(event.user_id, event.occurred_at)
        depths = [e.scroll_depth for e in events if e.scroll_depth is not None]
        counted = [term.weight for e in events if (term := self._term(e)).behaviour is not Behaviour.STATE]
        switched = [self._term(e).weight for e in on.values()]
        return Engagement(
            views=names["VIEW"],
            likes=states["LIKE"],
            comments=names["COMMENT"] + names["REPLY"],
            shares=names["SHARE"],
            saves=states["SAVE"],
            unique_users=len(first),
            time_spent_ms=sum(e.duration_ms or 0 for e in events),
            average_scroll_depth=fmean(depths) if depths else None,
            popularity=popularity(list(first.values()), at),
            score=sum([*counted, *switched], 0.0),
            by_type=most_first(e.type for e in events),
            engaged=sum(self._term(e).weight >= 3 for e in events),
        )

    async def relation_to(self, user_id: str, ref: ContentRef) -> ContentRelation | None:
        events = self.live(lambda e: e.user_id == user_id and item(e) == ref)
        if not events:
            return None
        return ContentRelation(
            user_id=user_id,
            content=ref,
            states=self._states_on(events),
            by_type=most_first(e.type for e in events),
            first_at=events[0].occurred_at,
            last_at=events[-1].occurred_at,
        )

    # ---- Health

    async def ready(self) -> bool:
        return True

    # ---- terms and states

    def _term(self, event: Event) -> Term:
        return self.vocabulary.term(event.face, event.name)

    def _switches(self, events: Iterable[Event]) -> dict[tuple[str, str], Event]:
        """(user, state) to the event that switched it on, for what is on. Events towards one target, oldest first."""
        last: dict[tuple[str, str], Event] = {}
        for event in events:
            term = self._term(event)
            if term.behaviour is Behaviour.STATE and term.state is not None:
                last[event.user_id, term.state] = event
        return {key: event for key, event in last.items() if self._term(event).on}

    def _states_on(self, events: Iterable[Event]) -> tuple[str, ...]:
        return tuple(sorted(name for _, name in self._switches(events)))
