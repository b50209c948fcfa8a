"""One write transaction: lock, read what a batch touches, decide and fold in Python, write back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias
from uuid import uuid4

from graph.changes import mark
from graph.driver import Transaction
from graph.queries import statement
from graph.records import event_of, is_husk, properties
from graph.refolding import refold
from graph.stamps import stamp
from graph.standings import Standings, people_of
from signals.connections import Step
from signals.events import Event
from signals.fingerprint import fingerprint
from signals.latest import LONG
from signals.outcomes import TAKEN, IdConflict, InvalidInput, Refused, Tracked
from signals.pairs import meaning
from signals.vocabulary import Term, Vocabulary
from signals.world import Loaded, Rows, Touched, World, late, touched

RECORD_READ = statement("record_read")
RECORD_MORE = statement("record_more")
RECORD_WRITE = statement("record_write")

Recorded: TypeAlias = Tracked | IdConflict | InvalidInput | Refused

RELATIONSHIPS = ("interacted", "ties", "connections")
SIZES = (1, 10, 100, 1000, 10_000)


async def load(
    tx: Transaction, ids: Iterable[str], keys: Touched, long: int, standings: Sequence[str] = ()
) -> tuple[int, Rows, Loaded]:
    """Take the writers' lock; the sequence's value, the events known by ``ids``, and what ``keys`` name.

    Of a list whose tail is no longer than ``long`` characters, the tail alone. ``standings``: keys of people.
    """
    named = keys.keys()
    relationships = {kind: named[kind] for kind in RELATIONSHIPS}
    others = {"holder": uuid4().hex, "ids": list(ids), "long": long, "standings": standings}
    records = await tx.run(RECORD_READ, {"p": {**named, **others}, **padded(relationships)})
    rows: dict[str, list[Any]] = {record["kind"]: record["rows"] for record in records}
    return rows["value"][0], rows.get("events", []), _loaded(rows)


async def with_days(tx: Transaction, loaded: Loaded, keys: Sequence[str]) -> Loaded:
    """The same with more roll-ups."""
    if not keys:
        return loaded
    found = await tx.run(RECORD_MORE, {"p": {"keys": keys}})
    return replace(loaded, days={**loaded.days, **{row["day"]["key"]: row["day"] for row in found}})


def _loaded(rows: Mapping[str, list[Any]]) -> Loaded:
    steps: dict[str, list[Step]] = {}
    for key, at, id, name, actor in rows.get("steps", ()):
        steps.setdefault(key, []).append(Step(at, id, name, actor))
    kinds = ("contents", "interacted", "ties", "connections", "days", "standings")
    return Loaded(
        users={p["id"]: p for p in rows.get("users", ())},
        **{kind: {p["key"]: p for p in rows.get(kind, ())} for kind in kinds},
        steps=steps,
    )


class Prepared(NamedTuple):
    """An event with its meaning and fingerprint."""

    event: Event
    term: Term
    print: int


async def record(
    tx: Transaction, events: Sequence[Event], vocabulary: Vocabulary, standings: Standings
) -> list[Recorded]:
    """Record ``events`` in the transaction: one outcome each, in order; ids may repeat.

    What is recorded already answers as it always does; of what is refused nothing is written.
    """
    prepared = [Prepared(event, meaning(vocabulary, event), fingerprint(event)) for event in events]
    keys = touched((event, term) for event, term, _ in prepared)
    people = await standings.keys(tx)
    asked = sorted(map(people.of, people_of(events)))
    value, known, loaded = await load(tx, {event.id for event, _, _ in prepared}, keys, LONG, asked)
    gate = standings.gate(people, loaded.standings)
    there = {node["id"]: (node["fp"], None if is_husk(node) else event_of(node)) for node in known}
    outcomes: list[Recorded] = []
    fresh: list[Prepared] = []
    for event, term, print_ in prepared:
        found = there.get(event.id)
        if found is None and (reason := gate.refused(event)) is not None:
            outcomes.append(Refused(reason))
        elif found is None:
            there[event.id] = (print_, event)
            fresh.append(Prepared(event, term, print_))
            outcomes.append(Tracked(event, duplicate=False))
        elif found[0] == print_:
            outcomes.append(Tracked(found[1] or event, duplicate=True))
        else:
            outcomes.append(TAKEN if found[1] is None else IdConflict(event.id, found[1]))
    if fresh:
        await _write(tx, fresh, value, loaded, vocabulary)
    return outcomes


async def _write(
    tx: Transaction, fresh: Sequence[Prepared], value: int, loaded: Loaded, vocabulary: Vocabulary
) -> None:
    loaded = await with_days(tx, loaded, late((event for event, _, _ in fresh), loaded))
    world = World(vocabulary, loaded)
    for event, term, _ in fresh:
        world.record(event, term)
    world.settle()
    rows = [properties(event, print_, value + n, vocabulary) for n, (event, _, print_) in enumerate(fresh, start=1)]
    await write(tx, world, value + len(fresh), rows)
    await refold(tx, world, vocabulary)


async def write(tx: Transaction, world: World, value: int, events: Rows) -> None:
    """Write a settled world's changes and new events; ``value``: the sequence's."""
    full = world.full()
    found = await tx.run(RECORD_MORE, {"p": {"keys": full}}) if full else []
    segments = {row["day"]["key"]: row["day"]["slots"] for row in found}
    await tx.run(RECORD_WRITE, parameters({"value": value, "events": events, **world.changes(stamp(), segments)}))
    if not events:
        await mark(tx, [*world.persons, *world.items])


def parameters(rows: dict[str, Any]) -> dict[str, Any]:
    """What is to be written as the parameters of ``record_write``: rows for nodes, maps by key for relationships."""
    known: dict[str, dict[str, Any]] = {}
    for kind in ("Interacted", "Ties", "Connections"):
        rows[f"new{kind}"] = [_relationship(row) for row in rows[f"new{kind}"]]
        known[kind] = {row["key"]: _relationship(row)["p"] for row in rows.pop(f"old{kind}")}
    keys = padded({kind.lower(): list(changed) for kind, changed in known.items()})
    return {"p": rows, **keys, **{f"old{kind}": changed for kind, changed in known.items()}}


def padded(lists: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The lists filled up with a key nobody has, until all are of one order of magnitude.

    Neo4j plans a statement anew for every order of magnitude of every list parameter, which costs up to seconds; this
    way there are four plans.
    """
    longest = max(len(keys) for keys in lists.values())
    least = next(power for power in SIZES if power >= longest) // 10 + 1
    return {name: keys + [""] * (least - len(keys)) for name, keys in lists.items()}


def _relationship(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "from": row["from"],
        "to": row["to"],
        "p": {name: value for name, value in row.items() if name not in ("from", "to")},
    }
