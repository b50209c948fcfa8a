"""The accumulator is the sum it stands for, in any order."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.decay import HALF_LIVES_MS, UNIT_MS, Accumulator

NOW = 1_700_000_000_000
instants = st.lists(st.integers(NOW - 400 * 86_400_000, NOW), min_size=1, max_size=30)


def accumulated(times: list[int]) -> Accumulator:
    accumulator = Accumulator()
    for at in times:
        accumulator.add(at)
    return accumulator


def exact(times: list[int], exponent: float) -> float:
    sums = [math.fsum(math.exp2(-(NOW - at) / h) for at in times) for h in HALF_LIVES_MS]
    decayed = math.fsum(math.pow(UNIT_MS / h, exponent) * e for e, h in zip(sums, HALF_LIVES_MS, strict=True))
    return decayed + math.pow(UNIT_MS / HALF_LIVES_MS[-1] / 6, exponent) * len(times)


@given(instants, st.sampled_from([0.5, 1.0]), st.randoms())
def test_is_the_sum_in_any_order(times: list[int], exponent: float, random: Random) -> None:
    expected = exact(times, exponent)
    random.shuffle(times)
    assert accumulated(times).value(NOW, exponent) == pytest.approx(expected, rel=1e-9)


@given(instants, instants)
def test_taking_away_is_never_having_added(kept: list[int], taken: list[int]) -> None:
    accumulator = accumulated([*kept, *taken])
    for at in taken:
        accumulator.add(at, -1)
    assert accumulator.value(NOW, 1.0) == pytest.approx(exact(kept, 1.0), rel=1e-6, abs=1e-6)


def test_nothing_left_is_empty() -> None:
    accumulator = accumulated([NOW])
    accumulator.add(NOW, -1)
    assert accumulator == Accumulator()
    assert accumulator.pack() == ""


@pytest.mark.parametrize("k", range(len(HALF_LIVES_MS)))
def test_each_sum_halves_in_its_half_life(k: int) -> None:
    accumulator = accumulated([NOW])
    accumulator.add(NOW + HALF_LIVES_MS[k])
    assert accumulator.sums[k] == pytest.approx(1.5)


@given(instants)
def test_survives_packing(times: list[int]) -> None:
    accumulator = accumulated(times)
    assert Accumulator.unpack(accumulator.pack()).value(NOW, 1.0) == pytest.approx(accumulator.value(NOW, 1.0))


weighed = st.lists(
    st.tuples(st.integers(NOW - 400 * 86_400_000, NOW), st.sampled_from([0.1, 0.2, 1.0, 1.2])), min_size=1, max_size=20
)


@given(weighed, st.randoms())
def test_weights_are_as_many_events_of_their_share(events: list[tuple[int, float]], random: Random) -> None:
    expected = sum(weight * exact([at], 0.5) for at, weight in events)
    found = Accumulator.weighing(events)
    random.shuffle(events)
    for accumulator in (found, Accumulator.unpack(found.pack()), _added(events)):
        assert accumulator.n == len(events)
        assert accumulator.total == pytest.approx(sum(weight for _, weight in events))
        assert accumulator.value(NOW, 0.5) == pytest.approx(expected, rel=1e-6)


def _added(events: list[tuple[int, float]]) -> Accumulator:
    accumulator = Accumulator()
    for at, weight in events:
        accumulator.add(at, weight=weight)
    return accumulator


def test_a_weight_is_taken_away_as_it_came() -> None:
    accumulator = _added([(NOW, 1.0), (NOW, 0.2)])
    accumulator.add(NOW, -1, 0.2)
    assert accumulator.n == 1
    assert accumulator.total == pytest.approx(1.0)
    assert accumulator.value(NOW, 1.0) == pytest.approx(exact([NOW], 1.0))


def test_what_leaves_nearly_nothing_is_worn() -> None:
    accumulator = _added([(NOW - 400 * 86_400_000, 1.0), (NOW, 1.0)])
    accumulator.add(NOW, -1)
    assert accumulator.worn
