"""What users did is remembered as long as their stamps are the same, and within bounds."""

from __future__ import annotations

from graph.doings import NOTHING_BYTES, PAIR_BYTES, Doings
from signals.packing import joined
from signals.pairs import Pair

LIKED, NEVER, OTHER = joined("ann", "POST:1"), joined("ann", "POST:2"), joined("bob", "POST:1")
PAIR = Pair(counts={"content.LIKE": 1}, n=1)


def remembering(size: int = 10_000) -> Doings:
    """ann liked one of two, and bob did nothing to the first."""
    doings = Doings(size)
    doings.remember([LIKED, NEVER, OTHER], {LIKED: PAIR}, {"ann": "a1", "bob": "b1"})
    return doings


def test_what_was_read_is_known_and_so_is_that_there_was_nothing() -> None:
    known = remembering().known([LIKED, NEVER, OTHER, joined("ann", "POST:3")], {"ann": "a1", "bob": "b1"})
    assert known == {LIKED: PAIR, NEVER: None, OTHER: None}


def test_nothing_is_known_of_a_user_who_has_changed_since() -> None:
    doings = remembering()
    assert doings.known([LIKED, OTHER], {"ann": "a2", "bob": "b1"}) == {OTHER: None}
    assert doings.known([LIKED], {}) == {}
    doings.remember([NEVER], {}, {"ann": "a2"})
    assert doings.known([LIKED, NEVER], {"ann": "a2"}) == {NEVER: None}
    assert doings.known([LIKED, NEVER], {"ann": "a1"}) == {}


def test_nothing_is_remembered_of_a_user_whose_stamp_is_not_known() -> None:
    doings = Doings(10_000)
    doings.remember([LIKED], {LIKED: PAIR}, {"bob": "b1"})
    assert doings.known([LIKED], {"ann": "a1"}) == {}


def test_more_of_the_same_user_is_added() -> None:
    doings = remembering()
    doings.remember([joined("ann", "POST:3")], {}, {"ann": "a1"})
    assert doings.known([LIKED, joined("ann", "POST:3")], {"ann": "a1"}) == {LIKED: PAIR, joined("ann", "POST:3"): None}


def test_no_more_is_remembered_than_fits() -> None:
    doings = remembering(PAIR_BYTES + NOTHING_BYTES)
    assert doings.known([LIKED, OTHER], {"ann": "a1", "bob": "b1"}) == {OTHER: None}, "the latest user fits"
    assert remembering(PAIR_BYTES).known([LIKED], {"ann": "a1"}) == {}, "what does not fit is not kept at all"
