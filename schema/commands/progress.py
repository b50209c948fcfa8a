"""How far a run has come: a bar on a terminal, a line now and then elsewhere; on standard error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from resolvers.importing import Tally

EVERY_S = 5.0
"""Between two lines where there is no terminal."""

Report: TypeAlias = Callable[[Tally], None]


@contextmanager
def shown(name: str, total: int | None, position: Callable[[Tally], int]) -> Iterator[Report]:
    """Show progress for the time of the block. ``position`` says how much of ``total`` a tally stands for."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(name, console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TextColumn("{task.fields[pace]:,.0f}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(name, total=total, rows=0, pace=0.0)
        started = time.monotonic()

        def report(tally: Tally) -> None:
            pace = tally.rows / (time.monotonic() - started)
            bar.update(task, completed=position(tally), rows=tally.rows, pace=pace)

        yield report


def _lines(name: str, console: Console) -> Report:
    started = said = time.monotonic()

    def report(tally: Tally) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said >= EVERY_S:
            said = now
            console.out(f"{name}: {tally.rows:,} rows, {tally.rows / (now - started):,.0f} rows/s", highlight=False)

    return report


def summary(name: str, tally: Tally, seconds: float) -> str:
    """What became of a run, on one line."""
    parts = [f"{tally.tracked:,} tracked", f"{tally.duplicates:,} duplicates", f"{tally.rejected:,} rejected"]
    if tally.registered:
        parts.append(f"{tally.registered:,} pieces of content registered")
    pace = tally.rows / seconds if seconds else 0.0
    return f"{name}: {tally.rows:,} rows in {seconds:.1f} s ({pace:,.0f} rows/s): {', '.join(parts)}"
