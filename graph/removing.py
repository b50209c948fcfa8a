"""Taking many events out for good, in one transaction: what is left is the graph of all other events.

As after a retraction, only that the events themselves are gone as well, and with them the nodes of users and contents
that nothing else speaks of. A pair, a content, a person or a day is folded once, however many of its events go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph.driver import Transaction
from graph.queries import Statement, statement
from graph.recording import load, padded, with_days, write
from graph.records import event_of
from graph.refolding import refold
from graph.retracting import RETRACT_DELETE, WHOLE
from signals.clock import to_ms
from signals.errors import Unavailable
from signals.events import Event
from signals.items import Item
from signals.packing import SEPARATOR
from signals.pairs import meaning, pair_of
from signals.removal import Removed
from signals.rollups import EVERYTHING, day_of, key_of
from signals.vocabulary import Vocabulary
from signals.whole_days import SLOTS
from signals.world import FOLD, Loaded, Touched, World, reverse, touched

REMOVE_EVENTS = statement("remove_events")
REMOVE_FIRSTS = statement("remove_firsts")
REMOVE_LEFT = statement("remove_left")
REMOVE_NODES = statement("remove_nodes")
STAGE = statement("derive_stage")

AT_ONCE = 250
"""Events that are best taken out in one transaction: others wait for its lock."""
BLANK: Mapping[str, None] = dict.fromkeys(Item().pack())
NOTHING: Mapping[str, Any] = {}


async def remove(
    tx: Transaction,
    ids: Sequence[str],
    vocabulary: Vocabulary,
    leaving: str | None = None,
    *,
    how: Statement = REMOVE_EVENTS,
    more: Mapping[str, Any] = NOTHING,
) -> Removed:
    """Take the events with these ``ids`` out; those that are not there count for nothing.

    ``leaving``: a user all of whose events go, so that lists of the latest on that node need not be mended meanwhile.
    ``how``: what becomes of the events' nodes, by ``$p.ids`` and ``more``; no index of what they did may find them
    afterwards. Raises Unavailable while an older release's graph is derived anew: part of it is not there yet.
    """
    _, nodes, _ = await load(tx, ids, Touched(), WHOLE)
    if (await tx.run(STAGE))[0]["fold"] < FOLD:
        raise Unavailable("The graph is being derived anew from its events; nothing can be taken out meanwhile.")
    found = [event_of(node) for node in nodes]
    gone = [event for event in found if not event.retracted]
    await tx.run(how, {"p": {**more, "ids": [event.id for event in found]}})
    value, _, loaded = await load(tx, [], _touched(found, vocabulary), WHOLE)
    left = await _left(tx, gone)
    firsts = await _firsts(tx, gone, loaded)
    began = {key_of(EVERYTHING, day_of(at)) for at in firsts.values() if at is not None}
    loaded = await with_days(tx, loaded, sorted(began - loaded.days.keys()))
    world = World(vocabulary, loaded)
    world.take_out(gone, left, firsts)
    world.settle()
    relationships, bare = world.gone(), world.bare()
    registered = [key for key in bare["contents"] if loaded.contents[key].get("registered")]
    contents = [key for key in bare["contents"] if key not in registered]
    await tx.run(RETRACT_DELETE, padded(relationships))
    await write(tx, world, value, [])
    nodes_gone = {"users": bare["users"], "contents": contents, "registered": registered, "blank": BLANK}
    await tx.run(REMOVE_NODES, {"p": nodes_gone})
    await _mend(tx, world, vocabulary, {*bare["users"], leaving}, bare["contents"])
    return Removed(
        len(gone),
        len(found) - len(gone),
        len(relationships["interacted"]),
        len(relationships["ties"]),
        len(loaded.connections.keys() & relationships["connections"]),
        len(bare["users"]),
        len(contents),
        sum(not key.startswith(SLOTS + SEPARATOR) for key in relationships["days"]),
    )


async def _mend(
    tx: Transaction, world: World, vocabulary: Vocabulary, users: Iterable[str | None], contents: Iterable[str]
) -> None:
    """Fold again what must be, but for these, which are gone."""
    for id in users:
        world.persons.pop(id or "", None)
    for key in contents:
        world.items.pop(key, None)
    await refold(tx, world, vocabulary)


def _touched(events: Iterable[Event], vocabulary: Vocabulary) -> Touched:
    """What they touched; of a tie, the other direction as well."""
    keys = touched((event, meaning(vocabulary, event)) for event in events)
    keys.ties.update([reverse(key) for key in keys.ties])
    return keys


async def _left(tx: Transaction, gone: Iterable[Event]) -> list[Event]:
    """The other events of their pairs."""
    pairs = {pair_of(event) for event in gone} - {None}
    rows = await tx.run(REMOVE_LEFT, {"p": {"pairs": sorted(pair for pair in pairs if pair is not None)}})
    return [event_of(row["event"]) for row in rows]


async def _firsts(tx: Transaction, gone: Iterable[Event], loaded: Loaded) -> dict[str, int | None]:
    """Of users who lost their first event, when the first of the others was (epoch ms)."""
    users = sorted({e.user_id for e in gone if loaded.users[e.user_id].get("first") == to_ms(e.occurred_at)})
    if not users:
        return {}
    rows = await tx.run(REMOVE_FIRSTS, {"p": {"users": users}})
    return {**dict.fromkeys(users), **{row["id"]: row["at"] for row in rows}}
