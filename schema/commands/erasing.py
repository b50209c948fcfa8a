"""``sociograph erase`` and ``sociograph export-user``: what people may ask of those who keep data about them."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from schema.commands.operator import Ask, operator
from schema.commands.target import Url
from schema.settings import Settings
from signals.errors import StartupError

ERASE = """
mutation Erase($user: ID!, $dryRun: Boolean!) {
  eraseUser(userId: $user, dryRun: $dryRun) {
    id person requestedAt finishedAt
    events retractedEvents interactions ties connections people contents days authorships apiKeys audits
  }
}
"""
EXPORT = "query Export($user: ID!, $after: String) { exportUser(userId: $user, after: $after) { records next } }"
ROWS = {
    "events": "events",
    "retractedEvents": "events that had been taken back",
    "interactions": "relationships with contents",
    "ties": "ties with people",
    "connections": "connections",
    "people": "people nothing else speaks of",
    "contents": "contents nothing else speaks of",
    "days": "daily figures",
    "authorships": "contents that lose their author",
    "apiKeys": "API keys",
    "audits": "entries of the audit log without the name",
}
PAUSE_S = 1.0

User = Annotated[str, typer.Argument(metavar="USER", help="The user's id.")]


def erase(
    user: User,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken out.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False,
    url: Url = None,
) -> None:
    """Take out everything that is held about a user, for good, and print the certificate.

    The API goes on serving meanwhile. A run that was stopped goes on when the server starts, or when the command is
    given again.
    """
    if not dry_run and not yes:
        typer.confirm(f"Everything about {user} will be gone for good. Go on?", abort=True)
    _print(asyncio.run(_erase(Settings.load(), url, user, dry_run)), dry_run)


async def _erase(settings: Settings, url: str | None, user: str, dry_run: bool) -> dict[str, Any]:
    async with operator(settings, url) as ask:
        return await erased(ask, user, dry_run)


async def erased(ask: Ask, user: str, dry_run: bool = False) -> dict[str, Any]:
    """The certificate of a whole erasure, or what it would say."""
    while True:
        certificate: dict[str, Any] = (await ask(ERASE, {"user": user, "dryRun": dry_run}))["eraseUser"]
        if dry_run or certificate["finishedAt"] is not None:
            return certificate
        typer.echo(f"{certificate['events']:,} events are gone so far.", err=True)
        await asyncio.sleep(PAUSE_S)


def _print(certificate: dict[str, Any], dry_run: bool) -> None:
    table = Table("what", "how many")
    for name, words in ROWS.items():
        if certificate[name]:
            table.add_row(words, f"{certificate[name]:,}")
    Console().print(table)
    if dry_run:
        typer.echo("A dry run: nothing was changed.")
        return
    typer.echo(f"certificate  {certificate['id']}")
    typer.echo(f"person       {certificate['person']}")
    typer.echo(f"requested    {certificate['requestedAt']}")
    typer.echo(f"finished     {certificate['finishedAt']}")


def export_user(
    user: User,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The JSON file to write.")],
    url: Url = None,
) -> None:
    """Write everything that is held about a user to a JSON file, readable by its owner only.

    Exit status: 0 it is written, 2 it could not be; an older file of that name stays then.
    """
    count = asyncio.run(_export(Settings.load(), url, user, file))
    typer.echo(f"{file}: {count:,} records")


async def _export(settings: Settings, url: str | None, user: str, file: Path) -> int:
    async with operator(settings, url) as ask:
        records = await exported(ask, user)
    head = {"userId": user, "exportedAt": datetime.now(UTC).isoformat(timespec="seconds")}
    write(file, orjson.dumps({**head, **records}, option=orjson.OPT_INDENT_2))
    return sum(map(len, records.values()))


async def exported(ask: Ask, user: str) -> dict[str, list[Any]]:
    """All records about somebody, by what they are."""
    records: defaultdict[str, list[Any]] = defaultdict(list)
    after: str | None = None
    while True:
        page = (await ask(EXPORT, {"user": user, "after": after}))["exportUser"]
        for record in page["records"]:
            for kind, value in record.items():
                records[kind].append(value)
        after = page["next"]
        if after is None:
            return dict(records)


def write(file: Path, content: bytes) -> None:
    """Write a file of the owner's own, whole or not at all. Raises StartupError."""
    partial = file.with_name(f"{file.name}.part")
    try:
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stored:
            stored.write(content)
        partial.replace(file)
    except OSError as error:
        raise StartupError(f"{file} cannot be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
