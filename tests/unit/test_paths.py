"""How two people are connected."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers import paths
from resolvers.paths import path_between
from signals.errors import InvalidArgument
from signals.events import Event
from signals.ranked import SocialPath
from tests.factories import at, met
from tests.unit.crowd import Crowd


def row(*users: str) -> list[Event]:
    return [met("MESSAGE_SENT", a, b) for a, b in pairwise(users)]


async def found(events: list[Event], a: str, b: str, hops: int | None = None) -> list[str] | None:
    path = await path_between(Crowd(events).standpoint(), a, b, hops)
    return None if path is None else list(path.users)


async def test_the_shortest_way_is_found() -> None:
    events = row("ann", "bea", "cat", "dan", "eve") + row("ann", "fay", "dan")
    assert await found(events, "ann", "eve") == ["ann", "fay", "dan", "eve"]
    assert await found(events, "eve", "ann") == ["eve", "dan", "fay", "ann"]
    assert await found(events, "ann", "bea") == ["ann", "bea"]
    assert await found(events, "ann", "nobody") is None


async def test_of_several_the_one_whose_ids_come_first() -> None:
    events = row("ann", "z", "b", "eve") + row("ann", "y", "c", "eve") + row("ann", "y", "a", "eve")
    assert await found(events, "ann", "eve") == ["ann", "y", "a", "eve"]
    assert await found(events, "eve", "ann") == ["eve", "a", "y", "ann"]


async def test_hops_are_counted() -> None:
    events = row("a", "b", "c", "d", "e", "f", "g", "h")
    assert await found(events, "a", "e") == ["a", "b", "c", "d", "e"]
    assert await found(events, "a", "f") is None
    assert await found(events, "a", "f", 5) is not None
    assert await found(events, "a", "g", 6) is not None
    assert await found(events, "a", "b", 1) is not None
    assert await found(events, "a", "c", 1) is None


async def test_to_oneself_there_is_nothing_to_go() -> None:
    assert await path_between(Crowd([]).standpoint(), "ann", "ann") == SocialPath(users=("ann",), steps=())


async def test_a_step_says_what_it_consists_of() -> None:
    events = [
        met("FOLLOW", "ann", "bea", 1),
        met("MESSAGE_SENT", "bea", "ann", 2),
        met("MESSAGE_SENT", "bea", "ann", 3),
        met("CONNECTION_REQUEST", "bea", "cat", 4),
        met("CONNECTION_ACCEPT", "cat", "bea", 5),
        met("FOLLOW", "cat", "bea", 6),
    ]
    path = await path_between(Crowd(events).standpoint(), "ann", "cat")
    assert path is not None
    first, second = path.steps
    assert (first.from_id, first.to_id, second.from_id, second.to_id) == ("ann", "bea", "bea", "cat")
    assert (first.kinds, first.outgoing, first.incoming) == (("FOLLOWS", "INTERACTED"), 1, 2)
    assert second.kinds == ("CONNECTED", "FOLLOWED_BY", "INTERACTED")
    assert (first.last_interaction_at, second.last_interaction_at) == (at(3), at(6))
    assert path.length == 2


async def test_a_connection_that_ended_is_still_an_acquaintance_but_none_of_its_kind() -> None:
    events = [
        met("CONNECTION_REQUEST", "ann", "bea", 1),
        met("CONNECTION_ACCEPT", "bea", "ann", 2),
        met("CONNECTION_REMOVE", "bea", "ann", 3),
    ]
    path = await path_between(Crowd(events).standpoint(), "ann", "bea")
    assert path is not None
    assert path.steps[0].kinds == ("INTERACTED",)


async def test_no_step_crosses_a_block() -> None:
    events = row("ann", "bea", "eve") + row("ann", "cat", "dan", "eve") + [met("BLOCK", "eve", "bea", 5)]
    assert await found(events, "ann", "eve") == ["ann", "cat", "dan", "eve"]
    assert await found(events, "ann", "eve", 2) is None
    assert await found([*events, met("UNBLOCK", "eve", "bea", 6)], "ann", "eve") == ["ann", "bea", "eve"]


async def test_only_positive_events_lead_on() -> None:
    assert await found([met("REPORT", "ann", "bea"), met("MUTE", "ann", "bea")], "ann", "bea") is None


async def test_the_search_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [e for n in range(40) for e in row("ann", f"n{n:02}", f"m{n:02}")] + row("m39", "x", "eve")
    monkeypatch.setattr(paths, "BATCH", 16)
    nodes = Crowd(events)
    assert await path_between(nodes.standpoint(), "ann", "eve", 4) is not None
    assert max(len(wanted.profiles) for wanted in nodes.reads) <= 16
    monkeypatch.setattr(paths, "LOOKED_AT", 3)
    assert await path_between(Crowd(events).standpoint(), "ann", "eve", 4) is None


@pytest.mark.parametrize("hops", [0, 7, -1])
async def test_hops_have_limits(hops: int) -> None:
    with pytest.raises(InvalidArgument, match="maxHops"):
        await path_between(Crowd([]).standpoint(), "a", "b", hops)


def plainly(edges: set[frozenset[str]], a: str, b: str, hops: int) -> list[str] | None:
    """All simple paths tried, the shortest and then first one taken."""
    paths = [[a]]
    for _ in range(hops + 1):
        whole = sorted(path for path in paths if path[-1] == b)
        if whole:
            return whole[0]
        paths = [[*p, n] for p in paths for n in "abcdefg" if n not in p and frozenset((p[-1], n)) in edges]
    return None


@given(st.lists(st.tuples(*[st.sampled_from("abcdefg")] * 2, st.booleans()), max_size=16), st.integers(1, 6))
async def test_any_small_world(meetings: list[tuple[str, str, bool]], hops: int) -> None:
    known = [(a, b, block) for a, b, block in meetings if a != b]
    events = [met("MESSAGE_SENT", a, b, n) for n, (a, b, _) in enumerate(known)]
    events += [met("BLOCK", a, b, 99) for a, b, block in known[:4] if block]
    edges = {frozenset((a, b)) for a, b, _ in known} - {frozenset((a, b)) for a, b, block in known[:4] if block}
    assert await found(events, "a", "g", hops) == plainly(edges, "a", "g", hops)
