"""``sociograph export``: the log as a file, from which the same graph can be made anywhere."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from resolvers.importing import Tally
from schema.commands import archives, progress, target
from schema.commands.importing import INTERRUPTED
from schema.commands.operator import operator
from schema.settings import Settings

PAGE = 500
ARCHIVE = "query Export($first: Int, $after: String) { archive(first: $first, after: $after) { records next } }"
WORDS = {"event": "events", "content": "contents", "standing": "declarations", "habits": "stored habits"}


def run(
    path: Annotated[
        Path, typer.Option("--events", metavar="FILE", help="The file to write; .gz and .zst are compressed.")
    ],
    url: target.Url = None,
) -> None:
    """Write the log to a file: every event with the times it had, what was taken back, registered and declared.

    `sociograph import FILE` makes the same graph of it, on either engine. The file holds what people did: guard it as
    the database. Exit status: 0 it is written, 2 it could not be; an older file of that name stays then.
    """
    try:
        uvloop.run(_export(path, Settings.load(), url))
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing was written.", err=True)
        raise typer.Exit(INTERRUPTED) from None


async def _export(path: Path, settings: Settings, url: str | None) -> None:
    started, after = time.monotonic(), None
    with archives.written(path) as file:
        async with operator(settings, url) as ask:
            with progress.shown("exporting", None, lambda tally: tally.rows) as report:
                while True:
                    page = (await ask(ARCHIVE, {"first": PAGE, "after": after}))["archive"]
                    for record in page["records"]:
                        file.add(record)
                    report(Tally(tracked=file.counts.total()))
                    after = page["next"]
                    if after is None:
                        break
    typer.echo(f"{path}: {summary(file.counts)} in {time.monotonic() - started:.1f} s")


def summary(counts: Counter[str]) -> str:
    """How many of each kind."""
    return ", ".join(f"{counts[kind]:,} {words}" for kind, words in WORDS.items())
