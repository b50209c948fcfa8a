"""Reads that promise one result: the three ways they can end, each with a name and a safe answer."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import structlog
from neo4j import Record

from graph.queries import Statement

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Outcome(Enum):
    """How many results there were where one was meant."""

    NONE = "none"
    ONE = "one"
    SEVERAL = "several"


def outcome(records: Sequence[Record]) -> Outcome:
    """The name of what came back."""
    return (Outcome.NONE, Outcome.ONE, Outcome.SEVERAL)[min(len(records), 2)]


def single(records: Sequence[Record], statement: Statement) -> Record | None:
    """None for none, the record for one; of several the first in the statement's order, and a warning."""
    match outcome(records):
        case Outcome.NONE:
            return None
        case Outcome.ONE:
            return records[0]
        case Outcome.SEVERAL:
            log.warning("several results where one was meant", statement=statement.name, results=len(records))
            return records[0]
