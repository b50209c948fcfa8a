"""``sociograph retain``: let go of what was kept long enough."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from schema.commands.operator import Ask, operator
from schema.commands.target import Url
from schema.settings import Settings

RETAIN = """
mutation Retain($dryRun: Boolean!, $days: Int, $after: String) {
  retain(dryRun: $dryRun, days: $days, after: $after) { expired { type keep events } next }
}
"""
STAYS = {"AGGREGATES": "what was counted", "NOTHING": "nothing"}


def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would expire.")] = False,
    days: Annotated[
        int | None, typer.Option(min=1, help="Days that events are kept where the table has no row of their own.")
    ] = None,
    url: Url = None,
) -> None:
    """Let go of events that were kept as long as the table of retention says. It may be stopped, and begun again."""
    expired = asyncio.run(_run(Settings.load(), url, dry_run, days))
    _print(expired, dry_run)


async def _run(settings: Settings, url: str | None, dry_run: bool, days: int | None) -> Counter[tuple[str, str]]:
    async with operator(settings, url) as ask:
        return await retained(ask, dry_run, days)


async def retained(ask: Ask, dry_run: bool = False, days: int | None = None) -> Counter[tuple[str, str]]:
    """A whole run, step by step: events by type and what stays of them."""
    expired: Counter[tuple[str, str]] = Counter()
    after: str | None = None
    while True:
        step = (await ask(RETAIN, {"dryRun": dry_run, "days": days, "after": after}))["retain"]
        for row in step["expired"]:
            expired[row["type"], row["keep"]] += row["events"]
        after = step["next"]
        if after is None:
            return expired


def _print(expired: Counter[tuple[str, str]], dry_run: bool) -> None:
    table = Table("type", "what stays", "events")
    for (type, keep), events in expired.most_common():
        table.add_row(type, STAYS[keep], f"{events:,}")
    if expired:
        Console().print(table)
    total = f"{expired.total():,} event{'' if expired.total() == 1 else 's'}"
    typer.echo(f"{total} would expire; nothing was changed." if dry_run else f"{total} expired.")
