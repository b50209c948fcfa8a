"""The oracle is what engines are judged by, so it is checked against answers worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from signals.content import Registration
from signals.errors import InvalidCursor
from signals.events import ContentRef, Device, EntityRef, Event, EventFilter
from signals.outcomes import IdConflict, NotFound, Retracted, Tracked
from signals.people import Connection, ConnectionStatus
from tests.factories import ARTICLE, POST, VOCABULARY, active, again, at, did, met, visited
from tests.oracle import Oracle

REQUEST, ACCEPT, DECLINE = "CONNECTION_REQUEST", "CONNECTION_ACCEPT", "CONNECTION_DECLINE"
CANCEL, REMOVE = "CONNECTION_CANCEL", "CONNECTION_REMOVE"


async def told(*events: Event) -> Oracle:
    oracle = Oracle(VOCABULARY)
    await oracle.record(events)
    return oracle


async def test_the_same_facts_again_are_a_duplicate_with_the_first_envelope() -> None:
    first = did("LIKE", "ann", country="NO")
    oracle = await told(first)
    assert await oracle.record([again(first, country="SE"), first]) == [Tracked(first, duplicate=True)] * 2
    assert await oracle.event(first.id) == first


async def test_other_facts_under_a_taken_id_are_a_conflict_also_within_one_call() -> None:
    oracle = Oracle(VOCABULARY)
    first, other = did("LIKE", "ann", id="a"), did("LIKE", "bob", id="a")
    assert await oracle.record([first, other]) == [Tracked(first, duplicate=False), IdConflict("a", first)]


async def test_a_retracted_event_is_found_by_id_only_and_stays_retracted() -> None:
    like = did("LIKE", "ann")
    oracle = await told(like)
    gone = await oracle.retract(like.id, "mistake", at(60))
    assert isinstance(gone, Retracted)
    assert (gone.event.retracted_at, gone.event.retract_reason) == (at(60), "mistake")
    assert await oracle.retract(like.id, "again", at(90)) == gone
    assert await oracle.record([like]) == [Tracked(gone.event, duplicate=True)]
    assert await oracle.event(like.id) == gone.event
    assert await oracle.recent("ann", 10, 0) == []
    assert await oracle.seen(["ann"]) == [False]
    assert isinstance(await oracle.retract("unheard", None, at(0)), NotFound)


async def test_events_come_newest_first_by_time_then_id_page_by_page() -> None:
    a, b, c = did("VIEW", "ann", id="a"), did("VIEW", "ann", id="b"), did("VIEW", "ann", seconds=-1, id="c")
    oracle = await told(c, a, b)
    page = await oracle.events(EventFilter(), 2, None)
    assert (page.events, page.has_next) == ((b, a), True)
    rest = await oracle.events(EventFilter(), 2, page.cursors[-1])
    assert (rest.events, rest.has_next) == ((c,), False)
    assert await oracle.recent("ann", 1, 1) == [a]
    with pytest.raises(InvalidCursor):
        await oracle.events(EventFilter(), 2, "nonsense")


@pytest.mark.parametrize(
    ("filter", "ids"),
    [
        (EventFilter(user_id="ann"), "ca"),
        (EventFilter(types=("post:view", "social:follow")), "ba"),
        (EventFilter(categories=("article",)), "c"),
        (EventFilter(actions=("view",)), "ca"),
        (EventFilter(content=POST), "a"),
        (EventFilter(target_user_id="ann"), "b"),
        (EventFilter(session_id="s"), "b"),
        (EventFilter(since=at(1)), "cb"),
        (EventFilter(until=at(2)), "ba"),
        (EventFilter(types=()), ""),
    ],
)
async def test_every_filter_narrows(filter: EventFilter, ids: str) -> None:
    oracle = await told(
        did("VIEW", "ann", POST, 0, id="a"),
        met("FOLLOW", "bob", "ann", 1, id="b", session_id="s"),
        did("VIEW", "ann", ARTICLE, 2, id="c"),
    )
    assert "".join(e.id for e in (await oracle.events(filter, 9, None)).events) == ids


async def test_a_session_spans_its_events_and_counts_distinct_things_looked_at() -> None:
    phone = Device("MOBILE")
    events = [
        active("LOGIN", "ann", 0, session_id="s"),
        active("LOGIN", "ann", 1, session_id="s"),
        did("VIEW", "ann", POST, 2, session_id="s", device=phone),
        did("LIKE", "ann", POST, 3, session_id="s", device=Device("DESKTOP")),
        visited("ann", "bob", 4, session_id="s"),
        active("PAGE_VIEW", "ann", 5, EntityRef("project", "1"), session_id="s"),
    ]
    oracle = await told(*reversed(events))
    session = await oracle.session("s")
    assert session is not None
    assert (session.entry, session.exit, session.events) == (events[0], events[-1], tuple(events))
    assert (session.start, session.end, session.duration_ms) == (at(0), at(5), 5000)
    assert (session.depth, session.event_count, session.device) == (4, 6, phone)
    assert await oracle.session("other") is None


async def test_a_summary_counts_people_sessions_types_and_days() -> None:
    oracle = await told(
        did("VIEW", "ann", POST, 0, session_id="s"),
        did("LIKE", "ann", POST, 1, session_id="s"),
        did("VIEW", "bob", ARTICLE, 86_400),
        met("FOLLOW", "bob", "ann", 86_401, session_id="t"),
    )
    summary = await oracle.summary(EventFilter())
    assert (summary.total_events, summary.unique_users, summary.sessions) == (4, 2, 2)
    assert summary.by_category == (("post", 2), ("article", 1), ("social", 1))
    assert summary.by_type[0] == ("article:view", 1)
    assert (summary.most_active_day, summary.most_common_action) == ("2026-03-01", "view")
    nothing = await oracle.summary(EventFilter(user_id="eve"))
    assert (nothing.total_events, nothing.most_active_day, nothing.most_common_action) == (0, None, None)


async def test_a_state_is_what_the_latest_event_says_and_counts_people() -> None:
    on, off = did("LIKE", "ann", seconds=1), did("UNLIKE", "ann", seconds=2)
    oracle = await told(off, on, did("LIKE", "bob", seconds=0), did("LIKE", "bob", seconds=3))
    (engagement,) = await oracle.engagements([POST], at(10))
    assert (engagement.likes, engagement.unique_users) == (1, 2)
    assert engagement.by_type == (("post:like", 3), ("post:unlike", 1))
    assert engagement.score == 3
    await oracle.retract(off.id, None, at(10))
    (engagement,) = await oracle.engagements([POST], at(10))
    assert (engagement.likes, engagement.score) == (2, 6)


async def test_at_the_same_instant_the_larger_id_decides_a_state() -> None:
    oracle = await told(did("UNLIKE", "ann", id="b"), did("LIKE", "ann", id="a"))
    relation = await oracle.relation_to("ann", POST)
    assert relation is not None
    assert (relation.states, relation.by_type) == ((), (("post:like", 1), ("post:unlike", 1)))


async def test_engagement_adds_up_counts_time_scroll_and_score() -> None:
    oracle = await told(
        did("VIEW", "ann", duration_ms=100, scroll_depth=0.5),
        did("VIEW", "ann", duration_ms=50, scroll_depth=1.0),
        did("COMMENT", "bob"),
        did("REPLY", "ann"),
        did("SHARE", "bob"),
        did("SAVE", "bob"),
        did("HIDE", "cat"),
        met("COMMENT", "dan", "ann", content=POST),
    )
    (engagement, unknown) = await oracle.engagements([POST, ARTICLE], at(0))
    assert (engagement.views, engagement.comments, engagement.shares, engagement.saves) == (2, 2, 1, 1)
    assert (engagement.unique_users, engagement.time_spent_ms, engagement.average_scroll_depth) == (2, 150, 0.75)
    assert engagement.score == 2 * 1 + 2 * 5 + 6 + 4 - 5
    assert (unknown.views, unknown.unique_users, unknown.popularity, unknown.by_type) == (0, 0, 0.0, ())


async def test_popularity_decays_each_persons_first_touch() -> None:
    oracle = await told(did("VIEW", "ann"), did("SHARE", "ann", seconds=60))
    units = [18 * 3600 / (300 * 6**k) for k in range(7)]
    fresh = sum(units) + units[-1] / 6
    aged = sum(u * 2 ** -(3600 / (300 * 6**k)) for k, u in enumerate(units)) + units[-1] / 6
    popularities = [(await oracle.engagements([POST], at(s)))[0].popularity for s in (-99, 0, 3600)]
    assert popularities == pytest.approx([fresh, fresh, aged])


async def test_community_membership_is_a_state_of_the_content() -> None:
    club = ContentRef("COMMUNITY", "7")
    oracle = await told(active("COMMUNITY_JOIN", "ann", 0, EntityRef("community", "7")))
    relation = await oracle.relation_to("ann", club)
    assert relation is not None
    assert (relation.states, relation.by_type) == (("COMMUNITY_JOIN",), (("community:join", 1),))
    assert await oracle.contents([club]) != [None]


async def test_registering_keeps_what_is_not_said() -> None:
    oracle = Oracle(VOCABULARY)
    await oracle.register([Registration(content=POST, author_id="ann", tags=("a",))])
    answers = await oracle.register([Registration(content=POST, author_id="bob", language="no")])
    assert await oracle.contents([POST, ARTICLE]) == [*answers, None]  # type: ignore[misc]
    (content,) = await oracle.contents([POST])
    assert content is not None
    assert (content.author_id, content.tags, content.language) == ("bob", ("a",), "no")
    assert await oracle.seen(["ann", "bob", "cat"]) == [False, True, False]


async def standing(*events: Event) -> tuple[ConnectionStatus, str | None, float, int | None] | None:
    """Status, requester, seconds of since and response of ann and bob."""
    oracle = await told(*events)
    found = await oracle.connection("ann", "bob")
    mirrored = await oracle.connection("bob", "ann")
    if found is None or mirrored is None:
        assert found is mirrored
        return None
    assert (mirrored.status, mirrored.since, mirrored.other_id) == (found.status, found.since, "ann")
    return found.status, found.requested_by, (found.since - at(0)) / timedelta(seconds=1), found.response_ms


Line = tuple[str, str, float]
ANN_ASKS, BOB_ASKS, BOB_AGREES = ("ann", REQUEST, 1.0), ("bob", REQUEST, 2.0), ("bob", ACCEPT, 3.0)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([ANN_ASKS], (ConnectionStatus.REQUESTED, "ann", 1, None)),
        ([ANN_ASKS, ("ann", REQUEST, 2)], (ConnectionStatus.REQUESTED, "ann", 1, None)),
        ([ANN_ASKS, BOB_ASKS], (ConnectionStatus.ACCEPTED, "ann", 2, 1000)),
        ([ANN_ASKS, BOB_AGREES], (ConnectionStatus.ACCEPTED, "ann", 3, 2000)),
        ([BOB_AGREES, ANN_ASKS], (ConnectionStatus.ACCEPTED, "ann", 3, 2000)),
        ([ANN_ASKS, ("ann", ACCEPT, 2)], (ConnectionStatus.REQUESTED, "ann", 1, None)),
        ([ANN_ASKS, ("bob", DECLINE, 2)], (ConnectionStatus.DECLINED, "ann", 2, 1000)),
        ([ANN_ASKS, ("ann", CANCEL, 2)], (ConnectionStatus.CANCELLED, "ann", 2, None)),
        ([ANN_ASKS, ("bob", CANCEL, 2)], (ConnectionStatus.REQUESTED, "ann", 1, None)),
        ([ANN_ASKS, ("bob", REMOVE, 2)], (ConnectionStatus.REQUESTED, "ann", 1, None)),
        ([ANN_ASKS, BOB_AGREES, ("ann", REMOVE, 4)], (ConnectionStatus.REMOVED, "ann", 4, 2000)),
        ([ANN_ASKS, BOB_AGREES, ("bob", DECLINE, 4)], (ConnectionStatus.ACCEPTED, "ann", 3, 2000)),
        ([ANN_ASKS, ("bob", DECLINE, 2), ("bob", REQUEST, 3)], (ConnectionStatus.REQUESTED, "bob", 3, None)),
        ([("bob", ACCEPT, 0)], None),
        ([("bob", ACCEPT, 0), ANN_ASKS], (ConnectionStatus.ACCEPTED, "ann", 1, 0)),
        ([("bob", ACCEPT, 0), ("bob", DECLINE, 0.5), ANN_ASKS], (ConnectionStatus.DECLINED, "ann", 1, 0)),
        ([("bob", ACCEPT, 0), ("ann", CANCEL, 0.5), ANN_ASKS], (ConnectionStatus.REQUESTED, "ann", 1, None)),
        ([("bob", ACCEPT, 0), ("ann", REMOVE, 0.5), ANN_ASKS], (ConnectionStatus.REQUESTED, "ann", 1, None)),
        ([("ann", ACCEPT, 0), ANN_ASKS], (ConnectionStatus.REQUESTED, "ann", 1, None)),
        ([("bob", REMOVE, 0)], None),
    ],
)
async def test_a_connection_is_what_its_events_settle_to(
    lines: Sequence[Line], expected: tuple[ConnectionStatus, str | None, float, int | None] | None
) -> None:
    assert await standing(*(met(n, who, "bob" if who == "ann" else "ann", s) for who, n, s in lines)) == expected


async def test_connections_by_status_latest_first_then_by_id() -> None:
    asks = [met(REQUEST, "ann", other, seconds) for other, seconds in (("eve", 1), ("cat", 2), ("bob", 2))]
    oracle = await told(*asks, met(ACCEPT, "dan", "ann", 0), met(REQUEST, "ann", "dan", 5))

    async def others(status: ConnectionStatus, first: int) -> list[str]:
        found: list[Connection] = await oracle.connections("ann", status, first)
        return [c.other_id for c in found]

    assert await others(ConnectionStatus.REQUESTED, 9) == ["bob", "cat", "eve"]
    assert await others(ConnectionStatus.REQUESTED, 1) == ["bob"]
    assert await others(ConnectionStatus.ACCEPTED, 9) == ["dan"]


async def test_visitors_are_counted_within_the_window_latest_first() -> None:
    oracle = await told(
        visited("bob", "ann", 1), visited("bob", "ann", 5), visited("cat", "ann", 5), visited("ann", "ann", 2)
    )
    rows = [(v.user_id, v.visits, v.repeated) for v in await oracle.visitors("ann", None, 9)]
    assert rows == [("cat", 1, False), ("bob", 2, True), ("ann", 1, False)]
    assert [(v.user_id, v.visits) for v in await oracle.visitors("ann", at(5), 1)] == [("cat", 1)]


async def test_a_relation_has_states_counts_and_times_of_one_direction() -> None:
    oracle = await told(
        met("FOLLOW", "ann", "bob", 1), met("BLOCK", "ann", "bob", 2), met("UNFOLLOW", "ann", "bob", 3),
        visited("ann", "bob", 4), did("LIKE", "ann", seconds=9),
    )  # fmt: skip
    relation = await oracle.relation("ann", "bob")
    assert relation is not None
    assert (relation.states, relation.first_at, relation.last_at) == (("BLOCK",), at(1), at(4))
    assert [name for name, _ in relation.by_type] == [
        "profile:visit",
        "social:block",
        "social:follow",
        "social:unfollow",
    ]
    assert await oracle.relation("bob", "ann") is None


async def test_a_conversation_counts_what_was_read_and_how_long_it_took() -> None:
    one, two = (ContentRef("CONVERSATION_MESSAGE", str(n)) for n in (1, 2))
    oracle = await told(
        met("MESSAGE_SENT", "ann", "bob", 0, content=one),
        met("MESSAGE_SENT", "ann", "bob", 1, content=two),
        met("MESSAGE_SENT", "ann", "bob", 9),
        met("MESSAGE_SENT", "bob", "ann", 2),
        met("MESSAGE_READ", "bob", "ann", 3, content=one),
        met("MESSAGE_READ", "bob", "ann", 4, content=one),
        met("MESSAGE_READ", "ann", "bob", 2),
    )
    talk = await oracle.conversation("ann", "bob")
    assert (talk.sent, talk.received, talk.sent_and_read, talk.received_and_read) == (3, 1, 1, 1)
    assert (talk.mean_read_latency_ms, talk.last_message_at) == (3000, at(9))
    await oracle.record([met("MESSAGE_READ", "bob", "ann", 5)])
    talk = await oracle.conversation("ann", "bob")
    assert (talk.sent_and_read, talk.mean_read_latency_ms) == (2, (3000 + 4000) / 2)
    nothing = await oracle.conversation("ann", "cat")
    assert (nothing.sent, nothing.mean_read_latency_ms, nothing.last_message_at) == (0, None, None)
