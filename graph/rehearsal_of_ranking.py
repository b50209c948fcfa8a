"""The part of the rehearsal that ranking reads: every statement, in every size of list that a plan is made for."""

from __future__ import annotations

import asyncio
from datetime import datetime

from graph import recording
from graph.driver import Database
from graph.habits import HabitsKeeper
from graph.history import LISTS
from graph.impressions import ImpressionReader
from graph.nodes import NodeReader
from graph.queries import statement
from graph.recording import padded
from graph.sequences import SequenceReader
from signals.clock import MILLISECOND, to_ms
from signals.cut import Cut
from signals.packing import joined
from signals.vocabulary import Vocabulary
from signals.wanted import Wanted
from signals.weights import standard

BY_SIZE = ("past_events", "past_sizes", "past_active", "impression_events")
OTHERS = ("hottest", "hottest_count", "days_of_subject", "habits_events", "past_contents")


async def rehearse_ranking(database: Database, vocabulary: Vocabulary, nobody: str, now: datetime) -> None:
    """Read for somebody who does not exist."""
    nodes, weights = NodeReader(database, vocabulary, cache=0), standard()
    type, at = vocabulary.content_types[0], to_ms(now)
    none = {"from": at, "until": at, "to": at, "asOf": at, "knownAt": at, "limit": 1, "floor": 1e9, "type": type}
    await asyncio.gather(
        *(nodes.read(wanted, Cut(now)) for wanted in _wanted(type, nobody)),
        *(database.read(statement(name), {**none, **lists}) for name in BY_SIZE for lists in _lists(nobody)),
        *(database.read(statement(name), {**none, "subject": nobody, "prefix": nobody}) for name in OTHERS),
        nodes.hottest(type, 1, None),
        nodes.habits(None),
        HabitsKeeper(database, vocabulary, weights.habits).due(now),
        ImpressionReader(database, vocabulary, weights.rates).click_through(now, now + MILLISECOND, type),
        SequenceReader(database).sequence(nobody, 1, None, Cut(now)),
    )


def _sizes() -> list[int]:
    return [above // 10 + 1 for above in recording.SIZES[:-1]]


def _wanted(type: str, nobody: str) -> list[Wanted]:
    wanted = []
    for size in _sizes():
        ids = [f"{nobody}-{n}" for n in range(size)]
        keys = [f"{type}:{id}" for id in ids]
        wanted.append(
            Wanted(
                profiles=frozenset(ids),
                cards=frozenset(keys),
                interacted=frozenset(joined(nobody, key) for key in keys),
                ties=frozenset(joined(nobody, id) for id in ids),
            )
        )
    return wanted


def _lists(nobody: str) -> list[dict[str, list[str]]]:
    return [padded({name: [nobody] * size for name in (*LISTS, "subjects", "ids")}) for size in _sizes()]
