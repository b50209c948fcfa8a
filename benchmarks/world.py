"""What ranking is measured on: a forum and a news portal as one community, a celebrity's article and a heavy user.

Mathoverflow gives who talks to whom, Deskdrop who reads what: the k-th busiest person of one is taken for the k-th
busiest of the other, and both end an hour ago, so that decayed figures are not all zero.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import orjson

from benchmarks.data import DESKDROP, MATHOVERFLOW, SEED

DAY = timedelta(days=1)
COLUMNS = ("id", "type", "actor_id", "target_type", "target_id", "occurred_at", "session_id", "user_agent", "country")
TALK = {"ANSWER": "reply", "COMMENT_ON_QUESTION": "comment", "COMMENT_ON_ANSWER": "comment"}
"""Mathoverflow's types towards a person, in our vocabulary."""
HEAVY, HEAVY_EVENTS, HEAVY_TIES = "heavy", 20_000, 500
CELEBRITY, ENGAGERS = "celebrity", 50_000
ARTICLE = "ARTICLE"
REGULAR = 20
"""Interactions with content that make somebody a viewer to ask for."""

Row = tuple[datetime, tuple[str, ...]]
"""When, and the cells of COLUMNS."""


@dataclass(frozen=True, slots=True)
class World:
    """Files to import in order, and whom and what to ask about; lists are as long as their skew wants them."""

    files: tuple[Path, ...]
    events: int
    until: datetime
    """When the last of it happened."""
    viewers: tuple[str, ...]
    """People of some activity, each once."""
    people: tuple[str, ...]
    """Drawn as events are."""
    contents: tuple[str, ...]
    """Ids of articles, drawn as events are."""
    always: tuple[str, ...] = ()
    """Articles that every page of candidates has."""
    heavy: str | None = None


class Absent(Exception):
    """The data to measure with are not there."""


def community(folder: Path, until: datetime) -> World:
    """The world of the real logs, written into ``folder``. Raises Absent without them."""
    if not (DESKDROP.exists() and MATHOVERFLOW.exists()):
        raise Absent(f"{DESKDROP.parent} does not have deskdrop.csv.gz and mathoverflow.csv.gz")
    draw = random.Random(SEED)
    read = list({row["id"]: row for row in _log(DESKDROP)}.values())
    talked = list(_log(MATHOVERFLOW))
    names = _paired(read, talked)
    reads = list(_moved(read, until, lambda row: _reading(row)))
    talks = list(_moved(talked, until, lambda row: _talk(row, names)))
    people, contents = [row[1][2] for row in reads], [row[1][4] for row in reads]
    rows = [*reads, *talks, *_celebrity(draw, until, people), *_heavy(draw, until, people, contents)]
    files = (
        registrations(folder, draw, people, dict.fromkeys(contents, ARTICLE)),
        written(folder, sorted(rows, key=lambda row: row[0])),
    )
    counts = Counter(people)
    return World(
        files=files,
        events=len(rows),
        until=until,
        viewers=tuple(sorted(id for id, n in counts.items() if n >= REGULAR)),
        people=tuple(draw.choices([row[1][4] for row in talks], k=20_000)),
        contents=tuple(draw.choices(contents, k=20_000)),
        always=(CELEBRITY,),
        heavy=HEAVY,
    )


def written(folder: Path, rows: Iterable[Row]) -> Path:
    """The rows, in order of time, as the import takes them."""
    file = folder / "world.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(COLUMNS)
        table.writerows(cells for _, cells in rows)
    return file


def registrations(folder: Path, draw: random.Random, people: Sequence[str], types: dict[str, str]) -> Path:
    """Who made what: authors as busy as they are."""
    file = folder / "authors.ndjson"
    with file.open("wb") as lines:
        for id, type in types.items():
            facts = {"content": {"type": type, "id": id}, "authorId": draw.choice(people)}
            lines.write(orjson.dumps({"registerContent": facts}) + b"\n")
    return file


def row(at: datetime, id: str, type: str, actor: str, target: tuple[str, str], *envelope: str) -> Row:
    """An event of the file; ``envelope``: session, user agent and country, as far as they are known."""
    cells = (id, type, actor, *target, at.isoformat(timespec="milliseconds"), *envelope)
    return at, cells + ("",) * (len(COLUMNS) - len(cells))


def _log(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _paired(read: list[dict[str, str]], talked: list[dict[str, str]]) -> dict[str, str]:
    """What the people of the forum are called on the portal."""
    readers = Counter(row["actor_id"] for row in read)
    talkers = Counter(id for row in talked for id in (row["actor_id"], row["target_id"]))
    pairs = zip(_busiest(talkers), _busiest(readers), strict=False)
    return {id: f"mo-{id}" for id in talkers} | dict(pairs)


def _busiest(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda id: (-counts[id], id))


def _moved(
    log: list[dict[str, str]], until: datetime, made: Callable[[dict[str, str]], tuple[str, ...]]
) -> Iterator[Row]:
    """The log as rows, later by so much that it ends at ``until``."""
    times = [datetime.fromisoformat(row["occurred_at"]) for row in log]
    later = until - max(times)
    for given, at in zip(log, times, strict=True):
        id, type, actor, kind, target, *envelope = made(given)
        yield row(at + later, id, type, actor, (kind, target), *envelope)


def _reading(row: dict[str, str]) -> tuple[str, ...]:
    names = ("id", "type", "actor_id", "target_type", "target_id", "session_id", "user_agent", "country")
    return tuple(row[name] for name in names)


def _talk(row: dict[str, str], names: dict[str, str]) -> tuple[str, ...]:
    return row["id"], TALK[row["type"]], names[row["actor_id"]], "USER", names[row["target_id"]]


def _celebrity(draw: random.Random, until: datetime, people: Sequence[str]) -> Iterator[Row]:
    """One article that 50,000 people turned to in its thirty days, most of them early; readers of the portal too."""
    readers = sorted(set(people))
    crowd = [*readers, *(f"fan-{k}" for k in range(ENGAGERS - len(readers)))]
    for k, person in enumerate(crowd):
        ago = min(draw.expovariate(1 / 5), 30.0)
        kind = draw.choices(("VIEW", "LIKE", "COMMENT"), (8, 3, 1))[0]
        yield row(until - (30 - ago) * DAY, f"fan-{k}", kind, person, (ARTICLE, CELEBRITY))


def _heavy(draw: random.Random, until: datetime, people: Sequence[str], contents: Sequence[str]) -> Iterator[Row]:
    """Somebody who talks to 500 people and reads all day, for a year; a tenth of the talk is answered."""
    ties = Skewed.of(draw.sample(sorted(set(people)), HEAVY_TIES))
    for k in range(HEAVY_EVENTS):
        at = until - draw.random() * 365 * DAY
        if k < HEAVY_TIES or draw.random() < 0.4:
            other = ties.items[k] if k < HEAVY_TIES else ties.draw(draw)
            yield row(at, f"heavy-{k}", "MESSAGE_SENT", HEAVY, ("USER", other))
            if draw.random() < 0.1:
                yield row(min(until, at + DAY / 24), f"heavy-{k}-re", "REPLY", other, ("USER", HEAVY))
        else:
            yield row(at, f"heavy-{k}", draw.choice(("VIEW", "LIKE")), HEAVY, (ARTICLE, draw.choice(contents)))


@dataclass(frozen=True, slots=True)
class Skewed:
    """Items of which the first are drawn most: the k-th with a weight of 1 / (k + ``flat``)."""

    items: Sequence[str]
    bounds: list[float] = field(repr=False)

    @classmethod
    def of(cls, items: Sequence[str], flat: float = 5.0) -> Skewed:
        return cls(items, list(accumulate(1 / (k + flat) for k in range(len(items)))))

    def draw(self, draw: random.Random) -> str:
        return draw.choices(self.items, cum_weights=self.bounds)[0]


def an_hour_ago() -> datetime:
    """A whole hour, so that a world made again a little later is the same."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
