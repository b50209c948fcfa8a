"""Roll-ups of days: however events come, and whatever is taken back, they are what the remaining events add up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals import whole_days
from signals.clock import DAY_MS, to_ms
from signals.events import Event
from signals.packing import joined, unpack_counts
from signals.pairs import item_of, meaning
from signals.rollups import Day
from signals.slots import SLOT_MS, token, unpack_slots, unpack_tokens, unpack_totals
from signals.world import World, untouched
from tests.factories import POST, VOCABULARY, at, did, met
from tests.strategies import EVERYTHING, worlds
from tests.unit.test_world import Store

NAMES = {
    "VIEW": "views",
    "LIKE": "likes",
    "COMMENT": "comments",
    "REPLY": "comments",
    "SHARE": "shares",
    "SAVE": "saves",
}


def take_back(store: Store, event: Event, others: Sequence[Event]) -> None:
    """As ``graph.retracting`` does."""
    keys = untouched(event, meaning(VOCABULARY, event)).keys()
    store.long = -1
    first = min((to_ms(other.occurred_at) for other in others if other.user_id == event.user_id), default=None)
    if first is not None:
        keys["days"].append(joined("g", str(first - first % DAY_MS)))
    world = World(VOCABULARY, store.loaded(keys))
    pair = [
        o
        for o in others
        if (o.user_id, o.target_user_id, item_of(o)) == (event.user_id, event.target_user_id, item_of(event))
    ]
    world.take_back(event, pair, first)
    world.settle()
    store.write(world)
    for key in world.gone()["days"]:
        store.nodes["days"].pop(key, None)


def rows(events: Iterable[Event], groups: Any) -> dict[Any, list[Any]]:
    """Events by each of the groups that they belong to."""
    found: dict[Any, list[Any]] = {}
    for event in events:
        for group in groups(event):
            found.setdefault(group, []).append(event)
    return found


def values(event: Event) -> Iterator[tuple[str, str]]:
    yield "t", event.type
    yield "k", event.content.type if event.content is not None else "none"
    yield "o", event.country or "unknown"
    yield "d", (event.device and event.device.type) or "unknown"


def score(events: Iterable[Event]) -> float:
    return sum(round(meaning(VOCABULARY, event).weight * 1e6) for event in events) / 1e6


def figures(events: list[Event]) -> tuple[int, int, float]:
    return len(events), sum(event.duration_ms or 0 for event in events), score(events)


def pairs(events: Iterable[Event]) -> set[tuple[str, str]]:
    return {(event.user_id, event.session_id) for event in events if event.session_id}


def expected_slots(events: list[Event], firsts: list[int], day: int) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    grouped = rows(events, lambda event: [((to_ms(event.occurred_at) - day) // SLOT_MS, *v) for v in values(event)])
    for where, some in grouped.items():
        users = sorted({token(event.user_id) for event in some})
        found[where] = (*figures(some), users, sorted(token(session) for _, session in pairs(some)))
    for first in firsts:
        where = ((first - day) // SLOT_MS, "n", "")
        found[where] = (found.get(where, (0,))[0] + 1, 0, 0.0, [], [])
    return found


def expected_totals(events: list[Event]) -> dict[Any, Any]:
    grouped = rows(events, lambda event: [("", ""), ("g", event.type.partition(":")[0]), *values(event)])
    return {
        where: (*figures(some), len({e.user_id for e in some}), len(pairs(some))) for where, some in grouped.items()
    }


def check(store: Store, events: list[Event]) -> None:
    """Every roll-up is what the events add up to, and there is no other."""
    firsts: dict[str, int] = {}
    for event in events:
        firsts[event.user_id] = min(firsts.get(event.user_id, 2**62), to_ms(event.occurred_at))
    keys = set()
    for day, some in rows(events, lambda event: [to_ms(event.occurred_at) // DAY_MS * DAY_MS]).items():
        new = [first for first in firsts.values() if first // DAY_MS * DAY_MS == day]
        keys |= whole_day(store, some, new, day)
        keys |= {key for user in {e.user_id for e in some} for key in person_day(store, user, some, day)}
        for target, towards in rows(some, lambda e: [e.target_user_id] if e.target_user_id else []).items():
            keys.add(joined("t", target, str(day)))
            assert store.nodes["days"][joined("t", target, str(day))]["n"] == len(towards)
        for content, done in rows(some, lambda e: [item_of(e)] if item_of(e) else []).items():
            keys |= content_day(store, content.key, done, day)
    assert keys == store.nodes["days"].keys()
    for id, user in store.nodes["users"].items():
        assert user.get("first") == firsts.get(id)


def whole_day(store: Store, events: list[Event], new: list[int], day: int) -> set[str]:
    nodes = store.nodes["days"]
    node = nodes[joined("g", str(day))]
    segments = {key for key, segment in nodes.items() if segment["subject"] == "s" and segment["at"] == day}
    cells = unpack_slots([nodes[key]["slots"] for key in segments])
    got = {(s, d.value, v): (c.n, c.ms, c.score, sorted(c.users), sorted(c.sessions)) for (s, d, v), c in cells.items()}
    assert got == expected_slots(events, new, day)
    totals = {(d.value, v): (t.n, t.ms, t.score, t.users, t.sessions) for (d, v), t in unpack_totals(node).items()}
    assert totals == expected_totals(events)
    hours = [sum(to_ms(e.occurred_at) // 3_600_000 % 24 == hour for e in events) for hour in range(24)]
    assert [*map(int, node["hours"].split())] == hours
    assert (node["n"], node.get("new", 0), node["segments"], node["changed"]) == (
        len(events), len(new), len(segments), "stamp",
    )  # fmt: skip
    return {joined("g", str(day)), *segments}


def person_day(store: Store, user: str, events: list[Event], day: int) -> set[str]:
    node = store.nodes["days"][joined("u", user, str(day))]
    own = [event for event in events if event.user_id == user]
    sessions = rows(own, lambda event: [event.session_id] if event.session_id else [])
    assert node["n"] == len(own)
    assert unpack_counts(node.get("sessions")) == {session: len(some) for session, some in sessions.items()}
    cells = rows(own, lambda event: [((to_ms(event.occurred_at) - day) // 3_600_000, event.type)])
    assert Day.unpack(node).cells == {where: list(figures(some)[:2]) for where, some in cells.items()}
    return {joined("u", user, str(day))}


def content_day(store: Store, key: str, events: list[Event], day: int) -> set[str]:
    node = store.nodes["days"][joined("c", key, str(day))]
    users = {event.user_id for event in events}
    assert sorted(unpack_tokens(node["actors"])) == sorted(map(token, users))
    numbers = {"n": len(events), "users": len(users), "ms": figures(events)[1], "score": score(events)}
    numbers["msN"] = sum(event.duration_ms is not None for event in events)
    numbers["engaged"] = sum(meaning(VOCABULARY, event).weight >= 3 for event in events)
    depths = [event.scroll_depth for event in events if event.scroll_depth is not None]
    numbers |= {"scrollN": len(depths), "scrollSum": sum(round(depth * 1e6) for depth in depths) / 1e6}
    for name in set(NAMES.values()):
        numbers[name] = sum(NAMES.get(event.name) == name for event in events)
    assert {name: node.get(name, 0) for name in numbers} == numbers
    return {joined("c", key, str(day))}


@settings(deadline=None, max_examples=150)
@given(
    events=worlds(EVERYTHING, 24),
    size=st.integers(1, 9),
    segment=st.sampled_from((1, 200, 16_384)),
    random=st.randoms(use_true_random=False),
)
def test_any_order_any_batches_and_retractions(events: list[Event], size: int, segment: int, random: Random) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_days, "SEGMENT", segment)
        store = Store(800)
        for start in range(0, len(events), size):
            store.record(events[start : start + size])
        check(store, events)
        left = list(events)
        for event in random.sample(events, random.randint(0, len(events))):
            left.remove(event)
            take_back(store, event, left)
        check(store, left)
        back = [event for event in events if event not in left]
        store.record(back)
        check(store, left + back)


def test_taking_everything_back_leaves_nothing() -> None:
    events = [did("VIEW", "ann", POST, 1), did("LIKE", "ann", POST, 1000), met("FOLLOW", "ann", "bob", 90_000)]
    store = Store(800)
    store.record(events)
    while events:
        event = events.pop(0)
        take_back(store, event, events)
        check(store, events)
    assert store.nodes["days"] == {}


def test_a_late_first_event_moves_who_is_new() -> None:
    store = Store(800)
    store.record([did("VIEW", "ann", POST, 0)])
    store.record([did("VIEW", "ann", POST, -90_000)])
    days = {node["at"]: node.get("new") for node in store.nodes["days"].values() if node["subject"] == "g"}
    assert [new for _, new in sorted(days.items())] == [1, None]
    assert store.nodes["users"]["ann"]["first"] == to_ms(at(-90_000))


def test_a_busy_day_is_appended_to_and_stays_folded() -> None:
    """A write reads no text but a full segment's, and the same rows are kept once per segment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_days, "SEGMENT", 2000)
        store = Store(800)
        events = [did("VIEW", f"user{n % 40}", POST, n) for n in range(300)]
        for event in events:
            store.record([event])
        segments = [node["slots"] for node in store.nodes["days"].values() if node["subject"] == "s"]
        assert max(map(len, segments)) < 2200
        assert sum(map(len, segments)) < 300 * 60
        check(store, events)
