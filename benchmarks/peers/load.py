"""Load the peer benchmark's log and ties through the API.

``python -m benchmarks.peers.load WORK_DIR PORT...``; running it again records nothing twice.
"""

from __future__ import annotations

import asyncio
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from benchmarks.connection import Connection, connect
from benchmarks.works import BATCH, BATCH_SIZE, body

HOST = "127.0.0.1"
TIED = datetime(2016, 3, 1, tzinfo=UTC)
"""Before the log begins, so that the latest events of a person are those of the log."""


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """The objects in a file of JSON lines."""
    with file.open("rb") as lines:
        yield from map(orjson.loads, lines)


def inputs(folder: Path) -> Iterator[dict[str, Any]]:
    """Everything that is loaded, as the API takes it: first who follows whom, then the log."""
    return chain(
        ({"social": follow(row)} for row in rows(folder / "ties.jsonl")),
        ({"content": event(row)} for row in rows(folder / "events.jsonl")),
    )


def follow(row: Mapping[str, Any]) -> dict[str, Any]:
    """A tie as a SocialInteractionInput."""
    return {
        "id": f"tie {row['a']} {row['b']}",
        "userId": row["a"],
        "interaction": "FOLLOW",
        "targetUserId": row["b"],
        "occurredAt": tied(row).isoformat(),
    }


def tied(row: Mapping[str, Any]) -> datetime:
    """When: the more contents two people share, the later, so that the strongest are among somebody's latest."""
    return TIED + timedelta(seconds=row["shared"])


def event(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the benchmark's log as a ContentInteractionInput."""
    return {
        "id": row["id"],
        "userId": row["actorId"],
        "interaction": row["type"],
        "content": {"type": row["targetType"], "id": row["targetId"]},
        "occurredAt": row["occurredAt"],
        "sessionId": row["sessionId"],
        "metadata": row["metadata"],
    }


def wait(port: int, seconds: float = 120) -> None:
    """Return when the API would take a write. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise TimeoutError(f"port {port} is not ready")


async def send(connection: Connection, port: int, events: list[dict[str, Any]]) -> int:
    """Record one batch; the number tracked. Raises ValueError for anything but full success."""
    status, answer = await connection.send(body(f"{HOST}:{port}", BATCH, {"events": events}))
    counts = orjson.loads(answer).get("data") if status == 200 else None
    if not counts or sum(counts["trackBatch"].values()) != len(events):
        raise ValueError(f"{status} {answer[:300].decode(errors='replace')}")
    return int(counts["trackBatch"]["tracked"])


async def load(folder: Path, port: int) -> None:
    """Record all of it, one batch after the other, and print how long it took."""
    connection, tracked, started = await connect(HOST, port), 0, time.perf_counter()
    pending: list[dict[str, Any]] = []
    for given in inputs(folder):
        pending.append(given)
        if len(pending) == BATCH_SIZE:
            tracked += await send(connection, port, pending)
            pending = []
    if pending:
        tracked += await send(connection, port, pending)
    seconds = time.perf_counter() - started
    print(orjson.dumps({"port": port, "events": tracked, "events_per_s": round(tracked / seconds)}).decode())


def main() -> None:
    folder, *ports = sys.argv[1:]
    for port in map(int, ports):
        wait(port)
        asyncio.run(load(Path(folder), port))


if __name__ == "__main__":
    main()
