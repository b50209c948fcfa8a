"""Event inputs arrive as they were sent, wherever in a document they stand."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse, print_ast

from schema.ingest import sound, untyped
from signals.events import ContentRef, Device
from tests.factories import NOON
from tests.unit.surface import SCHEMA, Ports, answered, ask

INLINE = """mutation {
  trackContentInteraction(input: {
    id: 17, userId: "ann", interaction: SCROLL, content: {type: ARTICLE, id: "1"}, scrollDepth: 80, durationMs: 1500,
    occurredAt: "2026-03-01T13:00:00+01:00", device: {type: MOBILE, os: "Android 15"},
    metadata: {list: [1, 2.5, true, null, "x"], nested: {k: "v"}}
  }) { __typename ... on InvalidInput { message } }
}"""


async def test_an_event_may_stand_in_the_query_text() -> None:
    ports = Ports()
    assert (await answered(ports, INLINE))["trackContentInteraction"] == {"__typename": "Tracked"}
    [event] = ports.recorded()
    assert (event.id, event.name, event.content) == ("17", "SCROLL", ContentRef("ARTICLE", "1"))
    assert (event.reported_at, event.scroll_depth, event.duration_ms) == (NOON, 80.0, 1500)
    assert event.device == Device(type="MOBILE", os="Android 15")
    assert event.metadata == {"list": [1, 2.5, True, None, "x"], "nested": {"k": "v"}}


@pytest.mark.parametrize(
    ("declared", "argument", "variables"),
    [
        ("$u: ID!", '{userId: $u, interaction: LIKE, content: {type: POST, id: "1"}}', {"u": "ann"}),
        (
            "$t: ContentInteractionType!",
            '{userId: "ann", interaction: $t, content: {type: POST, id: "1"}}',
            {"t": "LIKE"},
        ),
        ("$c: ContentRef!", '{userId: "ann", interaction: LIKE, content: $c}', {"c": {"type": "POST", "id": "1"}}),
        ("$k: ContentType!", '{userId: "ann", interaction: LIKE, content: {type: $k, id: "1"}}', {"k": "POST"}),
        (
            '$i: ContentInteractionInput = {userId: "ann", interaction: LIKE, content: {type: POST, id: 1}}',
            "$i",
            {},
        ),
        (
            "$at: DateTime!, $m: JSON, $d: DeviceInput, $n: Int",
            '{userId: "ann", interaction: LIKE, content: {type: POST, id: 1}, occurredAt: $at, metadata: {x: [$m]}, '
            "device: $d, durationMs: $n}",
            {"at": "2026-03-01T12:00:00Z", "m": {"y": 1}, "d": {"type": "TABLET"}},
        ),
    ],
)
async def test_variables_stand_for_any_part(declared: str, argument: str, variables: dict[str, Any]) -> None:
    ports = Ports()
    query = f"mutation ({declared}) {{ trackContentInteraction(input: {argument}) {{ __typename }} }}"
    assert (await answered(ports, query, variables))["trackContentInteraction"] == {"__typename": "Tracked"}
    [event] = ports.recorded()
    assert (event.user_id, event.name, event.content) == ("ann", "LIKE", ContentRef("POST", "1"))


EVENT = {"userId": "ann", "interaction": "LIKE", "content": {"type": "POST", "id": "1"}}


@pytest.mark.parametrize(
    ("declared", "argument", "variables"),
    [
        ("$e: [EventInput!]!", "$e", {"e": [{"content": EVENT}, {"content": EVENT}]}),
        ("$e: EventInput!", "[$e, $e]", {"e": {"content": EVENT}}),
        ("$i: ContentInteractionInput!", "[{content: $i}, {content: $i}]", {"i": EVENT}),
        ("$i: ContentInteractionInput!, $e: EventInput!", "[{content: $i}, $e]", {"i": EVENT, "e": {"content": EVENT}}),
        (
            "$u: ID!",
            "[{content: {userId: $u, interaction: LIKE, content: {type: POST, id: 1}}},"
            " {activity: {userId: $u, activity: LOGIN}}]",
            {"u": "ann"},
        ),
    ],
)
async def test_batches_may_mix_text_and_variables(declared: str, argument: str, variables: dict[str, Any]) -> None:
    ports = Ports()
    query = f"mutation ({declared}) {{ trackBatch(events: {argument}) {{ tracked invalid }} }}"
    assert (await answered(ports, query, variables))["trackBatch"] == {"tracked": 2, "invalid": 0}
    assert [event.user_id for event in ports.recorded()] == ["ann", "ann"]


async def test_text_and_variables_pass_the_same_gate() -> None:
    long = "x" * 129
    inline = f'{{userId: "{long}", interaction: LIKE, content: {{type: POST, id: "1"}}}}'
    query = (
        f"mutation {{ trackContentInteraction(input: {inline}) {{ ... on InvalidInput {{ problems {{ path }} }} }} }}"
    )
    data = await answered(Ports(), query)
    assert data["trackContentInteraction"]["problems"] == [{"path": ["userId"]}]


async def test_an_unknown_name_in_an_enums_variable_is_invalid_input() -> None:
    query = """mutation ($t: ContentInteractionType!) {
      trackContentInteraction(input: {userId: "a", interaction: $t, content: {type: POST, id: 1}}) {
        ... on InvalidInput { problems { path } }
      }
    }"""
    data = await answered(Ports(), query, {"t": "LOVE"})
    assert data["trackContentInteraction"]["problems"] == [{"path": ["interaction"]}]


@pytest.mark.parametrize(
    "argument",
    [
        '{userId: "a", interaction: LOVE, content: {type: POST, id: 1}}',
        '{userId: "a", content: {type: POST, id: 1}}',
        '{userId: "a", interaction: LIKE, content: {type: POST, id: 1}, occurredAt: "2026-03-01T12:00:00"}',
        '{userId: "a", interaction: LIKE, content: {type: POST, id: 1}, metadata: {n: [NaN]}}',
        '{userId: "a", interaction: LIKE, content: {type: POST, id: 1}, colour: "red"}',
    ],
)
async def test_a_text_that_cannot_be_is_an_invalid_document(argument: str) -> None:
    ports = Ports()
    answer = await ask(ports, f"mutation {{ trackContentInteraction(input: {argument}) {{ __typename }} }}")
    assert answer.data is None
    assert answer.codes() == [None]
    assert ports.calls == []


async def test_a_variable_of_another_type_is_refused() -> None:
    query = "mutation ($i: ActivityInput!) { trackContentInteraction(input: $i) { __typename } }"
    answer = await ask(Ports(), query, {"i": {}})
    assert "used in position expecting type" in answer.errors[0].message


def test_other_documents_are_left_alone() -> None:
    document = parse(
        "query ($id: ID!, $f: EventFilter) { event(id: $id) { id } events(filter: $f) { edges { cursor } } }"
    )
    assert untyped(document) is document


REFS = 'query ($c: [ContentRef!]!) { feedSignals(viewerId: "ann", candidates: $c) { candidates { content { id } } } }'


@pytest.mark.parametrize(
    ("candidates", "told"),
    [
        ([{"type": "POST", "id": "1"}, {"type": "POST", "id": 2}], None),
        ({"type": "POST", "id": "1"}, None),
        ([], None),
        ([{"type": "POST", "id": "1"}, {"type": "PAOST", "id": "2"}], "PAOST"),
        ([{"type": "POST", "id": "1"}, {"type": ["POST"], "id": "2"}], "ContentType"),
        ([{"type": "POST", "id": 1.5}], "ID"),
        ([{"type": "POST", "id": None}], "ID"),
        ([{"type": "POST"}], "id"),
        ([{"type": "POST", "id": "1", "more": 1}], "more"),
        ([None], "ContentRef"),
        (["POST:1"], "ContentRef"),
        (None, "ContentRef"),
    ],
)
async def test_references_with_something_to_object_to_are_coerced_as_ever(candidates: Any, told: str | None) -> None:
    ports = Ports()
    answer = await ask(ports, REFS, {"c": candidates})
    assert [told in error.message for error in answer.errors if told] == ([True] if told else [])
    assert bool(answer.errors) == bool(told)


def test_references_without_fault_are_passed_on_as_they_came() -> None:
    plain = parse(REFS)
    schema = SCHEMA._schema
    good, bad = [{"type": "POST", "id": "1"}], [{"type": "POST", "id": "1"}, {"type": "POST", "id": 2}]
    assert sound(schema, {"c": good, "d": bad, "e": "x", "f": []}) == {"c", "f"}
    assert untyped(plain, frozenset("d")) is plain
    assert "ContentRef" not in print_ast(untyped(plain, frozenset("c"))).partition("{")[0]
