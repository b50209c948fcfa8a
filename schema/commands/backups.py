"""``sociograph backup`` and ``sociograph restore``: the embedded engine's database as one file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from schema.app import restore_backup
from schema.commands.operator import operator
from schema.settings import Settings
from signals.errors import StartupError

BACKUP = "mutation Backup { backup { file bytes seconds } }"
TOTAL = "{ activitySummary { totalEvents } }"
ELSEWHERE = "The database is a Neo4j server; it has backups of its own. Unset SOCIOGRAPH_NEO4J_URI to restore into "


def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, such as sociograph.zip.")],
) -> None:
    """Write the database to a file, beside the server that runs on this data folder or without one.

    The file holds everything that was acknowledged before; it is read again before it gets its name. Guard it as the
    database. Exit status: 0 it is written, 2 it could not be; an older file of that name stays then.
    """
    uvloop.run(_backup(path, Settings.load()))


def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="What `sociograph backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put a database that is there aside, into replaced-... beside it.")
    ] = False,
) -> None:
    """Put a backup into the data folder, while no server runs on it, and start the engine once to see that it works.

    Exit status: 0 it works, 2 it could not be restored.
    """
    settings = Settings.load()
    if settings.neo4j_uri:
        raise StartupError(f"{ELSEWHERE}{settings.data}.")
    uvloop.run(_restore(path, settings, replace))


async def _backup(path: Path, settings: Settings) -> None:
    if not path.parent.is_dir():
        raise StartupError(f"{path} cannot be written: there is no folder {path.parent}.")
    async with operator(settings, None) as ask:
        made = (await ask(BACKUP, {}))["backup"]
    _moved(settings.data / made["file"], path)
    typer.echo(f"{path}: {made['bytes'] / 1e6:,.1f} MB in {made['seconds']:.1f} s")


def _moved(source: Path, path: Path) -> None:
    """To another file system, maybe; never half of it under its name."""
    partial = path.with_name(f"{path.name}.part")
    try:
        shutil.move(source, partial)
        partial.replace(path)
    except OSError as error:
        raise StartupError(
            f"{path} cannot be written: {error.strerror or error}; the backup is in {source}."
        ) from error


async def _restore(path: Path, settings: Settings, replace: bool) -> None:
    restored = await restore_backup(settings, path, replace=replace)
    typer.echo(f"{path}: of {restored.made_at}, made by release {restored.release}.", err=True)
    if restored.kept:
        typer.echo(f"What was there before is in {restored.kept}.", err=True)
    async with operator(settings, None) as ask:
        total = (await ask(TOTAL, {}))["activitySummary"]["totalEvents"]
    typer.echo(f"{settings.data}: {total:,} events.")
