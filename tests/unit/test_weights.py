"""The table of weights: read whole, overridden row by row, and a typo stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from signals.errors import StartupError
from signals.weights import Weights


def own(folder: Path, text: str) -> Path:
    path = folder / "weights.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_of_ones_own_stand_over_the_others(tmp_path: Path) -> None:
    weights = Weights.load(own(tmp_path, "[affinity]\nturn = 2\n[home]\nauthor = 0.0\n"))
    assert (weights.affinity.turn, weights.home.author) == (2.0, 0.0)
    assert weights.model_copy(update={"affinity": None, "home": None}) == Weights.load().model_copy(
        update={"affinity": None, "home": None}
    )
    assert weights.affinity.tie == Weights.load().affinity.tie


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[affinity]\ntrun = 2\n", "affinity.trun: is no row"),
        ("[afinity]\nturn = 2\n", "afinity: is no row"),
        ("[affinity]\nturn = -1\n", "affinity.turn"),
        ("[affinity]\nturn = 'much'\n", "affinity.turn"),
        ("[negative]\nreporters = 2.5\n", "negative.reporters"),
        ("affinity = 1\n", "affinity"),
        ("[affinity\n", "not valid TOML"),
    ],
)
def test_a_typo_stops_the_start_and_says_where(tmp_path: Path, text: str, told: str) -> None:
    path = own(tmp_path, text)
    with pytest.raises(StartupError) as raised:
        Weights.load(path)
    assert told in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="SOCIOGRAPH_WEIGHTS"):
        Weights.load(tmp_path / "none.toml")
