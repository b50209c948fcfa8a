"""The README's worked example. ``python -m tests.acceptance.worked_example`` asks it anew and writes the answers."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.acceptance.conftest import served

README = Path(__file__).parents[2] / "README.md"
START, END = "<!-- ranking -->", "<!-- /ranking -->"
BLOCK = re.compile(r"```(graphql|json)\n(.*?)```", re.DOTALL)
WIDTH = 140
DECIMALS = 2


def example() -> str:
    """The part of the README that holds it."""
    return README.read_text(encoding="utf-8").partition(START)[2].partition(END)[0]


def rounded(answer: Any) -> Any:
    """The answer with numbers as the README prints them."""
    if isinstance(answer, float):
        return round(answer, DECIMALS) + 0.0
    if isinstance(answer, dict):
        return {name: rounded(value) for name, value in answer.items()}
    return [rounded(value) for value in answer] if isinstance(answer, list) else answer


def laid_out(value: Any, indent: int = 0) -> str:
    """JSON with everything on one line that fits on it."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= WIDTH or not isinstance(value, dict | list):
        return flat
    inner = indent + 2
    named = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    lines = [f"{'' if name is None else json.dumps(name) + ': '}{laid_out(item, inner)}" for name, item in named]
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    return opened + ",".join(f"\n{' ' * inner}{line}" for line in lines) + f"\n{' ' * indent}{closed}"


async def answered(text: str) -> str:
    """The text with each answer as a server gives it that has nothing else in it."""
    parts, end, answer = [], 0, {}
    with TemporaryDirectory() as folder:
        async with served(data=Path(folder)) as client:
            for block in BLOCK.finditer(text):
                if block[1] == "graphql":
                    answer = {"data": await client.ask(block[2])}
                    continue
                parts += [text[end : block.start()], f"```json\n{laid_out(rounded(answer))}\n```"]
                end = block.end()
    return "".join((*parts, text[end:]))


if __name__ == "__main__":
    shown = example()
    README.write_text(README.read_text(encoding="utf-8").replace(shown, asyncio.run(answered(shown))), encoding="utf-8")
