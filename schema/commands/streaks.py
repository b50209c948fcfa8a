"""``sociograph import-streaks``: what an older system knew of everybody's streaks, carried over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from resolvers.importing import Receipt
from schema.commands import files, target
from schema.commands.importing import ALL_IN, INTERRUPTED, RESUME, SOME_REJECTED, import_file, reject_path
from schema.settings import Settings
from signals.intake import Intake
from signals.outcomes import InvalidInput
from signals.rows import Raw
from signals.streak_rows import COLUMNS, StreakRows
from signals.vocabulary import Vocabulary

LAYOUT = files.Layout(COLUMNS, COLUMNS)
AHEAD = timedelta(hours=14)
"""How far the first place of a day is ahead of UTC."""


class DryRun:
    """A sink that checks and keeps nothing."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def track(self, events: Sequence[Raw]) -> Receipt:
        """As the API would answer, had it none of them yet."""
        now = datetime.now(UTC)
        checked = [self._intake.one_of(raw, now) for raw in events]
        refused = {n: each.message for n, each in enumerate(checked) if isinstance(each, InvalidInput)}
        return Receipt(tracked=len(events) - len(refused), refused=refused)

    async def register(self, contents: Sequence[Raw]) -> Receipt:
        """Streaks are about nobody's content."""
        return Receipt(tracked=len(contents))


def run(
    name: Annotated[str, typer.Argument(metavar="FILE", help="CSV or NDJSON, plain or gzip; - reads standard input.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file and record nothing.")] = False,
    reject_file: Annotated[
        Path | None, typer.Option("--rejects", help="Where rejected rows go. Default: FILE.rejects.csv.")
    ] = None,
    url: target.Url = None,
) -> None:
    """Carry over the streaks of an older system. Running it again changes nothing.

    Columns of CSV, keys of NDJSON: user, current (days), longest (days), lastDate (the last active date, 2026-03-01).
    The dates of the current streak count as active; what is done from then on continues it.

    Exit status: 0 everything is recorded, 1 some rows were rejected, 2 it could not run to the end.
    """
    settings = target.quiet(Settings.load())
    vocabulary = Vocabulary.load(settings.vocabulary)
    try:
        if dry_run:
            rejected = uvloop.run(_checked(name, reject_file, Intake(vocabulary)))
        else:
            rejected = uvloop.run(_import(name, reject_file, target.sink(settings, vocabulary, url)))
    except KeyboardInterrupt:
        typer.echo(f"Stopped. {RESUME}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(SOME_REJECTED if rejected else ALL_IN)


async def _checked(name: str, given: Path | None, intake: Intake) -> int:
    typer.echo("A dry run: nothing is recorded.", err=True)
    return await import_file(name, _rows(), reject_path(name, given), DryRun(intake), LAYOUT)


async def _import(name: str, given: Path | None, opening: target.Opening) -> int:
    rejects = reject_path(name, given)
    if name != files.STDIN:
        with files.opened(name, LAYOUT):
            pass
    async with opening as (sink, where):
        typer.echo(f"Recording through {where}.", err=True)
        return await import_file(name, _rows(), rejects, sink, LAYOUT)


def _rows() -> StreakRows:
    return StreakRows((datetime.now(UTC) + AHEAD).date())
