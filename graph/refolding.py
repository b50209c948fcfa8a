"""Folding again from the graph what an accumulator or a bounded list cannot know any more.

A full list that loses a member has forgotten who comes next; a sum that loses nearly all of itself has no precision
left. Both are rare: a retraction, or a late event that moves somebody's first touch.
"""

from __future__ import annotations

from graph.driver import Transaction
from graph.queries import Statement, statement
from signals.decay import Accumulator
from signals.items import Item
from signals.latest import Latest, LatestTimes
from signals.persons import Person
from signals.world import World

REFOLD_ENGAGERS = statement("refold_engagers")
REFOLD_RECEIVED = statement("refold_received")
REFOLD_TIMES = statement("refold_times")
REFOLD_TOUCHED = statement("refold_touched")
REFOLD_TOUCHES = statement("refold_touches")
REFOLD_WRITE = statement("refold_write")


async def refold(tx: Transaction, world: World) -> None:
    """Mend what ``world`` could not fold, from what the transaction has written so far, and write it."""
    contents = {key: item for key, item in world.items.items() if item.engagers.short or item.touches.worn}
    users = {id: person for id, person in world.persons.items() if _stale(person)}
    if not contents and not users:
        return
    for key, item in contents.items():
        await _mend_item(tx, key, item)
    for id, person in users.items():
        await _mend_person(tx, id, person)
    await tx.run(
        REFOLD_WRITE,
        {
            "contents": [{"key": key, **item.pack()} for key, item in contents.items()],
            "users": [{"id": id, **person.pack()} for id, person in users.items()],
        },
    )


def _stale(person: Person) -> bool:
    return person.times.short or person.touched.short or person.received.worn


async def _mend_item(tx: Transaction, key: str, item: Item) -> None:
    if item.engagers.short:
        item.engagers = await _latest(tx, REFOLD_ENGAGERS, key, item.engagers.size)
    if item.touches.worn:
        item.touches = await _accumulated(tx, REFOLD_TOUCHES, key)


async def _mend_person(tx: Transaction, id: str, person: Person) -> None:
    if person.touched.short:
        person.touched = await _latest(tx, REFOLD_TOUCHED, id, person.touched.size)
    if person.received.worn:
        person.received = await _accumulated(tx, REFOLD_RECEIVED, id)
    if person.times.short:
        rows = await tx.run(REFOLD_TIMES, {"key": id, "limit": person.times.size})
        person.times = LatestTimes.of(person.times.size, (row["at"] for row in rows))


async def _latest(tx: Transaction, refold: Statement, key: str, size: int) -> Latest:
    rows = await tx.run(refold, {"key": key, "limit": size})
    return Latest.of(size, ((row["at"], row["id"], row["word"]) for row in rows))


async def _accumulated(tx: Transaction, refold: Statement, key: str) -> Accumulator:
    return Accumulator.of(row["at"] for row in await tx.run(refold, {"key": key}))
