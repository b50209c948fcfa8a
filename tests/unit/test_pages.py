"""How far back a page looks, and its cursors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.pages import bounds, cursor, path_of, place
from graph.records import rank_of
from signals.errors import InvalidCursor
from signals.events import ContentRef, EventFilter


def test_a_page_stops_at_the_day_that_fills_it() -> None:
    assert list(bounds([(900, 3), (800, 10), (700, 50), (600, 1)], since=0, need=5)) == [800, 700, 0]


def test_a_page_never_looks_before_since() -> None:
    assert list(bounds([(900, 30), (800, 10)], since=950, need=5)) == [950]


def test_without_rollups_everything_since_is_looked_at() -> None:
    assert list(bounds([], since=7, need=50)) == [7]


def test_a_cursor_leads_back_to_its_place() -> None:
    assert place(cursor({"at": 12, "id": "é"})) == (12, "é")


@pytest.mark.parametrize("text", ["", "x", "é", "MTI=", "bm8JbnVtYmVy"])
def test_a_foreign_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        place(text)


@pytest.mark.parametrize(
    ("filter", "name"),
    [
        (EventFilter(), "time"),
        (EventFilter(target_user_id="u"), "target"),
        (EventFilter(content=ContentRef("POST", "1"), target_user_id="u"), "content"),
        (EventFilter(user_id="u", content=ContentRef("POST", "1")), "user"),
        (EventFilter(user_id="u", session_id="s"), "session"),
    ],
)
def test_the_most_selective_index_serves(filter: EventFilter, name: str) -> None:
    assert path_of(filter).name == name


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), max_size=6))
def test_ranks_are_ascii_and_sort_as_ids_do(ids: list[str]) -> None:
    assert sorted(ids, key=rank_of) == sorted(ids)
    assert all(rank_of(id).isascii() for id in ids)
