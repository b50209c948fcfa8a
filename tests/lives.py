"""Lives for Hypothesis: few people over days at which calendars do odd things, in several time zones.

Trends and the reads about a person are tried on them. Times lie on and beside quarter hours, where periods begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from signals.events import ContentRef, Device, EntityRef, Event, EventFilter, Face
from signals.vocabulary import Behaviour
from tests.factories import VOCABULARY
from tests.strategies import Record, Retract, Step, deliveries

USERS = ("ann", "bob", "\U0001f600", "eve", "dan")
CONTENTS = (ContentRef("POST", "1"), ContentRef("POST", "2"), ContentRef("ARTICLE", "1"), ContentRef("LESSON", "7"))
ENTITIES = (EntityRef("problem", "1"), EntityRef("problem", "2"), EntityRef("meditation", "1"))
SESSIONS = ("s1", "s2", "ann")
ZONES = (
    "UTC",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Honolulu",
)
ANCHORS = {
    "an ordinary week": datetime(2025, 5, 14, tzinfo=UTC),
    "Samoa has no 30th of December": datetime(2011, 12, 30, tzinfo=UTC),
    "a leap day": datetime(2024, 2, 29, tzinfo=UTC),
    "clocks forward in New York": datetime(2024, 3, 10, tzinfo=UTC),
    "clocks back in New York": datetime(2024, 11, 3, tzinfo=UTC),
    "half an hour back on Lord Howe": datetime(2024, 4, 6, tzinfo=UTC),
    "half an hour forward on Lord Howe": datetime(2024, 10, 5, tzinfo=UTC),
    "Sao Paulo skips midnight": datetime(2018, 11, 4, tzinfo=UTC),
    "Sao Paulo's hour before midnight, twice": datetime(2018, 2, 18, tzinfo=UTC),
    "a year's end": datetime(2026, 1, 1, tzinfo=UTC),
}
RECEIVED = datetime(2026, 6, 1, tzinfo=UTC)
JITTERS = tuple(timedelta(milliseconds=ms) for ms in (0, 0, 1, -1, 600_000))

CONTENT_NAMES = (
    "VIEW",
    "VIEW",
    "VIEW",
    "LIKE",
    "UNLIKE",
    "REACT",
    "COMMENT",
    "REPLY",
    "SHARE",
    "SAVE",
    "SCROLL",
    "DWELL",
)
TALK_NAMES = ("MESSAGE_SENT", "MESSAGE_READ", "MESSAGE_SENT", "FOLLOW", "UNFOLLOW", "PROFILE_VISIT")
LIFECYCLE = tuple(name for (face, name), t in VOCABULARY.terms.items() if t.behaviour is Behaviour.CONNECTION)
ACTIVITIES = ("LOGIN", "PROBLEM_SOLVED", "PROBLEM_SOLVED", "LESSON_COMPLETED", "PAGE_VIEW", "COMMUNITY_JOIN", "CUSTOM")

JSONS: st.SearchStrategy[Any] = st.sampled_from(
    (
        None,
        {"path": "calm"},
        {"path": "calm", "level": 1},
        {"path": "breath", "level": 1.0},
        {"path": "", "level": 2.5},
        {"path": None, "level": True},
        {"path": ["calm"], "level": "1"},
        ["path"],
        "path",
    )
)


@dataclass(frozen=True, slots=True)
class Life:
    """What a history is made of, and how many days it lasts."""

    content: tuple[str, ...] = CONTENT_NAMES
    social: tuple[str, ...] = TALK_NAMES + LIFECYCLE
    activity: tuple[str, ...] = ACTIVITIES
    users: tuple[str, ...] = USERS
    days: int = 4
    long_ago: tuple[int, ...] = (-33, -12)
    """Days before the others at which something may have happened."""
    sessions: tuple[str | None, ...] = (None, None, *SESSIONS)
    most: int = 30


EVERYTHING = Life()
DAYS = Life(
    content=("VIEW", "LIKE"),
    social=(),
    activity=("LOGIN", "LOGIN", "PROBLEM_SOLVED", "PING", "STREAK_IMPORTED"),
    users=USERS[:2],
    days=6,
    most=20,
)
"""What streaks are made of."""


@st.composite
def _who_did_what(draw: st.DrawFn, life: Life) -> dict[str, Any]:
    kinds = [(Face.CONTENT, life.content), (Face.SOCIAL, life.social), (Face.ACTIVITY, life.activity)]
    face, names = draw(st.sampled_from([kind for kind in kinds if kind[1]]))
    name, user = draw(st.sampled_from(names)), draw(st.sampled_from(life.users))
    term = VOCABULARY.term(face, name)
    made: dict[str, Any] = {"face": term.face, "name": name, "user_id": user, "action": term.action}
    if face is Face.CONTENT:
        content = draw(st.sampled_from(CONTENTS))
        depth = draw(st.sampled_from((None, 0.0, 12.5, 100.0)))
        return made | {"content": content, "category": content.type.lower(), "scroll_depth": depth}
    if face is Face.SOCIAL:
        other = draw(st.sampled_from([other for other in life.users if other != user]))
        about = draw(st.sampled_from((None, None, *CONTENTS[:2])))
        visit = term.face is Face.PROFILE
        return made | {"target_user_id": other, "category": term.category, "content": None if visit else about}
    entity = draw(st.none() | st.sampled_from(ENTITIES))
    points = draw(st.sampled_from((None, None, 0.0, 5.0, -2.5)))
    made |= {"entity": entity, "points": points, "category": term.category}
    if name == "CUSTOM":
        made |= {"category": draw(st.sampled_from(("yoga", "post"))), "action": "done"}
    return made


@st.composite
def events(draw: st.DrawFn, life: Life, anchor: datetime) -> Event:
    """Any event of the days around ``anchor``, or long before."""
    quarters = st.integers(-life.days * 96, life.days * 96).map(lambda n: timedelta(minutes=15 * n))
    before = st.sampled_from(life.long_ago).map(lambda n: timedelta(days=n))
    hours = quarters if not life.long_ago else quarters | quarters | quarters | before
    at = anchor + draw(hours) + draw(st.sampled_from(JITTERS))
    facts = draw(_who_did_what(life))
    return Event(
        id=f"e{draw(st.integers(0, 10**6))}",
        occurred_at=at,
        reported_at=at,
        received_at=RECEIVED,
        session_id=draw(st.sampled_from(life.sessions)),
        duration_ms=draw(st.sampled_from((None, None, 0, 1, 90_000))),
        time_zone=draw(st.sampled_from((None, None, *ZONES))),
        country=draw(st.sampled_from((None, "IN", "US"))),
        device=draw(st.sampled_from((None, Device("MOBILE"), Device("DESKTOP", "Firefox"), Device(None, "Safari")))),
        metadata=draw(imports(anchor) if facts["name"] == "STREAK_IMPORTED" else JSONS),
        **facts,
    )


@st.composite
def imports(draw: st.DrawFn, anchor: datetime) -> Any:
    """What an older system says about a streak, sensible or not."""
    current, more = draw(st.integers(0, 9)), draw(st.sampled_from((0, 0, 3, -1)))
    last = (anchor + timedelta(days=draw(st.integers(-3, 3)))).date().isoformat()
    said = {"current": current, "longest": current + more, "lastDate": draw(st.sampled_from((last, last, "soon")))}
    return draw(st.sampled_from((said, said, {**said, "current": "9"}, [said], None)))


@dataclass(frozen=True, slots=True)
class History:
    """Steps, the instant they happened around, and an instant after all of them."""

    steps: list[Step]
    anchor: datetime
    now: datetime


@st.composite
def histories(draw: st.DrawFn, life: Life = EVERYTHING) -> History:
    """Shuffled, some repeated, cut into batches; some taken back."""
    anchor = draw(st.sampled_from(sorted(ANCHORS)).map(lambda name: ANCHORS[name]))
    several = st.lists(events(life, anchor), min_size=1, max_size=life.most, unique_by=lambda e: e.id)
    known: Sequence[Event] = draw(several)
    steps = draw(deliveries(known))
    gone = st.sampled_from(known).map(lambda e: Retract(e.id, None, RECEIVED))
    steps += draw(st.lists(gone, max_size=3))
    steps += [Record((replace(known[0], received_at=RECEIVED + timedelta(hours=1)),))]
    wait = timedelta(minutes=draw(st.sampled_from((0, 1, 60, 20 * 60, 30 * 60, 50 * 60, 4 * 1440, 40 * 1440))))
    return History(steps, anchor, max(e.occurred_at for e in known) + wait)


def zones() -> st.SearchStrategy[str]:
    return st.sampled_from(ZONES)


@st.composite
def spans(draw: st.DrawFn, history: History, days: int = 6) -> tuple[datetime, datetime]:
    """Windows around the anchor that begin at midnight or on a quarter hour, or beside one; or long before."""
    midnights = st.integers(-days, days).map(lambda n: timedelta(days=n))
    quarters = st.integers(-days * 96, days * 96).map(lambda n: timedelta(minutes=15 * n))
    beside = st.tuples(quarters, st.sampled_from(JITTERS)).map(lambda pair: pair[0] + pair[1])
    since, until = sorted(history.anchor + draw(midnights | beside) for _ in range(2))
    since -= timedelta(days=draw(st.sampled_from((0, 0, 0, 35))))
    return since, max(until, since + timedelta(hours=1))


def filters(history: History) -> st.SearchStrategy[EventFilter]:
    """None of it, or one or two narrowings."""
    beside = st.sampled_from((-30, -2, 0, 1, 3)).map(lambda n: history.anchor + timedelta(days=n, hours=5, minutes=7))
    narrowings: dict[str, st.SearchStrategy[Any]] = {
        "user_id": st.sampled_from(USERS[:3]),
        "types": st.sampled_from((("post:view", "post:like", "auth:login"), ("social:follow",), ())),
        "categories": st.sampled_from((("post", "social"), ("problem", "yoga"))),
        "actions": st.sampled_from((("view", "solved"), ("like",))),
        "content": st.sampled_from(CONTENTS),
        "target_user_id": st.sampled_from(USERS[:3]),
        "session_id": st.sampled_from(SESSIONS),
        "since": beside,
        "until": beside,
    }
    names = st.lists(st.sampled_from(sorted(narrowings)), max_size=2, unique=True)
    return names.flatmap(lambda chosen: st.builds(EventFilter, **{name: narrowings[name] for name in chosen}))


def viewers() -> st.SearchStrategy[tuple[str | None, int]]:
    """Around whom, and how far."""
    return st.tuples(st.sampled_from((None, None, None, *USERS[:2])), st.sampled_from((1, 2)))
