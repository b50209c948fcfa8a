"""How the events of some subjects are cut into statements."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import history, impressions
from graph.history import Subject, packed, windows
from signals.clock import DAY_MS, HOUR_MS

DAYS = st.dictionaries(st.integers(0, 40), st.integers(1, 30), max_size=20)


@given(days=DAYS, until=st.integers(1, 45 * DAY_MS), size=st.integers(1, 40))
def test_windows_cover_everything_once(days: dict[int, int], until: int, size: int) -> None:
    rows = [(day * DAY_MS, n) for day, n in sorted(days.items(), reverse=True) if day * DAY_MS < until]
    spans = list(windows(rows, until, size))
    assert spans[0][0] == 0
    assert spans[-1][1] == until
    assert all(end == start for (_, end), (start, _) in pairwise(spans))
    assert all(start < end for start, end in spans)
    for start, end in spans:
        whole = [n for day, n in rows if start <= day and day + DAY_MS <= end]
        assert sum(whole) <= size


def test_a_full_day_is_read_by_the_hour() -> None:
    spans = list(windows([(2 * DAY_MS, 1), (DAY_MS, 100)], 3 * DAY_MS, 10))
    assert (DAY_MS + HOUR_MS, DAY_MS + 2 * HOUR_MS) in spans
    assert len(spans) == 26


def test_small_subjects_are_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "EVENTS", 10)
    monkeypatch.setattr(history, "KEYS", 3)
    sized = [(Subject("actors", str(n), f"u\t{n}"), n) for n in (4, 6, 1, 1, 1, 1, 9)]
    assert [[int(s.key) for s in group] for group in packed(sized)] == [[4, 6], [1, 1, 1], [1, 9]]


@given(since=st.integers(0, 10**12), length=st.integers(1, 10**12))
def test_impressions_are_looked_for_ever_further_back(since: int, length: int) -> None:
    spans = list(impressions.reaches(since, since + length))
    assert (spans[0][1], spans[-1][0]) == (since + length, since)
    assert all(start == end for (start, _), (_, end) in pairwise(spans))
    assert len(spans) < 20
