"""Every Cypher statement, asked of every engine: does it parse, and does it find what it wants without searching?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import pytest
import pytest_asyncio
from neo4j import AsyncGraphDatabase

from graph.driver import Database
from graph.engine import Engine
from graph.queries import STATEMENTS, Statement
from tests import engines

CLEARED = "deletes all of it, after an upgrade and before anybody is served"
SEARCHES: Mapping[tuple[str, str], str] = {
    ("neo4j", "derive_clear"): CLEARED,
    ("neo4j", "derive_unlink"): CLEARED,
    ("embedded", "derive_unlink"): CLEARED,
}
"""Statements that may search through all of something, by engine, each with its reason."""

SEED = Statement(
    "seed",
    """// Enough of everything for the planners to prefer an index.
    UNWIND range(1, 2000) AS i
    CREATE (u:User {id: 'u' + i}), (c:Content {key: 'POST:' + i, hot: i, authorId: 'u' + i % 500}),
           (u)-[:INTERACTED {key: 'i' + i}]->(c), (u)-[:TIE {key: 't' + i}]->(u), (u)-[:CONNECTION {key: 'c' + i}]->(u),
           (:Rollup {key: 'r' + i, subject: 's' + i % 500, kind: 'k' + i % 5, at: i, sessions: ''}),
           (:Habits {id: 'h' + i, at: i}), (:Standing {key: 'k' + i}),
           (:Quiet {id: 'q' + i, quiet: true, n: i}),
           (:Key {id: 'k' + i, createdAt: i, userId: 'u' + i % 500}),
           (:Audit {id: 'a' + i, at: i, subjects: ['u' + i % 500]}),
           (:Event {id: 'e' + i, seq: i, at: i, receivedAt: i, name: 'LIKE', type: 'LIKE', category: 'post', fp: i,
                    action: 'like', face: 'CONTENT', actorId: 'u' + i % 500, contentKey: 'POST:' + i % 500,
                    targetUserId: 'u' + i % 499, pair: 'p' + i % 900, sessionId: 's' + i % 900,
                    connection: 'c' + i % 900, shownAt: i, impressionId: 'i' + i % 900})
    """,
)
REPLAN = Statement("replan", "// Neo4j looks at its data again.\nCALL db.prepareForReplanning()")

Plans = Mapping[str, list[str]]


@pytest_asyncio.fixture(scope="module")
async def plans(engine: Engine, migrated: Database) -> AsyncIterator[Plans]:
    """What the engine would do for each statement: one line per step."""
    await engines.wipe(migrated)
    async with migrated.transaction() as transaction:
        await transaction.run(SEED)
    if engine.name == "neo4j":
        await migrated.autocommit(REPLAN)
    async with AsyncGraphDatabase.driver(engine.uri, auth=engine.auth, notifications_min_severity="OFF") as driver:
        found = {}
        for statement in STATEMENTS.values():
            result = await driver.execute_query(
                f"EXPLAIN {statement.text}", parameters(statement), database_=engine.database
            )
            found[statement.name] = list(steps(result.summary.plan or {}))
    yield found
    await engines.wipe(migrated)


def parameters(statement: Statement) -> dict[str, int | None]:
    """Null for everything but numbers of rows, which must be numbers."""
    numbers = set(re.findall(r"(?:LIMIT|SKIP)\s+\$(\w+)", statement.text))
    return {name: 10 if name in numbers else None for name in re.findall(r"\$(\w+)", statement.text)}


def steps(plan: Mapping[str, Any]) -> Iterator[str]:
    """The steps of a plan: Neo4j's tree of operators, ArcadeDB's text."""
    if not plan:
        return
    name, arguments = plan["operatorType"], plan["args"]
    if name.startswith("ArcadeDB"):
        yield from arguments["string-representation"].splitlines()
    else:
        yield f"{name.partition('@')[0]} {arguments.get('Details', '')}"
    for child in plan.get("children", ()):
        yield from steps(child)


SEARCH = re.compile(
    r"""\w*Label\w*Scan | AllNodesScan | \w*Relationship\w*Scan       # through all of a label, or all of a type
      | ^NodeIndexScan                                              # Neo4j: through a whole index
      | MATCH\ NODE\ \(\s*\w+\)                                     # ArcadeDB: through all nodes
      | large\ range$ | not\ available                              # ArcadeDB: an index given up; no plan at all
    """,
    re.VERBOSE,
)


def searching(lines: list[str]) -> list[str]:
    """The steps that look through everything."""
    return [line.strip() for line in lines if SEARCH.search(line)]


@pytest.mark.parametrize("name", STATEMENTS)
def test_line_1_says_what_it_promises(name: str) -> None:
    statement = STATEMENTS[name]
    assert re.match(r"// \S.*[.:;]$", statement.text.splitlines()[0])
    assert statement.promise


@pytest.mark.parametrize("name", STATEMENTS)
def test_it_finds_what_it_wants_without_searching(name: str, plans: Plans, engine: Engine) -> None:
    found = searching(plans[name])
    if (engine.name, name) in SEARCHES:
        assert found, f"{name} does not search any more: take it off the list"
    else:
        assert found == []


def test_what_is_excused_exists() -> None:
    assert {name for _, name in SEARCHES} <= set(STATEMENTS)


@pytest.mark.parametrize(
    ("line", "search"),
    [
        ("NodeByLabelScan e:Event", True),
        ("AllNodesScan n", True),
        ("DirectedRelationshipTypeScan (a)-[p:TIE]->(b)", True),
        ("NodeIndexScan RANGE INDEX e:Event(id) WHERE id IS NOT NULL", True),
        ("NodeIndexSeek RANGE INDEX e:Event(pair, at)", False),
        ("NodeUniqueIndexSeek UNIQUE e:Event(id) WHERE id = $id", False),
        ("DirectedRelationshipUniqueIndexSeek RANGE INDEX (a)-[p:TIE(key)]->(b)", False),
        ("+ NodeByLabelScan(n:Event) [cost=2000.00, rows=2000]", True),
        ("+ NodeByLabelDisjunctionScan(n:Event|User) [cost=2000.00, rows=2000]", True),
        ("+ MATCH NODE (  src0)", True),
        ("+ MATCH NODE (e:Event)", False),
        ("+ MATCH EDGE BY INDEX (  src0)-[c:TIE]->(  tgt1) [index: TIE[key] on key]", False),
        ("+ NodeIndexRangeScan(n:Event) [index=event_at, at >= 5, cost=65.00, rows=600]", False),
    ],
)
def test_what_counts_as_searching(line: str, search: bool) -> None:
    assert bool(searching([line])) is search
