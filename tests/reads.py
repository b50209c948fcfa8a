"""Everything that can be read about a small world, from the oracle or an engine, and where two answers differ."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise, product
from typing import Any, Protocol, TypeAlias

from resolvers.ports import Contents, Events, People, Recorder
from signals.events import ActivitySummary, ContentRef, Event, EventFilter
from signals.outcomes import Overloaded, RetractOutcome, TrackOutcome
from signals.people import ConnectionStatus
from tests.factories import RECEIVED
from tests.oracle import Oracle
from tests.strategies import Record, Register, Retract, Step

AT_ONCE = 16
PAGE = 4
SHOWN = 12
STRANGER = "nobody"
INSTANTS = tuple(RECEIVED + later for later in (timedelta(seconds=1), timedelta(days=2), timedelta(days=2000)))
"""Not before any event: what is asked of the past is another matter."""

Answers: TypeAlias = dict[str, Any]
Question: TypeAlias = Callable[[], Awaitable[Any]]


class Summaries(Protocol):
    """Of ``resolvers.ports.Summaries``, what every implementation has."""

    async def summary(self, filter: EventFilter) -> ActivitySummary: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """One implementation of everything in ``resolvers.ports``."""

    recorder: Recorder
    events: Events
    people: People
    contents: Contents
    summaries: Summaries

    @classmethod
    def of(cls, oracle: Oracle) -> Ports:
        return cls(oracle, oracle, oracle, oracle, oracle)


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom and what to ask about."""

    ids: tuple[str, ...]
    users: tuple[str, ...]
    contents: tuple[ContentRef, ...]
    sessions: tuple[str, ...]
    times: tuple[datetime, ...]

    @classmethod
    def of(cls, steps: Iterable[Step]) -> Cast:
        """Everybody and everything in a history, and a stranger."""
        steps = list(steps)
        events = [event for step in steps if isinstance(step, Record) for event in step.events]
        told = [one for step in steps if isinstance(step, Register) for one in step.registrations]
        users = {e.user_id for e in events} | {e.target_user_id for e in events} | {r.author_id for r in told}
        contents = {e.content for e in events} | {r.content for r in told}
        return cls(
            ids=tuple(sorted({e.id for e in events} | {s.event_id for s in steps if isinstance(s, Retract)})),
            users=(*sorted(user for user in users if user is not None), STRANGER),
            contents=(*(ref for ref in contents if ref is not None), ContentRef("PAGE", STRANGER)),
            sessions=(*sorted({e.session_id for e in events if e.session_id is not None}), STRANGER),
            times=tuple(sorted({e.occurred_at for e in events})),
        )

    def some(self, most: int) -> Cast:
        """At most so many of each kind, spread over all there are."""
        return Cast(*(_spread(getattr(self, field.name), most) for field in fields(self)))


def _spread(values: tuple[Any, ...], most: int) -> tuple[Any, ...]:
    step = max(1, -(-len(values) // most))
    return values[::step]


async def play(ports: Ports, steps: Iterable[Step]) -> list[list[TrackOutcome] | RetractOutcome | Overloaded | Any]:
    """Tell a history; the outcome of each step."""
    outcomes: list[Any] = []
    for step in steps:
        if isinstance(step, Record):
            outcomes.append(await ports.recorder.record(step.events))
        elif isinstance(step, Retract):
            outcomes.append(await ports.recorder.retract(step.event_id, step.reason, step.at))
        else:
            outcomes.append(await ports.recorder.register(step.registrations))
    return outcomes


async def pages(ports: Ports, filter: EventFilter, first: int = PAGE) -> list[list[Event]]:
    """All pages of a filter, one after the other."""
    found: list[list[Event]] = []
    after: str | None = None
    while True:
        page = await ports.events.events(filter, first, after)
        found.append(list(page.events))
        assert len(page.cursors) == len(page.events)
        if not page.has_next:
            return found
        after = page.cursors[-1]


def _about_events(ports: Ports, cast: Cast, filters: Sequence[EventFilter]) -> Iterator[tuple[str, Question]]:
    read = ports.events
    for id in cast.ids:
        yield f"event {id!r}", partial(read.event, id)
    for user, (limit, offset) in product(cast.users, ((50, 0), (2, 1))):
        yield f"recent {user!r} {limit} {offset}", partial(read.recent, user, limit, offset)
    for session in cast.sessions:
        yield f"session {session!r}", partial(read.session, session)
    for filter in filters:
        yield f"events {filter}", partial(pages, ports, filter)
        yield f"summary {filter}", partial(ports.summaries.summary, filter)


def _about_people(ports: Ports, cast: Cast) -> Iterator[tuple[str, Question]]:
    read = ports.people
    yield "seen", partial(read.seen, cast.users)
    for user, status in product(cast.users, ConnectionStatus):
        yield f"connections {user!r} {status}", partial(read.connections, user, status, 50)
    for user, since in product(cast.users, (None, *cast.times[-2:])):
        yield f"visitors {user!r} {since}", partial(read.visitors, user, since, 3)
    for a, b in product(cast.users, cast.users):
        yield f"connection {a!r} {b!r}", partial(read.connection, a, b)
        yield f"relation {a!r} {b!r}", partial(read.relation, a, b)
        yield f"conversation {a!r} {b!r}", partial(read.conversation, a, b)


def _about_contents(ports: Ports, cast: Cast) -> Iterator[tuple[str, Question]]:
    read = ports.contents
    yield "contents", partial(read.contents, cast.contents)
    for at in INSTANTS:
        yield f"engagements at {at}", partial(read.engagements, cast.contents, at)
    for at, ref in product(cast.times[:2], cast.contents):
        yield f"engagement of {ref.key!r} as of {at}", partial(read.engagement_as_of, ref, at)
    for ref, at in product(cast.contents, cast.times[::3]):
        yield f"engagement of {ref.key!r} as of {at}", partial(read.engagement_as_of, ref, at)
    for user, ref in product(cast.users, cast.contents):
        yield f"relation of {user!r} to {ref.key!r}", partial(read.relation_to, user, ref)


def standard_filters(cast: Cast) -> list[EventFilter]:
    """Every single narrowing, and windows that begin and end at an event or at a day."""
    filters = [EventFilter()]
    filters += [EventFilter(user_id=user) for user in cast.users]
    filters += [EventFilter(target_user_id=user) for user in cast.users]
    filters += [EventFilter(content=ref) for ref in cast.contents]
    filters += [EventFilter(session_id=session) for session in cast.sessions]
    filters += [EventFilter(since=since, until=until) for since, until in list(pairwise(cast.times))[-2:]]
    days = [at.replace(hour=0, minute=0, second=0, microsecond=0) for at in cast.times]
    for since, until in list(pairwise(sorted(set(days))))[-2:]:
        filters += [EventFilter(since=since, until=until), EventFilter(user_id=cast.users[0], since=since, until=until)]
    return filters


async def answers(ports: Ports, cast: Cast, filters: Sequence[EventFilter] = ()) -> Answers:
    """Every answer by its question."""
    questions = [
        *_about_events(ports, cast, [*standard_filters(cast), *filters]),
        *_about_people(ports, cast),
        *_about_contents(ports, cast),
    ]
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(question: Question) -> Any:
        async with turns:
            return await question()

    found = await asyncio.gather(*(ask(question) for _, question in questions))
    return dict(zip((name for name, _ in questions), found, strict=True))


def differences(expected: Any, got: Any, where: str = "") -> list[str]:
    """Where two answers are not the same; floats are the same within a millionth."""
    if isinstance(expected, float) and isinstance(got, float | int):
        same = math.isclose(expected, got, rel_tol=1e-6, abs_tol=1e-9)
    elif is_dataclass(expected) and type(expected) is type(got):
        names = [field.name for field in fields(expected)]
        return [d for n in names for d in differences(getattr(expected, n), getattr(got, n), f"{where}.{n}")]
    elif isinstance(expected, Mapping) and isinstance(got, Mapping):
        keys = [*expected, *(key for key in got if key not in expected)]
        return [d for k in keys for d in differences(expected.get(k), got.get(k), f"{where}[{k}]")]
    elif isinstance(expected, list | tuple) and isinstance(got, list | tuple) and len(expected) == len(got):
        rows = enumerate(zip(expected, got, strict=True))
        return [d for n, (e, g) in rows for d in differences(e, g, f"{where}[{n}]")]
    else:
        same = expected == got and type(expected) is type(got)
    return [] if same else [f"{where}: expected {expected!r}, got {got!r}"]


def same(expected: Any, got: Any) -> None:
    """Raise AssertionError with the first differences, if there are any."""
    found = differences(expected, got)
    if found:
        more = [f"... and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        raise AssertionError("\n".join(["the answers differ", *found[:SHOWN], *more]))


def without_envelopes(answer: Any) -> Any:
    """An answer without what the order of arrival decides: each event's envelope, and a session's device."""
    if isinstance(answer, Event):
        return replace(answer, received_at=RECEIVED, sent_at=None, device=None, country=None, time_zone=None)
    if is_dataclass(answer) and not isinstance(answer, type):
        values = {f.name: without_envelopes(getattr(answer, f.name)) for f in fields(answer) if f.name != "device"}
        return replace(answer, **values, **({"device": None} if hasattr(answer, "device") else {}))
    if isinstance(answer, Mapping):
        return {key: without_envelopes(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [without_envelopes(value) for value in answer]
    return answer
