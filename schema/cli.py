"""The ``sociograph`` command."""

from __future__ import annotations

import sys

import typer

from schema import serve as serving
from schema.commands import (
    backups,
    erasing,
    exporting,
    importing,
    keys,
    quality,
    retaining,
    simulating,
    status,
    streaks,
    training,
)
from schema.settings import Settings
from signals.errors import SociographError

FAILED = 2

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Record what people do, and read what it adds up to. Settings come from the environment (see the README).",
)


@app.command()
def serve() -> None:
    """Serve the API until Ctrl-C, with its own database unless SOCIOGRAPH_NEO4J_URI names one."""
    serving.serve(Settings.load())


app.command("import")(importing.run)
app.command("import-streaks")(streaks.run)
app.command("simulate")(simulating.run)
app.command("export")(exporting.run)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.command("status")(status.run)
app.command("retain")(retaining.run)
app.command("erase")(erasing.erase)
app.command("export-user")(erasing.export_user)
app.add_typer(keys.app, name="keys")
app.command("quality")(quality.run)
app.command("export-training")(training.run)
app.command("exportTraining", hidden=True)(training.run)


def main() -> None:
    """Run the command. What goes wrong in ways that can be explained is said on standard error, with status 2."""
    try:
        app()
    except SociographError as error:
        typer.echo(f"sociograph: {error}", err=True)
        sys.exit(FAILED)
