"""What is declared about people, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.standings import REMEMBERED, Keys
from signals.outcomes import RefusedBecause
from signals.standing import UNKNOWN, Declaration, Standing, refusal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHOICES = st.sampled_from((None, True, False))
DECLARATIONS = st.builds(
    lambda minutes, analytics, personalisation: Declaration(
        NOON + timedelta(minutes=minutes), analytics, personalisation
    ),
    st.integers(0, 10_000),
    CHOICES,
    CHOICES,
)


def after(*said: Declaration) -> Standing:
    standing = UNKNOWN
    for each in said:
        standing = standing.declare(each)
    return standing


@given(st.lists(DECLARATIONS, max_size=8), st.booleans())
def test_a_node_tells_all_of_it(said: list[Declaration], erased: bool) -> None:
    standing = after(*said)
    if erased:
        standing = standing.erased(NOON)
    stored = {name: value for name, value in standing.pack().items() if value is not None}
    assert Standing.unpack(stored) == standing


@given(st.lists(DECLARATIONS, max_size=8))
def test_what_was_said_last_holds(said: list[Declaration]) -> None:
    standing = after(*said)
    for purpose in ("analytics", "personalisation"):
        words = [getattr(each, purpose) for each in said if getattr(each, purpose) is not None]
        assert getattr(standing, purpose) == (words[-1] if words else None)
    assert after(*standing.declared) == standing


def test_saying_the_same_again_leaves_no_trace() -> None:
    once = after(Declaration(NOON, analytics=False))
    assert once.declare(Declaration(NOON + timedelta(days=1), analytics=False)) is once
    assert once.declare(Declaration(NOON)) is once


NO = after(Declaration(NOON, analytics=False))
YES = after(Declaration(NOON, analytics=True))
GONE = UNKNOWN.erased(NOON)


@pytest.mark.parametrize(
    ("actor", "target", "optional", "required"),
    [
        (UNKNOWN, None, None, RefusedBecause.NO_CONSENT),
        (UNKNOWN, UNKNOWN, None, RefusedBecause.NO_CONSENT),
        (YES, UNKNOWN, None, None),
        (YES, NO, None, None),
        (NO, None, RefusedBecause.NO_CONSENT, RefusedBecause.NO_CONSENT),
        (NO, YES, RefusedBecause.NO_CONSENT, RefusedBecause.NO_CONSENT),
        (GONE, None, RefusedBecause.ERASED, RefusedBecause.ERASED),
        (YES, GONE, RefusedBecause.ERASED, RefusedBecause.ERASED),
        (NO, GONE, RefusedBecause.ERASED, RefusedBecause.ERASED),
        (YES.erased(NOON), None, RefusedBecause.ERASED, RefusedBecause.ERASED),
        (YES.erased(NOON).readmitted(), None, None, None),
        (NO.erased(NOON).readmitted(), None, RefusedBecause.NO_CONSENT, RefusedBecause.NO_CONSENT),
    ],
)
def test_who_may_be_recorded(
    actor: Standing, target: Standing | None, optional: RefusedBecause | None, required: RefusedBecause | None
) -> None:
    assert refusal(actor, target, required=False) == optional
    assert refusal(actor, target, required=True) == required


def test_being_erased_again_keeps_the_first_time() -> None:
    assert GONE.erased(NOON + timedelta(days=1)) is GONE


def test_keys_are_of_one_database() -> None:
    one, other = Keys("00" * 32), Keys("01" * 32)
    assert one.of("ann") == one.of("ann") == Keys("00" * 32).of("ann")
    assert len({one.of("ann"), one.of("bob"), other.of("ann")}) == 3
    # HMAC-SHA256 by RFC 2104, as `printf ann | openssl dgst -sha256 -mac HMAC -macopt hexkey:00..00` prints it.
    assert one.of("ann") == "78352bae17eb6789b087bccad1370630a54d2ac28874e5be281538683767823c"


def test_keys_in_memory_are_bounded() -> None:
    keys = Keys("00")
    for n in range(REMEMBERED + 5):
        keys.of(str(n))
    assert len(keys._known) == 5
