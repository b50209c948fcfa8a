"""The page and the dashboard for operators speak of metrics that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from schema.metrics import Metrics

DOCS = Path(__file__).parents[2] / "docs"
OURS = re.compile(r"sociograph_[a-z_]+")
WATCHED = set(re.findall(r'"(sociograph_[a-z_]+)"', (DOCS.parent / "schema" / "app.py").read_text(encoding="utf-8")))
"""Gauges of the service."""
SUFFIXES = ("_total", "_bucket", "_sum", "_count")


def names() -> set[str]:
    """What can be asked of a running service, with the suffixes of histograms and counters."""
    metrics = Metrics()
    for name in WATCHED:
        metrics.watch(name, "As the service calls it.", lambda: 0)
    metrics.ran("read", 0.1)
    metrics.retried("read")
    metrics.answered(200, 0.1)
    families = text_string_to_metric_families(metrics.text().decode())
    every = {sample.name for family in families for sample in family.samples}
    samples = {name for name in every if name.startswith("sociograph") and not name.endswith("_created")}
    return samples | {name.removesuffix("_bucket") for name in samples}


def test_the_page_names_every_metric_and_no_other() -> None:
    named = set(OURS.findall((DOCS / "operations.md").read_text(encoding="utf-8")))
    there = names()
    assert named <= there
    for name in there:
        assert any(name.removesuffix(suffix) in named for suffix in SUFFIXES) or name in named, name


def test_the_dashboard_asks_for_metrics_that_there_are() -> None:
    board = json.loads((DOCS / "grafana" / "sociograph.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert len(asked) >= 10
    for expression in asked:
        assert set(OURS.findall(expression)) <= names(), expression
        assert expression.count("(") == expression.count(")")
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
