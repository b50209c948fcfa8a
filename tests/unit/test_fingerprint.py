"""Which differences make another event, and which do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.events import ContentRef, Device, EntityRef, Event, Face
from signals.fingerprint import fingerprint

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
VIEW = Event(
    id="e1",
    face=Face.CONTENT,
    name="VIEW",
    category="post",
    action="view",
    user_id="u1",
    content=ContentRef("POST", "1"),
    occurred_at=NOON,
    received_at=NOON,
    reported_at=NOON,
)
CUSTOM = replace(VIEW, face=Face.ACTIVITY, name="CUSTOM", category="a", action="b", content=None)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "CLICK"},
        {"face": Face.SOCIAL},
        {"user_id": "u2"},
        {"content": ContentRef("POST", "2")},
        {"content": ContentRef("STORY", "1")},
        {"target_user_id": "u2"},
        {"entity": EntityRef("project", "1")},
        {"reported_at": None},
        {"reported_at": NOON + timedelta(milliseconds=1)},
        {"session_id": "s1"},
        {"duration_ms": 0},
        {"metadata": {}},
        {"metadata": False},
        {"context": {}},
        {"scroll_depth": 0.0},
        {"reaction": "heart"},
        {"position": 0},
        {"impression_id": "i1"},
        {"source": "search"},
        {"points": 0.5},
    ],
)
def test_another_fact_is_another_event(change: dict[str, Any]) -> None:
    assert fingerprint(replace(VIEW, **change)) != fingerprint(VIEW)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "e2"},
        {"device": Device(type="MOBILE")},
        {"country": "DE"},
        {"time_zone": "Europe/Berlin"},
        {"sent_at": NOON},
        {"received_at": NOON + timedelta(days=1)},
        {"occurred_at": NOON - timedelta(days=1)},
        {"retracted_at": NOON, "retract_reason": "mistake"},
        {"category": "posts", "action": "viewed"},
    ],
)
def test_the_envelope_is_no_fact(change: dict[str, Any]) -> None:
    assert fingerprint(replace(VIEW, **change)) == fingerprint(VIEW)


def test_a_custom_activity_is_known_by_its_type() -> None:
    assert fingerprint(replace(CUSTOM, action="c")) != fingerprint(CUSTOM)
    assert fingerprint(replace(CUSTOM, category="c")) != fingerprint(CUSTOM)


def test_the_content_an_entity_stands_for_follows_from_the_entity() -> None:
    join = replace(CUSTOM, name="COMMUNITY_JOIN", entity=EntityRef("community", "1"))
    assert fingerprint(join) == fingerprint(replace(join, content=ContentRef("COMMUNITY", "1")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (0, -0.0),
        (2**62, 2.0**62),
        (-(2**63), -(2.0**63)),
        ({"a": [1, {"b": 2}], "c": 3}, {"c": 3.0, "a": [1.0, {"b": 2.0}]}),
    ],
)
def test_equal_values_are_equal_however_written(one: Any, other: Any) -> None:
    assert fingerprint(replace(VIEW, metadata=one)) == fingerprint(replace(VIEW, metadata=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, "1"),
        (0, None),
        ([], {}),
        ([1, 2], [2, 1]),
        ("\u00e9", "e\u0301"),
        (2**63 - 1, 2.0**63),
        (1e300, 2e300),
    ],
)
def test_unequal_values_are_unequal(one: Any, other: Any) -> None:
    assert fingerprint(replace(VIEW, metadata=one)) != fingerprint(replace(VIEW, metadata=other))


def test_metadata_and_context_are_not_exchangeable() -> None:
    assert fingerprint(replace(VIEW, metadata=1)) != fingerprint(replace(VIEW, context=1))


def test_it_is_the_same_for_ever() -> None:
    """A change here would turn every retry of a recorded event into a conflict."""
    assert fingerprint(VIEW) == 416425658680371674
    assert fingerprint(CUSTOM) == 1498257274059609164


json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(json)
def test_it_is_a_signed_64_bit_number(value: Any) -> None:
    assert -(2**63) <= fingerprint(replace(VIEW, metadata=value)) < 2**63


@given(st.dictionaries(st.text(), json, max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, Any]) -> None:
    backwards = dict(reversed(value.items()))
    assert fingerprint(replace(VIEW, metadata=value)) == fingerprint(replace(VIEW, metadata=backwards))
