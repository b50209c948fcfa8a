"""The figures as tables for people and as JSON for later."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.rounds import Figures, Plan
from benchmarks.works import BATCH_SIZE

RESULTS = Path(__file__).parent / "results"
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


def show(name: str, figures: Figures, console: Console) -> None:
    """Print one engine's tables."""
    table = Table(title=f"{name}: {figures.engine.partition(', data in')[0]}", title_justify="left")
    for number, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if number else "left")
    for row in rows(figures):
        table.add_row(*row)
    console.print(table)
    for line in remarks(figures):
        console.print(line)
    _show_faults(figures, console)


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
    table = [HEADINGS, ["---"] + ["--:"] * (len(HEADINGS) - 1), *rows(figures)]
    lines = ["| " + " | ".join(row) + " |" for row in table]
    return "\n".join([f"**{name}**", "", *lines, "", *(f"- {line}" for line in remarks(figures)), ""])


def ratio(figures: Figures) -> float | None:
    """The API's batch rate as a share of the raw driver's, of the same statements on the same engine."""
    ours, raw = figures.median("batch", 1, "events"), figures.median(f"raw {BATCH_SIZE}", 1, "events")
    return ours / raw if ours is not None and raw else None


def _show_faults(figures: Figures, console: Console) -> None:
    if figures.bad:
        console.print(f"[bold red]{figures.bad} answers were not right; the figures above do not count:[/]")
        for row in figures.rounds:
            for fault, count in row.get("faults", {}).items():
                console.print(f"  {row['work']}, {row['clients']} clients, {count} x {fault}", markup=False)


def keep(measured: dict[str, Figures], plan: Plan) -> Path:
    """Write everything to a new file in ``benchmarks/results``, and the tables as Markdown beside it."""
    now = datetime.now(UTC)
    document: dict[str, Any] = {
        "at": now.isoformat(timespec="seconds"),
        "revision": _revision(),
        "machine": machine(),
        "plan": asdict(plan),
        "engines": {name: {**asdict(figures), "raw_share": ratio(figures)} for name, figures in measured.items()},
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    file.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    tables = "\n".join(markdown(name, figures) for name, figures in measured.items())
    file.with_suffix(".md").write_text(tables, encoding="utf-8")
    return file


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
