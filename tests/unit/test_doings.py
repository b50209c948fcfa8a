"""What users did is remembered until they are named in an event, and within bounds."""

from __future__ import annotations

from graph.changes import Changes
from graph.doings import NOTHING_BYTES, PAIR_BYTES, Doings
from signals.packing import joined
from signals.pairs import Pair

LIKED, NEVER, OTHER = joined("ann", "POST:1"), joined("ann", "POST:2"), joined("bob", "POST:1")
MORE = joined("ann", "POST:3")
PAIR = Pair(counts={"content.LIKE": 1}, n=1)


class Named(Changes):
    """What was named in events, and when, as the test says."""

    def __init__(self, **at: int) -> None:
        self.at = at

    def trusted(self, key: str) -> float:
        return self.at.get(key, 0)


def remembering(changes: Changes, size: int = 10_000) -> Doings:
    """At tick 5, ann liked one of two, and bob did nothing to the first."""
    doings = Doings(size, changes)
    doings.remember([LIKED, NEVER, OTHER], {LIKED: PAIR}, 5)
    return doings


def test_what_was_read_is_known_and_so_is_that_there_was_nothing() -> None:
    assert remembering(Named(ann=5)).known([LIKED, NEVER, OTHER, MORE]) == {LIKED: PAIR, NEVER: None, OTHER: None}


def test_nothing_is_known_of_a_user_who_was_named_since() -> None:
    changes = Named()
    doings = remembering(changes)
    changes.at["ann"] = 6
    assert doings.known([LIKED, OTHER]) == {OTHER: None}
    doings.remember([NEVER], {}, 6)
    assert doings.known([LIKED, NEVER]) == {NEVER: None}


def test_what_was_read_before_a_user_was_named_is_not_known_when_it_arrives_after() -> None:
    changes = Named(ann=6)
    doings = Doings(10_000, changes)
    doings.remember([LIKED], {LIKED: PAIR}, 6)
    doings.remember([NEVER], {}, 5)
    assert doings.known([LIKED, NEVER]) == {LIKED: PAIR}, "the later one stays"


def test_more_of_the_same_user_is_added_and_counted_once() -> None:
    doings = remembering(Named(), PAIR_BYTES + 3 * NOTHING_BYTES)
    for tick in (4, 6, 7):
        doings.remember([MORE], {}, tick)
    assert doings.known([LIKED, MORE, OTHER]) == {LIKED: PAIR, MORE: None, OTHER: None}


def test_no_more_is_remembered_than_fits() -> None:
    doings = remembering(Named(), PAIR_BYTES + NOTHING_BYTES)
    assert doings.known([LIKED, NEVER, OTHER]) == {NEVER: None, OTHER: None}, "the latest fit"
    assert remembering(Named(), NOTHING_BYTES).known([LIKED, OTHER]) == {OTHER: None}


def test_who_was_looked_at_least_recently_goes_first() -> None:
    doings = remembering(Named(), PAIR_BYTES + 2 * NOTHING_BYTES)
    assert doings.known([LIKED]) == {LIKED: PAIR}
    doings.remember([joined("cleo", "POST:1")], {}, 6)
    assert doings.known([LIKED, NEVER, OTHER]) == {LIKED: PAIR, OTHER: None}
