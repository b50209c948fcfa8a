"""A stamp is another one each time, and good for remembering a while after it was made."""

from __future__ import annotations

from time import time

import pytest

from graph import stamps
from graph.stamps import APPLIED_S, settled, stamp


def test_no_two_are_the_same() -> None:
    assert len({stamp() for _ in range(1000)}) == 1000


def test_it_is_good_for_remembering_when_all_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time()
    made = stamp()
    assert settled(made) is None
    monkeypatch.setattr(stamps, "time", lambda: now + APPLIED_S - 0.01)
    assert settled(made) is None
    monkeypatch.setattr(stamps, "time", lambda: now + APPLIED_S + 0.1)
    assert settled(made) == made


def test_those_of_older_releases_are_old_and_nothing_is_nothing() -> None:
    assert settled("0123456789ab") == "0123456789ab"
    assert settled(None) is None
    assert settled("") == ""
