"""Sessions: how events divide into them, and that a walk backwards finds what looking at everything finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest
from hypothesis import given as example_of
from hypothesis import settings
from hypothesis import strategies as st

from graph.driver import Database
from graph.queries import Statement
from graph.sessions import SessionReader
from signals.clock import DAY_MS, HOUR_MS
from signals.sessions import LONGEST_MS, SILENCE_MS, Outline, Step, given, inferred

MINUTE_MS = 60_000


def step(at: int, session: str | None = None, actor: str = "ann", **more: Any) -> Step:
    fixed: dict[str, Any] = {"id": f"e{at}{actor}{session or ''}", "thing": "cPOST:1", "device": False}
    return Step(at=at, actor_id=actor, session_id=session, **(fixed | more))


def starts(outlines: Sequence[Outline]) -> list[int]:
    return sorted(outline.start_ms for outline in outlines)


def test_a_given_session_is_all_events_of_its_id_whoever_did_them() -> None:
    steps = [
        step(900, "s", "bob", thing="ubob"),
        step(100, "s", thing="cPOST:1"),
        step(100 + 9 * DAY_MS, "s", thing="cPOST:1", device=True),
        step(200, "other"),
        step(300),
    ]
    found = {outline.id: outline for outline in given(steps)}
    assert set(found) == {"s", "other"}
    session = found["s"]
    assert (session.user_id, session.start_ms, session.end_ms) == ("ann", 100, 100 + 9 * DAY_MS)
    assert (session.event_count, session.depth, session.duration_ms) == (3, 2, 9 * DAY_MS)
    assert session.event_ids == (steps[1].id, steps[0].id, steps[2].id)
    assert session.device_id == steps[2].id
    assert not session.inferred


def test_equal_times_go_by_id() -> None:
    [session] = given([step(1, "s", "bob", id="b"), step(1, "s", "ann", id="a")])
    assert (session.user_id, session.event_ids) == ("ann", ("a", "b"))


@pytest.mark.parametrize(("silence", "sessions"), [(SILENCE_MS, 1), (SILENCE_MS + 1, 2)])
def test_silence_divides(silence: int, sessions: int) -> None:
    assert len(inferred([step(0), step(silence)])) == sessions


@pytest.mark.parametrize(("late", "second"), [(LONGEST_MS - 1, []), (LONGEST_MS, [LONGEST_MS])])
def test_a_day_divides(late: int, second: list[int]) -> None:
    busy = [step(at) for at in range(0, LONGEST_MS - SILENCE_MS, SILENCE_MS)]
    last = [step(LONGEST_MS - SILENCE_MS), step(late)]
    assert starts(inferred([*last, *busy])) == [0, *second]


def test_people_are_inferred_apart_and_named_after_their_first_event() -> None:
    found = inferred([step(5, actor="bob", id="x"), step(6, actor="ann", id="y"), step(7, actor="bob", id="z")])
    assert {outline.id: outline.event_ids for outline in found} == {"inferred:x": ("x", "z"), "inferred:y": ("y",)}
    assert all(outline.inferred for outline in found)


def test_events_of_a_session_do_not_keep_an_inferred_one_going() -> None:
    between = [step(at, "s") for at in range(0, HOUR_MS, MINUTE_MS)]
    assert starts(inferred([step(0), *between, step(HOUR_MS)])) == [0, HOUR_MS]


@dataclass
class Log:
    """Answers the reader's statements from a list of steps; counts the rows it gave."""

    steps: Sequence[Step]
    rows: int = 0

    async def single(self, statement: Statement, parameters: Mapping[str, Any], *, timeout: float) -> dict[str, Any]:
        assert timeout > 1
        found = [one for one in self.steps if self._wanted(statement.name, one, parameters)]
        if statement.name.startswith("session_ids"):
            return {"rows": sorted({one.session_id for one in found if one.session_id is not None})}
        self.rows += len(found)
        return {"rows": [list(one) for one in found]}

    def _wanted(self, name: str, one: Step, p: Mapping[str, Any]) -> bool:
        if name == "steps_of_sessions":
            return one.session_id in p["ids"]
        if not p["from"] <= one.at < p["until"]:
            return False
        return {
            "session_ids_of_time": one.session_id is not None,
            "session_ids_of_user": one.session_id is not None and one.actor_id == p.get("actor"),
            "steps_of_time": one.session_id is None,
            "steps_of_users": one.session_id is None and one.actor_id in p.get("actors", ()),
        }[name]


def reader(log: Log) -> SessionReader:
    return SessionReader(cast("Database", log))


def looked_at_everything(steps: Sequence[Step], user: str | None, since: int, until: int) -> list[Outline]:
    found = [o for o in given(steps) + inferred(steps) if since <= o.start_ms < until and user in (None, o.user_id)]
    return sorted(found, key=lambda o: (o.start_ms, o.id), reverse=True)


@st.composite
def logs(draw: st.DrawFn) -> list[Step]:
    """Chains with gaps around what divides them, some for days on end, mixed with sessions of clients."""
    found: list[Step] = []
    for actor in ("ann", "bob"):
        at = draw(st.integers(0, 10 * DAY_MS))
        gap = st.sampled_from((1, 20 * MINUTE_MS, SILENCE_MS - 1, SILENCE_MS, SILENCE_MS + 1, 5 * HOUR_MS, 20 * DAY_MS))
        for _ in range(draw(st.integers(0, 60))):
            at += draw(gap)
            session = draw(st.sampled_from((None, None, None, "s1", f"{actor}-{at // DAY_MS}")))
            found.append(step(at, session, actor, id=f"{actor}{len(found)}"))
        if draw(st.booleans()):
            long = draw(st.integers(40, 150))
            found += [step(at + n * 29 * MINUTE_MS, None, actor, id=f"{actor}-long{n}") for n in range(1, long)]
    return found


@settings(max_examples=150, deadline=None)
@example_of(logs(), st.data())
async def test_a_walk_finds_what_looking_at_everything_finds(steps: list[Step], data: st.DataObject) -> None:
    moments = [at + by for at, *_ in steps for by in (-SILENCE_MS, -1, 0, 1, SILENCE_MS)] or [5]
    edges = [at for at in moments if at >= 0]
    since = data.draw(st.sampled_from([0, *edges]))
    until = since + data.draw(st.sampled_from([1, HOUR_MS, DAY_MS, 7 * DAY_MS, 900 * DAY_MS]))
    user = data.draw(st.sampled_from([None, "ann", "nobody"]))
    first = data.draw(st.sampled_from([1, 2, 5, 500]))
    found = await reader(Log(steps)).sessions(user, since, until, first)
    assert found == looked_at_everything(steps, user, since, until)[:first]


async def test_what_began_just_before_the_window_does_not_begin_in_it() -> None:
    steps = [step(0), step(SILENCE_MS)]
    assert await reader(Log(steps)).sessions("ann", 1, HOUR_MS, 10) == []


async def test_a_page_does_not_read_the_whole_window() -> None:
    steps = [step(at, None if at % 2 else f"s{at}", f"u{at}") for at in range(0, 7 * DAY_MS, 10 * MINUTE_MS - 1)]
    log = Log(steps)
    found = await reader(log).sessions(None, 0, 7 * DAY_MS, 10)
    assert len(found) == 10
    assert log.rows < 200 < len(steps)


async def test_somebody_who_never_stops_is_followed_back_to_the_beginning() -> None:
    steps = [step(DAY_MS // 2 + n * 25 * MINUTE_MS) for n in range(4000)]
    until = steps[-1].at + 1
    [found] = await reader(Log(steps)).sessions(None, until - HOUR_MS * 24, until, 10)
    assert found == next(o for o in inferred(steps) if o.start_ms >= until - HOUR_MS * 24)
