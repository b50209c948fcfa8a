"""``sociograph quality``: how well ranking predicts what people did next, measured on a log of one's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from schema.commands import files
from schema.commands.importing import meaning
from schema.settings import Settings
from signals.errors import StartupError
from signals.events import Event, Face
from signals.intake import Intake
from signals.outcomes import InvalidInput
from signals.rows import REGISTER, Raw, Rows
from signals.vocabulary import Vocabulary
from signals.weights import Weights

if TYPE_CHECKING:
    from signals.quality.evaluation import Table

MEASURED, BELOW = 0, 1
SHOWN = 3
"""Reasons for left out rows that are told."""


def run(
    names: Annotated[list[str], typer.Argument(metavar="FILE...", help="Activity as `import` takes it.")],
    meanings: Annotated[
        list[str],
        typer.Option(
            "--map", metavar="FOREIGN=NAME", help="What a type of the file is here: ANSWER=reply. Repeatable."
        ),
    ] = [],  # noqa: B006 - typer reads it
    most: Annotated[
        int, typer.Option("--events", min=20, help="Events scored per task at most, drawn by a fixed seed.")
    ] = 2000,
    edges: Annotated[bool, typer.Option(help="Average precision against random destinations as well.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Keep it in FILE.md and FILE.json, too.")] = None,
) -> None:
    """Give ranking the first 80 % of each file, and ask it about every later event before it is told.

    Prints mean reciprocal rank, hits among the first ten and AUC, beside what anybody would try first: popularity,
    frequency, last contact. Nothing is recorded. Types that the vocabulary lacks count as a reply to a person, and as a
    view of content.

    Exit status: 0 measured, 1 something is below its floor or a baseline, 2 it could not run to the end.
    """
    _look_for_numpy()
    from signals.quality import report

    settings = Settings.load()
    source = Source(Vocabulary.load(settings.vocabulary), dict(map(meaning, meanings)))
    found: list[tuple[str, list[Table]]] = []
    for name in names:
        found.append((_stem(name), _measure(name, source, settings, most, edges)))
        if not as_json:
            typer.echo(report.markdown(*found[-1]))
    plain = orjson.dumps([report.values(*each) for each in found], option=orjson.OPT_INDENT_2)
    if as_json:
        typer.echo(plain.decode())
    if out is not None:
        _keep(out, "\n".join(report.markdown(*each) for each in found), plain)
    missed = [f"{name}, {words}" for name, tables in found for table in tables for words in report.below(name, table)]
    for words in missed:
        typer.echo(words, err=True)
    raise typer.Exit(BELOW if missed else MEASURED)


@dataclass(slots=True)
class Source:
    """Turns files into events, and remembers what it had to leave out or take for something else."""

    vocabulary: Vocabulary
    names: dict[str, str]
    taken: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def events(self, name: str) -> Iterator[Event]:
        """The events of a file. Raises StartupError where it cannot be read."""
        rows, intake, now = Rows(self.vocabulary, self.names), Intake(self.vocabulary), datetime.now(UTC)
        with files.opened(name) as file:
            for item in file.items(rows):
                raw = item.raw
                if isinstance(raw, InvalidInput):
                    raw = self._taken(file.header, item.source, rows) or raw
                if not isinstance(raw, InvalidInput) and REGISTER in raw:
                    continue
                event = raw if isinstance(raw, InvalidInput) else intake.one_of(raw, now)
                if isinstance(event, InvalidInput):
                    self.left_out["; ".join(f"{'.'.join(p.path)} {p.message}" for p in event.problems)] += 1
                else:
                    yield event

    def _taken(self, header: Sequence[str], cells: Sequence[str], rows: Rows) -> Raw | None:
        """A row of a type that the vocabulary lacks, as a reply to a person or a view of content."""
        row = _row(header, cells)
        kind, target = str(row.get("type") or ""), str(row.get("target_type") or "").upper()
        if not (kind and target and row.get("target_id")):
            return None
        if target == "USER":
            other = {**row, "type": "REPLY"}
        else:
            known = target in self.vocabulary.content_types
            other = {**row, "type": "VIEW"} if known else _as_post(row, kind, target, self.vocabulary)
        raw = rows.event(other)
        if isinstance(raw, InvalidInput):
            return None
        self.taken[f"{kind} of {target} as {other['type']} of {other['target_type']}"] += 1
        return raw


def _as_post(row: dict[str, Any], kind: str, target: str, vocabulary: Vocabulary) -> dict[str, Any]:
    name = kind if kind.upper() in vocabulary.names(Face.CONTENT) else "VIEW"
    return {**row, "type": name, "target_type": "POST", "target_id": f"{target}:{row['target_id']}"}


def _row(header: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """The row of these cells; empty where they are none."""
    if len(header) == len(cells) > 1:
        return dict(zip(header, cells, strict=True))
    try:
        row = orjson.loads(cells[0]) if cells else {}
    except orjson.JSONDecodeError:
        return {}
    return row if isinstance(row, dict) else {}


def _measure(name: str, source: Source, settings: Settings, most: int, edges: bool) -> list[Table]:
    from signals.quality.evaluation import Evaluation

    source.taken.clear()
    source.left_out.clear()
    events = list(source.events(name))
    for words, count in source.taken.most_common():
        _say(f"{name}: {count:,} x {words}")
    for words, count in source.left_out.most_common(SHOWN):
        _say(f"{name}: {count:,} rows left out: {words}")
    evaluation = Evaluation(
        source.vocabulary, Weights.load(settings.weights), most, edges, lambda words: _say(f"{name}: {words}")
    )
    tables = evaluation.tables(events)
    if not tables:
        _say(f"{name}: {len(events):,} events are too few to measure anything")
    return tables


def _say(words: str) -> None:
    typer.echo(words, err=True)


def _stem(name: str) -> str:
    """``deskdrop`` of ``../data/deskdrop.csv.gz``."""
    return Path(name).name.split(".")[0] or "standard input"


def _keep(out: Path, text: str, plain: bytes) -> None:
    try:
        out.with_suffix(".md").write_text(text, encoding="utf-8")
        out.with_suffix(".json").write_bytes(plain)
    except OSError as error:
        raise StartupError(f"{out} cannot be written: {error.strerror}") from error


def _look_for_numpy() -> None:
    if find_spec("numpy") is None:
        raise StartupError("Measuring needs numpy: pip install 'sociograph[quality]'.")
