"""``sociograph import`` of what ``sociograph export --events`` wrote: events come back with the times they had."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import typer

from resolvers.importing import Tally
from schema.commands import archives, progress
from schema.commands.operator import Ask, operator
from schema.remote import TooLarge
from schema.settings import Settings
from signals.errors import StartupError

BATCH = 500
SALT = "salt"
SHOWN = 10
"""Reasons that are printed."""
RESTORE = """
mutation Import($records: [JSON!]!) { restoreArchive(records: $records) { restored refused { index message } } }
"""


async def restore(path: Path, settings: Settings, url: str | None) -> int:
    """Restore one file; how many records were refused. Raises StartupError where it is not whole."""
    started, tally, shown = time.monotonic(), Tally(), 0
    async with operator(settings, url) as ask:
        with progress.shown(path.name, None, lambda tally: tally.rows) as report:
            for number, batch in _batches(archives.records(path)):
                for index, message in await _restored(ask, batch):
                    if SALT in batch[index]:
                        raise StartupError(f"{path} cannot be imported here: {message}.")
                    tally.rejected += 1
                    if shown < SHOWN:
                        typer.echo(f"{path}, line {number + index}: {message}", err=True)
                    shown += 1
                tally.tracked = number + len(batch) - 2 - tally.rejected
                report(tally)
    seconds = time.monotonic() - started
    typer.echo(f"{path}: {tally.tracked:,} records stand, {tally.rejected:,} refused, in {seconds:.1f} s")
    return tally.rejected


def _batches(records: Iterator[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Some at a time, with the line of the first."""
    line = 2
    while batch := list(islice(records, BATCH)):
        yield line, batch
        line += len(batch)


async def _restored(ask: Ask, batch: list[Any]) -> list[tuple[int, str]]:
    """What was refused, by its place in the batch; halves where the whole is too large for one request."""
    try:
        answer = (await ask(RESTORE, {"records": batch}))["restoreArchive"]
    except TooLarge as error:
        if len(batch) == 1:
            return [(0, str(error))]
        middle = len(batch) // 2
        first, second = await _restored(ask, batch[:middle]), await _restored(ask, batch[middle:])
        return first + [(middle + index, message) for index, message in second]
    return [(refusal["index"], refusal["message"]) for refusal in answer["refused"]]
