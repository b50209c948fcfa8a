"""What was done with a content adds up to what a world folds, and to a depth."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from signals.clock import to_ms
from signals.events import Event
from signals.interactions import Interaction, added_up, depth
from signals.world import World
from tests.factories import POST, RECEIVED, VOCABULARY, did

NAMES = ("VIEW", "LIKE", "UNLIKE", "REACT", "COMMENT", "REPLY", "SHARE", "SAVE", "UNSAVE", "HIDE", "UNHIDE", "SCROLL")


def interaction(event: Event) -> Interaction:
    at, face = to_ms(event.occurred_at), event.face.value
    return Interaction(at, event.id, event.user_id, face, event.name, event.duration_ms, event.scroll_depth)


events = st.lists(
    st.builds(
        lambda name, user, seconds, ms, scroll: did(name, user, seconds=seconds, duration_ms=ms, scroll_depth=scroll),
        st.sampled_from(NAMES),
        st.sampled_from(["ann", "bob", "cleo"]),
        st.integers(0, 5),
        st.none() | st.integers(0, 9),
        st.none() | st.sampled_from([0.0, 25.0, 100.0]),
    ),
    min_size=1,
    max_size=20,
)


@given(events)
def test_as_a_world_folds_it(found: list[Event]) -> None:
    world = World(VOCABULARY, days=False)
    for event in found:
        world.record(event)
    world.settle()
    got, kept = added_up(sorted(map(interaction, found)), VOCABULARY), world.items[POST.key]
    for name in ("n", "counts", "on", "users", "time_ms", "scroll_sum", "scroll_n"):
        assert getattr(got, name) == getattr(kept, name), name
    told, expected = (item.engagement(POST, VOCABULARY, RECEIVED) for item in (got, kept))
    assert (told.by_type, told.engaged, told.score) == (expected.by_type, expected.engaged, expected.score)


def test_nothing_adds_up_to_nothing() -> None:
    assert added_up([], VOCABULARY).n == 0
    assert depth([]).mean_dwell_ms is None


def test_how_long_people_stay_and_how_far_they_go() -> None:
    found = depth(
        map(
            interaction,
            [
                did("VIEW", "ann", duration_ms=100),
                did("REACT", "ann", duration_ms=0),
                did("SHARE", "ann"),
                did("REPLY", "ann"),
                did("VIEW", "bob"),
                did("SHARE", "bob"),
                did("LIKE", "cleo"),
            ],
        )
    )
    assert found.mean_dwell_ms == 50.0
    assert [step.users for step in found.funnel] == [2, 1, 1, 1]
