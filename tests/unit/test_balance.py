"""Balance: which values count, what each has a share of, and how even that is."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.balance import balance, evenness, value_under
from tests.factories import VOCABULARY
from tests.unit.diary import entry


@pytest.mark.parametrize(
    ("metadata", "value"),
    [
        ('{"path":"karma"}', "karma"),
        ('{"path":""}', ""),
        ('{"path":1}', "1"),
        ('{"path":1.0}', "1"),
        ('{"path":-0.0}', "0"),
        ('{"path":1.5}', "1.5"),
        ('{"path":1e300}', "1e+300"),
        ('{"path":true}', "true"),
        ('{"path":false}', "false"),
        ('{"path":null}', None),
        ('{"path":[1]}', None),
        ('{"path":{"path":1}}', None),
        ('{"other":1}', None),
        ('["path"]', None),
        ('"path"', None),
        (None, None),
    ],
)
def test_a_scalar_is_a_value_as_text(metadata: str | None, value: str | None) -> None:
    assert value_under(metadata, "path") == value


def test_shares_of_events_time_and_points() -> None:
    def did(value: Any, **more: Any) -> Any:
        return entry(1, "LOGIN", metadata={"path": value}, **more)

    entries = [
        did("karma", duration_ms=30, points=1),
        did("bhakti", duration_ms=10, points=3),
        did("bhakti"),
        did(None, duration_ms=999, points=999),
        entry(1, "LOGIN", duration_ms=999, points=999),
        did("jnana"),
    ]
    found = balance(entries, "path", VOCABULARY)
    rows = [(p.value, p.events, p.duration_ms, p.points, p.event_share, p.points_share) for p in found.parts]
    assert rows == [("bhakti", 2, 10, 3, 0.5, 0.75), ("jnana", 1, 0, 0, 0.25, 0), ("karma", 1, 30, 1, 0.25, 0.25)]
    assert [part.duration_share for part in found.parts] == [0.25, 0, 0.75]
    assert found.evenness == pytest.approx(1.5 * math.log(2) / math.log(3))


def test_shares_of_nothing_are_0() -> None:
    [part] = balance([entry(1, metadata={"path": "a"})], "path", VOCABULARY).parts
    assert (part.event_share, part.duration_share, part.points_share) == (1, 0, 0)


def test_nothing_at_all() -> None:
    assert balance([], "path", VOCABULARY).parts == ()


@pytest.mark.parametrize(("counts", "even"), [([], 0), ([7], 0), ([3, 3, 3], 1), ([1, 1], 1)])
def test_evenness_at_its_ends(counts: list[int], even: float) -> None:
    assert evenness(counts) == pytest.approx(even)


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=50), st.integers(2, 9))
def test_evenness_is_between_0_and_1_and_knows_no_unit(counts: list[int], factor: int) -> None:
    even = evenness(counts)
    assert 0 < even <= 1
    assert evenness([factor * count for count in counts]) == pytest.approx(even)
    assert evenness([*counts, *counts]) >= even - 1e-9
