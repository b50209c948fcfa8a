"""Structured logs on standard error: text for people, JSON lines for collectors; other libraries' logs included."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.dev import plain_traceback
from structlog.typing import Processor


def configure(level: str, as_json: bool) -> None:
    """Send everything at ``level`` and above, structlog's and the standard library's, to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_render(as_json)))
    _install(handler, level)


def _render(as_json: bool) -> list[Processor]:
    """Tracebacks are plain: with the values of variables in them they take seconds, and tell of people."""
    last: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain_traceback)]
    )
    return [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]


def _install(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    for old in [h for h in root.handlers if getattr(h, "of_sociograph", False)]:
        root.removeHandler(old)
    handler.of_sociograph = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(level.upper())
    for noisy, least in (("uvicorn.error", logging.WARNING), ("httpx", logging.WARNING), ("neo4j", logging.ERROR)):
        logging.getLogger(noisy).setLevel(max(least, root.level))
