"""Anything at all may be sent in: the intake never raises, and what it accepts can be kept."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from signals.clock import EPOCH
from signals.events import Event, Face
from signals.fingerprint import fingerprint
from signals.outcomes import InvalidInput
from tests.unit.inputs import FOLLOW, INTAKE, LOGIN, NOON, VIEW, VISIT, event

KEYS = sorted(
    {*VIEW, *FOLLOW, *VISIT, *LOGIN, "occurredAt", "sentAt", "sessionId", "device", "country", "timeZone", "durationMs"}
    | {"metadata", "context", "scrollDepth", "reaction", "position", "impressionId", "source", "entity", "points"}
    | {"category", "action", "type", "browser", "os"}
)
strings = st.text(st.characters(exclude_categories=()), max_size=20)
likely = st.sampled_from(
    [
        "u1",
        "u2",
        "VIEW",
        "FOLLOW",
        "CUSTOM",
        "COMMUNITY_JOIN",
        "POST",
        "community",
        "2026-03-01T11:00:00Z",
        "UTC",
        "MOBILE",
    ]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | strings
    | likely
    | st.datetimes(timezones=st.none() | st.just(UTC))
)
garbage = st.recursive(
    scalars | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | strings | st.integers(), inner, max_size=6)
    ),
    max_leaves=20,
)
references = st.fixed_dictionaries({"type": st.sampled_from(["POST", "COMMUNITY", "community"]), "id": scalars})
plausible = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(KEYS, garbage | likely | references),
)


BASES = [(Face.CONTENT, VIEW), (Face.SOCIAL, FOLLOW), (Face.PROFILE, VISIT), (Face.ACTIVITY, LOGIN)]


@given(st.sampled_from(Face), st.sampled_from([VIEW, FOLLOW, VISIT, LOGIN, {}]), plausible | garbage)
def test_nothing_ever_raises(face: Face, base: dict[str, Any], change: Any) -> None:
    settle(INTAKE.event(base | change if isinstance(change, dict) else change, face, NOON))
    settle(INTAKE.one_of(change, NOON))
    settle(INTAKE.one_of({"content": change}, NOON))
    INTAKE.registration(change)


@given(st.sampled_from(BASES), strings, strings, garbage)
def test_what_is_accepted_can_be_stored_and_answered(
    base: tuple[Face, dict[str, Any]], id: str, country: str, metadata: Any
) -> None:
    face, raw = base
    settle(INTAKE.event(raw | {"id": id, "country": country, "metadata": metadata}, face, NOON))


ids = st.integers(-(2**63), 2**63 - 1) | st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=128
)
times = st.datetimes(EPOCH.replace(tzinfo=None), timezones=st.just(UTC)).flatmap(
    lambda time: st.sampled_from([time, time.isoformat()])
)
words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
integers = st.integers(-(2**63), 2**63 - 1)
values = st.recursive(
    st.none() | st.booleans() | integers | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
sound = st.fixed_dictionaries(
    {},
    optional={
        "id": ids,
        "occurredAt": times,
        "sentAt": times,
        "sessionId": ids,
        "device": st.fixed_dictionaries({}, optional={"type": st.just("TABLET"), "os": st.just("") | st.just("x")}),
        "timeZone": st.sampled_from(["UTC", "Asia/Kolkata"]),
        "durationMs": st.integers(0, 2**31 - 1),
        "metadata": values,
    },
)


@given(st.sampled_from(BASES), sound)
def test_what_is_sound_is_accepted(base: tuple[Face, dict[str, Any]], fields: dict[str, Any]) -> None:
    face, raw = base
    settle(event(raw | fields, face))


def settle(outcome: Event | InvalidInput) -> None:
    """Either survives the way to the database and back as JSON; an event has a fingerprint and sane values."""
    if isinstance(outcome, InvalidInput):
        told = [[list(problem.path), problem.message] for problem in outcome.problems]
        assert told
        assert orjson.loads(orjson.dumps(told)) == told
        return
    ids = [outcome.id, outcome.user_id, outcome.target_user_id, outcome.session_id, outcome.type, outcome.country]
    kept = [*ids, outcome.metadata, outcome.context, outcome.points]
    assert orjson.loads(orjson.dumps(kept)) == kept
    assert all("\t" not in text and "\n" not in text for text in ids if text is not None)
    assert outcome.occurred_at <= outcome.received_at
    assert fingerprint(outcome) == fingerprint(outcome)
