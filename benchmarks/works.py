"""The requests of each work, encoded before the clock starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from benchmarks.connection import post
from benchmarks.data import Sample

SINGLE = """mutation Single($input: ContentInteractionInput!) {
  trackContentInteraction(input: $input) { __typename ... on Tracked { duplicate event { id } } }
}"""
BATCH = "mutation Batch($events: [EventInput!]!) { trackBatch(events: $events) { tracked duplicates } }"
LATEST = """query Latest($user: ID!) {
  events(filter: {userId: $user}, first: 50) {
    edges { node { id type occurredAt ... on ContentInteraction { content { type id } } } }
  }
}"""

BATCH_SIZE = 1000
TEMPLATES = 4000
SLOT = b"@@@@@@@@-00000000"
"""Where a single mutation's id goes; as long as the ids are."""


@dataclass(frozen=True, slots=True)
class Work:
    """``requests(host, sample, count)`` yields ``count`` requests or fewer; every good answer holds ``must``."""

    requests: Callable[[str, Sample, int], Iterator[bytes]]
    must: bytes
    events: int
    """Events recorded by one request; 0 for a read."""
    most: int
    """How many requests a second to have ready."""
    warm: float = 0.5
    """Seconds before the clock starts."""
    different: int = 0
    """So many requests come again and again; all of them are asked once before the clock starts."""


def singles(host: str, sample: Sample, count: int) -> Iterator[bytes]:
    templates = [body(host, SINGLE, {"input": {"id": SLOT.decode(), **i}}) for i in sample.inputs(TEMPLATES)]
    prefix = uuid4().hex[:8].encode()
    for k in range(count):
        yield templates[k % len(templates)].replace(SLOT, b"%s-%08d" % (prefix, k))


def batches(host: str, sample: Sample, count: int) -> Iterator[bytes]:
    inputs, prefix = sample.inputs(BATCH_SIZE * 20), uuid4().hex[:8]
    for k in range(count):
        start = k * BATCH_SIZE
        chosen = (inputs[(start + j) % len(inputs)] for j in range(BATCH_SIZE))
        events = [{"content": {"id": f"{prefix}-{start + j}", **i}} for j, i in enumerate(chosen)]
        yield body(host, BATCH, {"events": events})


def latest(host: str, sample: Sample, count: int) -> Iterator[bytes]:
    users = sample.users(64)
    for k in range(count):
        yield body(host, LATEST, {"user": users[k % len(users)]})


def written(file: Path, must: str) -> Work:
    """The requests in a file, one JSON body a line, again and again."""

    lines = file.read_bytes().splitlines()

    def requests(host: str, _: Sample, count: int) -> Iterator[bytes]:
        return islice(cycle([post(host, line) for line in lines]), count)

    return Work(requests, must.encode(), 0, 5000, different=len(lines))


def body(host: str, query: str, variables: dict[str, Any]) -> bytes:
    return post(host, orjson.dumps({"query": query, "variables": variables}))


WORKS = {
    "single": Work(singles, b'"duplicate":false', 1, 10_000),
    "batch": Work(batches, b'"tracked":%d,"duplicates":0' % BATCH_SIZE, BATCH_SIZE, 30, warm=0.01),
    "latest": Work(latest, b'"edges":[{', 0, 10_000),
}
