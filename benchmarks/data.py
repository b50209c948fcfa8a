"""What is sent: the Deskdrop log when it is at hand, else people and articles drawn with the same kind of skew."""

from __future__ import annotations

import csv
import gzip
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SHARED = Path(__file__).parents[2] / "shared" / "data"
DESKDROP = SHARED / "deskdrop.csv.gz"
MATHOVERFLOW = SHARED / "mathoverflow.csv.gz"
MATHOVERFLOW_TYPES = ("ANSWER=reply", "COMMENT_ON_QUESTION=comment", "COMMENT_ON_ANSWER=comment")
"""What its own types are to us, as ``sociograph import --map`` takes it."""
COLUMNS = [
    "id",
    "type",
    "actor_id",
    "target_type",
    "target_id",
    "occurred_at",
    "session_id",
    "user_agent",
    "region",
    "country",
]
SEED = 7

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of a log, and the file they came from, as the import takes it."""

    file: Path
    rows: list[Row]

    def inputs(self, count: int, seed: int = SEED) -> list[dict[str, Any]]:
        """``count`` new interactions after the log's end, drawn from its rows: the same skew. They lack an id."""
        draw = random.Random(seed)
        end = max(datetime.fromisoformat(row["occurred_at"]) for row in self.rows)
        return [interaction(draw.choice(self.rows), end + timedelta(milliseconds=1000 + 37 * k)) for k in range(count)]

    def users(self, count: int, seed: int = SEED) -> list[str]:
        """``count`` users with 20 events or more, drawn with repeats."""
        events: dict[str, int] = {}
        for row in self.rows:
            events[row["actor_id"]] = events.get(row["actor_id"], 0) + 1
        return random.Random(seed).choices(sorted(user for user, n in events.items() if n >= 20), k=count)


def interaction(row: Row, at: datetime) -> dict[str, Any]:
    """A row as a ContentInteractionInput."""
    return {
        "userId": row["actor_id"],
        "interaction": row["type"],
        "content": {"type": row["target_type"], "id": row["target_id"]},
        "occurredAt": at.isoformat(timespec="milliseconds"),
        "sessionId": row["session_id"],
        "country": row["country"] or None,
        "metadata": {"region": row["region"]},
    }


def sample(folder: Path) -> Sample:
    """The log to measure with; one made up is written into ``folder``."""
    file = DESKDROP
    if not file.exists():
        file = folder / "made-up.csv.gz"
        write(file, made_up(70_000))
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        return Sample(file, list({row["id"]: row for row in csv.DictReader(lines)}.values()))


def made_up(count: int, seed: int = SEED) -> list[Row]:
    """``count`` interactions of 1,900 people with 3,000 articles over a year, both with a long tail."""
    draw = random.Random(seed)
    start = datetime(2016, 3, 14, tzinfo=UTC)
    kinds, weights = ("VIEW", "LIKE", "SAVE", "COMMENT", "FOLLOW"), (84, 8, 3, 3, 2)
    rows = []
    for k in range(count):
        at = start + timedelta(seconds=k * 31_536_000 / count)
        user, article = int(1900 * draw.random() ** 3), int(3000 * draw.random() ** 2)
        kind = draw.choices(kinds, weights)[0]
        session = f"{user}-{at:%j}"
        cells = (f"{seed}-{k}", kind, f"u{user}", "ARTICLE", f"a{article}", at.isoformat(), session, "", "SP", "BR")
        rows.append(dict(zip(COLUMNS, cells, strict=True)))
    return rows


def write(file: Path, rows: list[Row]) -> None:
    with gzip.open(file, "wt", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
