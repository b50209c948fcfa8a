"""A look at the log tells what has changed, whoever wrote it; and where it cannot tell, everything is asked about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from graph import changes, stamps
from graph.changes import Changes
from graph.driver import Database
from graph.engine import Engine
from graph.nodes import NodeReader
from signals.content import Registration
from signals.events import ContentRef, Event
from signals.packing import joined
from signals.wanted import Wanted
from tests.contract.stage import Counting, Stage, connected
from tests.factories import POST, RECEIVED, VOCABULARY, active, did, met


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is under way when these tests look."""
    monkeypatch.setattr(stamps, "APPLIED_S", 0.0)


NAMES = ("ann", "bob", "cleo", POST.key, "POST:other")


async def looked(found: Changes, act: Callable[[], object] = lambda: None) -> set[str]:
    """Which names may have changed between two looks."""
    await found.look()
    tick = found.tick
    outcome = act()
    if asyncio.iscoroutine(outcome):
        await outcome
    await found.look()
    return found.since(dict.fromkeys(NAMES, tick))


async def test_an_event_names_all_that_it_changes(stage: Stage) -> None:
    found, record = Changes(stage.database), stage.ports.recorder.record
    assert await looked(found) == set()
    assert await looked(found, lambda: record([did("LIKE", "ann", POST)])) == {"ann", POST.key}
    assert await looked(found, lambda: record([met("FOLLOW", "bob", "cleo")])) == {"bob", "cleo"}
    assert await looked(found, lambda: record([active("LOGIN", "cleo")])) == {"cleo"}
    assert await looked(found, lambda: record([met("COMMENT", "ann", "bob", content=POST)])) == {
        "ann",
        "bob",
        POST.key,
    }
    assert await looked(found) == set()


async def test_another_process_is_seen(engine: Engine, stage: Stage) -> None:
    found = Changes(stage.database)
    async with connected(engine) as other:
        assert await looked(found, lambda: other.ports.recorder.record([did("LIKE", "ann", POST)])) == {
            "ann",
            POST.key,
        }


async def test_what_has_no_event_of_its_own_is_noted(stage: Stage) -> None:
    found, recorder = Changes(stage.database), stage.ports.recorder
    event = did("LIKE", "ann", POST)
    await recorder.record([event])
    registered = recorder.register([Registration(content=ContentRef("POST", "other"), author_id="bob")])
    assert await looked(found, lambda: registered) == {"POST:other"}
    assert await looked(found, lambda: recorder.retract(event.id, None, RECEIVED)) == {"ann", POST.key}
    assert await looked(found, lambda: recorder.retract(event.id, None, RECEIVED)) == set(), "it was taken back before"


async def test_a_probe_of_the_lock_changes_nothing(stage: Stage) -> None:
    await stage.ports.recorder.record([did("LIKE", "ann", POST)])
    assert await looked(Changes(stage.database), stage.writer.ready) == set()


async def test_where_too_much_happened_everything_is_asked_about(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MANY", 3)
    monkeypatch.setattr(changes, "NOTES", 2)
    monkeypatch.setattr(changes, "NAMED", 2)
    found, recorder = Changes(stage.database), stage.ports.recorder

    async def registered(*contents: str) -> None:
        await recorder.register([Registration(content=ContentRef("POST", id)) for id in contents])

    async def three_times() -> None:
        for _ in range(3):
            await registered("other")

    assert await looked(found, lambda: recorder.record([active("LOGIN", "ann") for _ in range(3)])) == {"ann"}
    assert await looked(found, lambda: recorder.record([active("LOGIN", "ann") for _ in range(4)])) == set(NAMES)
    assert await looked(found, lambda: registered("other", "more")) == {"POST:other"}
    assert await looked(found, lambda: registered("other", "more", "most")) == set(NAMES)
    assert await looked(found, three_times) == set(NAMES), "two notes are kept"


@pytest.mark.parametrize("more", [0, 1, 2])
async def test_another_log_is_told_from_the_same_one(stage: Stage, more: int) -> None:
    """A database that was emptied or restored, with as many events as before, fewer, or more."""
    found, recorder = Changes(stage.database), stage.ports.recorder
    await recorder.record([active("LOGIN", "ann"), active("LOGIN", "bob")])

    async def replaced() -> None:
        await stage.wipe()
        await recorder.record([active("LOGIN", "cleo") for _ in range(1 + more)])

    assert await looked(found, replaced) == set(NAMES)


async def test_an_empty_database_can_be_looked_at(stage: Stage) -> None:
    found = Changes(stage.database)
    assert await looked(found) == set()
    assert await looked(found, lambda: stage.ports.recorder.record([active("LOGIN", "ann")])) >= {"ann"}


async def test_what_is_remembered_and_has_not_changed_is_not_asked_about(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Event] = [did("LIKE", "ann", POST), met("FOLLOW", "ann", "bob")]
    await stage.ports.recorder.record(events)
    counting = Counting()
    monkeypatch.setattr(stage.database._watch, "meter", counting)
    nodes = NodeReader(stage.database, VOCABULARY)
    wanted = Wanted(
        profiles={"ann", "bob", "nobody"},
        cards={POST.key, "POST:never"},
        interacted={joined("ann", POST.key), joined("bob", POST.key)},
        ties={joined("ann", "bob")},
    )
    first = await nodes.read(wanted, None)
    counting.statements.clear()
    view = nodes.view()
    again = [await view.read(wanted, None) for _ in range(3)]
    assert counting.statements == {"changes_value": 1}
    assert again == [first] * 3
    assert first.profiles.keys() == {"ann", "bob"}
    await stage.ports.recorder.record([met("FOLLOW", "bob", "nobody")])
    counting.statements.clear()
    later = await nodes.view().read(wanted, None)
    assert counting.statements["nodes_read"] == 1, "who has changed, with what they did"
    assert later.profiles.keys() == {"ann", "bob", "nobody"}
    assert later.profiles["bob"] != first.profiles["bob"]


async def test_those_who_come_at_once_share_a_look(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting()
    monkeypatch.setattr(stage.database._watch, "meter", counting)
    found = Changes(stage.database)
    await asyncio.gather(*(found.look() for _ in range(20)))
    assert counting.statements["changes_value"] <= 2


async def test_a_look_that_fails_is_tried_again_by_the_next(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> None:
        raise KeyError

    found = Changes(stage.database)
    with monkeypatch.context() as patch:
        patch.setattr(Database, "single", gone)
        with pytest.raises(KeyError):
            await found.look()
    assert await looked(found, lambda: stage.ports.recorder.record([active("LOGIN", "ann")])) >= {"ann"}
