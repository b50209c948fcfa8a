"""Ranking's reads as callers see them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from graphql import GraphQLObjectType

from schema.selection import FEATURES
from schema.types.feed import Columns
from signals.cut import Cut
from signals.events import EventPage
from signals.feed import Feature
from signals.ranked import CandidateSignals, ClickThrough, PositionRate
from tests.factories import NOON, at, did, met
from tests.unit.crowd import Crowd
from tests.unit.surface import SCHEMA, Ports, answered, ask
from tests.unit.test_feed import ALL, crowd

CORE = SCHEMA._schema
REFS = [{"type": ref.type, "id": ref.id} for ref in ALL]
NUMBERS = ("score", "popularity", "trend", "rising", "authorAffinity", "coAction", "reporters", "seen", "hidden")


def ports(nodes: Crowd | None = None) -> Ports:
    """Ports whose ranking reads are those of a crowd."""
    nodes = nodes or crowd()
    found = Ports()
    found.read, found.hottest = nodes.read, nodes.hottest  # type: ignore[method-assign]
    return found


async def feed(selected: str, nodes: Crowd | None = None, arguments: str = "") -> dict[str, Any]:
    query = f'query ($c: [ContentRef!]!) {{ feedSignals(viewerId: "ann", candidates: $c{arguments}) {{ {selected} }} }}'
    data: dict[str, Any] = (await answered(ports(nodes), query, {"c": REFS}))["feedSignals"]
    return data


async def test_a_candidates_row() -> None:
    data = await feed("""asOf dropped candidates { content { type id } score contributions { signal value weight
      contribution because } popularity trend rising authorAffinity coAction socialProof { count strength witnesses {
      user { id } interaction occurredAt affinity } } rates { clickThrough like comment share save hide } reporters seen
      lastSeenAt myInteractions { type count } hidden hiddenBecause because }""")
    assert (data["asOf"], data["dropped"]) == ("2026-03-31T12:00:00.000Z", [])
    assert [row["content"] for row in data["candidates"]] == REFS
    news, old, _, blocked, nowhere = data["candidates"]
    [witness] = news["socialProof"].pop("witnesses")
    assert witness.pop("affinity") > 0
    assert witness == {"user": {"id": "bea"}, "interaction": "LIKE", "occurredAt": "2026-03-01T12:00:20.000Z"}
    assert news["because"] == "1 person you often message liked it"
    assert abs(sum(part["contribution"] for part in news["contributions"]) - news["score"]) < 1e-9
    assert all(part["contribution"] == part["value"] * part["weight"] for part in news["contributions"])
    assert (old["seen"], old["lastSeenAt"]) == (True, "2026-03-01T12:00:10.000Z")
    assert old["myInteractions"] == [{"type": "post:like", "count": 1}, {"type": "post:view", "count": 1}]
    assert (blocked["hidden"], blocked["hiddenBecause"], blocked["because"]) == (
        True,
        "AUTHOR_BLOCKED",
        "you blocked its author",
    )
    assert (nowhere["score"], nowhere["contributions"], nowhere["because"]) == (0, [], None)


async def test_columns_are_the_rows_turned() -> None:
    data = await feed("""candidates { score popularity trend rising authorAffinity coAction reporters seen lastSeenAt
      hidden hiddenBecause socialProof { count strength } content { type id } rates { clickThrough like comment share
      save hide } contributions { signal contribution } }
      columns { score popularity trend rising authorAffinity coAction reporters seen lastSeenAt hidden hiddenBecause
      socialProofCount socialProofStrength type id rates { clickThrough like comment share save hide } contributions {
      signal contribution } }""")
    rows, columns = data["candidates"], data["columns"]
    for name in NUMBERS:
        assert columns[name] == [row[name] for row in rows], name
    for name in ("count", "strength"):
        assert columns[f"socialProof{name.title()}"] == [row["socialProof"][name] for row in rows]
    for name in ("type", "id"):
        assert columns[name] == [row["content"][name] for row in rows]
    for name in rows[0]["rates"]:
        assert columns["rates"][name] == [row["rates"][name] for row in rows]
    parts = [{part["signal"]: part["contribution"] for part in row["contributions"]} for row in rows]
    names = sorted({name for row in parts for name in row})
    assert [column["signal"] for column in columns["contributions"]] == names
    for column in columns["contributions"]:
        assert column["contribution"] == [row.get(column["signal"], 0) for row in parts]


def test_every_number_has_a_column() -> None:
    shown = {name.name for name in fields(CandidateSignals)} - {"content", "my_interactions", "social_proof"}
    assert shown <= {name for name in dir(Columns) if not name.startswith("_")}


def test_every_field_needs_a_feature_or_nothing() -> None:
    for name in ("CandidateSignals", "FeedColumns"):
        type = CORE.type_map[name]
        assert isinstance(type, GraphQLObjectType)
        assert type.fields.keys() - FEATURES.keys() <= {"content", "type", "id"}
    assert set(FEATURES.values()) == set(Feature)


@pytest.mark.parametrize(
    ("selected", "reads"),
    [
        ("asOf", 0),
        ("candidates { content { id type } }", 0),
        ("candidates { popularity trend }", 1),
        ("columns { popularity rising }", 1),
        ("candidates { ...a } } } fragment a on CandidateSignals { rates { like } ... { p: popularity", 1),
        ("candidates { score }", 3),
        ("columns { coAction }", 2),
        ("candidates { seen }", 2),
        ("candidates { socialProof { count } }", 2),
        ("columns { socialProofCount }", 2),
    ],
)
async def test_only_what_is_selected_is_computed(selected: str, reads: int) -> None:
    nodes = crowd()
    await feed(selected, nodes)
    assert len(nodes.reads) == reads


@pytest.mark.parametrize("selected", ["candidates { because }", "candidates { contributions { because } }"])
async def test_reasons_are_put_into_words_where_they_are_selected(selected: str) -> None:
    assert "you know" in str(await feed(selected)) or "you often" in str(await feed(selected))


async def test_features_decide_where_they_are_given() -> None:
    nodes = crowd()
    data = await feed("candidates { popularity score }", nodes, ", features: [POPULARITY]")
    assert len(nodes.reads) == 1
    assert data["candidates"][0]["popularity"] > 0
    assert data["candidates"][0]["score"] == 0


async def test_presets() -> None:
    home, same, discover = [
        (await feed("columns { contributions { signal } }", None, preset))["columns"]["contributions"]
        for preset in ("", ", preset: HOME", ", preset: DISCOVER")
    ]
    assert home == same != discover


async def test_a_budget_that_runs_out_is_no_error() -> None:
    nodes = crowd()
    nodes.slow = [0, 5]
    data = await feed("dropped candidates { score authorAffinity }", nodes, ", budgetMs: 200")
    assert "AUTHOR_AFFINITY" in data["dropped"]
    assert data["candidates"][0]["score"] > 0


async def test_rows_load_nothing_that_is_not_asked_for() -> None:
    found = ports()
    query = """query ($c: [ContentRef!]!) { feedSignals(viewerId: "ann", candidates: $c) {
      candidates { content { id } score socialProof { witnesses { user { id } } } } } }"""
    await answered(found, query, {"c": REFS})
    assert [call[0] for call in found.calls] == ["habits"]
    await answered(found, query.replace("content { id }", "content { author { id } }"), {"c": REFS})
    assert [call[0] for call in found.calls].count("contents") == 1, "all of them at once"


AFFINITY = """user { id } score contributions { signal contribution } lastInteractionAt outgoing incoming blocked
  mutualConnections { count witnesses { id } } connection { status user { id } other { id } since }"""


async def test_affinities() -> None:
    query = f'{{ affinities(viewerId: "ann", userIds: ["bea", "gus", "nobody", "bea"]) {{ {AFFINITY} }} }}'
    bea, gus, nobody, again = (await answered(ports(), query))["affinities"]
    assert bea == again
    assert bea["score"] > 0
    assert (bea["user"], bea["outgoing"], bea["lastInteractionAt"]) == ({"id": "bea"}, 5, "2026-03-01T12:00:04.000Z")
    assert (gus["blocked"], gus["score"]) == (True, 0)
    assert nobody == {
        "user": {"id": "nobody"},
        "score": 0,
        "contributions": [],
        "lastInteractionAt": None,
        "outgoing": 0,
        "incoming": 0,
        "blocked": False,
        "mutualConnections": {"count": 0, "witnesses": []},
        "connection": None,
    }


async def test_connections_beside_an_affinity() -> None:
    events = [e for a, b in (("ann", "bea"), ("ann", "cat"), ("cat", "bea")) for e in _connected(a, b)]
    query = f'{{ affinities(viewerId: "ann", userIds: ["bea"]) {{ {AFFINITY} }} }}'
    [bea] = (await answered(ports(Crowd(events)), query))["affinities"]
    assert bea["mutualConnections"] == {"count": 1, "witnesses": [{"id": "cat"}]}
    assert bea["connection"] == {
        "status": "ACCEPTED",
        "user": {"id": "ann"},
        "other": {"id": "bea"},
        "since": "2026-03-01T12:00:01.000Z",
    }


def _connected(a: str, b: str) -> list[Any]:
    return [met("CONNECTION_REQUEST", a, b, 0), met("CONNECTION_ACCEPT", b, a, 1)]


async def test_ties_of_a_user() -> None:
    query = f'{{ user(id: "ann") {{ ties {{ {AFFINITY} }} one: ties(first: 1) {{ user {{ id }} }} }} }}'
    user = (await answered(ports(), query))["user"]
    assert [tie["user"]["id"] for tie in user["ties"]] == ["bea", "cat"]
    assert user["one"] == [{"user": {"id": "bea"}}]


async def test_suggested_users() -> None:
    query = """{ suggestedUsers(viewerId: "ann") { user { id } score contributions { signal because }
      socialProof { kind count witnesses { id } } sharedContents because } }"""
    found = (await answered(ports(), query))["suggestedUsers"]
    assert {one["user"]["id"] for one in found} == {"dan", "zoe", "cat"}, "cat wrote without an answer"
    dan = next(one for one in found if one["user"]["id"] == "dan")
    assert dan["socialProof"] == [{"kind": "TALKS", "count": 1, "witnesses": [{"id": "bea"}]}]
    assert dan["because"]


async def test_recommended_content() -> None:
    query = """{ recommendedContent(viewerId: "ann") { content { type id } score contributions { signal }
      sources socialProof { count } because }
      none: recommendedContent(viewerId: "ann", contentType: PAGE) { score } }"""
    data = await answered(ports(), query)
    [news] = data["recommendedContent"]
    assert (news["content"], news["sources"]) == ({"type": "POST", "id": "news"}, ["TIES", "CO_ACTION", "TRENDING"])
    assert data["none"] == []


async def test_trending() -> None:
    query = """{ trending(first: 2) { content { id } score contributions { signal } popularity rising users }
      mine: trending(viewerId: "ann") { content { id } users } pages: trending(contentType: PAGE) { score } }"""
    data = await answered(ports(), query)
    assert [(one["content"]["id"], one["users"]) for one in data["trending"]] == [("news", 2), ("old", 2)]
    assert data["mine"] == [{"content": {"id": "news"}, "users": 1}]
    assert data["pages"] == []


async def test_a_path() -> None:
    query = """query ($to: ID!, $hops: Int) { pathBetween(fromId: "ann", toId: $to, maxHops: $hops) { length
      users { id } steps { from { id } to { id } kinds outgoing incoming lastInteractionAt } } }"""
    path = (await answered(ports(), query, {"to": "dan"}))["pathBetween"]
    assert (path["length"], [user["id"] for user in path["users"]]) == (2, ["ann", "bea", "dan"])
    assert path["steps"][0] == {
        "from": {"id": "ann"},
        "to": {"id": "bea"},
        "kinds": ["INTERACTED"],
        "outgoing": 5,
        "incoming": 0,
        "lastInteractionAt": "2026-03-01T12:00:04.000Z",
    }
    assert await answered(ports(), query, {"to": "zoe"}) == {"pathBetween": None}
    assert await answered(ports(), query, {"to": "dan", "hops": 1}) == {"pathBetween": None}


async def test_a_sequence_of_actions() -> None:
    query = """{ user(id: "ann") { actionSequence(types: ["post:like"], asOf: "2026-03-01T12:00:00Z") { id type } } }"""
    found = Ports(page=EventPage((did("LIKE", "ann", id="e"),), ("c",), False))
    assert (await answered(found, query))["user"]["actionSequence"] == [{"id": "e", "type": "post:like"}]
    assert found.calls[1] == ("sequence", "ann", 100, ("post:like",), Cut(NOON))
    await answered(found, '{ user(id: "ann") { actionSequence(first: 3, types: null) { id } } }')
    assert found.calls[-1] == ("sequence", "ann", 3, None, None)


async def test_click_through() -> None:
    rates = ClickThrough(
        impressions=9,
        clicks=2,
        rate=0.1,
        positions=(PositionRate(position=0, impressions=9, clicks=2, rate=0.1),),
        complete=True,
    )
    found = Ports(known={"click_through": rates})
    query = """{ clickThrough(since: "2026-03-01T12:00:00Z", until: "2026-03-01T12:00:09Z", contentType: POST) {
      impressions clicks rate complete positions { position impressions clicks rate } } }"""
    assert (await answered(found, query))["clickThrough"] == {
        "impressions": 9,
        "clicks": 2,
        "rate": 0.1,
        "complete": True,
        "positions": [{"position": 0, "impressions": 9, "clicks": 2, "rate": 0.1}],
    }
    assert found.calls == [("click_through", NOON, at(9), "POST", None)]


@pytest.mark.parametrize(
    "query",
    [
        'feedSignals(viewerId: "ann", candidates: [{type: POST, id: "news"}], @) { candidates { score } }',
        'affinities(viewerId: "ann", userIds: ["dan"], @) { score }',
        'suggestedUsers(viewerId: "ann", @) { score }',
        'recommendedContent(viewerId: "ann", @) { score }',
        "trending(@) { score }",
        'trending(viewerId: "ann", @) { score }',
        'pathBetween(fromId: "ann", toId: "dan", @) { length }',
        'user(id: "ann") { ties(@) { score } }',
    ],
)
async def test_the_past_can_be_asked_everywhere(query: str) -> None:
    nodes = crowd()
    asked = query.replace("@", "asOf: $t, knownAt: $k")
    text = f"query ($t: DateTime, $k: DateTime) {{ {asked} }}"
    await answered(ports(nodes), text, {"t": "2026-03-01T12:00:30Z", "k": "2026-03-01T13:00:00Z"})
    assert nodes.cuts
    assert set(nodes.cuts) == {Cut(at(30), at(3600))}
    nodes.cuts.clear()
    await answered(ports(nodes), text)
    assert set(nodes.cuts) == {None}


async def test_scores_are_of_the_instant_asked_for() -> None:
    query = '{ affinities(viewerId: "ann", userIds: ["bea"], asOf: "2026-03-01T12:00:30Z") { score } }'
    [then] = (await answered(ports(), query))["affinities"]
    [now] = (await answered(ports(), query.replace(', asOf: "2026-03-01T12:00:30Z"', "")))["affinities"]
    assert then["score"] > now["score"] > 0


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ feedSignals(viewerId: "", candidates: []) { asOf } }', "INVALID_ARGUMENT"),
        ('{ feedSignals(viewerId: "a", candidates: [], budgetMs: 0) { asOf } }', "INVALID_ARGUMENT"),
        ('{ feedSignals(viewerId: "a", candidates: [], witnesses: 21) { asOf } }', "LIMIT_EXCEEDED"),
        ('{ feedSignals(viewerId: "a", candidates: [{type: POST, id: ""}]) { asOf } }', "INVALID_ARGUMENT"),
        ('{ affinities(viewerId: "a", userIds: ["\\u0000"]) { score } }', "INVALID_ARGUMENT"),
        ('{ suggestedUsers(viewerId: "a", first: 501) { score } }', "LIMIT_EXCEEDED"),
        ('{ recommendedContent(viewerId: "a", first: 0) { score } }', "INVALID_ARGUMENT"),
        ("{ trending(first: 501) { score } }", "LIMIT_EXCEEDED"),
        ('{ trending(viewerId: "") { score } }', "INVALID_ARGUMENT"),
        ('{ pathBetween(fromId: "a", toId: "b", maxHops: 7) { length } }', "INVALID_ARGUMENT"),
        ('{ user(id: "a") { ties(first: 501) { score } } }', "LIMIT_EXCEEDED"),
        ('{ user(id: "a") { actionSequence(first: 501) { id } } }', "LIMIT_EXCEEDED"),
        ('{ user(id: "a") { actionSequence(types: ["\\u0007"]) { id } } }', "INVALID_ARGUMENT"),
        (
            '{ clickThrough(since: "2026-03-01T12:00:00Z", until: "2026-03-01T12:00:00Z") { rate } }',
            "INVALID_ARGUMENT",
        ),
    ],
)
async def test_arguments_have_limits(query: str, code: str) -> None:
    assert (await ask(ports(), query)).codes() == [code]


async def test_a_thousand_and_no_more() -> None:
    refs = [{"type": "POST", "id": str(n)} for n in range(1001)]
    query = 'query ($c: [ContentRef!]!) { feedSignals(viewerId: "a", candidates: $c) { candidates { score } } }'
    assert (await ask(ports(), query, {"c": refs})).codes() == ["LIMIT_EXCEEDED"]
    data = await answered(ports(), query, {"c": refs[1:]})
    assert data["feedSignals"]["candidates"] == [{"score": 0}] * 1000
    query = 'query ($u: [ID!]!) { affinities(viewerId: "a", userIds: $u) { score } }'
    assert (await ask(ports(), query, {"u": ["u"] * 1001})).codes() == ["LIMIT_EXCEEDED"]


async def test_defaults_may_be_said_as_null() -> None:
    query = """{ feedSignals(viewerId: "a", candidates: [], asOf: null, knownAt: null, witnesses: null, budgetMs: null,
      preset: null, features: null) { dropped } trending(first: null, contentType: null, viewerId: null) { score }
      pathBetween(fromId: "a", toId: "a", maxHops: null) { length } }"""
    assert (await answered(Ports(), query))["pathBetween"] == {"length": 0}
