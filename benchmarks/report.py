"""The figures as tables for people and as JSON for later."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import growth, insights, ranking, tables
from benchmarks.growth import Growth
from benchmarks.insights import Insights
from benchmarks.ranking import Ranking
from benchmarks.rounds import Figures, Plan
from benchmarks.works import BATCH_SIZE

RESULTS = Path(__file__).parent / "results"
DOCS = Path(__file__).parents[1] / "docs"
INTRO = """What a read costs with ever more events recorded before it: the same reads, one client, on histories of
different length.
10,000 people, 5,000 events a day, 60 new articles a day, a few of each busy and most not; a longer history goes
further back. What is kept of a person grows until it has reached its bound: the latest 256 partners and 64 contents.

```sh
make bench BENCH_ARGS="--only growth --docs"
```"""
WORK_ROWS = (
    ("one durable mutation, 1 client", "single", 1, "events"),
    ("one durable mutation, 32 clients", "single", 32, "events"),
    (f"batches of {BATCH_SIZE}, 1 client", "batch", 1, "events"),
    ("latest 50 events, 1 client", "latest", 1, "rate"),
    ("latest 50 events, 32 clients", "latest", 32, "rate"),
    ("raw driver, transactions of 1", "raw 1", 1, "events"),
    (f"raw driver, transactions of {BATCH_SIZE}", f"raw {BATCH_SIZE}", 1, "events"),
)
HEADINGS = ["work", "per second", "p50 ms", "p99 ms", "API, CPU ms", "engine, CPU ms"]
TIMES = (("p50_ms",), ("p99_ms",), ("cpu_ms", "API"), ("cpu_ms", "engine"))
IMPORT_ROWS = {"import": "import into the empty database", "large": "import of mathoverflow on top"}


@dataclass(slots=True)
class Measured:
    """What was measured on one engine; None what was not."""

    recording: Figures | None = None
    ranking: Ranking | None = None
    insights: Insights | None = None
    growth: Growth | None = None

    @property
    def parts(self) -> list[Figures | Ranking | Insights | Growth]:
        """What was measured of it."""
        found = (self.recording, self.ranking, self.insights, self.growth)
        return [part for part in found if part is not None]

    @property
    def any(self) -> bool:
        """Whether anything was measured."""
        return any(part.rounds for part in self.parts)

    @property
    def bad(self) -> int:
        """Answers that were not right."""
        return sum(part.bad for part in self.parts)


def show(name: str, measured: Measured, console: Console) -> None:
    """Print one engine's tables."""
    if (recorded := measured.recording) is not None:
        title = f"{name}: {recorded.engine.partition(', data in')[0]}"
        _show(title, HEADINGS, rows(recorded), remarks(recorded), console)
    if (ranked := measured.ranking) is not None:
        _show(f"{name}: ranking", ranking.HEADINGS, ranking.rows(ranked), ranking.remarks(ranked), console)
    if (asked := measured.insights) is not None:
        _show(f"{name}: trends and people", insights.HEADINGS, insights.rows(asked), insights.remarks(asked), console)
    if (grown := measured.growth) is not None:
        head = growth.headings(list(grown.loads))
        _show(f"{name}: cost against history", head, growth.rows(grown), growth.remarks(grown), console)
    for part in measured.parts:
        _show_faults(part.bad, part.rounds, console)


def _show(
    title: str, head: Sequence[str], body: Sequence[Sequence[str]], below: Sequence[str], console: Console
) -> None:
    table = Table(title=title, title_justify="left")
    for number, heading in enumerate(head):
        table.add_column(heading, justify="right" if number else "left")
    for row in body:
        table.add_row(*row)
    console.print(table)
    for line in below:
        console.print(line)


def rows(figures: Figures) -> list[list[str]]:
    """A row of text per work that was measured, under HEADINGS."""
    table = []
    for title, work, clients, unit in WORK_ROWS:
        if (rate := figures.median(work, clients, unit)) is not None:
            times = (figures.median(work, clients, *figure) for figure in TIMES)
            table.append([title, f"{rate:,.0f}", *(f"{t:,.1f}" if t is not None else "" for t in times)])
    for part, title in IMPORT_ROWS.items():
        if part in figures.imports:
            done = figures.imports[part]
            table.append([f"{title}, {done['events']:,.0f} events", f"{done['events_per_s']:,.0f}", *[""] * len(TIMES)])
    return table


def remarks(figures: Figures) -> list[str]:
    """What stands below the table."""
    share = ratio(figures)
    lines = [f"The API reaches {share:.0%} of the raw driver's rate in batches of {BATCH_SIZE}."] if share else []
    for moment, memory in figures.memory_mb.items():
        lines.append(f"Memory {moment}: {', '.join(f'{name} {size} MB' for name, size in memory.items())}.")
    return lines


def markdown(name: str, figures: Figures) -> str:
    """One engine's tables for a document."""
    return tables.document(name, HEADINGS, rows(figures), remarks(figures))


def ratio(figures: Figures) -> float | None:
    """The API's batch rate as a share of the raw driver's, of the same statements on the same engine."""
    ours, raw = figures.median("batch", 1, "events"), figures.median(f"raw {BATCH_SIZE}", 1, "events")
    return ours / raw if ours is not None and raw else None


def _show_faults(bad: int, rounds: Sequence[Mapping[str, Any]], console: Console) -> None:
    if bad:
        console.print(f"[bold red]{bad} answers were not right; the figures above do not count:[/]")
        for row in rounds:
            for fault, count in row.get("faults", {}).items():
                console.print(f"  {row['work']}, {row['clients']} clients, {count} x {fault}", markup=False)


def keep(measured: Mapping[str, Measured], plan: Plan) -> Path:
    """Write everything to a new file in ``benchmarks/results``, and the tables as Markdown and plots beside it."""
    now = datetime.now(UTC)
    found: dict[str, Any] = {
        "at": now.isoformat(timespec="seconds"),
        "revision": _revision(),
        "machine": machine(),
        "plan": asdict(plan),
        "engines": {name: _figures(each) for name, each in measured.items()},
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    file.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))
    file.with_suffix(".md").write_text("\n".join(_tables(measured)), encoding="utf-8")
    for name, each in measured.items():
        if each.growth is not None:
            file.with_name(f"{file.stem}-{name}.svg").write_text(growth.plot(name, each.growth), encoding="utf-8")
    return file


def _figures(measured: Measured) -> dict[str, Any]:
    recorded = measured.recording
    return asdict(measured) | {"raw_share": None if recorded is None else ratio(recorded)}


def _tables(measured: Mapping[str, Measured]) -> list[str]:
    found = []
    for name, each in measured.items():
        if each.recording is not None:
            found.append(markdown(name, each.recording))
        if each.ranking is not None:
            found.append(ranking.markdown(name, each.ranking))
        if each.insights is not None:
            found.append(insights.markdown(name, each.insights))
        if each.growth is not None:
            found.append(growth.markdown(name, each.growth))
    return found


def document(measured: Mapping[str, Growth]) -> None:
    """Write cost against history into ``docs``: a page with the tables, and each engine's plot and figures."""
    parts = ["# Cost against history", "", INTRO, ""]
    for name, figures in measured.items():
        (DOCS / f"growth-{name}.svg").write_text(growth.plot(name, figures), encoding="utf-8")
        parts += [growth.markdown(name, figures), f"![Median times by events recorded, {name}](growth-{name}.svg)", ""]
    (DOCS / "growth.md").write_text("\n".join(parts), encoding="utf-8")
    kept = {"machine": machine(), "engines": {name: asdict(each) for name, each in measured.items()}}
    (DOCS / "growth.json").write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))


def machine() -> dict[str, Any]:
    """What it ran on, and how busy that was."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


def _revision() -> str:
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=RESULTS.parent, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"
