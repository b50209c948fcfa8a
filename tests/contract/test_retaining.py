"""Retention on every engine: what was counted stays or goes as the table says, and the log keeps its promises."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import deriving, retaining
from graph.deriving import derive
from graph.driver import Database
from graph.engine import Engine
from graph.queries import Statement
from graph.records import CARRIED
from graph.retaining import Retainer
from signals.clock import to_ms
from signals.errors import InvalidCursor, Unavailable
from signals.events import Device, Event, EventFilter
from signals.outcomes import TAKEN, IdConflict, NotFound, Retracted, Tracked
from signals.retention import Keep, Retention, Rule
from signals.world import FOLD
from tests.contract.stage import Stage
from tests.contract.test_deriving import PRESENT, spoil
from tests.contract.test_same_graph import graph
from tests.factories import NOON, POST, RECEIVED, VOCABULARY, active, again, at, busy, did, met, visited
from tests.oracle import Oracle
from tests.reads import Cast, Ports, answers, play, same
from tests.strategies import Record, Step, events, histories

EXAMPLES = int(os.environ.get("SOCIOGRAPH_TEST_EXAMPLES", "6"))
"""How many histories each test tries; a few are enough for every day."""

LOG = Statement("log", "// Every event's node.\nMATCH (e:Event) RETURN properties(e) AS node")
ALONE = "event", "recent", "session", "events"
"""Questions that show events; all others are about figures."""
TYPES = ("post:view", "post:like", "social:follow", "social:message_sent", "profile:visit", "auth:login")
PHONE = Device("MOBILE", "Firefox", "130", "Android", "web", "2.1")
RICH = (
    did(
        "VIEW",
        "ann",
        seconds=1,
        id="rich-1",
        metadata={"a": 1},
        context="here",
        position=3,
        impression_id="i",
        reaction="x",
    ),
    met(
        "MESSAGE_SENT",
        "ann",
        "bob",
        2,
        id="rich-2",
        device=PHONE,
        country="NO",
        time_zone="Europe/Oslo",
        session_id="s",
    ),
    visited("bob", "ann", 3, id="rich-3", source="search", sent_at=at(4), metadata=[1]),
    active("LOGIN", "bob", 4, id="rich-4", points=2.5, duration_ms=7),
)
LATER = RECEIVED + timedelta(days=400)


def table(keep: Keep = "aggregates", days: int = 365, **rows: Rule) -> Retention:
    return Retention(default=Rule(days=days, keep=keep), categories=rows, types={})


def retainer(stage: Stage, rules: Retention | None = None) -> Retainer:
    return Retainer(stage.database, stage.writer, VOCABULARY, rules or table())


async def run(stage: Stage, rules: Retention, now: datetime, dry_run: bool = False) -> Counter[tuple[str, str]]:
    """A whole run, step by step."""
    found: Counter[tuple[str, str]] = Counter()
    after = None
    while True:
        step = await retainer(stage, rules).step(now, after=after, dry_run=dry_run)
        found.update({(row.type, row.keep): row.events for row in step.expired})
        assert step.events == sum(row.events for row in step.expired)
        after = step.next
        if after is None:
            return found


async def log(database: Database) -> dict[str, dict[str, Any]]:
    """All nodes of events by id."""
    return {row["node"]["id"]: row["node"] for row in await database.read(LOG)}


async def figures(ports: Ports, steps: Iterable[Step]) -> dict[str, Any]:
    """Every answer that is no list of events."""
    found = await answers(ports, Cast.of(steps))
    return {question: answer for question, answer in found.items() if question.split()[0] not in ALONE}


async def fresh(stage: Stage) -> None:
    """A database in which nothing has ever been retained."""
    await stage.wipe()
    async with stage.database.transaction() as tx:
        await tx.run(retaining.RETAIN_MARK, {"to": None, "seq": None, "table": None})


@pytest.fixture(autouse=True)
async def _never_retained(stage: Stage) -> None:
    await fresh(stage)


rules = st.builds(
    lambda default, types: Retention(default=default, categories={}, types=types),
    st.builds(Rule, days=st.sampled_from((0, 1, 365)), keep=st.just("aggregates")),
    st.dictionaries(
        st.sampled_from(TYPES), st.builds(Rule, days=st.sampled_from((0, 1, 20, 400)), keep=st.just("aggregates"))
    ),
)
nows = st.sampled_from([NOON + timedelta(days=days, hours=hours) for days in (0, 1, 20, 365, 900) for hours in (0, 1)])
slow = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@pytest.mark.timeout(900)
@slow
@given(before=histories(), after=histories(), rules=rules, now=nows)
async def test_figures_and_graph_stay_and_what_comes_after_is_as_if_nothing_had_expired(
    stage: Stage, before: list[Step], after: list[Step], rules: Retention, now: datetime
) -> None:
    """``after``: late events, repeated ones, conflicts and retractions, of expired events too."""
    await fresh(stage)
    oracle = Ports.of(Oracle(VOCABULARY))
    same(await play(oracle, before), await play(stage.ports, before))
    there = await graph(stage.database), await figures(stage.ports, before)
    expected = await run(stage, rules, now, dry_run=True)
    assert await run(stage, rules, now) == expected
    assert await run(stage, rules, now) == Counter()
    same(there, (await graph(stage.database), await figures(stage.ports, before)))
    _is_stripped(await log(stage.database), rules, now)
    same(_kinds(await play(oracle, after)), _kinds(await play(stage.ports, after)))
    same(await figures(oracle, [*before, *after]), await figures(stage.ports, [*before, *after]))
    await run(stage, rules, now)
    same(await figures(oracle, [*before, *after]), await figures(stage.ports, [*before, *after]))


def _is_stripped(nodes: Mapping[str, Mapping[str, Any]], rules: Retention, now: datetime) -> None:
    for node in nodes.values():
        due = rules.due(node["type"], node["at"], to_ms(now)) is not None
        assert due == ("expiredAt" in node)
        assert not due or not set(CARRIED) & node.keys()


def _kinds(outcomes: Sequence[Any]) -> list[Any]:
    """What became of each event, without the events themselves, which have lost what they carried."""
    rows = [outcome if isinstance(outcome, list) else [outcome] for outcome in outcomes]
    return [[(type(one).__name__, getattr(one, "duplicate", None)) for one in row] for row in rows]


@pytest.mark.timeout(900)
@slow
@given(history=histories(), late=st.lists(events(), max_size=3), days=st.sampled_from((1, 365)), now=nows)
async def test_of_what_is_to_leave_nothing_nothing_is_left(
    stage: Stage, history: list[Step], late: list[Event], days: int, now: datetime
) -> None:
    """The graph is that of the other events, ``late`` ones too, and a copy of one that is gone counts no more."""
    await fresh(stage)
    rules = Retention(
        default=Rule(days=0),
        categories={"post": Rule(days=days, keep="nothing"), "social": Rule(days=days, keep="nothing")},
        types={"social:follow": Rule(days=days, keep="aggregates")},
    )
    await play(stage.ports, history)
    there = await log(stage.database)
    gone = {id for id, node in there.items() if rules.due(node["type"], node["at"], to_ms(now)) == "nothing"}
    expected = await run(stage, rules, now, dry_run=True)
    assert sum(n for (_, keep), n in expected.items() if keep == "nothing") == len(gone)
    assert await run(stage, rules, now) == expected
    assert await run(stage, rules, now) == Counter()
    left = await graph(stage.database)
    nodes = await log(stage.database)
    assert all(nodes[id].keys() == {"id", "fp", "expiredAt"} for id in gone)
    copies = [event for step in history if isinstance(step, Record) for event in step.events if event.id in gone]
    outcomes = await stage.ports.recorder.record(copies)
    assert all(o == TAKEN or (isinstance(o, Tracked) and o.duplicate) for o in outcomes)
    same(left, await graph(stage.database))
    more = Record(tuple(event for event in late if event.id not in gone))
    await play(stage.ports, [more])
    left = await graph(stage.database)
    same(left, await _without(stage, [*history, more], gone))


async def _without(stage: Stage, history: Sequence[Step], gone: set[str]) -> dict[str, Any]:
    """The graph of the same history without these events."""
    await fresh(stage)
    steps: list[Step] = [
        replace(step, events=tuple(e for e in step.events if e.id not in gone)) if isinstance(step, Record) else step
        for step in history
    ]
    await play(stage.ports, steps)
    return await graph(stage.database)


async def test_what_it_carried_is_gone_and_no_list_shows_it(stage: Stage) -> None:
    await stage.ports.recorder.record([*RICH, did("VIEW", "ann", seconds=400 * 86_400, id="new", session_id="s")])
    read = stage.ports.events
    assert await run(stage, table(), at(366 * 86_400)) == Counter({(e.type, "aggregates"): 1 for e in RICH})
    assert [await read.event(event.id) for event in RICH] == [None] * 4
    for filter in (EventFilter(), EventFilter(user_id="ann"), EventFilter(content=POST), EventFilter(session_id="s")):
        assert [event.id for event in (await read.events(filter, 10, None)).events] == ["new"]
    assert (await read.events(EventFilter(target_user_id="bob"), 10, None)).events == ()
    session = await read.session("s")
    assert session is not None
    assert (session.event_count, session.entry.id, session.depth) == (1, "new", 1)
    nodes = await log(stage.database)
    assert not any(set(CARRIED) & nodes[event.id].keys() for event in RICH)
    summary = await stage.ports.summaries.summary(EventFilter())
    assert summary.total_events == 5


async def test_an_old_id_is_known_for_ever(stage: Stage) -> None:
    await stage.ports.recorder.record(RICH)
    there = await graph(stage.database)
    await run(stage, table(), LATER)
    outcomes = await stage.ports.recorder.record([again(event) for event in RICH])
    for outcome, event in zip(outcomes, RICH, strict=True):
        assert isinstance(outcome, Tracked)
        assert outcome.duplicate
        assert outcome.event.expired_at == LATER
        assert (outcome.event.id, outcome.event.metadata, outcome.event.type) == (event.id, None, event.type)
    [conflict] = await stage.ports.recorder.record([replace(RICH[0], metadata={"a": 2})])
    assert isinstance(conflict, IdConflict)
    same(there, await graph(stage.database))


async def test_an_id_of_which_nothing_else_is_left_is_known_for_ever(stage: Stage) -> None:
    await stage.ports.recorder.record(RICH)
    await run(stage, table("nothing"), LATER)
    assert await graph(stage.database) == {}
    assert await stage.ports.recorder.record(RICH) == [Tracked(event, duplicate=True) for event in RICH]
    assert await stage.ports.recorder.record([replace(RICH[0], user_id="eve")]) == [TAKEN]
    assert await stage.ports.recorder.retract("rich-1", None, LATER) == NotFound("rich-1")
    assert await stage.ports.events.event("rich-1") is None
    assert await graph(stage.database) == {}


async def test_a_reason_given_after_that_is_not_kept(stage: Stage) -> None:
    await stage.ports.recorder.record(RICH)
    await stage.ports.recorder.retract("rich-1", "before", RECEIVED)
    await run(stage, table(), LATER)
    assert isinstance(await stage.ports.recorder.retract("rich-2", "after", LATER), Retracted)
    nodes = await log(stage.database)
    assert not [id for id, node in nodes.items() if "retractReason" in node]


async def test_what_expired_is_derived_anew_with_the_rest(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deriving, "AT_ONCE", 9)
    recorded = busy(random.Random(3), 60)
    await stage.ports.recorder.record([*recorded, *RICH])
    await run(stage, table(post=Rule(days=1, keep="nothing")), at(100_000 + 86_400))
    expected = await graph(stage.database)
    await spoil(stage.database)
    try:
        await derive(stage.database, VOCABULARY)
        same(expected, await graph(stage.database))
    finally:
        async with stage.database.transaction() as transaction:
            await transaction.run(PRESENT, {"fold": FOLD})


async def test_nothing_is_taken_out_while_the_graph_is_derived_anew(stage: Stage) -> None:
    await stage.ports.recorder.record(RICH)
    expected = await graph(stage.database)
    await spoil(stage.database)
    try:
        with pytest.raises(Unavailable, match="derived anew"):
            await run(stage, table("nothing"), LATER)
        await derive(stage.database, VOCABULARY)
        same(expected, await graph(stage.database))
        assert (await run(stage, table("nothing"), LATER)).total() == len(RICH)
    finally:
        async with stage.database.transaction() as transaction:
            await transaction.run(PRESENT, {"fold": FOLD})
    assert await graph(stage.database) == {}


async def test_a_dry_run_changes_nothing(stage: Stage) -> None:
    await stage.ports.recorder.record([*busy(random.Random(4), 40), *RICH])
    there = await graph(stage.database), await log(stage.database)
    for rules in (table(), table("nothing")):
        assert (await run(stage, rules, LATER, dry_run=True)).total() == 44
    assert (await graph(stage.database), await log(stage.database)) == there
    assert (await run(stage, table(), LATER)).total() == 44


@pytest.mark.parametrize("keep", ["aggregates", "nothing"])
async def test_a_run_goes_in_steps_while_others_record(
    stage: Stage, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step is over at once; the events that are recorded meanwhile stay."""
    monkeypatch.setattr(retaining, "STEP_S", 0.01)
    monkeypatch.setattr(retaining, "STRIPPED_AT_ONCE", 7)
    monkeypatch.setattr(retaining, "TAKEN_OUT_AT_ONCE", 7)
    old = [_earlier(event) for event in busy(random.Random(5), 60)]
    await stage.ports.recorder.record(old)
    new = [did("LIKE", "abc"[n % 3], seconds=n, id=f"new-{n}") for n in range(40)]
    running = asyncio.create_task(run(stage, table(keep), RECEIVED))
    outcomes = await asyncio.gather(*(stage.ports.recorder.record([event]) for event in new))
    counted = await running
    assert outcomes == [[Tracked(event, duplicate=False)] for event in new]
    assert counted.total() == len(old)
    oracle = Oracle(VOCABULARY)
    await oracle.record([*([] if keep == "nothing" else old), *new])
    steps: list[Step] = [Record((*old, *new))]
    same(await figures(Ports.of(oracle), steps), await figures(stage.ports, steps))


def _earlier(event: Event) -> Event:
    return replace(event, occurred_at=event.occurred_at - timedelta(days=400))


@pytest.mark.parametrize("keep", ["aggregates", "nothing"])
async def test_what_is_stopped_half_way_is_done_by_the_next_run(
    stage: Stage, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retaining, "STRIPPED_AT_ONCE", 9)
    monkeypatch.setattr(retaining, "TAKEN_OUT_AT_ONCE", 9)
    await stage.ports.recorder.record(busy(random.Random(6), 50))
    there = await graph(stage.database)
    done = 0

    class Stopping:
        """Two transactions have their turn; the third ends when all of it is written and nothing committed."""

        async def in_turn(self, work: Any, patience_s: float) -> Any:
            nonlocal done
            async with stage.database.transaction(timeout=patience_s) as tx:
                found = await work(tx)
                if done == 2:
                    raise ZeroDivisionError
                done += 1
                return found

    with pytest.raises(ZeroDivisionError):
        await Retainer(stage.database, Stopping(), VOCABULARY, table(keep)).run(LATER)
    assert sum("expiredAt" in node for node in (await log(stage.database)).values()) == 18
    assert (await run(stage, table(keep), LATER)).total() == 32
    same({} if keep == "nothing" else there, await graph(stage.database))


@pytest.mark.parametrize("keep", ["aggregates", "nothing"])
async def test_a_killed_run_is_finished_by_the_next(stage: Stage, engine: Engine, keep: Keep) -> None:
    """kill -9 after some transactions; meanwhile and afterwards figures are those of the events that still count."""
    events = busy(random.Random(7), 150)
    await stage.ports.recorder.record(events)
    there = await graph(stage.database)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.retaining_slowly", stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = {"uri": engine.uri, "auth": engine.auth, "database": engine.database, "keep": keep, "now": str(LATER)}
    process.stdin.write(json.dumps(told).encode() + b"\n")
    try:
        turns = 0
        while turns < 4:
            line = await process.stdout.readline()
            assert line, "it ended before it was killed"
            turns += line == b"turn\n"
    finally:
        process.kill()
        await process.wait()
    nodes = await log(stage.database)
    gone = {id for id, node in nodes.items() if "expiredAt" in node}
    assert 20 <= len(gone) < len(events)
    left = [event for event in events if keep == "aggregates" or event.id not in gone]
    oracle = Oracle(VOCABULARY)
    await oracle.record(left)
    same(await figures(Ports.of(oracle), [Record(tuple(events))]), await figures(stage.ports, [Record(tuple(events))]))
    assert (await run(stage, table(keep, days=1), LATER)).total() == len(events) - len(gone)
    same({} if keep == "nothing" else there, await graph(stage.database))


async def test_the_next_run_looks_at_what_came_due_and_at_what_came_late(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = 86_400
    await stage.ports.recorder.record([did("VIEW", "ann", seconds=n * day, id=f"day-{n}") for n in range(10)])
    rules = table(days=100)
    assert (await run(stage, rules, at(102 * day + 1))).total() == 3
    await stage.ports.recorder.record([did("VIEW", "bob", seconds=n * day, id=f"late-{n}") for n in range(4)])
    looked: list[tuple[int, int]] = []
    read = Retainer._rows

    async def watched(self: Retainer, statement: Statement, parameters: dict[str, Any]) -> Any:
        if "from" in parameters:
            looked.append((parameters["from"], parameters["until"]))
        return await read(self, statement, parameters)

    monkeypatch.setattr(Retainer, "_rows", watched)
    now = at(103 * day + 1)
    assert (await run(stage, rules, now, dry_run=True)).total() == 5
    assert (await run(stage, rules, now)).total() == 5
    assert min(low for low, _ in looked) == to_ms(at(2 * day + 1))
    expired = {id for id, node in (await log(stage.database)).items() if "expiredAt" in node}
    assert expired == {f"day-{n}" for n in range(4)} | {f"late-{n}" for n in range(4)}


async def test_another_table_looks_at_everything(stage: Stage) -> None:
    await stage.ports.recorder.record(RICH)
    assert (await run(stage, table(), LATER)).total() == 4
    assert (await run(stage, table("nothing"), LATER)).total() == 4
    assert await graph(stage.database) == {}


async def test_other_days_than_the_tables_are_for_once(stage: Stage) -> None:
    await stage.ports.recorder.record(RICH)
    now = at(86_400 * 40)
    assert (await retainer(stage).step(now, days=50)).events == 0
    assert (await retainer(stage).step(now, days=30)).events == 4
    [row] = await stage.database.read(retaining.RETAIN_STAGE)
    assert row["to"] is None


@pytest.mark.parametrize("cursor", ["", "x", "MQkyCTMJNAk="])
async def test_a_cursor_of_somebody_elses_is_refused(stage: Stage, cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        await retainer(stage).step(LATER, after=cursor)


async def test_it_runs_by_itself_when_it_is_due(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retaining, "PAUSE_S", 0.01)
    await stage.ports.recorder.record(RICH)
    clock = [LATER]
    keeping = asyncio.create_task(retainer(stage).keep(lambda: clock[0], timedelta(hours=6)))
    try:
        assert await _expired(stage, 4)
        late = did("VIEW", "ann", seconds=9, id="late")
        await stage.ports.recorder.record([late])
        clock[0] += timedelta(hours=5)
        await asyncio.sleep(0.3)
        assert "expiredAt" not in (await log(stage.database))["late"]
        clock[0] += timedelta(hours=1)
        assert await _expired(stage, 5)
    finally:
        keeping.cancel()


async def _expired(stage: Stage, count: int) -> bool:
    for _ in range(400):
        if sum("expiredAt" in node for node in (await log(stage.database)).values()) == count:
            return True
        await asyncio.sleep(0.05)
    return False
