"""What was shown, and what came of it: implements ``resolvers.ports.Impressions``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from graph.driver import Database
from graph.pages import END_OF_TIME
from graph.queries import statement
from graph.recording import padded
from signals.click_through import click_through
from signals.clock import HOUR_MS, to_ms
from signals.cut import Cut
from signals.pairs import term_of
from signals.ranked import ClickThrough
from signals.vocabulary import Vocabulary
from signals.weights import RatesWeights
from signals.withholding import crowded_positions

IMPRESSIONS = statement("impressions")
IMPRESSION_EVENTS = statement("impression_events")

MOST = 10_000
"""Impressions that are counted at once."""
IDS = 1000
EVENTS = 20_000
"""Events that are read for so many ids; only an id that is used again and again has more."""

Key: TypeAlias = tuple[str, str, str]
"""Impression id, user, content."""


class ImpressionReader:
    def __init__(self, database: Database, vocabulary: Vocabulary, weights: RatesWeights) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._weights = weights

    async def click_through(
        self, since: datetime, until: datetime, content_type: str | None, cut: Cut | None = None, *, least: int = 0
    ) -> ClickThrough:
        """Of the impressions with an id that occurred from ``since`` on and before ``until``, the latest MOST.

        A click is an event of positive weight with the same id, by the same user, on the same content, at the time of
        the impression or later. ``least``: people that must stand behind a position (``signals.withholding``).
        """
        reach = limits(cut)
        until_ms = min(to_ms(until), reach["asOf"] + 1)
        shown = await self._shown(to_ms(since), until_ms, "" if content_type is None else f"{content_type}:", reach)
        clicks, complete = await self._clicks(sorted({row[0] for row in shown[:MOST]}), reach)
        seen = [
            (position, user, clicks.get((id, user, content), -1) >= at)
            for id, user, content, at, position in shown[:MOST]
        ]
        told = crowded_positions(seen, least) if least else seen
        found = click_through(
            ((position, clicked) for position, _, clicked in told),
            self._weights,
            complete=complete and len(shown) <= MOST,
        )
        return replace(found, withheld=len(told) < len(seen))

    async def _shown(self, since: int, until: int, prefix: str, reach: dict[str, int]) -> list[list[Any]]:
        """[id, user, content, time, position], latest first; one more than MOST where there are more."""
        found: list[list[Any]] = []
        for start, end in reaches(since, until):
            parameters = {"from": start, "until": end, "prefix": prefix, "limit": MOST + 1 - len(found)}
            row = await self._database.single(IMPRESSIONS, {**parameters, "knownAt": reach["knownAt"]})
            found += [] if row is None else row["rows"]
            if len(found) > MOST:
                break
        return found

    async def _clicks(self, ids: list[str], reach: dict[str, int]) -> tuple[dict[Key, int], bool]:
        """The time of the latest click by what was clicked, and whether all events were read."""
        latest: dict[Key, int] = {}
        complete = True
        for start in range(0, len(ids), IDS):
            some = padded({"ids": ids[start : start + IDS]})
            row = await self._database.single(IMPRESSION_EVENTS, {**some, **reach, "limit": EVENTS})
            rows = [] if row is None else row["rows"]
            complete = complete and len(rows) < EVENTS
            for key, at in self._positive(rows):
                latest[key] = max(at, latest.get(key, at))
        return latest, complete

    def _positive(self, rows: Iterable[list[Any]]) -> Iterator[tuple[Key, int]]:
        for id, user, content, at, face, name in rows:
            if term_of(self._vocabulary, f"{face}.{name}").weight > 0:
                yield (id, user, content), at


def limits(cut: Cut | None) -> dict[str, int]:
    """What had occurred, and was known, by the cut: ``asOf`` and ``knownAt`` in epoch ms."""
    if cut is None:
        return {"asOf": END_OF_TIME, "knownAt": END_OF_TIME}
    return {"asOf": to_ms(cut.as_of), "knownAt": END_OF_TIME if cut.known_at is None else to_ms(cut.known_at)}


def reaches(since: int, until: int) -> Iterator[tuple[int, int]]:
    """[from, until) backwards to ``since``: an hour, then each four times as long."""
    length = HOUR_MS
    while until > since:
        start = max(since, until - length)
        yield start, until
        until, length = start, 4 * length
