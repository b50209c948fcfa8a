"""Taking one event back: everything derived from it is as if it had never been."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from graph.driver import Transaction
from graph.queries import statement
from graph.recording import load, with_days, write
from graph.records import event_of, is_husk
from graph.refolding import refold
from signals.clock import to_ms, whole_ms
from signals.events import Event
from signals.outcomes import NotFound, Retracted
from signals.pairs import item_of, meaning
from signals.rollups import EVERYTHING, day_of, key_of
from signals.vocabulary import Vocabulary
from signals.world import Touched, World, untouched

RETRACT_FIRST = statement("retract_first")
RETRACT_READ = statement("retract_read")
RETRACT_MARK = statement("retract_mark")
RETRACT_DELETE = statement("retract_delete")

WHOLE = -1
"""Every tail is longer: lists are read in full, for only so can a member be taken away."""


async def retract(
    tx: Transaction, event_id: str, reason: str | None, at: datetime, vocabulary: Vocabulary
) -> Retracted | NotFound:
    """Take ``event_id`` back; a second time answers the same and changes nothing."""
    _, known, _ = await load(tx, [event_id], Touched(), WHOLE)
    if not known or is_husk(known[0]):
        return NotFound(event_id)
    event = event_of(known[0])
    if event.retracted:
        return Retracted(event)
    world, value = await _without(tx, event, known[0].get("pair"), vocabulary)
    await tx.run(RETRACT_MARK, {"id": event_id, "at": to_ms(at), "reason": reason})
    await tx.run(RETRACT_DELETE, world.gone())
    await write(tx, world, value, [])
    await refold(tx, world, vocabulary)
    return Retracted(replace(event, retracted_at=whole_ms(at), retract_reason=reason))


async def _without(tx: Transaction, event: Event, pair: str | None, vocabulary: Vocabulary) -> tuple[World, int]:
    """The world that the event touched, folded without it."""
    value, _, loaded = await load(tx, [], untouched(event, meaning(vocabulary, event)), WHOLE)
    remaining: list[Event] = []
    if pair is not None:
        rows = await tx.run(RETRACT_READ, {"id": event.id, "pair": pair})
        others = (event_of(row["event"]) for row in rows)
        remaining = [other for other in others if (item_of(other) is None) == (item_of(event) is None)]
    first = None
    if loaded.users.get(event.user_id, {}).get("first") == to_ms(event.occurred_at):
        first = (await tx.run(RETRACT_FIRST, {"id": event.id, "key": event.user_id}))[0]["at"]
        if first is not None:
            loaded = await with_days(tx, loaded, [key_of(EVERYTHING, day_of(first))])
    world = World(vocabulary, loaded)
    world.take_back(event, remaining, first)
    world.settle()
    return world, value
