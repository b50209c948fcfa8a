"""The figures as Markdown for people and as plain values for programs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from signals.quality.aims import AIMS, Aim
from signals.quality.evaluation import OURS, Row, Table


def markdown(name: str, tables: Iterable[Table]) -> str:
    """A section per log, a table per task."""
    return "\n".join([f"## {name}", "", *(line for table in tables for line in _section(name, table))])


def _section(name: str, table: Table) -> list[str]:
    aim = AIMS.get((name, table.task))
    scored = f"{table.n:,}" if table.n == table.of else f"{table.n:,} of {table.of:,}"
    heads = ["", *table.figures, f"ours above it ({table.figures[0]})"]
    rows = [_cells(row) for row in table.rows]
    if aim is not None:
        rows += [[word, *map(_figure, figures), ""] for word, figures in (("floor", aim.floor), ("aim", aim.aim))]
    return [
        f"**{table.task}**: {table.question}; {scored} scored, {table.among:,.0f} candidates on average",
        "",
        _line(heads),
        _line(["---", *["--:"] * (len(heads) - 1)]),
        *map(_line, rows),
        "",
    ]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Row) -> list[str]:
    above = "" if row.above is None else f"{row.above[0]:+.4f} ± {row.above[1]:.4f}"
    strong = "**" if row.method == OURS else ""
    return [f"{strong}{row.method}{strong}", *(f"{strong}{_figure(x)}{strong}" for x in row.figures), above]


def _figure(value: float | None) -> str:
    if value is None or math.isnan(value):
        return ""
    return f"{value:.1f}" if value > 1 else f"{value:.3f}"


def values(name: str, tables: Iterable[Table]) -> dict[str, Any]:
    """The same for JSON."""
    return {"name": name, "tasks": [_values(name, table) for table in tables]}


def _values(name: str, table: Table) -> dict[str, Any]:
    aim = AIMS.get((name, table.task))
    return {
        "task": table.task,
        "question": table.question,
        "scored": table.n,
        "of": table.of,
        "candidates": round(table.among, 1),
        "methods": {row.method: _row(table, row) for row in table.rows},
        **({} if aim is None else {"floor": _named(aim, aim.floor), "aim": _named(aim, aim.aim)}),
        "below": below(name, table),
    }


def _row(table: Table, row: Row) -> dict[str, Any]:
    figures: dict[str, Any] = dict(zip(table.figures, row.figures, strict=True))
    if row.above is not None:
        figures["ours_above"] = {"figure": table.figures[0], "by": row.above[0], "standard_error": row.above[1]}
    return figures


def _named(aim: Aim, figures: Sequence[float | None]) -> dict[str, float]:
    return {name: figure for name, figure in zip(aim.figures, figures, strict=True) if figure is not None}


def below(name: str, table: Table) -> list[str]:
    """The figures that miss their floor, and the baselines whose first figure is not reached, in words."""
    ours = next(row for row in table.rows if row.method == OURS)
    found = []
    aim = AIMS.get((name, table.task))
    if aim is not None:
        for figure, got, floor in zip(aim.figures, ours.figures, aim.floor, strict=True):
            if floor is not None and got < floor:
                found.append(f"{table.task}: {figure} is {_figure(got)}, its floor {_figure(floor)}")
    found += [
        f"{table.task}: {row.method} has {table.figures[0]} {_figure(row.figures[0])}, ours is below it"
        for row in table.rows
        if row.above is not None and row.above[0] < 0
    ]
    return found
