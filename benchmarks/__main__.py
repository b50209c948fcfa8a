"""``python -m benchmarks``: measure this checkout, print the tables, keep the figures."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.data import Sample, sample
from benchmarks.engines import ENGINES, Missing
from benchmarks.report import keep, machine, show
from benchmarks.rounds import PARTS, Figures, Plan, measure

console = Console(width=max(Console().width, 110))


def run(
    engine: Annotated[list[str] | None, typer.Option(help=f"Engine to measure: {', '.join(ENGINES)}.")] = None,
    only: Annotated[list[str] | None, typer.Option(help=f"Part to measure: {', '.join(PARTS)}.")] = None,
    seconds: Annotated[float, typer.Option(help="Seconds of each work in each round.")] = 4.0,
    rounds: Annotated[int, typer.Option(help="Rounds; the medians are shown.")] = 5,
) -> None:
    """Measure recording, reading and importing, on the embedded engine and on Neo4j."""
    _known(engine or (), ENGINES, "--engine")
    _known(only or (), PARTS, "--only")
    plan = Plan(seconds, rounds, tuple(only) if only else PARTS)
    with tempfile.TemporaryDirectory(prefix="sociograph-bench-") as folder:
        measured = asyncio.run(_all(engine or list(ENGINES), Path(folder), plan))
    if not measured:
        raise typer.Exit(2)
    for name, figures in measured.items():
        show(name, figures, console)
    console.print(f"Kept in {keep(measured, plan)}")
    raise typer.Exit(1 if any(figures.bad for figures in measured.values()) else 0)


def _known(given: Collection[str], known: Collection[str], option: str) -> None:
    for word in given:
        if word not in known:
            raise typer.BadParameter(f"{word!r}", param_hint=option)


async def _all(names: list[str], folder: Path, plan: Plan) -> dict[str, Figures]:
    console.print(f"Machine: {machine()}", markup=False)
    data = await asyncio.to_thread(sample, folder)
    measured: dict[str, Figures] = {}
    for name in names:
        await asyncio.to_thread((folder / name).mkdir)
        try:
            measured[name] = await _one(name, data, folder / name, plan)
        except Missing as reason:
            console.print(f"[bold red]{name} IS NOT MEASURED: {reason}[/]")
    return measured


async def _one(name: str, data: Sample, folder: Path, plan: Plan) -> Figures:
    with console.status(name) as status:
        async with ENGINES[name](folder) as running:
            return await measure(running, data, folder, plan, lambda doing: status.update(f"{name}: {doing}"))


if __name__ == "__main__":
    typer.run(run)
