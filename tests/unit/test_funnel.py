"""The funnel from a look to sharing: nested sets of people."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from signals.funnel import STEPS, Step, funnel


def test_a_step_counts_for_those_who_did_all_before_it() -> None:
    rows = [([True, True, False, True], 2), ([True, False, True, True], 1), ([True, True, True, False], 1)]
    assert funnel(rows) == (
        Step("VIEW", 4, None),
        Step("LIKE", 3, 0.75),
        Step("COMMENT", 1, 1 / 3),
        Step("SHARE", 0, 0.0),
    )


def test_after_nobody_there_is_no_share() -> None:
    assert funnel([([False, True, True, True], 5)]) == tuple(Step(name, 0, None) for name in STEPS)
    assert funnel([]) == tuple(Step(name, 0, None) for name in STEPS)


@given(st.lists(st.tuples(*[st.booleans()] * 4)))
def test_as_with_sets(people: list[tuple[bool, ...]]) -> None:
    did = [{who for who, steps in enumerate(people) if steps[place]} for place in range(4)]
    nested = [set.intersection(*did[: place + 1]) for place in range(4)]
    assert [step.users for step in funnel((steps, 1) for steps in people)] == [len(some) for some in nested]
