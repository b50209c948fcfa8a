"""``sociograph export-training``: what a ranker was told and what came of it, as a Parquet file."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from starlette.applications import Starlette

from resolvers.examples import Exporter
from resolvers.importing import Tally
from resolvers.ports import Contents, Events, Population
from resolvers.training import Collector, Log, Plan, figures
from schema import remote
from schema.app import Service
from schema.commands import parquet, progress, spool, target
from schema.commands.importing import INTERRUPTED
from schema.instance import own_version
from schema.remote_log import RemoteLog
from schema.settings import Settings
from signals.clock import HOUR_MS, whole_ms
from signals.content import Content
from signals.events import ContentRef, Event, EventFilter
from signals.feed import DISCOVER, HOME
from signals.figures import Figures
from signals.labels import Source
from signals.replay import Replay
from signals.training import columns
from signals.vocabulary import Vocabulary
from signals.weights import Weights

PAGE = 2000
VIEW_HOURS = 24.0
NEGATIVES = 100
NO_IMPRESSIONS = {
    Source.IMPRESSION: "There are no impressions with an impressionId in that time; --from view takes views instead.",
    Source.VIEW: "There are no views in that time.",
}


class Preset(StrEnum):
    """Which default score."""

    HOME = HOME
    DISCOVER = DISCOVER


def run(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The Parquet file to write.")],
    source: Annotated[
        Source, typer.Option("--from", help="What says that something was shown: IMPRESSION events or VIEW events.")
    ] = Source.IMPRESSION,
    since: Annotated[
        str | None, typer.Option(metavar="ISO", help="Impressions from then on (UTC unless it has an offset).")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="ISO", help="Impressions before then.")] = None,
    within: Annotated[
        float | None,
        typer.Option(
            metavar="HOURS", min=0, help="How much later an outcome may be. Default: any time; with --from view 24."
        ),
    ] = None,
    negatives: Annotated[
        int,
        typer.Option(min=0, max=NEGATIVES, help="Hot contents that were not shown, sampled beside each impression."),
    ] = 0,
    seed: Annotated[int, typer.Option(help="Another seed, another sample.")] = 1,
    known: Annotated[
        bool, typer.Option("--known", help="Features from what the server had received by then, only.")
    ] = False,
    preset: Annotated[Preset, typer.Option(help="Which default score to write.")] = Preset.HOME,
    url: Annotated[
        str | None,
        typer.Option(help="Read from the server at this address instead of the one that has the data folder."),
    ] = None,
) -> None:
    """Write a row per impression: who saw what, the features as of then, and what came of it.

    Exit status: 0 the file is written, 2 it could not be.
    """
    parquet.arrow()
    settings = target.quiet(Settings.load())
    hours = VIEW_HOURS if within is None and source is Source.VIEW else within
    plan = Plan(
        source=source,
        since=_instant(since, "--since"),
        until=_instant(until, "--until"),
        within_ms=None if hours is None else round(hours * HOUR_MS),
        negatives=negatives,
        seed=seed,
        known=known,
        preset=preset.value,
    )
    vocabulary, weights = Vocabulary.load(settings.vocabulary), Weights.load(settings.weights)
    try:
        uvloop.run(_export(path, plan, settings, vocabulary, weights, url))
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing was written.", err=True)
        raise typer.Exit(INTERRUPTED) from None


def _instant(given: str | None, option: str) -> datetime | None:
    if given is None:
        return None
    try:
        instant = datetime.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter(f"{given!r} is no ISO 8601 time: 2026-03-01", param_hint=option) from None
    return whole_ms(instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant)


@dataclass(frozen=True, slots=True)
class EngineLog:
    """Implements ``resolvers.training.Log`` in the process that has the database open."""

    log: Events
    facts: Contents
    population: Population

    async def page(self, until: datetime | None, after: str | None) -> tuple[Sequence[Event], str | None]:
        """Up to 2000 events, newest first, and the cursor of the next page."""
        page = await self.log.events(EventFilter(until=until), PAGE, after)
        return page.events, page.cursors[-1] if page.has_next else None

    async def contents(self, refs: Sequence[ContentRef]) -> list[Content | None]:
        """Some at a time."""
        parts = [await self.facts.contents(refs[start : start + PAGE]) for start in range(0, len(refs), PAGE)]
        return [content for part in parts for content in part]

    async def figures(self, by: datetime) -> Figures | None:
        """The habits that were stored last by then."""
        return await self.population.figures(by)


@asynccontextmanager
async def opened(
    settings: Settings, vocabulary: Vocabulary, weights: Weights, url: str | None
) -> AsyncIterator[tuple[Log, str]]:
    """The log and where it is read: from the server at ``url``, or the one that has the data folder, or the engine.

    Raises Unavailable when the server does not answer, StartupError when the engine does not start.
    """
    if address := target.server_of(settings, url):
        async with remote.connected(address, records=False) as server:
            yield RemoteLog(server, vocabulary), f"the server at {address.url}"
        return
    service = Service(settings, vocabulary, weights, awaited=False)
    async with service.lifespan(Starlette()):
        shared = service.shared
        yield EngineLog(shared.events, shared.contents, shared.population), "the engine"


async def _export(
    path: Path, plan: Plan, settings: Settings, vocabulary: Vocabulary, weights: Weights, url: str | None
) -> None:
    table = columns(vocabulary)
    started = time.monotonic()
    with spool.File() as file, parquet.written(path, table, _about(plan)) as rows:
        async with opened(settings, vocabulary, weights, url) as (log, where):
            typer.echo(f"Reading from {where}.", err=True)
            collector = Collector(plan, vocabulary, file)
            with progress.shown("reading", None, lambda tally: tally.rows) as report:
                found = await collector.read(log, lambda count: report(Tally(tracked=count)))
            habits = await figures(log, found)
            exporter = Exporter(Replay(vocabulary, weights), plan, weights, vocabulary, habits)
            exporter.register(await log.contents(sorted(found.contents, key=lambda ref: ref.key)))
        if not found.impressions:
            typer.echo(NO_IMPRESSIONS[plan.source], err=True)
        with progress.shown("writing", found.impressions * (1 + plan.negatives), lambda tally: tally.rows) as report:
            async for example in exporter.examples(file.backwards()):
                rows.add(example)
                report(Tally(tracked=rows.count))
    seconds = time.monotonic() - started
    typer.echo(
        f"{path}: {rows.count:,} rows, {rows.engaged:,} of them engaged, from {found.events:,} events "
        f"in {seconds:.1f} s ({rows.count / seconds:,.0f} rows/s)"
    )


def _about(plan: Plan) -> dict[str, str]:
    """What the file says of itself."""
    return {
        "sociograph": own_version(),
        "from": plan.source.value,
        "since": "" if plan.since is None else plan.since.isoformat(),
        "until": "" if plan.until is None else plan.until.isoformat(),
        "within_hours": "" if plan.within_ms is None else f"{plan.within_ms / HOUR_MS:g}",
        "negatives": str(plan.negatives),
        "seed": str(plan.seed),
        "known": str(plan.known).lower(),
        "preset": plan.preset,
    }
