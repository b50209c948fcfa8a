"""Slots: changes of rows that add up in any order, kept in segments."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from signals.slots import (
    Cell,
    Change,
    Dimension,
    Total,
    Where,
    changes_of,
    pack_changes,
    pack_totals,
    token,
    unpack_changes,
    unpack_slots,
    unpack_tokens,
    unpack_totals,
)

names = st.sampled_from(["ann", "bob", "\U0001f600"]).map(token)
steps = st.dictionaries(names, st.integers(-1, 1), max_size=3)
changes = st.builds(Change, st.integers(-3, 3), st.integers(-9, 9), st.integers(-5, 5), steps, steps)
segments = st.lists(
    st.dictionaries(st.tuples(st.integers(0, 95), st.sampled_from("tkodn"), st.sampled_from(["", "a:b"])), changes),
    max_size=4,
)


def seen(found: dict[Where, Change]) -> dict[Where, tuple[int, int, int, dict[str, int], dict[str, int]]]:
    """Without what came to nothing."""
    return {
        where: (c.n, c.ms, c.score, {k: n for k, n in c.users.items() if n}, {k: n for k, n in c.sessions.items() if n})
        for where, c in found.items()
        if not c.nothing
    }


@settings(deadline=None)
@given(segments, st.randoms())
def test_segments_add_up_in_any_order_and_folded_together(parts: list[dict[Where, Change]], random: Random) -> None:
    packed = [pack_changes(part) for part in parts]
    expected = seen(unpack_changes(packed))
    random.shuffle(packed)
    assert seen(unpack_changes(packed)) == expected
    assert seen(unpack_changes([pack_changes(unpack_changes(packed))])) == expected
    assert seen(unpack_changes(["\n".join(filter(None, packed))])) == expected


def test_what_was_taken_away_is_gone() -> None:
    ann, bob, s = token("ann"), token("bob"), token("s")
    where = (3, "t", "post:view")
    there = pack_changes({where: Change(3, 10, 3_500_000, {ann: 1, bob: 1}, {s: 2})})
    less = pack_changes({where: Change(-1, -4, -1_000_000, {bob: -1}, {s: -1})})
    assert unpack_slots([less, there]) == {(3, Dimension.TYPE, "post:view"): Cell(2, 6, 2.5, [ann], [s])}
    assert unpack_slots([there, pack_changes({where: Change(-3, -10, -3_500_000, {ann: -1, bob: -1}, {s: -2})})]) == {}


def test_a_session_of_two_people_is_there_twice() -> None:
    s = token("s")
    [cell] = unpack_slots([pack_changes({(0, "k", "none"): Change(2, sessions={s: 2})})]).values()
    assert cell.sessions == [s, s]


def test_totals_survive_packing() -> None:
    totals = {
        (Dimension.ALL, ""): Total(5, 7, -2.5, 2, 1),
        (Dimension.TYPE, "post:view"): Total(5, 7, 1e-6, 2, 1),
        (Dimension.COUNTRY, "unknown"): Total(),
    }
    assert unpack_totals({"totals": pack_totals(totals)}) == {key: t for key, t in totals.items() if t.n}
    assert unpack_totals({}) == {}


def test_tokens_are_eight_characters() -> None:
    text = token("ann") + token("\u2028s")
    assert unpack_tokens(text) == [token("ann"), token("\u2028s")]
    assert len(text) == 16
    assert unpack_tokens(None) == []


@settings(deadline=None)
@given(segments)
def test_changes_of_a_dimension_add_up_to_its_rows(parts: list[dict[Where, Change]]) -> None:
    packed = [pack_changes(part) for part in parts]
    found, expected = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for change in changes_of(packed, (Dimension.CONTENT_TYPE, Dimension.NEW)):
        found[change.slot, change.dimension] += change.n
        for name in change.users:
            found[change.slot, change.dimension, name] += 1
        for name in change.gone:
            found[change.slot, change.dimension, name] -= 1
    for (slot, dimension, _), row in unpack_changes(packed).items():
        if dimension in "kn":
            expected[slot, dimension] += row.n
            for name, count in row.users.items():
                expected[slot, dimension, name] += count
    assert found == expected
