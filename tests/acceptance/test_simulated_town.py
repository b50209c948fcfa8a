"""What the README says about the simulated town is what the API answers about it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from tests.acceptance.command import sociograph
from tests.acceptance.conftest import served

README = Path(__file__).parents[2] / "README.md"


def block(section: str, language: str) -> str:
    """The first code block in that language."""
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found, language
    return found[1]


async def test_the_figures_on_the_page_are_the_answer(tmp_path: Path) -> None:
    section = README.read_text(encoding="utf-8").partition("\n### The simulated town\n")[2]
    command = shlex.split(block(section, "sh"))[1:]
    count = re.search(r"([\d,]+) events", section)
    assert count
    async with served(data=tmp_path / "data") as client:
        done = await sociograph(*command, "--url", client.http.base_url)
        assert (done.status, f" {count[1]} tracked, 0 duplicates, 0 rejected" in done.out) == (0, True), done
        assert await client.ask(block(section, "graphql")) == json.loads(block(section, "json"))
