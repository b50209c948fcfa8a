"""Points: what events earn, by category and by day."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from signals.points import points, worth
from tests.factories import VOCABULARY
from tests.unit.diary import entry, saw

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def test_an_event_is_worth_its_own_points_else_those_of_its_row() -> None:
    assert worth(entry(1, "PROBLEM_SOLVED"), VOCABULARY) == 10
    assert worth(entry(1, "PROBLEM_SOLVED", points=0.0), VOCABULARY) == 0
    assert worth(entry(1, "PROBLEM_SOLVED", points=-2.5), VOCABULARY) == -2.5
    assert worth(saw(1), VOCABULARY) == 0


def test_a_row_that_is_gone_earns_nothing() -> None:
    assert worth(entry(1)._replace(name="GONE"), VOCABULARY) == 0


def test_they_add_up_by_category_and_by_day() -> None:
    entries = [
        entry(1, "PROBLEM_SOLVED"),
        entry(2, "LOGIN"),
        entry(3, "LESSON_COMPLETED", points=5),
        entry(4, "PROBLEM_SOLVED", points=-5),
        entry(5, "COURSE_VIEW", points=5),
    ]
    found = points(entries, [MONDAY, TUESDAY, MONDAY, TUESDAY, TUESDAY], VOCABULARY)
    assert found.total == 15
    assert found.by_category == (("course", 5), ("lesson", 5), ("problem", 5))
    assert found.by_day == ((TUESDAY, 0), (MONDAY, 15))


def test_nothing_earned_is_nowhere() -> None:
    found = points([entry(1), entry(2, "PROBLEM_SOLVED", points=0.0)], [MONDAY, TUESDAY], VOCABULARY)
    assert (found.total, found.by_category, found.by_day) == (0, (), ())


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.sampled_from([MONDAY, TUESDAY])), max_size=20))
def test_all_parts_add_up_to_the_total(earned: list[tuple[float, date]]) -> None:
    entries = [entry(at, points=amount) for at, (amount, _) in enumerate(earned)]
    found = points(entries, [day for _, day in earned], VOCABULARY)
    assert abs(sum(amount for _, amount in found.by_category) - found.total) < 1e-6
    assert abs(sum(amount for _, amount in found.by_day) - found.total) < 1e-6
