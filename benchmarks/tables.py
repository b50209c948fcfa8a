"""What all parts have in common: medians over rounds, and tables for a document."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def median(rows: Rows, figure: str, **where: Any) -> float | None:
    """Of the rows that have all of ``where``; None where nothing was measured."""
    found = [row[figure] for row in rows if all(row[name] == value for name, value in where.items())]
    values = [value for value in found if value is not None]
    return statistics.median(values) if values else None


def cells(figures: Sequence[float | None]) -> list[str]:
    """With a decimal; empty where nothing was measured."""
    return ["" if figure is None else f"{figure:,.1f}" for figure in figures]


def document(title: str, head: Sequence[str], body: Sequence[Sequence[str]], below: Sequence[str]) -> str:
    """A table in Markdown, with remarks below; the first column is text, the others are figures."""
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *body]
    table = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([f"**{title}**", "", *table, "", *(f"- {line}" for line in below), ""])
