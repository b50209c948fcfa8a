"""``sociograph simulate``: something to look at."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO

import orjson
import typer
import uvloop

from resolvers import simulating
from resolvers.importing import Item
from schema.commands import progress, target
from schema.commands.files import STDIN
from schema.commands.importing import ALL_IN, INTERRUPTED, RESUME, SOME_REJECTED
from schema.commands.target import Url
from schema.settings import Settings
from signals.errors import StartupError
from signals.rows import COLUMNS
from signals.simulation import Plan, simulate, table
from signals.vocabulary import Vocabulary

REASONS_SHOWN = 5


def run(
    days: Annotated[int, typer.Option(min=1, max=3660, help="How many days.")] = 14,
    users: Annotated[int, typer.Option(min=2, max=100_000, help="How many people.")] = 200,
    user_id: Annotated[str | None, typer.Option(help="A person of yours, in the middle of it.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other people.")] = 1,
    until: Annotated[
        str | None, typer.Option(metavar="ISO", help="Where it ends (UTC unless it has an offset). Default: midnight.")
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write it to a file: CSV for .csv, else NDJSON; - is standard output."),
    ] = None,
    url: Url = None,
) -> None:
    """Record believable activity: a daily rhythm, circles of friends, popular content.

    The same options make the same events under the same ids, so that a second run adds nothing.

    Exit status: 0 everything is recorded, 1 some events were rejected, 2 it could not run to the end.
    """
    plan = Plan(_end(until), days, users, seed, user_id)
    if out is not None:
        _write(plan, out)
        return
    settings = target.quiet(Settings.load())
    vocabulary = Vocabulary.load(settings.vocabulary)
    try:
        rejected = uvloop.run(_send(plan, target.sink(settings, vocabulary, url)))
    except KeyboardInterrupt:
        typer.echo(f"Stopped. {RESUME}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(SOME_REJECTED if rejected else ALL_IN)


def _end(until: str | None) -> datetime:
    now = datetime.now(UTC)
    if until is None:
        return now.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        end = datetime.fromisoformat(until)
    except ValueError:
        raise typer.BadParameter(f"{until!r} is no ISO 8601 time: 2026-03-01", param_hint="--until") from None
    end = end.replace(tzinfo=UTC) if end.tzinfo is None else end.astimezone(UTC)
    if end > now:
        raise typer.BadParameter("lies in the future, where nothing can have happened", param_hint="--until")
    return end


async def _send(plan: Plan, opening: target.Opening) -> int:
    shown = 0

    def reject(item: Item, why: str) -> None:
        nonlocal shown
        shown += 1
        if shown <= REASONS_SHOWN:
            typer.echo(f"Event {item.line} was rejected: {why}", err=True)

    async with opening as (sink, where):
        typer.echo(f"Recording through {where}.", err=True)
        started = time.monotonic()
        with progress.shown("simulation", None, lambda tally: tally.rows) as report:
            tally = await simulating.send(plan, sink, reject, report)
        typer.echo(progress.summary("simulation", tally, time.monotonic() - started))
    return tally.rejected


def _write(plan: Plan, out: str) -> None:
    with _opened(out) as file:
        if out.endswith(".csv"):
            rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            rows.writeheader()
            rows.writerows(table(plan))
        else:
            file.writelines(orjson.dumps(raw, option=orjson.OPT_APPEND_NEWLINE).decode() for raw in simulate(plan))


@contextmanager
def _opened(out: str) -> Iterator[TextIO]:
    if out == STDIN:
        yield sys.stdout
        return
    try:
        with Path(out).open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise StartupError(f"{out} cannot be written: {error.strerror}") from error
