"""The part of the rehearsal that reads about the audience, of days in 1970: nobody was there."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

from graph import recording
from graph.active import ActiveReader
from graph.driver import Database
from graph.top_content import TopContentReader
from signals.active import Dates
from signals.clock import DAY_MS
from signals.top_content import Spans
from signals.vocabulary import Vocabulary

LONG_AGO = Spans.of(1, 2 * DAY_MS + 1)
"""A day, and a part of one on either side."""


async def rehearse_audience(database: Database, vocabulary: Vocabulary, nobody: str) -> None:
    """Read for somebody who does not exist; lists in every size that a plan is made for."""
    actives, contents = ActiveReader(database), TopContentReader(database, vocabulary)
    key = f"{vocabulary.content_types[0]}:{nobody}"
    await asyncio.gather(
        actives.presence(Dates.of(ZoneInfo("UTC"), 0, 1)),
        actives.firsts([nobody]),
        contents.counted(LONG_AGO, vocabulary.content_types[0]),
        *(contents.actors([key] * (above // 10 + 1), LONG_AGO.days) for above in recording.SIZES[:-1]),
    )
