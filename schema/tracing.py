"""Traces by OpenTelemetry: HTTP request, then each field of the operation, then each statement. An optional extra.

Where they go, and how many of them, say the standard OTEL_... variables. Names and attributes come from the schema and
from ``graph/cypher``: none holds anything that a client sent. While tracing is off nothing of this is imported or run.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import default_field_resolver
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.instance import own_version
from signals.errors import StartupError

if TYPE_CHECKING:
    import strawberry
    from graphql import GraphQLField
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

MISSING = (
    "Tracing needs OpenTelemetry, which is not installed. Install Sociograph with its extra: "
    "pip install 'sociograph[tracing]', or unset SOCIOGRAPH_TRACING."
)
CONTEXT = ("traceparent", "tracestate")
PATH = "/graphql"
SERVER_ERROR = 500
EventDict: TypeAlias = "dict[str, Any]"


class Tracing:
    """Makes spans with a provider of OpenTelemetry's."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("sociograph", own_version())

    @asynccontextmanager
    async def until_sent(self) -> AsyncIterator[None]:
        """In the end send what is left."""
        try:
            yield
        finally:
            self._provider.shutdown()

    def statement(self, name: str, seconds: float) -> None:
        """A statement that has just been answered, after so many seconds."""
        from opentelemetry.trace import SpanKind

        end = time.time_ns()
        begin = end - int(seconds * 1e9)
        attributes = {"db.operation.name": name}
        self._tracer.start_span(name, kind=SpanKind.CLIENT, start_time=begin, attributes=attributes).end(end)

    def carried(self) -> Mapping[str, str]:
        """The present span as a W3C trace context, for others; empty outside of any."""
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier)
        return carrier

    def into_log(self, _: object, __: str, event: EventDict) -> EventDict:
        """A structlog processor: which trace a line belongs to."""
        from opentelemetry.trace import get_current_span

        context = get_current_span().get_span_context()
        if context.is_valid:
            event["trace_id"], event["span_id"] = f"{context.trace_id:032x}", f"{context.span_id:016x}"
        return event

    def over_http(self, app: ASGIApp) -> ASGIApp:
        """The application with a span around each GraphQL request, in the trace of whoever calls."""
        return _Traced(app, self)

    def over_fields(self, schema: strawberry.Schema) -> strawberry.Schema:
        """The same schema, with a span around each field of an operation."""
        core = schema._schema
        for kind in (core.query_type, core.mutation_type):
            for name, field in kind.fields.items() if kind else ():
                field.resolve = self._over_field(f"{kind.name}.{name}" if kind else name, field)
        return schema

    @contextmanager
    def request(self, headers: Headers) -> Iterator[Span]:
        """The span of a request, which goes on the trace in its headers."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        carrier = {name: headers[name] for name in CONTEXT if name in headers}
        parent = TraceContextTextMapPropagator().extract(carrier)
        attributes = {"http.route": PATH}
        with self._tracer.start_as_current_span(
            f"HTTP {PATH}",
            context=parent,
            kind=SpanKind.SERVER,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield span

    def _over_field(self, name: str, field: GraphQLField) -> Callable[..., Any]:
        from opentelemetry.trace import use_span

        resolve, tracer = field.resolve or default_field_resolver, self._tracer

        def traced(root: Any, info: Any, **arguments: Any) -> Any:
            span = tracer.start_span(name)
            with _failing(span), use_span(span, record_exception=False, set_status_on_exception=False):
                answer = resolve(root, info, **arguments)
            if isawaitable(answer):
                return finished(answer, span)
            span.end()
            return answer

        async def finished(answer: Awaitable[Any], span: Span) -> Any:
            with (
                use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False),
                _failing(span),
            ):
                return await answer

        return traced


@contextmanager
def _failing(span: Span) -> Iterator[None]:
    """Tells the kind of an error, never its words."""
    from opentelemetry.trace import StatusCode

    try:
        yield
    except BaseException as error:
        span.set_status(StatusCode.ERROR)
        span.set_attribute("error.type", type(error).__qualname__)
        raise


class _Traced:
    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app, self._tracing = app, tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        with self._tracing.request(Headers(scope=scope)) as span:
            span.set_attribute("http.request.method", METHODS.get(scope["method"], "_OTHER"))

            async def answered(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._tell(span, message)
                await send(message)

            with _failing(span):
                await self._app(scope, receive, answered)

    def _tell(self, span: Span, message: Message) -> None:
        """The status into the span, and the span into the response."""
        from opentelemetry.trace import StatusCode

        span.set_attribute("http.response.status_code", message["status"])
        if message["status"] >= SERVER_ERROR:
            span.set_status(StatusCode.ERROR)
        context = self._tracing.carried().get("traceparent")
        if context:
            MutableHeaders(scope=message)["traceresponse"] = context


METHODS = {name: name for name in ("GET", "POST", "OPTIONS", "HEAD", "PUT", "DELETE", "PATCH")}


def tracing(on: bool) -> Tracing | None:
    """What makes traces, where they are ``on``. Raises StartupError where OpenTelemetry is not installed."""
    if not on:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise StartupError(MISSING) from error
    about = Resource.create({"service.name": "sociograph", "service.version": own_version()})
    provider = TracerProvider(resource=about)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracing(provider)
