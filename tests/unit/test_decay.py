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
