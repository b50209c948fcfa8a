"""docs/reliability.md names tests that there are, and every test of a fault is in it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/\w+/\w+\.py)::(\w+)`")
TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def named() -> set[tuple[str, str]]:
    """File and name of each test in the page."""
    return set(NAMED.findall((ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")))


def within(file: Path) -> set[tuple[str, str]]:
    """File and name of each test in ``file``."""
    return {(str(file.relative_to(ROOT)), name) for name in TEST.findall(file.read_text(encoding="utf-8"))}


def test_every_test_that_is_named_exists() -> None:
    there = {test for file, _ in named() if (ROOT / file).exists() for test in within(ROOT / file)}
    assert len(named()) > 10
    assert named() - there == set()


def test_every_fault_that_is_tried_is_told() -> None:
    tried = {test for file in (ROOT / "tests" / "faults").glob("test_*.py") for test in within(file)}
    assert tried - named() == set()
