"""The rehearsal before the first caller leaves nothing behind."""

from __future__ import annotations

from datetime import UTC, datetime

from graph.driver import Database
from graph.queries import Statement
from graph.rehearsal import rehearse
from signals.vocabulary import Vocabulary

LEFT = Statement(
    "left",
    """// Counts everything but the schema's own.
    MATCH (n:Event|User|Content|Rollup|Habits|Standing|Quiet|Key|Audit|Erasure) RETURN count(n) AS n
    """,
)
VALUE = Statement(
    "value", "// How many events there have been.\nMATCH (s:Sequence {id: 'event'}) RETURN s.value AS value"
)


async def test_nothing_is_left(database: Database) -> None:
    await rehearse(database, Vocabulary.load(), datetime.now(UTC))
    assert [record["n"] for record in await database.read(LEFT)] == [0]
    assert [record["value"] for record in await database.read(VALUE)] == [0]
