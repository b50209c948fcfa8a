"""Achievements: what is declared, how far somebody came, and when."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from signals.achievements import Achievement, achievements, metadata_needed
from signals.achievements_table import load
from signals.clock import to_ms
from signals.diary import Entry
from signals.errors import StartupError
from tests.factories import VOCABULARY
from tests.unit.diary import entry, saw

HEAD = '[[achievement]]\nid = "a"\ntitle = "A"\ndescription = "Do a."\n'


@dataclass(frozen=True)
class Runs:
    longest: int = 0
    at: int | None = None

    def reached(self, days: int) -> int | None:
        return self.at if days <= self.longest else None


def declared(folder: Path, text: str) -> Path:
    path = folder / "achievements.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def achieved(tmp_path: Path) -> Any:
    def one(rule: str, *entries: Entry, runs: Runs = Runs()) -> tuple[float, int | None]:
        [found] = achievements(load(declared(tmp_path, HEAD + rule)), entries, runs, VOCABULARY)
        return found.progress, None if found.earned_at is None else to_ms(found.earned_at)

    return one


def test_events_of_types_or_categories_are_counted(achieved: Any) -> None:
    rule = 'kind = "COUNT"\ntypes = ["problem:solved"]\ncategories = ["auth"]\ntarget = 3'
    solved, view, login = entry(1, "PROBLEM_SOLVED"), entry(2, "PROBLEM_VIEW"), entry(3, "LOGIN")
    assert achieved(rule, solved, view, login) == (2, None)
    assert achieved(rule, solved, view, login, entry(4), entry(5)) == (3, 4)
    assert achieved('kind = "COUNT"\ntarget = 3', solved, view, login) == (3, 3)


def test_different_ones_are_counted_once(achieved: Any) -> None:
    contents = 'kind = "DISTINCT"\nof = "CONTENTS"\ncategories = ["post"]\ntarget = 2'
    assert achieved(contents, saw(1), saw(2), saw(3, "ARTICLE:2"), entry(4)) == (1, None)
    assert achieved(contents, saw(1), saw(2), saw(3, "POST:2"), saw(4, "POST:3")) == (2, 3)
    entities = 'kind = "DISTINCT"\nof = "ENTITIES"\ntarget = 2'
    same: dict[str, Any] = {"entity_type": "lesson", "entity_id": "1"}
    assert achieved(entities, entry(1, **same), entry(2, **same), entry(3)) == (1, None)
    assert achieved(entities, entry(1, **same), entry(2, **(same | {"entity_type": "problem"}))) == (2, 2)
    values = 'kind = "DISTINCT"\nof = "METADATA"\nkey = "path"\ntarget = 2'
    assert achieved(values, entry(1, metadata={"path": 1}), entry(2, metadata={"path": 1.0}), entry(3)) == (1, None)


def test_what_was_reached_stays_reached(achieved: Any) -> None:
    rule = 'kind = "POINTS"\ntarget = 10.5'
    assert achieved(rule, entry(1, points=10.0), entry(2, points=1.0), entry(3, points=-9.0)) == (10.5, 2)
    assert achieved(rule, entry(1, points=10.0), entry(2, points=-12.0)) == (0, None)
    assert achieved(rule, entry(1, "PROBLEM_SOLVED")) == (10, None)


def test_the_longest_streak(achieved: Any) -> None:
    rule = 'kind = "STREAK"\ntarget = 7'
    assert achieved(rule, runs=Runs(6)) == (6, None)
    assert achieved(rule, runs=Runs(9, at=77)) == (7, 77)


def test_the_list_has_the_order_of_the_file(tmp_path: Path) -> None:
    text = "\n".join(f'{HEAD.replace(chr(34) + "a", chr(34) + id)}kind = "COUNT"\ntarget = 1' for id in "cab")
    found: list[Achievement] = achievements(load(declared(tmp_path, text)), [], Runs(), VOCABULARY)
    assert [one.id for one in found] == ["c", "a", "b"]


def test_those_that_come_with_the_product() -> None:
    rules = load()
    found = achievements(rules, [], Runs(), VOCABULARY)
    assert {one.kind for one in found} == {"COUNT", "DISTINCT", "POINTS", "STREAK"}
    assert all((one.progress, one.earned_at) == (0, None) for one in found)
    assert not metadata_needed(rules)


def test_a_file_of_ones_own_takes_the_place_of_all(tmp_path: Path) -> None:
    rules = load(declared(tmp_path, f'{HEAD}kind = "DISTINCT"\nof = "METADATA"\nkey = "k"\ntarget = 2'))
    assert [rule.id for rule in rules] == ["a"]
    assert metadata_needed(rules)
    assert load(declared(tmp_path, "achievement = []")) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f'{HEAD}kind = "CUONT"\ntarget = 1', "CUONT"),
        (f"{HEAD}target = 1", "kind"),
        (f'{HEAD}kind = "COUNT"', "target: field required"),
        (f'{HEAD}kind = "COUNT"\ntarget = 0', "target: input should be greater"),
        (f'{HEAD}kind = "COUNT"\ntarget = 1.5', "target"),
        (f'{HEAD}kind = "COUNT"\ntarget = 1\ntypse = ["a:b"]', "typse: is no row"),
        (f'{HEAD}kind = "COUNT"\ntarget = 1\ntypes = ["ab"]', "types.0"),
        (f'{HEAD}kind = "STREAK"\ntarget = 1\ntypes = ["a:b"]', "types: is no row"),
        (f'{HEAD}kind = "DISTINCT"\ntarget = 1\nof = "METADATA"', "key belongs to"),
        (f'{HEAD}kind = "DISTINCT"\ntarget = 1\nof = "CONTENTS"\nkey = "k"', "key belongs to"),
        (f'{HEAD}kind = "POINTS"\ntarget = inf', "target"),
        (f'{HEAD}kind = "COUNT"\ntarget = 1\n' * 2, "have the id a"),
        ("[[achievment]]", "achievment: is no row"),
        ("[[achievement]", "not valid TOML"),
    ],
)
def test_a_typo_stops_the_start_and_says_where(tmp_path: Path, text: str, told: str) -> None:
    path = declared(tmp_path, text)
    with pytest.raises(StartupError) as raised:
        load(path)
    assert told in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="SOCIOGRAPH_ACHIEVEMENTS"):
        load(tmp_path / "none.toml")
