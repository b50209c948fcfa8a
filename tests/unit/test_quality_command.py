"""``sociograph quality``: any file that can be imported, as a table or as JSON."""

from __future__ import annotations

import random
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from schema.cli import app
from schema.commands.quality import BELOW, MEASURED

HEADER = "id,type,actor_id,target_type,target_id,occurred_at\n"


def written(folder: Path, name: str, kind: str, target: str, count: int = 300) -> Path:
    """Everybody keeps to a favourite or two."""
    draw = random.Random(3)
    rows = []
    for n in range(count):
        user = draw.randrange(8)
        other = (user + draw.choice([1, 1, 1, 2, 3])) % 8
        minute, hour, day = n % 60, n // 60 % 24, 1 + n // 1440
        at = f"2026-01-{day:02}T{hour:02}:{minute:02}:00Z"
        rows.append(f"e{n},{kind},u{user},{target},{'u' if target == 'USER' else 'c'}{other},{at}")
    path = folder / name
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def measured(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["quality", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_people_and_content_in_one_go(tmp_path: Path) -> None:
    people = written(tmp_path, "talk.csv", "MESSAGE_SENT", "USER")
    contents = written(tmp_path, "reading.csv", "VIEW", "ARTICLE")
    status, out, _ = measured(people, contents, "--json", "--events", "20", "--out", tmp_path / "figures")
    talk, reading = orjson.loads(out)
    assert status in (MEASURED, BELOW)
    assert (talk["name"], reading["name"]) == ("talk", "reading")
    assert talk["tasks"][0]["task"] == "affinity"
    assert talk["tasks"][0]["scored"] == 20
    assert talk["tasks"][0]["of"] == 60
    assert 0 < talk["tasks"][0]["methods"]["ours"]["MRR"] <= 1
    assert {"popularity", "frequency", "last contact", "ours"} == talk["tasks"][0]["methods"].keys()
    assert "content, seen or not" in [task["task"] for task in reading["tasks"]]
    assert orjson.loads((tmp_path / "figures.json").read_bytes()) == [talk, reading]
    assert "## reading" in (tmp_path / "figures.md").read_text(encoding="utf-8")


def test_the_same_file_measures_the_same(tmp_path: Path) -> None:
    people = written(tmp_path, "talk.csv", "MESSAGE_SENT", "USER")
    assert measured(people, "--events", "20") == measured(people, "--events", "20")


@pytest.mark.parametrize(("kind", "target"), [("WHISPERED", "USER"), ("PLAYED", "SONG"), ("LIKE", "SONG")])
def test_what_the_vocabulary_lacks_is_taken_for_something_and_said(tmp_path: Path, kind: str, target: str) -> None:
    status, out, told = measured(written(tmp_path, "log.csv", kind, target), "--events", "20")
    assert status in (MEASURED, BELOW)
    assert "**ours**" in out
    assert f"300 x {kind} of {target} as " in told


def test_too_little_is_said(tmp_path: Path) -> None:
    status, _, told = measured(written(tmp_path, "talk.csv", "MESSAGE_SENT", "USER", 9))
    assert status == MEASURED
    assert "too few" in told
