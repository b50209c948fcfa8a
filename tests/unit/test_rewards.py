"""Goals, streaks and notifications as a deployment settles them: overridden row by row, and a typo stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from signals.errors import StartupError
from signals.rewards import Rewards


def own(folder: Path, text: str) -> Path:
    path = folder / "rewards.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_as_it_comes() -> None:
    rewards = Rewards.load()
    assert (rewards.goal.types, rewards.goal.count, rewards.streak.freezes) == (("problem:solved",), 3, 0)
    assert (rewards.notifications.milestones, rewards.notifications.reminder_hour) == ((7, 30, 100), 18)


def test_rows_of_ones_own_stand_over_the_others(tmp_path: Path) -> None:
    rewards = Rewards.load(own(tmp_path, '[goal]\ntypes = ["lesson:completed"]\n[streak]\nfreezes = 2\n'))
    assert (rewards.goal.types, rewards.goal.count) == (("lesson:completed",), 3)
    assert (rewards.streak.freezes, rewards.notifications) == (2, Rewards.load().notifications)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[streak]\nfreeze = 2\n", "streak.freeze: is no row; the rows are those of signals/rewards.toml"),
        ("[goals]\ncount = 2\n", "goals: is no row"),
        ("[goal]\ncount = 0\n", "goal.count"),
        ("[goal]\ncount = 2.5\n", "goal.count"),
        ('[goal]\ntypes = ["PROBLEM_SOLVED"]\n', "goal.types.0"),
        ("[goal]\ntypes = []\n", "goal.types"),
        ("[notifications]\nmilestones = [7, 0]\n", "notifications.milestones.1"),
        ("[notifications]\nreminder_hour = 24\n", "notifications.reminder_hour"),
        ("streak = 1\n", "streak"),
        ("[streak\n", "not valid TOML"),
    ],
)
def test_a_typo_stops_the_start_and_says_where(tmp_path: Path, text: str, told: str) -> None:
    path = own(tmp_path, text)
    with pytest.raises(StartupError) as raised:
        Rewards.load(path)
    assert told in str(raised.value)
    assert f"The rewards {path}" in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="SOCIOGRAPH_REWARDS"):
        Rewards.load(tmp_path / "none.toml")
