"""Buckets of tokens, by a clock that stands still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.principal import LOCAL, Principal, Role
from schema.rate_limits import CODE, STANDARD, UNLIMITED, Kind, Rate, RateLimited, RateLimits, place, rates

ANN = Principal("key-ann", Role.CLIENT, "ann")
BOB = Principal("key-bob", Role.CLIENT, "bob")
HERE = "192.0.2.1"


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def limits(clock: Clock, text: str = "client=2/10", kept: int = 100) -> RateLimits:
    return RateLimits(rates(text), clock, kept)


def taken(limits: RateLimits, cost: int = 1, name: str = "ann") -> bool:
    return limits.wait(Kind.CLIENT, name, cost) == 0


def test_a_burst_and_then_the_rate() -> None:
    clock = Clock()
    here = limits(clock)
    assert [taken(here) for _ in range(11)] == [True] * 10 + [False]
    clock.now += 0.49
    assert not taken(here)
    clock.now += 0.01
    assert taken(here)
    assert not taken(here)
    clock.now += 3600
    assert [taken(here) for _ in range(11)] == [True] * 10 + [False]


def test_the_wait_that_is_told_is_long_enough_and_no_longer() -> None:
    clock = Clock()
    here = limits(clock)
    for _ in range(10):
        assert taken(here)
    wait = here.wait(Kind.CLIENT, "ann", 3)
    assert wait == pytest.approx(1.5)
    clock.now += wait - 0.01
    assert not taken(here, 3)
    clock.now += 0.01
    assert taken(here, 3)


def test_what_is_refused_takes_nothing() -> None:
    clock = Clock()
    here = limits(clock)
    assert taken(here, 9)
    assert [taken(here, 2) for _ in range(50)] == [False] * 50
    assert taken(here)


def test_more_than_a_bucket_holds_needs_a_full_one_and_leaves_a_debt() -> None:
    clock = Clock()
    here = limits(clock)
    assert taken(here, 1000)
    clock.now += 499
    assert not taken(here, 10)
    assert taken(here, 8)
    clock.now += 2
    assert not taken(here, 1000)


def test_what_was_taken_before_counts_towards_the_cost() -> None:
    clock = Clock()
    here = limits(clock)
    assert taken(here)
    assert here.wait(Kind.CLIENT, "ann", 1000, taken=1) == 0
    assert here.wait(Kind.CLIENT, "ann", 1) == pytest.approx((1000 - 10 + 1) / 2)
    assert here.wait(Kind.CLIENT, "bob", 1, taken=1) == 0
    assert [taken(here, name="bob") for _ in range(11)] == [True] * 10 + [False]


@given(st.lists(st.tuples(st.floats(0, 20), st.integers(1, 30)), max_size=60))
def test_never_more_than_the_rate_and_one_burst(calls: list[tuple[float, int]]) -> None:
    """Of every stretch that ends with a call: all but that call fit into the rate and a burst."""
    clock, granted = Clock(), list[tuple[float, int]]()
    here = limits(clock)
    for pause, cost in calls:
        clock.now += pause
        if taken(here, cost):
            granted.append((clock.now, cost))
    for first, (start, _) in enumerate(granted):
        spent = 0
        for at, cost in granted[first:]:
            assert spent + min(cost, 10) <= 10 + 2 * (at - start) + 0.01
            spent += cost


@given(st.lists(st.floats(0.5, 20), max_size=40))
def test_whoever_keeps_to_the_rate_is_always_let_in(pauses: list[float]) -> None:
    clock = Clock()
    here = limits(clock)
    for pause in pauses:
        assert taken(here)
        clock.now += pause


def test_everybody_has_a_bucket_and_no_limit_is_none() -> None:
    here = limits(Clock(), "client=1/1 service=none")
    here.allowance(ANN, HERE).take()
    here.allowance(BOB, HERE).take()
    with pytest.raises(RateLimited):
        here.allowance(ANN, "192.0.2.99").take()
    for _ in range(1000):
        here.allowance(Principal("ranker", Role.SERVICE), HERE).take(1000)
        UNLIMITED.take(1000)


def test_whoever_is_not_known_is_told_apart_by_address() -> None:
    here = limits(Clock(), "local=1/1 unknown=1/1")
    here.allowance(LOCAL, HERE).take()
    here.allowance(LOCAL, "192.0.2.2").take()
    here.unknown(HERE).take()
    for allowance in (here.allowance(LOCAL, HERE), here.unknown(HERE)):
        with pytest.raises(RateLimited):
            allowance.take()


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("socket", "socket"),
        (None, ""),
    ],
)
def test_a_household_shares_a_bucket(address: str | None, bucket: str) -> None:
    assert place(address) == bucket


def test_memory_is_bounded_and_strangers_do_not_drive_out_who_is_known() -> None:
    here = limits(Clock(), "client=1/1 unknown=1/1", kept=50)
    here.allowance(ANN, HERE).take()
    for number in range(1000):
        here.unknown(f"10.0.{number // 250}.{number % 250}").take()
    assert sum(map(len, here._full_at.values())) == 51
    with pytest.raises(RateLimited):
        here.allowance(ANN, HERE).take()


def test_a_refusal_says_how_long_to_wait() -> None:
    error = RateLimited(1.2345)
    assert (error.status_code, error.code, error.said) == (429, CODE, {"retryAfterMs": 1235})
    assert error.headers == {"retry-after": "2"}
    assert "1235 ms" in error.reason


def test_rates_are_written_by_role() -> None:
    found = rates("client=0.5/3, analyst=none")
    assert found[Kind.CLIENT] == Rate(0.5, 3)
    assert found[Kind.ANALYST] is None
    assert found[Kind.UNKNOWN] == rates(STANDARD)[Kind.UNKNOWN] == Rate(5, 50)
    assert found[Kind.SERVICE] is None


@pytest.mark.parametrize("text", ["client", "client=5", "client=0/5", "client=5/0", "client=-1/5", "guest=1/1", "=1/1"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="client"):
        rates(text)
