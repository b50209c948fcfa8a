"""Bounded latest-lists: a top-K that commutes and says when it has to be read again."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from signals.latest import Latest, LatestTimes

SIZE = 4


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 20)), st.randoms())
def test_keeps_the_latest_whatever_the_order(times: dict[str, int], random: Random) -> None:
    latest = Latest(SIZE)
    members = list(times)
    random.shuffle(members)
    for member in members:
        latest.put(member, times[member])
    expected = sorted(times.items(), key=lambda m: (m[1], m[0]), reverse=True)[:SIZE]
    assert [(id, at) for at, id, _ in latest.members()] == expected
    assert not latest.short


def test_a_full_list_that_loses_a_member_is_short() -> None:
    latest = Latest(2)
    for at, id in enumerate("abc"):
        latest.put(id, at)
    latest.remove("c")
    assert latest.short


def test_a_list_with_room_is_not_short_after_a_loss() -> None:
    latest = Latest(3)
    latest.put("a", 1)
    latest.remove("a")
    assert not latest.short
    assert latest.pack("touched") == {"touched": None, "touchedTail": None}


def test_a_member_of_a_full_list_that_moves_back_makes_it_short() -> None:
    latest = Latest(2)
    latest.put("a", 5)
    latest.put("b", 6)
    latest.put("b", 1)
    assert latest.short


def test_survives_packing() -> None:
    latest = Latest(3)
    latest.put("a", 1, "content.LIKE")
    latest.put("b\u2028", 2)
    assert Latest.unpack(latest.pack("x"), "x", 3) == latest


@given(st.lists(st.integers(0, 10), max_size=12))
def test_times_are_the_latest_newest_first(times: list[int]) -> None:
    latest = LatestTimes(SIZE)
    for at in times:
        latest.add(at)
    assert latest.times() == sorted(times, reverse=True)[:SIZE]
    assert LatestTimes.of(SIZE, times) == latest
    assert LatestTimes.unpack(latest.pack("x"), "x", SIZE) == latest
