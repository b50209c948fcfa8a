"""What there is of a person: the events, in spans that fit into memory, and what erasing would leave of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from graph.driver import Database
from graph.history import MANY_DAYS, windows
from graph.pages import END_OF_TIME
from graph.queries import statement
from graph.recording import padded
from signals.erasure import Share, Trace
from signals.packing import joined
from signals.removal import Removed

DAYS_OF_SUBJECT = statement("days_of_subject")
ERASE_EVENTS = statement("erase_events")
ERASE_SIZES = statement("erase_sizes")

EVENTS = 50_000
"""Events of a span: some 20 MB."""
KEYS = 1000
PATIENCE_S = 60.0


async def traces(database: Database, user_id: str) -> AsyncIterator[list[Trace]]:
    """The events that a user did or was the target of, span by span, the latest first."""
    days: Counter[int] = Counter()
    for subject in (joined("u", user_id), joined("t", user_id)):
        parameters = {"subject": subject, "from": 0, "to": END_OF_TIME, "limit": MANY_DAYS}
        for row in await database.read(DAYS_OF_SUBJECT, parameters, timeout=PATIENCE_S):
            days[row["at"]] += row["n"]
    spans = [*windows(sorted(days.items(), reverse=True), END_OF_TIME, EVENTS)]
    for since, until in reversed(spans):
        parameters = {"id": user_id, "from": since, "until": until}
        rows = await database.read(ERASE_EVENTS, parameters, timeout=PATIENCE_S)
        yield [Trace(*trace) for row in rows for trace in row["rows"]]


async def foreseen(database: Database, user_id: str) -> Removed:
    """What would be gone, were the user's events taken out now."""
    share = Share()
    async for span in traces(database, user_id):
        for trace in span:
            share.add(trace)
    removed = Removed(events=share.events, retracted=share.retracted)
    for part in _parts(share.keys()):
        removed += share.all_of(await sizes(database, part))
    return removed


def _parts(keys: Mapping[str, Sequence[str]]) -> list[dict[str, list[str]]]:
    """The same keys, so many of each kind at a time."""
    starts = range(0, max(map(len, keys.values())), KEYS)
    return [{kind: [*named[start : start + KEYS]] for kind, named in keys.items()} for start in starts]


async def sizes(database: Database, keys: Mapping[str, list[str]]) -> dict[str, list[Sequence[Any]]]:
    """How many events there are of these, by kind: rows of key and size."""
    relationships = padded({kind: keys[kind] for kind in ("interacted", "ties", "connections")})
    rows = await database.read(ERASE_SIZES, {"p": keys, **relationships}, timeout=PATIENCE_S)
    return {row["kind"]: row["rows"] for row in rows}
