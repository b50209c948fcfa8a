"""``python -m benchmarks``: measure this checkout, print the tables, keep the figures."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from benchmarks import growth, insights, ranking, rounds, world
from benchmarks.data import sample
from benchmarks.engines import EMBEDDED, ENGINES, Missing
from benchmarks.growth import SIZES, Growth
from benchmarks.loaded import LOADED, ending, loaded
from benchmarks.report import Measured, document, keep, machine, show
from benchmarks.rounds import Plan

RECORDING, RANKING, INSIGHTS, GROWTH = rounds.PARTS, "ranking", "insights", "growth"
USUAL = (*RECORDING, RANKING, INSIGHTS)
PARTS = (*USUAL, GROWTH)

console = Console(width=max(Console().width, 110))
Say = Callable[[str], None]


def run(
    engine: Annotated[list[str] | None, typer.Option(help=f"Engine to measure: {', '.join(ENGINES)}.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Part to measure: {', '.join(PARTS)}. Default: all but {GROWTH}.")
    ] = None,
    seconds: Annotated[float, typer.Option(help="Seconds of each work in each round.")] = 4.0,
    times: Annotated[int, typer.Option("--rounds", help="Rounds; the medians are shown.")] = 5,
    read: Annotated[
        list[str] | None, typer.Option(help="Part of the names of reads to measure. Default: all of them.")
    ] = None,
    size: Annotated[list[int] | None, typer.Option(help=f"Events of a history to measure {GROWTH} with.")] = None,
    docs: Annotated[bool, typer.Option(help=f"Write {GROWTH}'s table and plots into docs/.")] = False,
    kept: Annotated[
        Path | None,
        typer.Option(
            help="Folder of loaded databases: what is there is measured as it is, the rest is loaded and left there. "
            "For the embedded engine, and not for recording."
        ),
    ] = None,
) -> None:
    """Measure recording, reading, importing, ranking, trends and reads about people, on both engines."""
    _known(engine or (), ENGINES, "--engine")
    _known(only or (), PARTS, "--only")
    plan = Plan(seconds, times, tuple(only or USUAL), tuple(read or ()))
    console.print(f"Machine: {machine()}", markup=False)
    measured = {name: Measured() for name in engine or ENGINES}
    try:
        for name, into in measured.items():
            _engine(name, plan, size or SIZES, into, kept if name == EMBEDDED else None)
    finally:
        _told({name: found for name, found in measured.items() if found.any}, plan, docs=docs)
    if not any(found.any for found in measured.values()):
        raise typer.Exit(2)
    raise typer.Exit(1 if any(found.bad for found in measured.values()) else 0)


def _told(measured: dict[str, Measured], plan: Plan, *, docs: bool) -> None:
    """Show and keep what was measured, also when the rest could not be."""
    for name, found in measured.items():
        show(name, found, console)
    if measured:
        console.print(f"Kept in {keep(measured, plan)}")
    if docs:
        document({name: found.growth for name, found in measured.items() if found.growth is not None})


def _known(given: Collection[str], known: Collection[str], option: str) -> None:
    for word in given:
        if word not in known:
            raise typer.BadParameter(f"{word!r}", param_hint=option)


def _engine(name: str, plan: Plan, sizes: Collection[int], measured: Measured, kept: Path | None) -> None:
    """All of the plan on one engine, each part with a database of its own. Where there is none, that is said."""
    try:
        if set(plan.parts) & set(RECORDING):
            measured.recording = uvloop.run(_recording(name, plan))
        if {RANKING, INSIGHTS} & set(plan.parts):
            uvloop.run(_community(name, plan, measured, kept))
        if GROWTH in plan.parts:
            measured.growth = Growth()
            for size in sorted(sizes):
                uvloop.run(_growth(name, size, plan, measured.growth, kept))
    except (Missing, world.Absent) as reason:
        console.print(f"[bold red]{name} IS NOT MEASURED: {reason}[/]")


@contextmanager
def _place(name: str) -> Iterator[tuple[Path, Say]]:
    """An empty folder, and somebody to tell what is being done."""
    with tempfile.TemporaryDirectory(prefix="sociograph-bench-") as folder, console.status(name) as status:
        try:
            yield Path(folder), lambda doing: status.update(f"{name}: {doing}")
        except BaseException:
            _rescue(Path(folder))
            raise


def _rescue(folder: Path) -> None:
    """The API's own log is worth more than the rest when something went wrong."""
    for log in folder.rglob("api.log"):
        kept = Path(tempfile.gettempdir()) / "sociograph-bench-api.log"
        shutil.copy(log, kept)
        console.print(f"The API's log is kept in {kept}")


async def _recording(name: str, plan: Plan) -> rounds.Figures:
    with _place(name) as (folder, say):
        data = sample(folder)
        own = _own(folder, name)
        async with ENGINES[name](own) as running:
            return await rounds.measure(running, data, own, plan, say)


async def _community(name: str, plan: Plan, into: Measured, kept: Path | None) -> None:
    """Ranking and insights, over the world of the real logs, which is loaded once."""
    with _place(name) as (folder, say):
        say("making the data")
        own = _own(folder, name) if kept is None else _kept(kept, "community")
        community = world.community(folder, ending(own))
        async with ENGINES[name](own) as running, loaded(running, community, own, say) as ready:
            if RANKING in plan.parts:
                into.ranking = await ranking.measure(ready, plan, say)
            if INSIGHTS in plan.parts:
                into.insights = await insights.measure(ready, plan, say)


async def _growth(name: str, size: int, plan: Plan, into: Growth, kept: Path | None) -> None:
    with _place(name) as (folder, say):
        own = _own(folder, name) if kept is None else _kept(kept, f"growth-{size}")
        async with ENGINES[name](own) as running:
            await growth.measure(running, size, own, plan, say, into)


def _own(folder: Path, name: str) -> Path:
    own = folder / name
    own.mkdir()
    return own


def _kept(kept: Path, name: str) -> Path:
    """Where this database is, or is to be. Raises BadParameter where something else is."""
    own = kept.resolve() / name
    own.mkdir(parents=True, exist_ok=True)
    if not (own / LOADED).exists() and any(own.iterdir()):
        raise typer.BadParameter(f"{own} holds no database that was loaded to its end; remove it", param_hint="--kept")
    return own


if __name__ == "__main__":
    typer.run(run)
