"""The engagement score: five figures, what each makes of it, and its bounds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.clock import DAY_MS
from signals.diary import Entry
from signals.engagement_score import EngagementScore, Present, engagement_score
from signals.errors import StartupError
from signals.weights import Weights, standard
from tests.factories import VOCABULARY
from tests.unit.diary import entry, met, saw

TODAY = date(2026, 3, 29)
NOW = 100 * DAY_MS


def score(*done: tuple[int, Entry], streak: int = 0) -> EngagementScore:
    """Of entries, each with how many days ago it was."""
    entries = [one._replace(at=NOW - ago * DAY_MS) for ago, one in done]
    dates = [TODAY - timedelta(days=ago) for ago, _ in done]
    weights = standard().engagement_score
    return engagement_score(entries, dates, streak, Present(NOW, TODAY), VOCABULARY, weights)


def values(found: EngagementScore) -> dict[str, float]:
    return {share.signal: share.value for share in found.contributions}


def test_nothing_done_is_0() -> None:
    assert score().value == 0
    assert set(values(score()).values()) == {0}


def test_half_the_weight_at_what_is_typical() -> None:
    weights = standard().engagement_score
    days = int(weights.frequency_typical)
    found = score(*[(ago, entry(0)) for ago in range(days)])
    frequency = found.contributions[0]
    assert (frequency.signal, frequency.value, frequency.contribution) == ("frequency", days, weights.frequency / 2)


def test_what_each_figure_counts() -> None:
    found = values(
        score(
            (28, met(0, "long-ago")),
            (27, met(0, "bob", "MESSAGE_SENT")),
            (3, met(0, "bob", "PROFILE_VISIT")),
            (3, met(0, "carol", "BLOCK")),
            (3, met(0, "ann", "COMMENT")),
            (0, saw(0)),
            (0, entry(0, "STREAK_IMPORTED")),
            streak=4,
        )
    )
    assert found["frequency"] == 3
    assert found["breadth"] == 3
    assert found["social"] == 1
    assert found["consistency"] == 4


def test_a_day_with_nothing_but_an_import_is_no_active_day() -> None:
    assert set(values(score((0, entry(0, "STREAK_IMPORTED")))).values()) == {0}


def test_depth_halves() -> None:
    half_life = int(standard().engagement_score.depth_days)
    assert values(score((0, saw(0, name="SHARE"))))["depth"] == 6
    assert values(score((half_life, saw(0, name="SHARE")), (0, saw(0, name="REPORT"))))["depth"] == 3


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["VIEW", "SHARE", "HIDE"])), max_size=60),
    st.integers(0, 4000),
)
def test_contributions_add_up_within_0_and_100(done: list[tuple[int, str]], streak: int) -> None:
    found = score(*[(ago, saw(0, name=name)) for ago, name in done], streak=streak)
    assert sum(share.contribution for share in found.contributions) == pytest.approx(found.value)
    assert 0 <= found.value < 100
    assert all(share.because for share in found.contributions)
    more = score((0, met(0, "bob")), *[(ago, saw(0, name=name)) for ago, name in done], streak=streak)
    assert more.value > found.value


def test_weights_that_do_not_add_up_to_100_stop_the_start(tmp_path: Path) -> None:
    path = tmp_path / "weights.toml"
    path.write_text("[engagement_score]\nfrequency = 31\n", encoding="utf-8")
    with pytest.raises(StartupError, match="add up to 101, not to 100"):
        Weights.load(path)


def test_a_deployment_sets_its_own(tmp_path: Path) -> None:
    path = tmp_path / "weights.toml"
    path.write_text("[engagement_score]\nfrequency = 50\nsocial = 0\n", encoding="utf-8")
    weights: Any = Weights.load(path).engagement_score
    assert (weights.frequency, weights.social, weights.depth) == (50, 0, 20)
