"""Traces: from the caller through HTTP and field to the statement, by names of ours alone; nothing while off."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from graph.queries import STATEMENTS
from schema import app
from schema.tracing import Tracing, tracing
from signals.errors import StartupError
from tests.acceptance.conftest import Client, served

MARK = "zq7391"
TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"
LIKE = f"""
mutation {MARK} {{
  {MARK}: trackContentInteraction(
    input: {{id: "{MARK}-1", userId: "{MARK}-ann", interaction: LIKE, content: {{type: POST, id: "{MARK}"}}}}
  ) {{ __typename }}
}}
"""
READ = f'query {MARK} {{ {MARK}: user(id: "{MARK}-ann") {{ recentActivity {{ id }} }} }}'


async def asked(client: Client, query: str) -> str:
    """The span that the response names."""
    headers = {"traceparent": f"00-{TRACE}-{CALLER}-01", "content-type": "application/json", "user-agent": MARK}
    response = await client.http.post("/graphql", content=json.dumps({"query": query}), headers=headers)
    assert response.status_code == 200
    assert "errors" not in response.json()
    version, trace, span, _ = response.headers["traceresponse"].split("-")
    assert (version, trace) == ("00", TRACE)
    return str(span)


async def prepared(client: Client) -> None:
    """Return when the service takes events."""
    for _ in range(600):
        if await client.why_not_ready() is None:
            return
        await asyncio.sleep(0.2)
    pytest.fail("the service does not become ready")


def path(span: ReadableSpan, spans: Sequence[ReadableSpan]) -> list[str]:
    """Names from the outermost span to this one; the caller's is not among them."""
    by_id = {one.context.span_id: one for one in spans if one.context}
    names = [span.name]
    while span.parent is not None and span.parent.span_id in by_id:
        span = by_id[span.parent.span_id]
        names.insert(0, span.name)
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == CALLER
    return names


async def test_a_request_is_followed_to_its_statements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(app, "tracing", lambda on: Tracing(provider) if on else None)
    async with served(data=tmp_path, tracing=True, log_json=True, log_level="info", slow_statement_ms=0.0) as client:
        await prepared(client)
        kept.clear()
        wrote, read = await asked(client, LIKE), await asked(client, READ)
        await client.http.get("/health/live")
        spans = [span for span in kept.get_finished_spans() if span.context and span.context.trace_id == int(TRACE, 16)]
    paths = [path(span, spans) for span in spans]
    for wanted in (
        ["HTTP /graphql"],
        ["HTTP /graphql", "Mutation.trackContentInteraction"],
        ["HTTP /graphql", "Mutation.trackContentInteraction", "record_read"],
        ["HTTP /graphql", "Mutation.trackContentInteraction", "record_write"],
        ["HTTP /graphql", "Mutation.trackContentInteraction", "write: commit"],
        ["HTTP /graphql", "Query.user"],
    ):
        assert wanted in paths
    assert {f"{span.context.span_id:016x}" for span in spans if span.context and len(path(span, spans)) == 1} == {
        wrote,
        read,
    }
    assert {names[-1] for names in paths} <= {*STATEMENTS, "write: commit", "HTTP /graphql"} | {
        "Mutation.trackContentInteraction",
        "Query.user",
    }
    assert MARK not in " ".join(span.to_json() for span in kept.get_finished_spans())
    assert not any("health" in span.to_json() for span in kept.get_finished_spans())
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    assert {TRACE} <= {line.get("trace_id") for line in lines if line.get("statement") == "record_write"}


async def test_a_failure_says_its_kind_and_not_its_words(tmp_path: Path) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))

    async def fails(*_: object) -> None:
        raise KeyError(MARK)

    traced = Tracing(provider).over_http(fails)
    with pytest.raises(KeyError):
        await traced({"type": "http", "path": "/graphql", "method": MARK, "headers": []}, fails, fails)  # type: ignore[arg-type]
    [span] = kept.get_finished_spans()
    assert dict(span.attributes or {})["error.type"] == "KeyError"
    assert MARK not in span.to_json()


def test_nothing_of_it_is_loaded_while_it_is_off() -> None:
    look = "import sys, schema.cli; sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
    assert tracing(False) is None


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(StartupError, match=r"sociograph\[tracing\]"):
        tracing(True)
