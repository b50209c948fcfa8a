"""What a look makes of a log whose latest transaction is visible in part, as databases show it while it is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from graph import changes
from graph.changes import CHANGES_VALUE, MANY, NOTES, Changes
from graph.driver import Database
from graph.queries import Statement
from graph.stamps import APPLIED_S

SOON, LATER = APPLIED_S / 10, 2 * APPLIED_S


@dataclass
class Log(Database):
    """A log as a look finds it: ``value`` says how long it is, ``events`` are those that are visible."""

    value: int = 0
    events: dict[int, str] = field(default_factory=dict)
    marks: int = 0
    marked: list[str] = field(default_factory=list)
    asked: list[tuple[int, int]] = field(default_factory=list)

    async def single(  # type: ignore[override]
        self, statement: Statement, parameters: Mapping[str, Any] | None = None, **_: Any
    ) -> dict[str, Any]:
        if statement is CHANGES_VALUE:
            return {"value": self.value, "holder": "h", "marks": self.marks, "marked": self.marked}
        given = dict(parameters or {})
        self.asked.append((given["first"], given["last"]))
        places = range(given["first"], given["last"] + 1)
        return {"rows": [[n, f"event {n}", self.events[n], None, None, None] for n in places if n in self.events]}

    def add(self, *actors: str, visible: bool = True) -> None:
        """Events of these users; ``visible``: those that a look finds, not their number alone."""
        for actor in actors:
            self.value += 1
            if visible:
                self.events[self.value] = actor


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(changes, "monotonic", clock)
    return clock


@dataclass
class Looking:
    """Looks, and says of whom nothing that was read after an earlier look can be trusted."""

    clock: Clock
    log: Log = field(default_factory=Log)

    def __post_init__(self) -> None:
        self.changes = Changes(self.log)

    async def after(self, seconds: float) -> float:
        self.clock.now += seconds
        await self.changes.look()
        return self.changes.tick

    def since(self, tick: float) -> set[str]:
        return self.changes.since(dict.fromkeys(("ann", "bob", "cat"), tick))


async def test_who_is_named_is_not_to_be_trusted_before_all_of_it_is_visible(clock: Clock) -> None:
    looking = Looking(clock)
    before = await looking.after(SOON)
    looking.log.add("ann")
    amid = await looking.after(SOON)
    assert looking.since(before) == looking.since(amid) == {"ann"}
    assert looking.since(await looking.after(SOON)) == {"ann"}
    assert looking.since(await looking.after(LATER)) == set()
    assert looking.since(amid) == {"ann"}


async def test_an_event_that_is_counted_and_not_visible_is_looked_for_again(clock: Clock) -> None:
    looking = Looking(clock)
    looking.log.add("ann")
    await looking.after(SOON)
    before = await looking.after(LATER)
    looking.log.add("bob", visible=False)
    looking.log.add("cat")
    assert looking.since(before) == set()
    await looking.after(SOON)
    assert looking.since(before) == {"cat"}
    looking.log.events[2] = "bob"
    late = await looking.after(SOON)
    assert looking.since(before) == {"bob", "cat"}
    assert looking.since(late) == {"bob", "cat"}
    assert looking.since(await looking.after(LATER)) == set()


async def test_an_event_that_never_comes_was_taken_out(clock: Clock) -> None:
    looking = Looking(clock)
    looking.log.add("ann")
    await looking.after(SOON)
    looking.log.add("bob", visible=False)
    await looking.after(SOON)
    await looking.after(LATER)
    looking.log.asked.clear()
    await looking.after(SOON)
    await looking.after(SOON)
    assert looking.log.asked == [], "nothing is looked for any more"
    before = await looking.after(LATER)
    looking.log.add("cat")
    await looking.after(SOON)
    assert looking.since(before) >= {"cat"}


async def test_a_note_that_is_counted_and_not_visible_is_read_again(clock: Clock) -> None:
    looking = Looking(clock)
    await looking.after(SOON)
    looking.log.marks, looking.log.marked = 1, ["ann"]
    await looking.after(SOON)
    await looking.after(LATER)
    before = await looking.after(LATER)
    assert looking.since(before) == set()
    looking.log.marks = 2
    await looking.after(SOON)
    looking.log.marked = ["bob", "ann"]
    await looking.after(SOON)
    assert "bob" in looking.since(before)
    await looking.after(LATER)
    assert looking.since(await looking.after(LATER)) == set()


@pytest.mark.parametrize(
    "news", [{"value": MANY + 2}, {"marks": NOTES + 1}, {"marks": 1, "marked": [""]}, {"value": 0}]
)
async def test_where_the_log_cannot_tell_nobody_is_to_be_trusted(clock: Clock, news: dict[str, Any]) -> None:
    looking = Looking(clock)
    looking.log.add("ann")
    before = await looking.after(LATER)
    for name, value in news.items():
        setattr(looking.log, name, value)
    await looking.after(LATER)
    assert looking.since(before) == {"ann", "bob", "cat"}


async def test_a_stamp_tells_nothing_of_what_was_read_amid_a_change(clock: Clock) -> None:
    looking = Looking(clock)
    long_ago = await looking.after(SOON)
    just_before = await looking.after(LATER)
    looking.log.add("ann")
    named = await looking.after(SOON)
    vouched = looking.changes.vouched
    assert [vouched("ann", tick) for tick in (long_ago, just_before, named)] == [True, False, False]
    assert not vouched("bob", long_ago), "nobody asks"
