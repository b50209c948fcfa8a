"""However an operation is written, it gets no further than its caller may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from graphql import parse
from hypothesis import given
from hypothesis import strategies as st

from schema.access import access, operation_of
from schema.given import UNREADABLE, source
from schema.permissions import standard
from schema.permitting import may_record
from schema.principal import LOCAL, NOBODY, Principal, Role
from signals.outcomes import IdConflict, TrackOutcome
from tests.factories import did
from tests.unit.surface import SCHEMA, Ports, ask

ANN = Principal("key-ann", Role.CLIENT, "ann")
RANKER = Principal("key-ranker", Role.SERVICE)
ANALYST = Principal("key-analyst", Role.ANALYST)


def refused(query: str, caller: Principal = ANN, name: str | None = None, **variables: Any) -> list[str]:
    """The fields that the caller may not have."""
    document = parse(query)
    operation = operation_of(document, name)
    assert operation is not None
    needed = access(SCHEMA._schema, standard(), caller.role, document, operation)
    return [problem.coordinate for problem in needed.refused(caller.user_id, variables)]


@pytest.mark.parametrize(
    "query",
    [
        '{ user(id: "ann") { id streak { current } recentActivity { id user { streak { current } } } } }',
        '{ user(id: "ann") { connections { user { behaviour { events } } other { id } } } }',
        '{ user(id: "ann") { sessions { entry { metadata user { points { total } } } } profileVisitors { visits } } }',
        '{ events(filter: {userId: "ann"}) { edges { node { id metadata user { streak { current } } } } } }',
        '{ events(filter: {userId: "ann"}) { edges { node { ... on SocialInteraction { targetUser { id } } } } } }',
        '{ content(ref: {type: POST, id: 1}) { author { id } engagement { likes } relationOf(userId: "ann") '
        "{ states } } }",
        '{ feedSignals(viewerId: "ann", candidates: []) { candidates { score socialProof { witnesses { user { id } } } '
        "} } }",
        '{ affinities(viewerId: "ann", userIds: ["bob"]) { score user { id } } }',
        '{ trending { score } topContent(since: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z") { likes } }',
        '{ trending(viewerId: "ann") { score } pathBetween(fromId: "ann", toId: "bob") { length } }',
        '{ activitySummary(filter: {userId: "ann", targetUserId: "bob"}) { totalEvents } }',
        "{ __typename __schema { types { name } } }",
        'mutation { trackActivity(input: {userId: "bob", activity: LOGIN}) { ... on Tracked { event { metadata } } } }',
        "mutation { retract(eventId: 1) { ... on Retracted { event { user { streak { current } } } } } }",
    ],
)
def test_a_client_reads_itself(query: str) -> None:
    assert refused(query) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('{ user(id: "bob") { id } }', ["Query.user"]),
        ('{ user(id: 5) { id } a: user(id: "ann") { id } }', ["Query.user"]),
        ('{ a: user(id: "ann") { id } b: user(id: "bob") { streak { current } } }', ["Query.user"]),
        ("{ content(ref: {type: POST, id: 1}) { author { streak { current } } } }", ["User.streak"]),
        ('{ content(ref: {type: POST, id: 1}) { relationOf(userId: "bob") { states } } }', ["Content.relationOf"]),
        ('{ user(id: "ann") { connections { other { behaviour { events } } } } }', ["User.behaviour"]),
        ('{ user(id: "ann") { connections { requestedBy { points { total } } } } }', ["User.points"]),
        ('{ user(id: "ann") { ties { user { recentActivity { id } } } } }', ["User.recentActivity"]),
        ('{ user(id: "ann") { profileVisitors { user { streak { current } } } } }', ["User.streak"]),
        ('{ user(id: "ann") { sessions { events { id } } } }', ["Session.events"]),
        ('{ user(id: "ann") { sessions { exit { id } } } }', ["Session.exit"]),
        (
            '{ user(id: "ann") { recentActivity { ... on SocialInteraction { targetUser { streak { current } } } } } }',
            ["User.streak"],
        ),
        (
            '{ events(filter: {userId: "ann"}) { edges { node { ... on ProfileVisit { profileUser { ties { score } '
            "} } } } } }",
            ["User.ties"],
        ),
        ("{ events { edges { node { id } } } }", ["Query.events"]),
        ("{ events(filter: null) { edges { cursor } } }", ["Query.events"]),
        ('{ events(filter: {targetUserId: "ann"}) { edges { cursor } } }', ["Query.events"]),
        ("{ events(filter: {userId: null}) { edges { cursor } } }", ["Query.events"]),
        ('{ sessions(filter: {userId: "bob"}) { id } }', ["Query.sessions"]),
        ("{ event(id: 1) { id } session(id: 1) { id } }", ["Query.event", "Query.session"]),
        (
            '{ feedSignals(viewerId: "ann", candidates: []) { candidates { socialProof { witnesses { user { ties '
            "{ score } } } } } } }",
            ["User.ties"],
        ),
        ('{ feedSignals(viewerId: "bob", candidates: []) { candidates { score } } }', ["Query.feedSignals"]),
        ('{ trending(viewerId: "bob") { score } }', ["Query.trending"]),
        ('{ pathBetween(fromId: "ann", toId: "bob") { steps { outgoing } } }', ["SocialPath.steps"]),
        ('{ pathBetween(fromId: "bob", toId: "ann") { length } }', ["Query.pathBetween"]),
        ('{ affinities(viewerId: "ann", userIds: ["bob"]) { blocked } }', ["Affinity.blocked"]),
        ("{ activitySummary { totalEvents } }", ["Query.activitySummary"]),
        (
            "mutation { registerContent(input: {content: {type: POST, id: 1}}) { __typename } }",
            ["Mutation.registerContent"],
        ),
        (
            'mutation { trackActivity(input: {userId: "ann", activity: LOGIN}) { ... on IdConflict { recorded { ... on '
            "ProfileVisit { profileUser { streak { current } } } } } } }",
            ["User.streak"],
        ),
        (
            "mutation { trackBatch(events: []) { results { ... on Tracked { event { ... on SocialInteraction { "
            "targetUser { streak { current } } } } } } } }",
            ["User.streak"],
        ),
    ],
)
def test_a_client_reads_nobody_else(query: str, expected: list[str]) -> None:
    assert refused(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        '{ x: user(id: "bob") { y: streak { z: current } } }',
        '{ ...f } fragment f on Query { user(id: "bob") { id } }',
        '{ ...f } fragment f on Query { ...g } fragment g on Query { user(id: "bob") { id } }',
        '{ ... { user(id: "bob") { id } } }',
        '{ ... on Query @include(if: true) { user(id: "bob") { id } } }',
        '{ user(id: "bob") @skip(if: true) { id } }',
        'query($w: Boolean = false) { user(id: "bob") @include(if: $w) { id } }',
        'query($u: ID = "bob") { user(id: $u) { id } }',
        'query A { user(id: "bob") { id } } query B { __typename }',
        '{ user(id: "ann") { ...u connections { other { ...u } } } } fragment u on User { id streak { current } }',
        '{ user(id: "ann") { connections { other { ...u } } ...u } } fragment u on User { id streak { current } }',
    ],
)
def test_no_way_of_writing_hides_it(query: str) -> None:
    assert refused(query, name="A" if "query A" in query else None) in (["Query.user"], ["User.streak"])


@pytest.mark.parametrize(
    ("variables", "allowed"),
    [
        ({"u": "ann"}, True),
        ({"u": "bob"}, False),
        ({"u": None}, False),
        ({}, False),
        ({"u": ["ann"]}, True),
        ({"u": ["ann", "bob"]}, False),
        ({"u": {"id": "ann"}}, False),
        ({"u": "Ann"}, False),
        ({"u": " ann"}, False),
        ({"v": "ann"}, False),
    ],
)
def test_variables_are_looked_at_in_each_request(variables: dict[str, Any], allowed: bool) -> None:
    assert (refused("query($u: ID!) { user(id: $u) { id } }", **variables) == []) is allowed


@pytest.mark.parametrize(
    ("filter", "allowed"),
    [
        ({"userId": "ann"}, True),
        ({"userId": "ann", "types": ["post:like"]}, True),
        ({"userId": "bob"}, False),
        ({"targetUserId": "ann"}, False),
        ({}, False),
        (None, False),
        ("ann", False),
        ([{"userId": "ann"}], False),
    ],
)
def test_ids_within_an_input_object_are_found(filter: Any, allowed: bool) -> None:
    whole = "query($f: EventFilter) { events(filter: $f) { edges { cursor } } }"
    assert (refused(whole, f=filter) == []) is allowed
    if isinstance(filter, dict):
        part = "query($u: ID) { events(filter: {userId: $u}) { edges { cursor } } }"
        assert (refused(part, u=filter.get("userId")) == []) is allowed


def test_a_default_holds_until_the_request_says_otherwise() -> None:
    query = 'query($f: EventFilter = {userId: "ann"}) { events(filter: $f) { edges { cursor } } }'
    assert refused(query) == []
    assert refused(query, f={"userId": "bob"}) == ["Query.events"]
    assert refused(query, f=None) == ["Query.events"]
    assert refused('query($u: ID = "ann") { trending(viewerId: $u) { score } }', u="bob") == ["Query.trending"]


def test_numbers_are_the_text_that_they_stand_for() -> None:
    seven = Principal("key-7", Role.CLIENT, "7")
    assert refused("{ user(id: 7) { id } }", seven) == []
    assert refused("query($u: ID!) { user(id: $u) { id } }", seven, u=7) == []
    assert refused("{ user(id: -0) { id } }", Principal("key-0", Role.CLIENT, "0")) == ["Query.user"]
    for odd in (True, 7.0, 8, [8, 7]):
        assert refused("query($u: ID!) { user(id: $u) { id } }", seven, u=odd) == ["Query.user"]


def test_who_is_no_user_owns_nothing() -> None:
    for caller in (NOBODY, Principal("key", Role.CLIENT, ""), Principal("key", Role.CLIENT)):
        for id in ("", None, "None", "nobody"):
            assert refused("query($u: ID) { user(id: $u) { id } }", caller, u=id) == ["Query.user"]
        assert may_record(caller) == ""


def test_whom_each_role_may_record() -> None:
    assert [may_record(caller) for caller in (ANN, RANKER, ANALYST, LOCAL)] == ["ann", None, "", None]


@pytest.mark.parametrize(
    "query",
    [
        '{ user(id: "bob") { streak { current } ties { user { behaviour { events } } } } }',
        "{ events { edges { node { user { id } } } } event(id: 1) { id } session(id: 1) { events { id } } }",
        "mutation { registerContent(input: {content: {type: POST, id: 1}}) { __typename } }",
    ],
)
def test_a_service_does_all_that_is_no_administration(query: str) -> None:
    assert refused(query, RANKER) == []
    assert refused(query, LOCAL) == []
    assert refused(query, ANALYST)


SPAN = 'since: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z"'


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"{{ engagementTrends({SPAN}) {{ series {{ group total }} }} }}", []),
        (f"{{ activeUsers({SPAN}) {{ dau }} topContent({SPAN}) {{ content {{ id engagement {{ likes }} }} }} }}", []),
        ("{ activitySummary { totalEvents } trending { score } populationHabits { reply } }", []),
        (f"{{ engagementTrends({SPAN}, filter: {{content: {{type: POST, id: 1}}}}) {{ timeZone }} }}", []),
        (f'{{ engagementTrends({SPAN}, viewerId: "bob") {{ timeZone }} }}', ["Query.engagementTrends"]),
        (f'{{ engagementTrends({SPAN}, filter: {{userId: "bob"}}) {{ timeZone }} }}', ["Query.engagementTrends"]),
        ('{ activitySummary(filter: {sessionId: "s"}) { totalEvents } }', ["Query.activitySummary"]),
        ('{ activitySummary(filter: {targetUserId: "bob"}) { totalEvents } }', ["Query.activitySummary"]),
        (f'{{ activeUsers({SPAN}, viewerId: "bob") {{ dau }} }}', ["Query.activeUsers"]),
        (f'{{ topContent({SPAN}, viewerId: "bob") {{ likes }} }}', ["Query.topContent"]),
        ('{ trending(viewerId: "bob") { score } }', ["Query.trending"]),
        ("{ trending { content { author { id } } } }", ["Content.author"]),
        ('{ content(ref: {type: POST, id: 1}) { relationOf(userId: "bob") { states } } }', ["Content.relationOf"]),
        ('{ user(id: "bob") { id } }', ["Query.user"]),
        ("{ events { edges { cursor } } }", ["Query.events"]),
        ("{ sessions { id } }", ["Query.sessions"]),
        ('{ feedSignals(viewerId: "a", candidates: []) { asOf } }', ["Query.feedSignals"]),
        (
            'mutation { trackActivity(input: {userId: "a", activity: LOGIN}) { __typename } }',
            ["Mutation.trackActivity"],
        ),
    ],
)
def test_an_analyst_reads_aggregates(query: str, expected: list[str]) -> None:
    assert refused(query, ANALYST) == expected


def test_a_field_without_an_entry_is_forbidden_to_everybody() -> None:
    whole = standard()
    rules = {coordinate: rule for coordinate, rule in whole.rules.items() if coordinate != "Query.content"}
    document = parse("{ content(ref: {type: POST, id: 1}) { id } }")
    operation = operation_of(document, None)
    assert operation is not None
    for role in Role:
        found = access(SCHEMA._schema, replace(whole, rules=rules), role, document, operation)
        assert [p.message for p in found.refused("ann", {})] == [
            "Query.content: nobody may have this; it has no entry in permissions.toml."
        ]


def test_fragments_that_come_again_cost_nothing() -> None:
    deep = "".join(f"fragment f{n} on User {{ a: id ...f{n + 1} b: id ...f{n + 1} }} " for n in range(60))
    query = f'{{ user(id: "ann") {{ ...f0 }} }} {deep} fragment f60 on User {{ id }}'
    assert refused(query) == []


@given(st.sampled_from(["ann", "anne", "ANN", "ann "]) | st.text() | st.none() | st.integers() | st.booleans())
def test_only_the_own_id_is_the_own_id(value: Any) -> None:
    for query in (
        "query($u: ID!) { user(id: $u) { id } }",
        "query($u: ID) { sessions(filter: {userId: $u}) { id } }",
    ):
        assert (refused(query, u=value) == []) == (value == "ann")


def test_what_is_no_id_is_nobodys() -> None:
    argument = parse("{ user(id: [true]) { id } }").definitions[0].selection_set.selections[0].arguments[0]  # type: ignore[attr-defined]
    assert source(argument.value, (), {}).of({}) == UNREADABLE


async def test_nothing_of_a_refused_operation_runs() -> None:
    ports = Ports()
    answer = await ask(ports, '{ trending { score } user(id: "bob") { id } }', principal=ANN)
    assert answer.codes() == ["FORBIDDEN"]
    assert answer.errors[0].message == "Query.user: as client you may ask this only where `id` is your own user id."
    assert (answer.errors[0].extensions or {})["field"] == "Query.user"
    assert answer.data is None
    assert ports.calls == []


async def test_it_says_which_role_is_needed() -> None:
    answer = await ask(Ports(), "{ event(id: 1) { id } }", principal=ANALYST)
    assert [e.message for e in answer.errors] == [
        "Query.event: this needs the role service or admin; yours is analyst."
    ]
    own = await ask(Ports(), "{ content(ref: {type: POST, id: 1}) { author { streak { current } } } }", principal=ANN)
    assert own.errors[0].message == (
        "User.streak: as client you may read this of yourself only, below `user` with your own id."
    )


BATCH = """mutation($e: [EventInput!]!) { trackBatch(events: $e) { tracked invalid refused results {
    __typename ... on Refused { reason message } } } }"""


async def test_a_client_records_as_itself_and_the_others_go_on() -> None:
    like = {"interaction": "LIKE", "content": {"type": "POST", "id": "1"}}
    batch = [
        {"content": {"userId": "ann", **like}},
        {"content": {"userId": "bob", **like}},
        {"social": {"userId": "bob", "interaction": "FOLLOW", "targetUserId": "ann"}},
        {"profileVisit": {"visitorId": "bob", "profileUserId": "ann"}},
        {"profileVisit": {"visitorId": "ann", "profileUserId": "bob"}},
        {"activity": {"userId": "", "activity": "LOGIN"}},
        {"activity": {"userId": "ann", "activity": "LOGIN"}},
    ]
    ports = Ports()
    answer = await ask(ports, BATCH, {"e": batch}, principal=ANN)
    assert answer.data is not None
    found = answer.data["trackBatch"]
    assert [found["tracked"], found["invalid"], found["refused"]] == [3, 1, 3]
    kinds = [result["__typename"] for result in found["results"]]
    assert kinds == ["Tracked", "Refused", "Refused", "Refused", "Tracked", "InvalidInput", "Tracked"]
    assert found["results"][1]["reason"] == "NOT_ALLOWED"
    assert {event.user_id for event in ports.recorded()} == {"ann"}
    assert (await ask(Ports(), BATCH, {"e": batch}, principal=RANKER)).data == {
        "trackBatch": found | {"tracked": 6, "refused": 0, "results": [
            {"__typename": "InvalidInput" if kind == "InvalidInput" else "Tracked"} for kind in kinds
        ]}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("trackContentInteraction", '{userId: "%s", interaction: LIKE, content: {type: POST, id: 1}}'),
        ("trackSocialInteraction", '{userId: "%s", interaction: FOLLOW, targetUserId: "cem"}'),
        ("trackProfileVisit", '{visitorId: "%s", profileUserId: "cem"}'),
        ("trackActivity", '{userId: "%s", activity: LOGIN}'),
    ],
)
async def test_each_way_of_recording_asks_who_acts(field: str, given: str) -> None:
    for user, expected in (("ann", "Tracked"), ("bob", "Refused")):
        ports = Ports()
        answer = await ask(ports, f"mutation {{ o: {field}(input: {given % user}) {{ __typename }} }}", principal=ANN)
        assert answer.data == {"o": {"__typename": expected}}, answer.errors
        assert len(ports.recorded()) == (user == "ann")


async def test_an_event_of_somebody_else_under_the_same_id_is_not_shown() -> None:
    query = """mutation($e: [EventInput!]!) { trackBatch(events: $e) { results { __typename
        ... on IdConflict { recorded { id user { id } } } ... on InvalidInput { problems { path } } } } }"""
    login = {"activity": "LOGIN", "userId": "ann"}
    batch = [{"activity": {"id": "theirs", **login}}, {"activity": {"id": "mine", **login}}]
    outcomes: dict[str, TrackOutcome] = {
        "theirs": IdConflict("theirs", did("LIKE", "bob", id="theirs")),
        "mine": IdConflict("mine", did("LIKE", "ann", id="mine")),
    }
    answer = await ask(Ports(outcomes=outcomes), query, {"e": batch}, principal=ANN)
    assert answer.data == {
        "trackBatch": {
            "results": [
                {"__typename": "InvalidInput", "problems": [{"path": ["events", "0", "id"]}]},
                {"__typename": "IdConflict", "recorded": {"id": "mine", "user": {"id": "ann"}}},
            ]
        }
    }
    known = await ask(Ports(outcomes=outcomes), query, {"e": batch}, principal=RANKER)
    assert known.data is not None
    assert [one["__typename"] for one in known.data["trackBatch"]["results"]] == ["IdConflict", "IdConflict"]


async def test_a_client_pings_for_itself() -> None:
    for user, expected in (("ann", "Pinged"), ("bob", "Refused")):
        answer = await ask(
            Ports(), "mutation($u: ID!) { o: pingActivity(userId: $u) { __typename } }", {"u": user}, principal=ANN
        )
        assert answer.data == {"o": {"__typename": expected}}, answer.errors


async def test_a_client_takes_back_what_it_did_itself() -> None:
    for user, expected in (("ann", True), ("bob", False)):
        mine = did("LIKE", user, id="e1")
        ports = Ports(known={"e1": mine})
        answer = await ask(ports, 'mutation { retract(eventId: "e1") { __typename } }', principal=ANN)
        assert answer.data == {"retract": {"__typename": "NotFound"}}, answer.errors
        assert any(call[0] == "retract" for call in ports.calls) is expected
