"""Deriving everything anew from the log, where an older release folded it otherwise.

It goes by bounded transactions, each of which takes the writers' lock, looks how far things are, goes a step on and
notes it: what is stopped goes on where it was, and several processes at once take turns.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from uuid import uuid4

import structlog

from graph.constraints import again
from graph.driver import Database, Transaction
from graph.queries import statement
from graph.recording import load, with_days, write
from graph.records import event_of
from graph.refolding import refold
from signals.errors import StartupError
from signals.events import Event
from signals.items import Item
from signals.latest import LONG
from signals.pairs import meaning
from signals.vocabulary import Vocabulary
from signals.world import FOLD, Loaded, World, late, touched

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

LOCK = statement("lock")
STAGE = statement("derive_stage")
MARK = statement("derive_mark")
UNLINK = statement("derive_unlink")
CLEAR = statement("derive_clear")
EVENTS = statement("derive_events")

CLEARING = -1
"""``foldedTo`` while the old state is being deleted."""
AT_ONCE = 3000
"""Things deleted, of each kind, or events folded in one transaction."""
PATIENCE_S = 120.0
WORD_S = 5.0
"""Between two lines in the log."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Events folded, of how many; ``cleared``: relationships and nodes deleted, before the first."""

    folded: int
    total: int
    cleared: int = 0


async def outdated(database: Database) -> bool:
    """Whether what is derived was folded by an older release.

    Raises StartupError where it was folded by a newer one.
    """
    record = await database.single(STAGE)
    fold = FOLD if record is None else record["fold"]
    if fold > FOLD:
        raise StartupError(
            f"The graph was derived by a newer release (fold {fold}, this one knows {FOLD}): run that one."
        )
    return bool(fold < FOLD)


async def derive(database: Database, vocabulary: Vocabulary) -> None:
    """Derive everything anew where that is due. No older release may write meanwhile.

    Raises Unavailable or the driver's errors when the database is gone; called again it goes on.
    """
    if not await outdated(database):
        return
    database = database.patient(PATIENCE_S)
    started = said = time.monotonic()
    cleared = 0
    log.info("the graph is derived anew from its log")

    async def step() -> Progress | None:
        async with database.transaction(name="derive", timeout=PATIENCE_S) as tx:
            return await _step(tx, vocabulary)

    while progress := await again(step):
        cleared += progress.cleared
        if time.monotonic() - said > WORD_S:
            said = time.monotonic()
            log.info("deriving", cleared=cleared, events=max(0, progress.folded), of=progress.total)
        await asyncio.sleep(0)
    log.info("the graph has been derived anew", seconds=round(time.monotonic() - started))


async def _step(tx: Transaction, vocabulary: Vocabulary) -> Progress | None:
    """The next step, whoever made the last one; None when all is done."""
    total = (await tx.run(LOCK, {"holder": uuid4().hex}))[0]["value"]
    stage = (await tx.run(STAGE))[0]
    if stage["fold"] >= FOLD:
        return None
    folded = stage["folded_to"] if stage["folding"] == FOLD else CLEARING
    cleared = 0
    if folded == CLEARING:
        cleared = await _clear(tx)
        folded = CLEARING if cleared else 0
    elif folded < total:
        last = min(folded + AT_ONCE, total)
        await _fold(tx, await _events(tx, folded + 1, last), vocabulary)
        folded = last
    else:
        await tx.run(MARK, {"p": {"fold": FOLD, "folding": None, "foldedTo": None}})
        return None
    await tx.run(MARK, {"p": {"folding": FOLD, "foldedTo": folded}})
    return Progress(folded, total, cleared)


async def _clear(tx: Transaction) -> int:
    """Delete a part of what is derived, and say how much. Nodes come when no relationship is left."""
    unlinked: int = sum(row["n"] for row in await tx.run(UNLINK, {"limit": AT_ONCE}))
    if unlinked:
        return unlinked
    blank = {"changed": None, **dict.fromkeys(Item().pack())}
    cleared: int = sum(row["n"] for row in await tx.run(CLEAR, {"limit": AT_ONCE, "blank": blank}))
    return cleared


async def _events(tx: Transaction, first: int, last: int) -> list[Event]:
    return [event_of(row["event"]) for row in await tx.run(EVENTS, {"first": first, "last": last})]


async def _fold(tx: Transaction, events: list[Event], vocabulary: Vocabulary) -> None:
    """As recording does, for events that are there already."""
    if not events:
        return
    meant = [(event, meaning(vocabulary, event)) for event in events]
    value, _, loaded = await load(tx, [], touched(meant), LONG)
    loaded = await with_days(tx, loaded, late(events, loaded))
    world = World(vocabulary, _without_steps(loaded, {event.id for event in events}))
    for event, term in meant:
        world.record(event, term)
    world.settle()
    await write(tx, world, value, [])
    await refold(tx, world, vocabulary)


def _without_steps(loaded: Loaded, ids: set[str]) -> Loaded:
    """The steps of connections come from the log, which has these events already."""
    steps = {key: [step for step in steps if step.id not in ids] for key, steps in loaded.steps.items()}
    return replace(loaded, steps=steps)
