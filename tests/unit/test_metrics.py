"""What operators read of recording, statements and requests."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from schema.metrics import Metrics
from signals.events import ContentRef
from signals.outcomes import IdConflict, InvalidInput, Overloaded, Tracked
from tests.factories import did

EVENT = did("LIKE", "ann", ContentRef("POST", "1"), 0)


def read(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every sample by its name and the values of its labels, sorted."""
    families = text_string_to_metric_families(metrics.text().decode())
    samples = [sample for family in families for sample in family.samples]
    return {(sample.name, tuple(sorted(sample.labels.values()))): sample.value for sample in samples}


def test_every_outcome_is_there_from_the_start_and_counted_as_what_it_is() -> None:
    metrics = Metrics()
    words = ("tracked", "duplicate", "conflict", "invalid", "overloaded")
    assert [read(metrics)["sociograph_events_total", (word,)] for word in words] == [0] * 5
    metrics.told([Tracked(EVENT, duplicate=False)] * 3 + [Tracked(EVENT, duplicate=True)] * 2)
    metrics.told([IdConflict(EVENT.id, EVENT), InvalidInput(()), Overloaded(50), Overloaded(50)])
    assert [read(metrics)["sociograph_events_total", (word,)] for word in words] == [3, 2, 1, 1, 2]


def test_what_the_database_did() -> None:
    metrics = Metrics()
    for seconds in (0.002, 0.004, 7.0):
        metrics.ran("record_read", seconds)
    metrics.retried("write")
    metrics.wrote(120, 0.3)
    found = read(metrics)
    assert found["sociograph_statement_seconds_count", ("record_read",)] == 3
    assert found["sociograph_statement_seconds_bucket", ("0.0025", "record_read")] == 1
    assert found["sociograph_statement_seconds_bucket", ("5.0", "record_read")] == 2
    assert found["sociograph_retries_total", ("write",)] == 1
    assert (found["sociograph_batch_events_sum", ()], found["sociograph_write_seconds_count", ()]) == (120, 1)


def test_a_gauge_is_asked_when_it_is_read() -> None:
    metrics, waiting = Metrics(), [4]
    metrics.watch("sociograph_queue_events", "Events that wait.", lambda: waiting[0])
    assert read(metrics)["sociograph_queue_events", ()] == 4
    waiting[0] = 0
    assert read(metrics)["sociograph_queue_events", ()] == 0
