"""Structured logs on standard error: text for people, JSON lines for collectors; other libraries' logs included.

Nothing in them tells of people. Our own calls name what they say (``tests.unit.test_logs`` walks them all). Of an error
its kinds and lines are told, and the words it came with at the level debug alone: those of a driver or of Python quote
values. Of what other libraries say the first line is kept; they put such words into the next ones.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import TypeAlias

import structlog
from structlog.dev import plain_traceback
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger


def configure(level: str, as_json: bool, *more: Processor) -> None:
    """Send everything at ``level`` and above, structlog's and the standard library's, to standard error.

    ``more``: processors that add to each line.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        *more,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
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
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_render(as_json, level))
    )
    _install(handler, level)


def _render(as_json: bool, level: str) -> list[Processor]:
    last: Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain_traceback)
    )
    errors = Errors(words=level == "debug")
    return [first_line_of_others, errors, structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]


def first_line_of_others(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep the first line of what a library says."""
    if not event.get("_from_structlog"):
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


Failure: TypeAlias = "tuple[type[BaseException], BaseException, TracebackType | None]"


class Errors:
    """Puts errors into text: kinds and lines, and with ``words`` what they say."""

    def __init__(self, *, words: bool) -> None:
        self._words = words

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        """A structlog processor."""
        failure = _failure(event.pop("exc_info", None))
        if failure is not None:
            told = traceback.TracebackException(*failure, compact=True)
            event["exception"] = "\n".join(self._told(told))
        return event

    def _told(self, error: traceback.TracebackException) -> Iterator[str]:
        before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if before is not None:
            yield from self._told(before)
            yield "which led to:"
        yield from "".join(error.stack.format()).splitlines()
        for each in error.exceptions or ():
            yield from (f"  | {line}" for line in self._told(each))
        yield "".join(error.format_exception_only()).rstrip("\n") if self._words else _kind(error)


def _kind(error: traceback.TracebackException) -> str:
    kind = error.exc_type
    return "an error" if kind is None else f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def _failure(exc_info: ExcInfo | BaseException | bool | None) -> Failure | None:
    """What a call gave as ``exc_info``: an error, what ``sys.exc_info`` gives, or True for that."""
    if isinstance(exc_info, BaseException):
        return type(exc_info), exc_info, exc_info.__traceback__
    found = sys.exc_info() if exc_info is True else exc_info or None
    return found if found and found[0] is not None else None


def _install(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    for old in [h for h in root.handlers if getattr(h, "of_sociograph", False)]:
        root.removeHandler(old)
    handler.of_sociograph = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(level.upper())
    for noisy, least in (("uvicorn.error", logging.WARNING), ("httpx", logging.WARNING), ("neo4j", logging.ERROR)):
        logging.getLogger(noisy).setLevel(max(least, root.level))
