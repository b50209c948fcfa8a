"""Folding again from the graph what an accumulator or a bounded list cannot know any more.

A full list that loses a member has forgotten who comes next; a sum that loses nearly all of itself has no precision
left; the first touch, taken away, leaves another one first. All are rare: a retraction, or a late event that moves
somebody's first touch.
"""

from __future__ import annotations

from graph.driver import Transaction
from graph.queries import Statement, statement
from signals.decay import Accumulator
from signals.events import Face
from signals.items import Item
from signals.latest import Latest, LatestTimes
from signals.pairs import UNIT_WEIGHT, term_of
from signals.persons import Person
from signals.vocabulary import Vocabulary
from signals.world import World, word

REFOLD_CIRCLE = statement("refold_circle")
REFOLD_ENGAGERS = statement("refold_engagers")
REFOLD_LINKS = statement("refold_links")
REFOLD_RECEIVED = statement("refold_received")
REFOLD_TIMES = statement("refold_times")
REFOLD_TOUCHED = statement("refold_touched")
REFOLD_TOUCHES = statement("refold_touches")
REFOLD_WRITE = statement("refold_write")


async def refold(tx: Transaction, world: World, vocabulary: Vocabulary) -> None:
    """Mend what ``world`` could not fold, from what the transaction has written so far, and write it."""
    contents = {key: item for key, item in world.items.items() if _stale_item(item)}
    users = {id: person for id, person in world.persons.items() if _stale(person)}
    if not contents and not users:
        return
    for key, item in contents.items():
        await _mend_item(tx, key, item)
    for id, person in users.items():
        await _mend_person(tx, id, person, vocabulary)
    await tx.run(
        REFOLD_WRITE,
        {
            "contents": [{"key": key, **item.pack()} for key, item in contents.items()],
            "users": [{"id": id, **person.pack()} for id, person in users.items()],
        },
    )


def _stale_item(item: Item) -> bool:
    return item.engagers.short or item.touches.worn or item.lost


def _stale(person: Person) -> bool:
    lists = (person.times, person.touched, person.circle, person.links)
    return person.received.worn or any(latest.short for latest in lists)


async def _mend_item(tx: Transaction, key: str, item: Item) -> None:
    if item.engagers.short:
        item.engagers = await _latest(tx, REFOLD_ENGAGERS, key, item.engagers.size)
    if item.touches.worn or item.lost:
        times = [row["at"] for row in await tx.run(REFOLD_TOUCHES, {"key": key})]
        item.touches, item.first = Accumulator.of(times), min(times, default=None)


async def _mend_person(tx: Transaction, id: str, person: Person, vocabulary: Vocabulary) -> None:
    if person.touched.short:
        person.touched = await _latest(tx, REFOLD_TOUCHED, id, person.touched.size)
    if person.circle.short:
        person.circle = await _circle(tx, id, person.circle.size)
    if person.links.short:
        person.links = await _links(tx, id, person.links.size)
    if person.received.worn:
        person.received = await _received(tx, id, vocabulary)
    if person.times.short:
        parameters = {"key": id, "limit": person.times.size, "positive": positive(vocabulary)}
        person.times = LatestTimes.of(person.times.size, [row["at"] for row in await tx.run(REFOLD_TIMES, parameters)])


async def _latest(tx: Transaction, refold: Statement, key: str, size: int) -> Latest:
    rows = await tx.run(refold, {"key": key, "limit": size})
    return Latest.of(size, ((row["at"], row["id"], row["word"]) for row in rows))


async def _circle(tx: Transaction, id: str, size: int) -> Latest:
    """Of somebody in both directions, the later time."""
    times: dict[str, int] = {}
    for row in await tx.run(REFOLD_CIRCLE, {"key": id}):
        times[row["id"]] = max(row["at"], times.get(row["id"], row["at"]))
    return Latest.of(size, ((at, other, "") for other, at in times.items() if other != id))


async def _links(tx: Transaction, id: str, size: int) -> Latest:
    rows = await tx.run(REFOLD_LINKS, {"key": id, "limit": size})
    return Latest.of(
        size,
        (
            (row["at"], row["id"], word(row["status"], row["responseMs"], row["requestedBy"]))
            for row in rows
            if row["id"] != id
        ),
    )


async def _received(tx: Transaction, id: str, vocabulary: Vocabulary) -> Accumulator:
    weights = {code: term_of(vocabulary, code).weight for code in positive(vocabulary)}
    rows = await tx.run(REFOLD_RECEIVED, {"key": id})
    return Accumulator.weighing(
        (row["at"], weights[row["code"]] / UNIT_WEIGHT) for row in rows if row["code"] in weights
    )


def positive(vocabulary: Vocabulary) -> list[str]:
    """The codes of what counts between people."""
    faces = (Face.SOCIAL, Face.PROFILE)
    terms = vocabulary.terms.items()
    return [f"{face.value}.{name}" for (face, name), term in terms if face in faces and term.weight > 0]
