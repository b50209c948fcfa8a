"""What README.md and docs/graph.md say is so: saved queries run on every engine, names exist, examples are valid."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import graphql
import pytest
import pytest_asyncio

from graph.driver import Database
from graph.habits import store
from graph.queries import Statement
from graph.writer import Writer
from schema.settings import table
from signals.content import Registration
from signals.events import Device, EntityRef
from signals.habits import Habits
from signals.outcomes import Tracked
from signals.standing import Declaration
from tests.factories import POST, RECEIVED, VOCABULARY, active, did, met, visited

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SDL = ROOT / "schema" / "schema.graphql"
README = (ROOT / "README.md").read_text(encoding="utf-8")
GRAPH = (DOCS / "graph.md").read_text(encoding="utf-8")
QUERIES = [
    Statement(file.stem, file.read_text(encoding="utf-8")) for file in sorted((DOCS / "queries").glob("*.cypher"))
]
PARAMETER = re.compile(r":param (\w+) => '([^']+)'")
KEYS = Statement(
    "keys",
    """// Every property name there is, by label or relationship type.
    MATCH (n) UNWIND keys(n) AS key RETURN DISTINCT labels(n)[0] AS kind, key
    UNION MATCH ()-[r]->() UNWIND keys(r) AS key RETURN DISTINCT type(r) AS kind, key""",
)
Rows = list[tuple[Any, ...]]
ANSWERS: dict[str, tuple[tuple[str, ...], Rows]] = {
    "behind": (("id", "type"), [("event-view", "post:view"), ("event-like", "post:like")]),
    "close-to": (("person", "outgoing", "incoming"), [("bob", 3, 1), ("carol", 0, 1)]),
    "connections": (("person", "status", "requestedBy", "responseMs"), [("bob", "ACCEPTED", "alice", 60_000)]),
    "days": (("events",), [(13,)]),
    "person-events": (
        ("id", "type"),
        [("event-search", "search:query"), ("event-request", "social:connection_request")],
    ),
    "popular": (("type", "id", "people"), [("POST", "42", 2)]),
    "session": (("id", "target"), [("event-view", "POST:42"), ("event-like", "POST:42")]),
}
"""What some of them answer about the world below: columns, and the first rows."""

FORTY_TWO = type(POST)("POST", "42")
EVENTS = (
    did("VIEW", "alice", FORTY_TWO, 0, id="event-view", session_id="s-1", duration_ms=900, scroll_depth=0.5),
    did("LIKE", "alice", FORTY_TWO, 1, id="event-like", session_id="s-1", metadata={"from": "feed"}, position=1),
    did("REACT", "bob", FORTY_TWO, 2, reaction="heart", impression_id="i-1", country="BR", time_zone="America/Recife"),
    met("MESSAGE_SENT", "alice", "bob", 3, context={"thread": 1}, sent_at=RECEIVED, device=Device(type="MOBILE")),
    met("FOLLOW", "alice", "bob", 4),
    visited("carol", "alice", 5, source="search"),
    met("CONNECTION_REQUEST", "alice", "bob", 6, id="event-request"),
    met("CONNECTION_ACCEPT", "bob", "alice", 66),
    met("CONNECTION_REQUEST", "carol", "dave", 67),
    met("CONNECTION_ACCEPT", "dave", "carol", 68),
    active("SEARCH", "alice", 70, entity=EntityRef("project", "p-1"), points=2.5, id="event-search"),
    active("LOGIN", "dave", 71),
    did("SHARE", "dave", POST, 72, id="event-taken-back"),
    did("IMPRESSION", "bob", FORTY_TWO, 1, impression_id="i-1", position=3),
)


@pytest_asyncio.fixture
async def world(database: Database) -> Database:
    """A small world in which every property of the drawing occurs."""
    writer = Writer(database, VOCABULARY, deadline=60.0)
    await writer.start()
    try:
        registration = Registration(
            content=FORTY_TWO, author_id="carol", created_at=RECEIVED, tags=("a", "b"), language="pt"
        )
        assert isinstance(await writer.register([registration]), list)
        assert all(isinstance(outcome, Tracked) for outcome in await writer.record(EVENTS))
        await writer.retract("event-taken-back", "by mistake", RECEIVED)
        await writer.declare("dave", Declaration(RECEIVED, analytics=True, personalisation=False))
    finally:
        await writer.stop()
    await store(database, Habits(), RECEIVED, len(EVENTS))
    return database


def parameters(query: Statement) -> dict[str, str]:
    """The ``:param`` lines in its head; the world above knows their values."""
    return dict(PARAMETER.findall(query.text))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
async def test_a_saved_query_answers(world: Database, query: Statement) -> None:
    records = await world.read(query, parameters(query), timeout=30.0)
    assert records
    if query.name in ANSWERS:
        columns, rows = ANSWERS[query.name]
        assert [tuple(record[column] for column in columns) for record in records][: len(rows)] == rows


async def test_every_property_is_in_the_drawing(world: Database) -> None:
    drawing = GRAPH.partition("```mermaid")[2].partition("## Saved queries")[0]
    found: dict[str, set[str]] = {}
    for record in await world.read(KEYS, timeout=30.0):
        found.setdefault(record["kind"], set()).add(record["key"])
    missing = {kind: {key for key in keys if not _named(key, drawing)} for kind, keys in found.items()}
    assert not {kind: keys for kind, keys in missing.items() if keys}
    assert all(kind in drawing for kind in found)


def _named(word: str, text: str) -> bool:
    return re.search(rf"\b{word}\b", text) is not None


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_saved_query_says_what_it_asks_for(query: Statement) -> None:
    assert query.text.startswith("// ")
    assert set(re.findall(r"\$(\w+)", query.text)) == set(parameters(query))


def test_every_saved_query_is_listed() -> None:
    assert sorted(re.findall(r"\(queries/([\w-]+)\.cypher\)", GRAPH)) == sorted(query.name for query in QUERIES)


def test_the_examples_are_saved_queries() -> None:
    examples = re.findall(r"```cypher\n(.*?)```", GRAPH, re.DOTALL)
    saved = [_squeezed(query.text) for query in QUERIES]
    assert examples
    assert all(any(_squeezed(example).partition(" RETURN ")[0] in text for text in saved) for example in examples)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_readme_has_every_setting() -> None:
    assert README.partition("<!-- settings -->\n")[2].partition("<!-- /settings -->")[0].strip() == table()


def test_the_readme_asks_for_what_there_is() -> None:
    schema = graphql.build_schema(SDL.read_text(encoding="utf-8"))
    examples = re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)
    assert examples
    assert [graphql.validate(schema, graphql.parse(example)) for example in examples] == [[]] * len(examples)
