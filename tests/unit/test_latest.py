"""Bounded latest-lists: a top-K that commutes and says when it has to be read again."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from signals.latest import LEFT_OUT, Latest, LatestTimes

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


changes = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 20)), max_size=12)


def advanced(latest: Latest, moves: list[tuple[str, int]]) -> Latest:
    for id, at in moves:
        latest.advance(id, at)
    return latest


@given(changes, changes, changes)
def test_a_list_and_its_tail_are_the_list(
    base: list[tuple[str, int]], first: list[tuple[str, int]], second: list[tuple[str, int]]
) -> None:
    """Written three times, the second and third time without a look at the list."""
    stored = advanced(Latest(SIZE), base).pack("x")
    for moves in (first, second):
        tail = Latest.unpack({**stored, "x": LEFT_OUT}, "x", SIZE)
        assert not tail.whole
        stored |= advanced(tail, moves).pack("x")
        assert tail.pack("x").keys() <= {"xTail"}
    assert Latest.unpack(stored, "x", SIZE) == advanced(Latest(SIZE), [*base, *first, *second])


@given(*[st.lists(st.integers(0, 20), max_size=8)] * 3)
def test_times_and_their_tail_are_the_times(base: list[int], first: list[int], second: list[int]) -> None:
    stored = LatestTimes.of(SIZE, base).pack("x")
    for times in (first, second):
        tail = LatestTimes.unpack({**stored, "x": LEFT_OUT}, "x", SIZE)
        for at in times:
            tail.add(at)
        stored |= tail.pack("x")
    assert LatestTimes.unpack(stored, "x", SIZE) == LatestTimes.of(SIZE, [*base, *first, *second])


def test_of_equal_times_the_tail_holds() -> None:
    stored = {"x": "a\t5\tcontent.VIEW\nb\t4\tcontent.VIEW", "xTail": "a\t5\tcontent.LIKE\nb\t3\tcontent.LIKE"}
    assert Latest.unpack(stored, "x", 3).members() == [(5, "a", "content.LIKE"), (4, "b", "content.VIEW")]


def test_an_untouched_tail_is_not_written() -> None:
    stored = {"x": LEFT_OUT, "xTail": "a\t5\t"}
    assert Latest.unpack(stored, "x", 3).pack("x") == {}
    assert LatestTimes.unpack({"x": LEFT_OUT, "xTail": "5 4"}, "x", 3).pack("x") == {}


def test_what_was_read_in_full_is_written_in_full() -> None:
    stored = {"x": "a\t5\t", "xTail": "b\t6\t"}
    assert Latest.unpack(stored, "x", 3).pack("x") == {"x": "b\t6\t\na\t5\t", "xTail": None}


def test_taking_away_from_a_list_that_was_not_read_makes_it_short() -> None:
    tail = Latest.unpack({"x": LEFT_OUT}, "x", 3)
    tail.remove("a")
    assert tail.short
    times = LatestTimes.unpack({"x": LEFT_OUT}, "x", 3)
    times.remove(5)
    assert times.short


def test_advancing_never_goes_back() -> None:
    latest = advanced(Latest(2), [("a", 5), ("b", 6), ("a", 1)])
    assert latest.members() == [(6, "b", ""), (5, "a", "")]
    assert not latest.short
