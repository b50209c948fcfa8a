"""The connection's state machine, step by step; tests/contract holds it to the oracle."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from signals.connections import Settled, Step, pair_key, settle
from signals.people import ConnectionStatus


def steps(*words: str) -> list[Step]:
    """``a:request`` one second apart."""
    return [
        Step(n * 1000, f"e{n}", f"CONNECTION_{word.partition(':')[2].upper()}", word.partition(":")[0])
        for n, word in enumerate(words, start=1)
    ]


@pytest.mark.parametrize(
    ("words", "status", "requested_by", "since", "response_ms"),
    [
        (["a:request"], "REQUESTED", "a", 1000, None),
        (["a:request", "a:request"], "REQUESTED", "a", 1000, None),
        (["a:request", "b:accept"], "ACCEPTED", "a", 2000, 1000),
        (["a:request", "b:request"], "ACCEPTED", "a", 2000, 1000),
        (["a:request", "b:decline"], "DECLINED", "a", 2000, 1000),
        (["a:request", "a:accept"], "REQUESTED", "a", 1000, None),
        (["a:request", "a:cancel"], "CANCELLED", "a", 2000, None),
        (["a:request", "b:cancel"], "REQUESTED", "a", 1000, None),
        (["a:request", "b:accept", "b:remove"], "REMOVED", "a", 3000, 1000),
        (["a:request", "b:accept", "a:remove", "b:request"], "REQUESTED", "b", 4000, None),
        (["b:accept", "a:request"], "ACCEPTED", "a", 2000, 0),
        (["b:accept", "b:cancel", "a:request"], "REQUESTED", "a", 3000, None),
        (["a:request", "b:remove"], "REQUESTED", "a", 1000, None),
    ],
)
def test_settles(words: list[str], status: str, requested_by: str, since: int, response_ms: int | None) -> None:
    state = settle(steps(*words))
    assert (state.status, state.requested_by, state.since, state.response_ms) == (
        ConnectionStatus(status),
        requested_by,
        since,
        response_ms,
    )


def test_an_answer_alone_is_no_connection() -> None:
    assert settle(steps("b:accept")).status is None


def test_arrival_does_not_matter() -> None:
    history = steps("a:request", "b:decline", "a:request", "b:accept")
    assert {repr(settle(order)) for order in permutations(history)} == {repr(settle(history))}


def test_nothing_happened() -> None:
    assert settle([]) == Settled()


def test_the_pair_has_no_direction() -> None:
    people = ["ann", "bob"]
    random.shuffle(people)
    assert pair_key(*people) == "ann\tbob"
