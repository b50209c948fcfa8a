"""The committed SDL is the schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema import sdl


def test_the_committed_file_is_up_to_date() -> None:
    assert sdl.main(["--check"]) == 0


def test_a_difference_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sdl, "FILE", tmp_path / "schema.graphql")
    assert sdl.main(["--write"]) == 0
    assert sdl.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    text = sdl.FILE.read_text(encoding="utf-8")
    sdl.FILE.write_text(text.replace("type Problem {", "type Trouble {"), encoding="utf-8")
    assert sdl.main(["--check"]) == 1
    out = capsys.readouterr().out
    assert "-type Trouble {" in out
    assert "+type Problem {" in out
    assert "make sdl" in out


def test_a_missing_file_is_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdl, "FILE", tmp_path / "none.graphql")
    assert sdl.main(["--check"]) == 1
