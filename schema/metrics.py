"""/metrics, in Prometheus' text format: what an operator watches. docs/operations.md says what to do about it.

No label holds an id, an address or anything else that somebody sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from schema.instance import own_version
from signals.outcomes import IdConflict, InvalidInput, Overloaded, Refused, RefusedBecause, Tracked, TrackOutcome

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)
TRACKED, DUPLICATE = "tracked", "duplicate"
WORDS: dict[type[TrackOutcome], str] = {
    IdConflict: "conflict",
    InvalidInput: "invalid",
    Refused: "refused",
    Overloaded: "overloaded",
}
OUTCOMES = (TRACKED, DUPLICATE, *WORDS.values())


class Metrics:
    """The figures of one application. Implements ``graph.meter.Meter``."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._follow: Callable[[str, float], None] | None = None
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._outcomes = Counter(
            "sociograph_events",
            "Events that clients sent, by what became of them.",
            ["outcome"],
            registry=self._registry,
        )
        for outcome in OUTCOMES:
            self._outcomes.labels(outcome)
        self._refused = Counter(
            "sociograph_refused", "Events that may not be recorded, by the reason.", ["reason"], registry=self._registry
        )
        for reason in RefusedBecause:
            self._refused.labels(reason.value)
        Gauge("sociograph_info", "1, and which release this is.", ["version"], registry=self._registry).labels(
            own_version()
        ).set(1)
        self._statements = Histogram(
            "sociograph_statement_seconds",
            "Time until a statement was answered, by its name in graph/cypher.",
            ["statement"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._retries = Counter(
            "sociograph_retries", "Reads and writes that were tried again.", ["what"], registry=self._registry
        )
        self._batches = Histogram(
            "sociograph_batch_events", "Events in a write transaction.", buckets=SIZES, registry=self._registry
        )
        self._writes = Histogram(
            "sociograph_write_seconds",
            "Time a batch took from its turn to its commit, with all its tries.",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._requests = Histogram(
            "sociograph_request_seconds",
            "Time until a GraphQL request was answered, by HTTP status.",
            ["status"],
            buckets=SECONDS,
            registry=self._registry,
        )

    def watch(self, name: str, description: str, value: Callable[[], float]) -> None:
        """A gauge that asks for its value when it is read."""
        Gauge(name, description, registry=self._registry).set_function(value)

    def followed(self, statement: Callable[[str, float], None]) -> None:
        """Have each statement and its seconds told to somebody else as well."""
        self._follow = statement

    def told(self, outcomes: Iterable[TrackOutcome]) -> None:
        """What clients were answered about the events they sent."""
        for outcome in outcomes:
            self._outcomes.labels(_word(outcome)).inc()
            if isinstance(outcome, Refused):
                self._refused.labels(outcome.reason.value).inc()

    def answered(self, status: int, seconds: float) -> None:
        """A GraphQL request was answered."""
        self._requests.labels(str(status)).observe(seconds)

    def ran(self, statement: str, seconds: float) -> None:
        """See ``graph.meter.Meter``."""
        self._statements.labels(statement).observe(seconds)
        if self._follow is not None:
            self._follow(statement, seconds)

    def retried(self, what: str) -> None:
        """See ``graph.meter.Meter``."""
        self._retries.labels(what).inc()

    def wrote(self, events: int, seconds: float) -> None:
        """See ``graph.meter.Meter``."""
        self._batches.observe(events)
        self._writes.observe(seconds)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)


def _word(outcome: TrackOutcome) -> str:
    if isinstance(outcome, Tracked):
        return DUPLICATE if outcome.duplicate else TRACKED
    return WORDS[type(outcome)]


def routes(metrics: Metrics, guarded: Callable[[Endpoint], Endpoint] = lambda endpoint: endpoint) -> list[Route]:
    """Where the figures are read; ``guarded``: by whom."""

    async def read(_: Request) -> Response:
        return Response(metrics.text(), headers={"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"})

    return [Route("/metrics", guarded(read))]
