"""Points, balance, achievements, engagement score, behaviour: cases by hand, and any life as the oracle says."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.achievements_table import Rule, load
from signals.content import Registration
from signals.events import ContentRef, EntityRef, Event
from signals.weights import standard
from tests import lives
from tests.contract.stage import Stage
from tests.contract.surface import Surface, few
from tests.factories import ARTICLE, POST, VOCABULARY, active, at, did, met
from tests.lives import History
from tests.person_meanings import achievements, balance, behaviour, engagement_score, points
from tests.reads import same
from tests.strategies import Record, Register
from tests.trend_meanings import Answer

pytestmark = pytest.mark.timeout(900)

QUERY = """
query ($user: ID!, $since: DateTime, $until: DateTime, $key: String!) {
  user(id: $user) {
    points(since: $since, until: $until) {
      total byCategory(first: 500) { category points } byDay(first: 500) { date points }
    }
    balance(metadataKey: $key, since: $since, until: $until) {
      evenness parts(first: 500) { value events durationMs points eventShare durationShare pointsShare }
    }
    achievements { id title description kind progress target earnedAt }
    engagementScore { value contributions { signal value typical weight contribution } }
    behaviour(since: $since, until: $until) {
      events heatMap peakHours { hour count } contentTypes { type count } tags { type count }
      meanDurations { type count meanMs } messageReadMs connectionAnswerMs featureUse { category count share }
      sessions { count meanMs meanEvents usualStartHour }
    }
  }
}
"""
TEXT = "query ($user: ID!) { user(id: $user) { behaviour { summaryText } } }"
DECLARED = [
    {"id": "doer", "kind": "COUNT", "target": 3},
    {"id": "solver", "kind": "COUNT", "types": ["problem:solved"], "categories": ["yoga"], "target": 2},
    {"id": "steady", "kind": "STREAK", "target": 2},
    {"id": "rich", "kind": "POINTS", "target": 20.0},
    {"id": "wide", "kind": "DISTINCT", "of": "CONTENTS", "target": 2},
    {"id": "busy", "kind": "DISTINCT", "of": "ENTITIES", "categories": ["problem", "lesson"], "target": 2},
    {"id": "many", "kind": "DISTINCT", "of": "METADATA", "key": "path", "target": 2},
]
WEIGHTS = standard().engagement_score
ALL_OF_IT = lives.Life(
    activity=(*lives.ACTIVITIES, "STREAK_IMPORTED", "PING"), users=lives.USERS[:3], long_ago=(-33, -12), most=36
)
TALKING = lives.Life(
    content=(),
    social=("MESSAGE_SENT", "MESSAGE_SENT", "MESSAGE_READ", "MESSAGE_READ", *lives.LIFECYCLE),
    activity=(),
    users=lives.USERS[:2],
    days=1,
    long_ago=(),
)
TAGS = (("yoga", "calm"), ("news",), ("calm",))


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rule, ...]:
    """One achievement of each kind, easily reached."""
    path = tmp_path_factory.mktemp("achievements") / "own.toml"
    lines = []
    for rule in DECLARED:
        rows = {"title": rule["id"], "description": "words", **rule}
        lines += ["[[achievement]]", *(f"{name} = {written(value)}" for name, value in rows.items())]
    path.write_text("\n".join(lines))
    return load(path)


def written(value: Any) -> str:
    """As TOML has it."""
    return repr(value).replace("'", '"')


@pytest.fixture
def surface(stage: Stage) -> Surface:
    return Surface.of(stage)


async def asked(
    surface: Surface, user: str, now: datetime, since: datetime | None, until: datetime | None, key: str = "path"
) -> Answer | None:
    """The product's answers; None for somebody never seen."""
    found = await surface.ask(QUERY, now, {"user": user, "since": since, "until": until, "key": key})
    answer: Answer | None = found["user"]
    return answer


def expected(
    surface: Surface,
    user: str,
    now: datetime,
    since: datetime | None,
    until: datetime | None,
    declared: tuple[Rule, ...],
    key: str = "path",
) -> Answer:
    """The oracle's; by default up to now, and what happens right now is among it."""
    events = surface.told.live()
    end = until or now + timedelta(milliseconds=1)
    tags = {ref: surface.told._content(ref).tags or () for e in events if (ref := e.content) is not None}
    return {
        "points": points(events, user, VOCABULARY, since, end),
        "balance": balance(events, user, key, VOCABULARY, since, end),
        "achievements": achievements(events, user, declared, VOCABULARY, now),
        "engagementScore": engagement_score(events, user, VOCABULARY, WEIGHTS, now),
        "behaviour": behaviour(events, user, since or end - timedelta(days=90), end, tags),
    }


@pytest.mark.parametrize("life", [pytest.param(ALL_OF_IT, id="everything"), pytest.param(TALKING, id="talking")])
@few
@given(data=st.data())
async def test_any_life(surface: Surface, declared: tuple[Rule, ...], life: lives.Life, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(life), label="history")
    registrations = st.lists(
        st.builds(Registration, content=st.sampled_from(lives.CONTENTS), tags=st.sampled_from(TAGS)), max_size=3
    )
    told = Register(tuple(data.draw(registrations, label="registered")))
    early = data.draw(st.integers(0, len(history.steps)), label="heard before the first question")
    await surface.tell(history.steps[:early])
    surface.service.shared = replace(surface.service.shared, achievements=declared)
    for user in life.users:
        await asked(surface, user, history.now, None, None)
    await surface.hear([*history.steps[early:], told])
    key = data.draw(st.sampled_from(("path", "level", "none")), label="key")
    for user in life.users:
        start, end = data.draw(lives.spans(history), label="span")
        for since, until in ((None, None), (start, end)):
            found = await asked(surface, user, history.now, since, until, key)
            if found is not None:
                same(expected(surface, user, history.now, since, until, declared, key), found)


# ---- worked out by hand


async def life_of(surface: Surface, user: str, events: list[Event], now: datetime, *told: Registration) -> Answer:
    """The product's answer over all time, which is the oracle's."""
    await surface.tell([Record(tuple(events)), Register(told)])
    found = await asked(surface, user, now, None, None)
    assert found is not None
    same(expected(surface, user, now, None, None, surface.service.shared.achievements), found)
    return found


def solved(problem: str, seconds: float, **fields: Any) -> Event:
    return active("PROBLEM_SOLVED", "ann", seconds, EntityRef("problem", problem), **fields)


async def test_points_by_rule_and_by_event(surface: Surface) -> None:
    """A problem and a lesson are worth 10, unless the event says otherwise; the second day begins at 18:30 UTC."""
    events = [
        solved("1", 0),
        solved("2", 1, points=25.0),
        solved("3", 2, points=0.0),
        active("LESSON_COMPLETED", "ann", 6.5 * 3600, time_zone="Asia/Kolkata"),
        active("LOGIN", "ann", 7 * 3600),
        active("CUSTOM", "ann", 8 * 3600, category="yoga", action="skipped", points=-4.0),
    ]
    found = await life_of(surface, "ann", events, at(86_400))
    assert found["points"] == {
        "total": 41.0,
        "byCategory": [
            {"category": "problem", "points": 35.0},
            {"category": "lesson", "points": 10.0},
            {"category": "yoga", "points": -4.0},
        ],
        "byDay": [{"date": "2026-03-02", "points": 6.0}, {"date": "2026-03-01", "points": 35.0}],
    }
    rows = {row["id"]: (row["progress"], row["target"], row["earnedAt"]) for row in found["achievements"]}
    assert rows["first_problem"] == (1.0, 1.0, "2026-03-01T12:00:00.000Z")
    assert rows["thousand_points"] == (41.0, 1000.0, None)
    assert rows["problem_solver"] == (3.0, 100.0, None)
    assert rows["week"] == (2.0, 7.0, None)


async def test_balance_and_evenness(surface: Surface) -> None:
    """3 of calm and 1 of breath: entropy of (3/4, 1/4) over ln 2."""
    events = [
        *(solved("1", n, metadata={"path": "calm"}, duration_ms=1000) for n in range(3)),
        active("LOGIN", "ann", 4, metadata={"path": "breath"}, duration_ms=1000),
        active("LOGIN", "ann", 5, metadata={"path": None}),
        active("LOGIN", "ann", 6, metadata=["path"]),
    ]
    found = (await life_of(surface, "ann", events, at(60)))["balance"]
    assert [tuple(part.values()) for part in found["parts"]] == [
        ("calm", 3, 3000.0, 30.0, 0.75, 0.75, 1.0),
        ("breath", 1, 1000.0, 0.0, 0.25, 0.25, 0.0),
    ]
    assert found["evenness"] == pytest.approx(-(0.75 * math.log(0.75) + 0.25 * math.log(0.25)) / math.log(2))
    assert found["evenness"] == pytest.approx(0.8112781)
    even = (await life_of(surface, "ann", [events[0], events[3]], at(60)))["balance"]
    assert even["evenness"] == pytest.approx(1.0)
    alone = (await life_of(surface, "ann", events[:3], at(60)))["balance"]
    assert alone["evenness"] == 0.0


async def test_an_engagement_score(surface: Surface) -> None:
    """Two days, two categories, one person; LIKE 3 a half-life ago, FOLLOW 4 right now; a streak of 1."""
    events = [did("LIKE", "ann", POST, 0), met("FOLLOW", "ann", "bob", 14 * 86_400)]
    found = (await life_of(surface, "ann", events, at(14 * 86_400)))["engagementScore"]
    figures = [(part["signal"], part["value"]) for part in found["contributions"]]
    assert figures == [("frequency", 2.0), ("depth", 5.5), ("breadth", 2.0), ("social", 1.0), ("consistency", 1.0)]
    shares = [30 * 2 / (2 + 8), 20 * 5.5 / (5.5 + 100), 15 * 2 / (2 + 4), 20 * 1 / (1 + 5), 15 * 1 / (1 + 5)]
    assert [part["contribution"] for part in found["contributions"]] == pytest.approx(shares)
    assert found["value"] == pytest.approx(sum(shares))
    assert sum(part["weight"] for part in found["contributions"]) == 100


async def test_how_somebody_behaves(surface: Surface) -> None:
    """The 1st of March 2026 is a Sunday; 23:30 there is 18:00 UTC in Kolkata."""
    message, other = ContentRef("CONVERSATION_MESSAGE", "1"), ContentRef("CONVERSATION_MESSAGE", "2")
    events = [
        did("DWELL", "ann", POST, 6 * 3600, duration_ms=1000, time_zone="Asia/Kolkata"),
        did("DWELL", "ann", POST, 6 * 3600 + 1, duration_ms=3000),
        did("VIEW", "ann", ARTICLE, 7 * 3600),
        met("MESSAGE_SENT", "bob", "ann", 0, content=message),
        met("MESSAGE_SENT", "bob", "ann", 10, content=other),
        met("MESSAGE_READ", "ann", "bob", 30, content=message),
        met("MESSAGE_READ", "ann", "bob", 40),
        met("MESSAGE_READ", "ann", "bob", 50),
        met("CONNECTION_REQUEST", "cleo", "ann", 0),
        met("CONNECTION_ACCEPT", "ann", "cleo", 60),
        met("CONNECTION_REQUEST", "ann", "bob", 0),
        met("CONNECTION_ACCEPT", "bob", "ann", 70),
    ]
    tags = Registration(content=POST, tags=("yoga", "calm"))
    found = (await life_of(surface, "ann", events, at(86_400), tags))["behaviour"]
    assert found["events"] == 8
    assert [(day, hour) for day, row in enumerate(found["heatMap"]) for hour, n in enumerate(row) if n] == [
        (0, 0),
        (6, 12),
        (6, 23),
    ]
    assert found["peakHours"] == [{"hour": 12, "count": 5}, {"hour": 23, "count": 2}, {"hour": 0, "count": 1}]
    assert found["messageReadMs"] == 30_000.0
    assert found["connectionAnswerMs"] == 60_000.0
    assert found["tags"] == [{"type": "calm", "count": 2}, {"type": "yoga", "count": 2}]
    assert found["contentTypes"] == [
        {"type": "POST", "count": 2},
        {"type": "ARTICLE", "count": 1},
        {"type": "CONVERSATION_MESSAGE", "count": 1},
    ]
    assert found["meanDurations"] == [{"type": "post:dwell", "count": 2, "meanMs": 2000.0}]
    assert found["featureUse"][0] == {"category": "social", "count": 5, "share": 0.625}
    assert found["sessions"] == {
        "count": 3,
        "meanMs": pytest.approx((60_000 + 1000 + 0) / 3),
        "meanEvents": pytest.approx(8 / 3),
        "usualStartHour": 0,
    }


async def test_the_words_name_nobody(surface: Surface) -> None:
    """No id of a user, content, entity, session or event is in them."""
    ids = {"user-4711", "other-4712", "content-4713", "entity-4714", "session-4715", "event-4716"}
    events = [
        did("VIEW", "user-4711", ContentRef("POST", "content-4713"), 0, session_id="session-4715", id="event-4716"),
        met("MESSAGE_SENT", "user-4711", "other-4712", 5),
        active("PROBLEM_SOLVED", "user-4711", 9, EntityRef("problem", "entity-4714")),
    ]
    await surface.tell([Record(tuple(events))])
    text = (await surface.ask(TEXT, at(60), {"user": "user-4711"}))["user"]["behaviour"]["summaryText"]
    assert len(text) > 40
    assert not any(id in text for id in ids)
    again = (await surface.ask(TEXT, at(60), {"user": "user-4711"}))["user"]["behaviour"]["summaryText"]
    assert again == text
