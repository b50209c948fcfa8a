"""Small worlds for Hypothesis: few people and things, so that events meet; odd ids, colliding and skewed times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from hypothesis import strategies as st

from signals.clock import corrected
from signals.content import Registration
from signals.events import ContentRef, Device, EntityRef, Event, EventFilter, Face
from signals.vocabulary import CUSTOM, Behaviour, Term
from tests.factories import NOON, RECEIVED, VOCABULARY

USERS = ("ann", "Ann", "\U0001f600", "\ufffd\u200b", "POST:1")
"""The third sorts before the fourth in UTF-16 and after it by code point; the last reads like a content's key."""
CONTENTS = (
    ContentRef("POST", "1"),
    ContentRef("POST", "\U0001f600|:1"),
    ContentRef("ARTICLE", "1"),
    ContentRef("COMMUNITY", "7"),
    ContentRef("CONVERSATION_MESSAGE", "' OR 1=1 //"),
)
ENTITIES = (EntityRef("community", "7"), EntityRef("project", "1"), EntityRef("post", "1"))
SESSIONS = ("s1", "ann", "\u2028s")
IDS = tuple(f"{name}{n}" for name in ("a", "A", "\U0001f600", "\ufffd", "b-") for n in range(8))
OFFSETS = (
    *(timedelta(milliseconds=ms) for ms in (0, 0, 1, 2, 1000)),
    *(timedelta(hours=hours) for hours in (-36, -12, -1, 1, 11, 12, 13, 40)),
    timedelta(hours=12, milliseconds=-1),
    timedelta(days=-400),
    NOON - timedelta(days=1) - datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC) - NOON,
)

MOMENTS = tuple(NOON + timedelta(milliseconds=ms) for ms in (0, 1, 2, 1000))

times = st.sampled_from(OFFSETS).map(lambda offset: NOON + offset)
depths = st.none() | st.floats(0, 100)
points = st.none() | st.floats(-10, 10)
durations = st.none() | st.integers(0, 5000)
impressions = st.sampled_from((None, None, "i1", "i1", "I1", "\U0001f600"))
positions = st.sampled_from((None, 0, 0, 1, 7))
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
devices = st.sampled_from((None, Device("MOBILE"), Device("DESKTOP", "Firefox", "1", "Linux", "web", "2.0"), Device()))


@dataclass(frozen=True)
class Play:
    """What a history is made of: kinds of events, people, contents; ``close``: all within moments, by right clocks."""

    kinds: tuple[tuple[Face, str], ...]
    users: tuple[str, ...] = USERS
    contents: tuple[ContentRef, ...] = CONTENTS
    close: bool = False


def _kinds(face: Face, *names: str) -> tuple[tuple[Face, str], ...]:
    return tuple((face, name) for name in names or VOCABULARY.names(face))


EVERYTHING = Play(tuple(kind for face in Face for kind in _kinds(face)))
SWITCHES = Play(
    _kinds(Face.CONTENT, "LIKE", "UNLIKE", "SAVE", "UNSAVE", "VIEW")
    + _kinds(Face.SOCIAL, "FOLLOW", "UNFOLLOW", "BLOCK", "UNBLOCK")
    + _kinds(Face.ACTIVITY, "COMMUNITY_JOIN", "COMMUNITY_LEAVE"),
    users=USERS[:2],
    contents=CONTENTS[:1],
    close=True,
)
CONNECTIONS = Play(
    tuple(kind for kind, term in VOCABULARY.terms.items() if term.behaviour is Behaviour.CONNECTION),
    users=USERS[2:4],
    close=True,
)
TALKS = Play(
    _kinds(Face.SOCIAL, "MESSAGE_SENT", "MESSAGE_READ", "PROFILE_VISIT"),
    users=USERS[2:4],
    contents=CONTENTS[4:],
    close=True,
)
RANKED = Play(
    _kinds(Face.CONTENT, "VIEW", "CLICK", "LIKE", "UNLIKE", "COMMENT", "SHARE", "SAVE", "HIDE", "UNHIDE", "IMPRESSION")
    + _kinds(Face.CONTENT, "REPORT", "VIEW", "LIKE")
    + _kinds(Face.SOCIAL, "MESSAGE_SENT", "MESSAGE_READ", "FOLLOW", "UNFOLLOW", "BLOCK", "UNBLOCK", "MUTE", "UNMUTE")
    + _kinds(Face.SOCIAL, "PROFILE_VISIT", "REPORT", "REPLY", "MESSAGE_SENT", "PROFILE_VISIT")
    + _kinds(Face.SOCIAL, "CONNECTION_REQUEST", "CONNECTION_ACCEPT", "CONNECTION_REMOVE", "CONNECTION_CANCEL")
    + _kinds(Face.ACTIVITY, "COMMUNITY_JOIN", "COMMUNITY_LEAVE", "LOGIN"),
    contents=CONTENTS[:4],
)
"""What ranking goes by."""
SHOWN = Play(
    _kinds(Face.CONTENT, "IMPRESSION", "IMPRESSION", "VIEW", "LIKE", "HIDE") + _kinds(Face.SOCIAL, "FOLLOW"),
    users=USERS[:2],
    contents=CONTENTS[:2],
)
"""Impressions and what came of them."""


@dataclass(frozen=True)
class Record:
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Retract:
    event_id: str
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class Register:
    registrations: tuple[Registration, ...]


Step: TypeAlias = Record | Retract | Register


@st.composite
def _facts(draw: st.DrawFn, play: Play) -> dict[str, Any]:
    """Face, name, actor and target of one event, with what only its face has."""
    face, name = draw(st.sampled_from(play.kinds))
    term, user = VOCABULARY.term(face, name), draw(st.sampled_from(play.users))
    made: dict[str, Any] = {"face": term.face, "name": name, "user_id": user, "action": term.action}
    if face is Face.CONTENT:
        content = draw(st.sampled_from(play.contents))
        shown = {"impression_id": draw(impressions), "position": draw(positions)}
        return made | shown | {"content": content, "category": content.type.lower(), "scroll_depth": draw(depths)}
    if face is Face.ACTIVITY:
        return made | draw(_activity(term))
    alone = term.behaviour is Behaviour.COUNT
    other = draw(st.sampled_from([other for other in play.users if alone or other != user]))
    mentioned = None if term.face is Face.PROFILE else draw(st.none() | st.sampled_from(play.contents))
    return made | {"category": term.category, "target_user_id": other, "content": mentioned}


@st.composite
def _activity(draw: st.DrawFn, term: Term) -> dict[str, Any]:
    entity = draw(st.none() | st.sampled_from(ENTITIES))
    made: dict[str, Any] = {"entity": entity, "points": draw(points), "category": term.category}
    if entity is not None and term.target is not None and entity.type == term.target.lower():
        made["content"] = ContentRef(term.target, entity.id)
    if term.name == CUSTOM:
        made |= {"category": draw(st.sampled_from(("post", "custom"))), "action": draw(st.sampled_from(("like", "x")))}
    return made


@st.composite
def _clocks(draw: st.DrawFn, close: bool) -> dict[str, Any]:
    """When: by the client, by the server, and what follows from both."""
    if close:
        moment = draw(st.sampled_from(MOMENTS))
        return {"reported_at": moment, "received_at": RECEIVED, "occurred_at": moment}
    received = RECEIVED + draw(st.sampled_from((timedelta(0), timedelta(milliseconds=1), timedelta(days=-30))))
    reported = draw(st.none() | times)
    sent = draw(st.sampled_from((None, None, NOON, RECEIVED, RECEIVED + timedelta(days=30_000))))
    occurred = received if reported is None else corrected(reported, sent, received)
    return {"reported_at": reported, "sent_at": sent, "received_at": received, "occurred_at": occurred}


envelopes: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "device": devices,
        "country": st.sampled_from((None, "NO", "SE")),
        "time_zone": st.sampled_from((None, "Europe/Oslo")),
    }
)


@st.composite
def events(draw: st.DrawFn, play: Play = EVERYTHING) -> Event:
    """Any event of the small world."""
    return Event(
        id=draw(st.sampled_from(IDS)),
        session_id=draw(st.none() | st.sampled_from(SESSIONS)),
        duration_ms=draw(durations),
        metadata=draw(json_values),
        context=draw(json_values),
        **(draw(_facts(play)) | draw(_clocks(play.close)) | draw(envelopes)),
    )


def worlds(play: Play, most: int = 24) -> st.SearchStrategy[list[Event]]:
    """Events of distinct ids."""
    return st.lists(events(play), min_size=1, max_size=most, unique_by=lambda e: e.id)


@st.composite
def redelivered(draw: st.DrawFn, event: Event) -> Event:
    """The same facts once more, in an envelope of their own."""
    later = timedelta(minutes=draw(st.integers(0, 9)))
    return replace(event, received_at=event.received_at + later, **draw(envelopes))


@st.composite
def deliveries(draw: st.DrawFn, known: Sequence[Event], strange: Sequence[Event] = ()) -> list[Step]:
    """Known events shuffled, some repeated, mixed with strange ones and cut into batches."""
    repeats = draw(st.lists(st.sampled_from(known).flatmap(redelivered), max_size=5))
    arrivals = draw(st.permutations([*known, *repeats, *strange]))
    sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3))
    steps: list[Step] = []
    while arrivals:
        size = sizes[len(steps) % len(sizes)]
        steps.append(Record(tuple(arrivals[:size])))
        arrivals = arrivals[size:]
    return steps


registrations = st.builds(
    Registration,
    content=st.sampled_from(CONTENTS),
    author_id=st.none() | st.sampled_from((*USERS, "author")),
    created_at=st.none() | times,
    tags=st.none() | st.lists(texts.filter(bool), max_size=2, unique=True).map(tuple),
    language=st.sampled_from((None, "no", "pt-BR")),
)


def retractions(ids: st.SearchStrategy[str]) -> st.SearchStrategy[Retract]:
    return st.builds(Retract, ids, st.none() | texts.filter(bool), st.just(RECEIVED + timedelta(days=1)))


@st.composite
def histories(draw: st.DrawFn, play: Play = EVERYTHING) -> list[Step]:
    """Anything in any order: repeats, conflicts, retractions of known and unknown ids, registrations."""
    steps = draw(deliveries(draw(worlds(play)), draw(st.lists(events(play), max_size=4))))
    registers = registrations.map(lambda registration: Register((registration,)))
    for extra in draw(st.lists(retractions(st.sampled_from(IDS)) | registers, max_size=6)):
        steps.insert(draw(st.integers(0, len(steps))), extra)
    return steps


@st.composite
def arrangements(draw: st.DrawFn, play: Play = EVERYTHING) -> tuple[list[Step], list[Step]]:
    """The same facts, retractions and registrations in two orders, repeated and cut in two ways."""
    known = draw(worlds(play))
    gone = draw(
        st.lists(retractions(st.sampled_from([e.id for e in known])), max_size=4, unique_by=lambda r: r.event_id)
    )
    told = draw(st.lists(registrations, max_size=3))
    return draw(_arrangement(known, gone, told)), draw(_arrangement(known, gone, told))


@st.composite
def _arrangement(
    draw: st.DrawFn, known: Sequence[Event], gone: Sequence[Retract], told: Sequence[Registration]
) -> list[Step]:
    steps = draw(deliveries(known))
    for retract in gone:
        steps.insert(draw(st.integers(_arrival(steps, retract.event_id) + 1, len(steps))), retract)
    place = 0
    for registration in told:
        place = draw(st.integers(place, len(steps)))
        steps.insert(place, Register((registration,)))
        place += 1
    return steps


def _arrival(steps: Sequence[Step], id: str) -> int:
    """The place of the first batch that brings an event of this id."""
    batches = [(place, step) for place, step in enumerate(steps) if isinstance(step, Record)]
    return next(place for place, batch in batches if any(event.id == id for event in batch.events))


def _maybe(values: Sequence[Any]) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(values)


_types = st.lists(st.sampled_from(("post:like", "post:view", "social:follow", "profile:visit", "x")), max_size=3)
filters = st.builds(
    EventFilter,
    user_id=_maybe(USERS),
    types=st.none() | _types.map(tuple),
    categories=_maybe((("post", "social"), ("article",), ("custom",))),
    actions=_maybe((("view", "like", "x"), ("follow",), ())),
    content=_maybe(CONTENTS),
    target_user_id=_maybe(USERS),
    session_id=_maybe(SESSIONS),
    since=st.none() | times,
    until=st.none() | times,
)
