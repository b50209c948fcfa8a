"""Contents by what people did with them: implements ``resolvers.ports.TopContents``.

Whole UTC days come from the contents' day roll-ups, summed up by the database, the rest from the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from graph.driver import Database
from graph.queries import Statement, statement
from graph.recording import padded
from signals.packing import joined
from signals.pairs import term_of
from signals.slots import token, unpack_tokens
from signals.top_content import Counted, Numbers, Spans
from signals.vocabulary import Vocabulary

TOP_CONTENT_DAYS = statement("top_content_days")
TOP_CONTENT_LOG = statement("top_content_log")
STAMPS_OF_DAYS = statement("stamps_of_days")
TOP_CONTENT_ACTORS = statement("top_content_actors")

PATIENCE_S = 30.0
"""For a statement: a year of many contents takes its time."""
KEYS = 500
"""Contents in a statement."""


class TopContentReader:
    def __init__(self, database: Database, vocabulary: Vocabulary) -> None:
        self._database = database
        self._vocabulary = vocabulary

    async def counted(self, spans: Spans, content_type: str | None) -> Counted:
        """What was done to each content, of one type or of any."""
        prefix = "" if content_type is None else f"{content_type}:"
        days, *cuts = await asyncio.gather(
            self._of_days(spans.days, joined("c", prefix)), *(self._of_cut(cut, prefix) for cut in spans.cuts)
        )
        found, people = Counted(), dict[str, set[str]]()
        for subject, *numbers in days:
            found.numbers[subject[2:]] = Numbers(*numbers)
        for row in (row for cut in cuts for row in cut):
            self._add(found, people, *row)
        found.tell(people)
        return found

    async def actors(self, keys: Sequence[str], days: range) -> dict[str, set[str]]:
        """Who did something with each content on these days, by tokens; those without anybody are left out."""
        found: dict[str, set[str]] = {}
        if not days:
            return found
        window = {"from": days.start, "until": days.stop}
        for start in range(0, len(keys), KEYS):
            subjects = padded({"subjects": [joined("c", key) for key in keys[start : start + KEYS]]})
            for subject, actors in await self._rows(TOP_CONTENT_ACTORS, {**subjects, **window}):
                found.setdefault(subject[2:], set()).update(unpack_tokens(actors))
        return found

    async def _of_days(self, days: range, prefix: str) -> list[list[Any]]:
        if not days:
            return []
        there = await self._database.read(STAMPS_OF_DAYS, {"from": days.start, "until": days.stop})
        return await self._rows(TOP_CONTENT_DAYS, {"p": {"days": [row["at"] for row in there]}, "prefix": prefix})

    async def _of_cut(self, cut: tuple[int, int], prefix: str) -> list[list[Any]]:
        return await self._rows(TOP_CONTENT_LOG, {"from": cut[0], "until": cut[1], "prefix": prefix})

    async def _rows(self, statement: Statement, parameters: dict[str, Any]) -> list[list[Any]]:
        row = await self._database.single(statement, parameters, timeout=PATIENCE_S)
        return [] if row is None else row["rows"]

    def _add(
        self, found: Counted, people: dict[str, set[str]], key: str, face: str, name: str, n: int, *rest: Any
    ) -> None:
        """One kind of event with one content. ``rest``: durations, scroll depths and how many of each; who."""
        *spent, actors = rest
        numbers = found.of(key)
        numbers.count(term_of(self._vocabulary, f"{face}.{name}"), n)
        numbers.spend(*spent)
        people.setdefault(key, set()).update(map(token, actors))
