"""Requests that ask for too much are refused before anything runs, and say what to do."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reads import READS
from schema.api import build_schema
from schema.cost import MOST_FIELDS, shape
from schema.limits import MOST_REPEATED, Limits, repeated
from tests.factories import VOCABULARY
from tests.unit.surface import SCHEMA, Ports, ask


def cost(query: str, variables: dict[str, Any] | None = None, name: str | None = None) -> int | None:
    found = shape(SCHEMA._schema, parse(query), name).cost
    return None if found is None else found.of(variables or {})


async def refusal(query: str, limits: Limits, variables: dict[str, Any] | None = None) -> str | None:
    """Why it was refused; None: it was not."""
    answer = await build_schema(VOCABULARY, limits).execute(query, variables)
    ours = [e for e in answer.errors or () if (e.extensions or {}).get("code") == "LIMIT_EXCEEDED"]
    return ours[0].message if ours else None


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{ user(id: 1) { id } }", {}, 1 + 1),
        ("{ user(id: 1) { id ties(first: 10) { score } } }", {}, 1 + 2 + 10),
        ("{ user(id: 1) { ties { score } } }", {}, 1 + 1 + 50),
        ("query($n: Int) { user(id: 1) { ties(first: $n) { score blocked } } }", {"n": 7}, 1 + 1 + 14),
        ("query($n: Int = 9) { user(id: 1) { ties(first: $n) { score } } }", {}, 1 + 1 + 9),
        ("query($n: Int) { user(id: 1) { ties(first: $n) { score } } }", {}, 1 + 1 + 50),
        ("{ events(first: 4) { edges { node { id type } } } }", {}, 1 + 1 + 4 * (1 + 2)),
        ('query($u: [ID!]!) { affinities(viewerId: "a", userIds: $u) { score } }', {"u": ["b", "c"]}, 1 + 2),
        (
            'query($c: [ContentRef!]!) { feedSignals(viewerId: "a", candidates: $c, witnesses: 2) { candidates '
            "{ score socialProof { witnesses { affinity } } } } }",
            {"c": [{}] * 3},
            1 + 1 + 3 * (2 + (1 + 2)),
        ),
        (
            "{ ...a } fragment a on Query { user(id: 1) { ...b } } fragment b on User { id ...c ...c } "
            "fragment c on User { ties(first: 2) { score } }",
            {},
            1 + 2 + 2,
        ),
    ],
)
def test_the_cost_is_what_may_come(query: str, variables: dict[str, Any], expected: int) -> None:
    assert cost(query, variables) == expected


@given(st.lists(st.integers(0, 500), min_size=1, max_size=4))
def test_lists_in_lists_multiply(sizes: list[int]) -> None:
    query, expected = "score", 1
    for size in reversed(sizes):
        query, expected = f"user {{ ties(first: {size}) {{ {query} }} }}", 1 + 1 + size * expected
    whole = query.replace("user {", 'user(id: "a") {', 1)
    assert cost(f"{{ {whole} }}") == expected


@pytest.mark.parametrize("name", READS)
def test_what_a_ranker_asks_is_within_the_limits(name: str) -> None:
    thousand = {"v": "a", "to": "b", "c": [{}] * 1000, "u": ["b"] * 1000}
    found = shape(SCHEMA._schema, parse(READS[name].question.query), None)
    assert Limits().problem(found, thousand) is None


async def test_each_limit_says_what_to_do() -> None:
    query = "query($n: Int!) { user(id: 1) { a: ties(first: $n) { user { id } } } }"
    assert await refusal(query, Limits(depth=3), {"n": 1}) == (
        "The operation is 4 levels deep; at most 3 are answered. Ask in two requests."
    )
    assert "1 aliases; at most 0" in str(await refusal(query, Limits(aliases=0), {"n": 1}))
    assert "10002 values" in str(await refusal(query, Limits(cost=9_999), {"n": 5000}))
    assert await refusal(query, Limits(cost=30), {"n": 5}) is None


async def test_a_limit_counts_the_variables_of_each_request() -> None:
    schema = build_schema(VOCABULARY, Limits(cost=100))
    query = "query($n: Int!) { user(id: 1) { ties(first: $n) { score } } }"
    for size, refused in ((5, False), (500, True), (6, False)):
        answer = await schema.execute(query, {"n": size})
        codes = [(e.extensions or {}).get("code") for e in answer.errors or ()]
        assert (codes == ["LIMIT_EXCEEDED"]) is refused


async def test_long_texts_are_limited_too() -> None:
    query = "{ user(id: 1) { ties(first: 500) { score } } } # " + "x" * 10_000
    assert "values" in str(await refusal(query, Limits(cost=100)))
    assert await refusal(query.replace("score", "scores"), Limits(cost=100)) is None, "invalid, told as that"


async def test_fragments_that_double_are_refused_at_once() -> None:
    parts = [
        f"fragment f{i} on User {{ a: ties {{ user {{ ...f{i + 1} }} }} b: ties {{ user {{ ...f{i + 1} }} }} }}"
        for i in range(30)
    ]
    query = "{ user(id: 1) { ...f0 } } " + " ".join(parts) + " fragment f30 on User { id }"
    assert str(MOST_FIELDS) in str(await refusal(query, Limits()))


async def test_the_same_fields_again_and_again_are_not_compared() -> None:
    again = " ".join("user(id: 1) { id ties { score } }" for _ in range(1200))
    inline = " ".join("... { a: user(id: 1) { id } }" for _ in range(MOST_REPEATED + 2))
    for query in (f"{{ {again} }}", f"{{ {inline} }}"):
        assert "again" in str(await refusal(query, Limits()))
    assert repeated(parse("{ a: user(id: 1) { id id } b: user(id: 1) { id } ... { a: user(id: 1) { id } } }")) == 2


async def test_too_many_tokens_are_not_parsed() -> None:
    answer = await build_schema(VOCABULARY, Limits(tokens=50)).execute("{ " + "user(id: 1) { id } " * 20 + "}")
    assert "50 tokens" in str(answer.errors)


async def test_of_several_operations_one_is_named() -> None:
    two = 'query A { user(id: "a") { id } } query B { user(id: "b") { id } }'
    answer = await ask(Ports(), two)
    assert answer.data is None
    assert "operationName" in str(answer.errors)
