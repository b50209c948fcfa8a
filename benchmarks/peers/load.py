"""Load the peer benchmark's log through the API: ``python -m benchmarks.peers.load EVENTS.jsonl PORT...``."""

from __future__ import annotations

import asyncio
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from benchmarks.connection import Connection, connect
from benchmarks.works import BATCH, BATCH_SIZE, body

HOST = "127.0.0.1"


def batches(file: Path) -> Iterator[list[dict[str, Any]]]:
    rows = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    for start in range(0, len(rows), BATCH_SIZE):
        yield [{"content": event(row)} for row in rows[start : start + BATCH_SIZE]]


def event(row: dict[str, Any]) -> dict[str, Any]:
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


async def load(file: Path, port: int) -> None:
    connection, tracked, started = await connect(HOST, port), 0, time.perf_counter()
    for batch in batches(file):
        tracked += await send(connection, port, batch)
    seconds = time.perf_counter() - started
    print(orjson.dumps({"port": port, "events": tracked, "events_per_s": round(tracked / seconds)}).decode())


def main() -> None:
    file, *ports = sys.argv[1:]
    for port in map(int, ports):
        wait(port)
        asyncio.run(load(Path(file), port))


if __name__ == "__main__":
    main()
