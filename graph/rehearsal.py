"""A rehearsal of what callers ask before the first of them comes: the first run of a statement costs up to 500 ms.

Administrators wait for theirs.

What writes is run in a transaction that is taken back, what reads is run for somebody who does not exist. Nothing
stays in the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from graph import recording, registering, retracting
from graph.contents import ContentReader
from graph.diaries import DiaryReader
from graph.driver import Database
from graph.events import EventReader
from graph.habits import store_in
from graph.neighbourhoods import NeighbourhoodReader
from graph.people import PeopleReader
from graph.queries import statement
from graph.quiet import QuietPeople
from graph.rehearsal_of_audience import rehearse_audience
from graph.rehearsal_of_ranking import rehearse_ranking
from graph.rehearsal_of_sessions import rehearse_sessions
from graph.slot_days import SlotDays
from graph.standings import Standings
from graph.summaries import SummaryReader
from graph.trends import TrendReader
from signals.clock import DAY_MS, to_ms
from signals.content import Registration
from signals.events import ContentRef, Event, EventFilter
from signals.habits import Habits
from signals.intake import Intake
from signals.people import ConnectionStatus
from signals.standing import Declaration
from signals.trends import Group, Question
from signals.vocabulary import Vocabulary

PATIENCE_S = 60.0


class TakenBack(Exception):
    """Ends the rehearsal's transaction without a commit."""


async def rehearse(database: Database, vocabulary: Vocabulary, now: datetime) -> None:
    """Write and read as requests do. Raises Unavailable, or the driver's errors where a write cannot be had."""
    nobody = f"rehearsal-{uuid4()}"
    database = database.patient(PATIENCE_S)
    await _writes(database, vocabulary, nobody, now)
    await _reads(database, vocabulary, nobody, now)
    await rehearse_audience(database, vocabulary, nobody)
    await rehearse_ranking(database, vocabulary, nobody, now)
    await rehearse_sessions(database, nobody)


async def _writes(database: Database, vocabulary: Vocabulary, nobody: str, now: datetime) -> None:
    intake, standings = Intake(vocabulary), Standings(database)
    events = _events(intake, _one_of_each(nobody), now)
    content = Registration(content=ContentRef(vocabulary.content_types[0], nobody), author_id=nobody)
    try:
        async with database.transaction(name="rehearsal", timeout=PATIENCE_S) as transaction:
            for event in events:
                await recording.record(transaction, [event], vocabulary, standings)
            await recording.record(transaction, events, vocabulary, standings)
            for raws in _batches(nobody):
                await recording.record(transaction, _events(intake, raws, now), vocabulary, standings)
            await registering.register(transaction, [content], standings)
            await standings.declare(transaction, nobody, Declaration(now, analytics=True, personalisation=False))
            await store_in(transaction, Habits(), now, 0)
            for event in events[1:]:
                await retracting.retract(transaction, event.id, None, now, vocabulary)
            raise TakenBack
    except TakenBack:
        return


def _events(intake: Intake, raws: list[Mapping[str, Any]], now: datetime) -> list[Event]:
    outcomes = [intake.one_of(raw, now) for raw in raws]
    return [event for event in outcomes if isinstance(event, Event)]


def _batches(nobody: str) -> Iterator[list[Mapping[str, Any]]]:
    """Twice each size that a plan is made for (``recording.padded``): what is new at first is known the second time."""
    for above in recording.SIZES[1:-1]:
        posts = [{"type": "POST", "id": f"{nobody}-{n}"} for n in range(above // 10 + 1)]
        for _ in range(2):
            yield [{"content": {"userId": nobody, "interaction": "VIEW", "content": post}} for post in posts]


def _one_of_each(nobody: str) -> list[Mapping[str, Any]]:
    friend = f"{nobody}-friend"
    post = {"type": "POST", "id": nobody}
    return [
        {"content": {"userId": nobody, "interaction": "LIKE", "content": post, "sessionId": nobody}},
        {"social": {"userId": nobody, "interaction": "CONNECTION_REQUEST", "targetUserId": friend}},
        {"social": {"userId": nobody, "interaction": "MESSAGE_SENT", "targetUserId": friend}},
        {"profileVisit": {"visitorId": nobody, "profileUserId": friend}},
        {"activity": {"userId": nobody, "activity": "LOGIN"}},
    ]


async def _reads(database: Database, vocabulary: Vocabulary, nobody: str, now: datetime) -> None:
    events = EventReader(database, vocabulary)
    people = PeopleReader(database, vocabulary)
    contents = ContentReader(database, vocabulary)
    diaries = DiaryReader(database)
    slots = SlotDays(database)
    post = ContentRef(vocabulary.content_types[0], nobody)
    narrowed = (
        EventFilter(user_id=nobody),
        EventFilter(content=post),
        EventFilter(target_user_id=nobody),
        EventFilter(session_id=nobody),
        EventFilter(since=now),
    )
    await asyncio.gather(
        *(events.events(one, 1, None) for one in narrowed),
        events.event(nobody),
        events.recent(nobody, 1, 0),
        events.session(nobody),
        people.seen([nobody]),
        Standings(database).read([nobody]),
        QuietPeople(database).quiet(),
        people.connections(nobody, ConnectionStatus.ACCEPTED, 1),
        people.connection(nobody, nobody),
        people.visitors(nobody, None, 1),
        people.relation(nobody, nobody),
        people.conversation(nobody, nobody),
        NeighbourhoodReader(database).people(nobody, 1),
        *_trends(TrendReader(database, vocabulary, slots), SummaryReader(database, slots), narrowed, nobody, now),
        contents.contents([post]),
        contents.engagements([post], now),
        contents.engagement_as_of(post, now),
        contents.depth(post),
        database.read(statement("interactions_of_content"), {"key": nobody, "from": 0, "until": 0}),
        contents.relation_to(nobody, post),
        *(diaries.diary([nobody] * people, 0, 1) for people in (1, 2, 11)),
        diaries.moments(nobody),
        diaries.changed(nobody),
        diaries.zone_before(nobody, 1),
    )


def _trends(
    trends: TrendReader, summaries: SummaryReader, filters: Iterable[EventFilter], nobody: str, now: datetime
) -> Iterator[Coroutine[Any, Any, object]]:
    """What dashboards ask, along every index."""
    until = to_ms(now)
    question = Question(since=until - DAY_MS // 2, until=until, zone=ZoneInfo("UTC"), now=until)
    yield trends.trends(question)
    yield trends.trends(replace(question, group=Group.COUNTRY, people=(nobody,)))
    for filter in filters:
        yield trends.trends(replace(question, group=Group.COUNTRY, filter=replace(filter, types=(nobody,))))
        yield summaries.summary(filter)
        yield summaries.summary(filter, zone=question.zone)
        yield summaries.mean_session_ms(filter)
