"""Contents by what people do with them: cases by hand, and any history as the oracle says, on every engine."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.events import ContentRef, Event
from signals.weights import standard
from tests import lives
from tests.contract.stage import Stage
from tests.contract.surface import Surface, few
from tests.factories import ARTICLE, POST, VOCABULARY, at, did, met
from tests.lives import History
from tests.meanings import item
from tests.oracle import Oracle
from tests.reads import same
from tests.strategies import Record
from tests.trend_meanings import Answer, Prior, content_engagement, neighbourhood, top_content

pytestmark = pytest.mark.timeout(900)

TOP = """
query ($since: DateTime!, $until: DateTime!, $by: TopContentBy, $contentType: ContentType, $first: Int, $viewerId: ID,
       $hops: Int) {
  topContent(since: $since, until: $until, by: $by, contentType: $contentType, first: $first, viewerId: $viewerId,
             hops: $hops) {
    content { type id } value events uniqueUsers views likes comments shares saves timeSpentMs meanDwellMs
    averageScrollDepth score engagementRate
  }
}
"""
ENGAGEMENT = """
query ($ref: ContentRef!, $asOf: DateTime, $since: DateTime) {
  content(ref: $ref) {
    engagement(asOf: $asOf, since: $since) {
      views likes comments shares saves uniqueUsers timeSpentMs averageScrollDepth popularity score
      byType { type count } engagementRate meanDwellMs funnel { step users ofPrevious }
    }
  }
}
"""
WAYS = (
    *("EVENTS", "UNIQUE_USERS", "VIEWS", "LIKES", "COMMENTS", "SHARES", "SAVES"),
    *("TIME_SPENT", "SCORE", "ENGAGEMENT_RATE"),
)
RATE = standard().engagement_rate
PRIOR = Prior(RATE.rate, RATE.strength)
LOOKED_AT = lives.Life(activity=("COMMUNITY_JOIN", "LOGIN"), social=("FOLLOW", "COMMENT", "CONNECTION_REQUEST"))


@pytest.fixture
def surface(stage: Stage) -> Surface:
    return Surface.of(stage)


@few
@given(data=st.data())
async def test_any_history(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(LOOKED_AT), label="history")
    early = data.draw(st.integers(0, len(history.steps)), label="heard before the first question")
    events = await surface.tell(history.steps[:early])
    await agree(surface, events, history, data)
    events = await surface.hear(history.steps[early:])
    for _ in range(5):
        await agree(surface, events, history, data)


async def agree(surface: Surface, events: list[Event], history: History, data: st.DataObject) -> None:
    """One question, asked of the engine and the oracle."""
    since, until = data.draw(lives.spans(history), label="span")
    viewer, hops = data.draw(lives.viewers(), label="around")
    by = data.draw(st.sampled_from(WAYS), label="by")
    kind = data.draw(st.sampled_from((None, None, "POST")), label="type")
    first = data.draw(st.sampled_from((50, 2)), label="first")
    people = None if viewer is None else neighbourhood(events, VOCABULARY, viewer, hops)
    variables = {"since": since, "until": until, "by": by, "contentType": kind, "first": first, "viewerId": viewer}
    found = await surface.ask(TOP, history.now, {**variables, "hops": hops})
    same(top_content(events, VOCABULARY, PRIOR, since, until, by, kind, people, first), found["topContent"])


@few
@given(data=st.data())
async def test_any_engagement(surface: Surface, data: st.DataObject) -> None:
    history: History = data.draw(lives.histories(LOOKED_AT), label="history")
    await surface.tell(history.steps)
    for ref in lives.CONTENTS[:3]:
        start, end = data.draw(lives.spans(history), label="span")
        as_of = data.draw(st.sampled_from((None, end)), label="as of")
        since = data.draw(st.sampled_from((None, min(start, as_of or history.now))), label="since")
        found = await engagement(surface, ref, history.now, since, as_of)
        if found is not None:
            same(expected(surface.told, ref, since, as_of or history.now), found)


async def engagement(
    surface: Surface, ref: ContentRef, now: datetime, since: datetime | None, as_of: datetime | None
) -> Answer | None:
    """The product's answer; None for what was never heard of."""
    variables = {"ref": {"type": ref.type, "id": ref.id}, "since": since, "asOf": as_of}
    content = (await surface.ask(ENGAGEMENT, now, variables))["content"]
    found: Answer | None = content and content["engagement"]
    return found


def expected(told: Oracle, ref: ContentRef, since: datetime | None, at: datetime) -> Answer:
    """The oracle's answer."""
    done = told.live(lambda e: item(e) == ref and e.occurred_at <= at and (since is None or e.occurred_at >= since))
    counts = told._engagement(done, at)
    return {
        "views": counts.views,
        "likes": counts.likes,
        "comments": counts.comments,
        "shares": counts.shares,
        "saves": counts.saves,
        "uniqueUsers": counts.unique_users,
        "timeSpentMs": float(counts.time_spent_ms),
        "averageScrollDepth": counts.average_scroll_depth,
        "popularity": counts.popularity,
        "score": counts.score,
        "byType": [{"type": name, "count": count} for name, count in counts.by_type],
    } | content_engagement(told.live(), VOCABULARY, PRIOR, ref, since, at)


# ---- worked out by hand


async def ranked(surface: Surface, events: list[Event], by: str) -> list[Answer]:
    """The product's rows of the hour after noon, which are the oracle's."""
    left = await surface.tell([Record(tuple(events))])
    variables = {"since": at(0), "until": at(3600), "by": by}
    found: list[Answer] = (await surface.ask(TOP, at(4000), variables))["topContent"]
    same(top_content(left, VOCABULARY, PRIOR, at(0), at(3600), by), found)
    return found


async def test_one_like_of_one_view_is_no_900_of_1000(surface: Surface) -> None:
    """With a prior of 0.1 of 20 views: (1 + 2) / (1 + 20) and (9 + 2) / (10 + 20)."""
    assert (PRIOR.share, PRIOR.strength) == (0.1, 20.0)
    views = [did("VIEW", f"u{n}", POST, n) for n in range(10)]
    likes = [did("LIKE", f"u{n}", POST, n + 100) for n in range(9)]
    events = [*views, *likes, did("VIEW", "ann", ARTICLE, 1), did("LIKE", "ann", ARTICLE, 2)]
    rows = await ranked(surface, events, "ENGAGEMENT_RATE")
    assert [row["content"]["type"] for row in rows] == ["POST", "ARTICLE"]
    assert [row["value"] for row in rows] == [pytest.approx(11 / 30), pytest.approx(3 / 21)]


async def test_what_a_row_adds_up(surface: Surface) -> None:
    """Weights: VIEW 1, LIKE 3, REPLY 5, SCROLL .5, UNLIKE 0. What a message mentions is not done to it."""
    events = [
        did("VIEW", "ann", POST, 0, duration_ms=1000),
        did("LIKE", "ann", POST, 1),
        did("UNLIKE", "ann", POST, 2),
        did("LIKE", "ann", POST, 3),
        did("REPLY", "bob", POST, 4, duration_ms=2000),
        did("SCROLL", "bob", POST, 5, scroll_depth=50),
        did("SCROLL", "bob", POST, 6, scroll_depth=100.0),
        did("SHARE", "bob", ARTICLE, 3599.999),
        did("SHARE", "bob", ARTICLE, 3600),
        did("SHARE", "bob", ARTICLE, -0.001),
        met("MESSAGE_SENT", "ann", "bob", seconds=7, content=ARTICLE),
    ]
    post, article = await ranked(surface, events, "SCORE")
    assert {
        name: post[name] for name in ("events", "uniqueUsers", "views", "likes", "comments", "shares", "saves")
    } == {
        "events": 7,
        "uniqueUsers": 2,
        "views": 1,
        "likes": 2,
        "comments": 1,
        "shares": 0,
        "saves": 0,
    }
    assert (post["timeSpentMs"], post["meanDwellMs"], post["averageScrollDepth"]) == (3000.0, 1500.0, 75.0)
    assert (post["score"], post["value"], post["engagementRate"]) == (13.0, 13.0, pytest.approx(5 / 23))
    assert (article["events"], article["score"], article["meanDwellMs"]) == (1, 6.0, None)


async def test_a_funnel(surface: Surface) -> None:
    """Four looked, three of them liked or reacted, two of these commented, one of these shared, in any order."""
    events = [
        *(did("VIEW", user, POST, n) for n, user in enumerate("abcd")),
        did("LIKE", "a", POST, 10),
        did("REACT", "b", POST, 11),
        did("LIKE", "c", POST, -5),
        did("LIKE", "x", POST, 12),
        did("COMMENT", "a", POST, 13),
        did("REPLY", "b", POST, 14),
        did("COMMENT", "x", POST, 15),
        did("SHARE", "b", POST, 1),
        did("SHARE", "d", POST, 17),
    ]
    await surface.tell([Record(tuple(events))])
    found = await engagement(surface, POST, at(100), None, None)
    assert found is not None
    assert [(row["step"], row["users"], row["ofPrevious"]) for row in found["funnel"]] == [
        ("VIEW", 4, None),
        ("LIKE", 3, 0.75),
        ("COMMENT", 2, pytest.approx(2 / 3)),
        ("SHARE", 1, 0.5),
    ]
    same(expected(surface.told, POST, None, at(100)), found)
    later = await engagement(surface, POST, at(100), at(12), None)
    assert later is not None
    assert [(row["users"], row["ofPrevious"]) for row in later["funnel"]] == [(0, None)] * 4
    assert (later["likes"], later["comments"], later["shares"], later["uniqueUsers"]) == (1, 3, 1, 4)
    early = await engagement(surface, POST, at(100), at(0), at(10))
    assert early is not None
    assert [row["users"] for row in early["funnel"]] == [4, 1, 0, 0]
