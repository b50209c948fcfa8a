"""What is sent: the Deskdrop log when it is at hand, else simulated activity."""

from __future__ import annotations

import csv
import gzip
import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SHARED = Path(__file__).parents[2] / "shared" / "data"
DESKDROP = SHARED / "deskdrop.csv.gz"
MATHOVERFLOW = SHARED / "mathoverflow.csv.gz"
MATHOVERFLOW_TYPES = ("ANSWER=reply", "COMMENT_ON_QUESTION=comment", "COMMENT_ON_ANSWER=comment")
"""What its own types are to us, as ``sociograph import --map`` takes it."""
SIMULATED = ("--days", "30", "--users", "300", "--until", "2026-01-01")
"""About 150,000 events."""
DRAWN = ("VIEW", "LIKE", "SAVE", "COMMENT", "FOLLOW")
TARGETS = ("ARTICLE", "POST", "STORY")
SEED = 7

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """What people did with content in a log, and the log's file, as the import takes it."""

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
    """The log to measure with; where there is none, one is simulated into ``folder``."""
    file = DESKDROP
    if not file.exists():
        file = folder / "simulated.csv.gz"
        if not file.exists():
            _simulate(file)
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        rows = {row["id"]: row for row in csv.DictReader(lines)}
    drawn = (row for row in rows.values() if row["type"] in DRAWN and row["target_type"] in TARGETS)
    return Sample(file, list(drawn))


def _simulate(file: Path) -> None:
    plain = file.with_suffix("")
    sociograph = Path(sys.executable).with_name("sociograph")
    subprocess.run([sociograph, "simulate", *SIMULATED, "--out", plain], check=True)
    file.write_bytes(gzip.compress(plain.read_bytes()))
