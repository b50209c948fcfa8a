"""``sociograph import``: a year of activity with one command."""

from __future__ import annotations

import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from resolvers.importing import Delivery, Sink
from schema.commands import files, progress, rejects, target
from schema.commands.archives import is_archive
from schema.commands.restoring_events import restore
from schema.settings import Settings
from signals.errors import StartupError
from signals.rows import Rows
from signals.vocabulary import Vocabulary

ALL_IN, SOME_REJECTED, INTERRUPTED = 0, 1, 130
RESUME = "Run the same command again to go on: what is recorded already counts as duplicates."


def run(
    names: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="CSV or NDJSON, plain or gzip; - reads standard input.")
    ],
    meanings: Annotated[
        list[str],
        typer.Option(
            "--map", metavar="FOREIGN=NAME", help="What a type of the file is here: ANSWER=reply. Repeatable."
        ),
    ] = [],  # noqa: B006 - typer reads it
    reject_file: Annotated[
        Path | None, typer.Option("--rejects", help="Where rejected rows go. Default: FILE.rejects.csv.")
    ] = None,
    url: target.Url = None,
) -> None:
    """Record the activity in files. Running it again is safe and goes on where it stopped.

    A file that `sociograph export --events` wrote is known by how it begins: its events come back with the times they
    had.

    Columns of CSV, keys of NDJSON: id, type, actor_id, target_type, target_id, occurred_at, session_id, user_agent,
    region, country. A line of NDJSON may also be an EventInput as the API takes it.

    Exit status: 0 everything is recorded, 1 some rows were rejected, 2 it could not run to the end.
    """
    if reject_file and len(names) > 1:
        raise typer.BadParameter("takes one FILE; each has a reject file of its own", param_hint="--rejects")
    settings = target.quiet(Settings.load())
    if archive := _archive(names):
        raise typer.Exit(SOME_REJECTED if _interruptible(restore(archive, settings, url)) else ALL_IN)
    vocabulary = Vocabulary.load(settings.vocabulary)
    rows = Rows(vocabulary, dict(map(meaning, meanings)))
    rejected = _interruptible(_import(names, rows, reject_file, target.sink(settings, vocabulary, url)))
    raise typer.Exit(SOME_REJECTED if rejected else ALL_IN)


def _archive(names: Sequence[str]) -> Path | None:
    """The archive among the files, which comes alone. Raises BadParameter where it does not."""
    found = [Path(name) for name in names if name != files.STDIN and is_archive(Path(name))]
    if found and len(names) > 1:
        raise typer.BadParameter(f"{found[0]} is an archive of events; import it by itself", param_hint="FILE...")
    return found[0] if found else None


def _interruptible(importing: Coroutine[Any, Any, int]) -> int:
    try:
        return uvloop.run(importing)
    except KeyboardInterrupt:
        typer.echo(f"Stopped. {RESUME}", err=True)
        raise typer.Exit(INTERRUPTED) from None


def meaning(given: str) -> tuple[str, str]:
    """``ANSWER=reply`` in two. Raises BadParameter."""
    foreign, equals, name = given.partition("=")
    if not (foreign.strip() and equals and name.strip()):
        raise typer.BadParameter(f"{given!r} is not of the form ANSWER=reply", param_hint="--map")
    return foreign.strip(), name.strip()


async def _import(names: Sequence[str], rows: Rows, given: Path | None, opening: target.Opening) -> int:
    reject_files = [reject_path(name, given) for name in names]
    _look_at(names)
    rejected = 0
    async with opening as (sink, where):
        typer.echo(f"Recording through {where}.", err=True)
        for name, reject_file in zip(names, reject_files, strict=True):
            rejected += await import_file(name, rows, reject_file, sink)
    return rejected


def _look_at(names: Sequence[str]) -> None:
    """Raise StartupError for a file that cannot be imported, before anything is started for it."""
    for name in names:
        if name != files.STDIN:
            with files.opened(name):
                pass


def reject_path(name: str, given: Path | None) -> Path:
    """Where the rejects of a file go. Raises StartupError where that is the file itself."""
    path = given or Path("stdin.rejects.csv" if name == files.STDIN else f"{name}.rejects.csv")
    if path.resolve() == Path(name).resolve():
        raise StartupError(f"{name} cannot be its own reject file; choose another with --rejects.")
    return path


async def import_file(
    name: str, rows: files.Rows, reject_file: Path, sink: Sink, layout: files.Layout = files.ACTIVITY
) -> int:
    """Import one file; how many rows were rejected."""
    with files.opened(name, layout) as file:
        if file.ignored:
            typer.echo(f"{file.name}: these columns are left out: {', '.join(file.ignored)}", err=True)
        started = time.monotonic()
        with (
            rejects.kept(reject_file, file.header) as rejected,
            progress.shown(file.name, file.size, lambda _: file.position()) as report,
        ):
            delivery = Delivery(sink, reject=rejected.add, progress=report)
            try:
                await delivery.send(file.items(rows))
            finally:
                typer.echo(progress.summary(file.name, delivery.tally, time.monotonic() - started))
                if rejected.count:
                    typer.echo(f"Rejected rows and their reasons are in {reject_file}.", err=True)
    return rejected.count
