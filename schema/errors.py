"""Failures that are no outcome: what callers read, and what the log keeps.

Our own errors are told with a code in ``extensions.code``. What GraphQL says about a document or its variables is told
as it is. Anything else is logged whole and told as an unexpected error.
"""

from __future__ import annotations

import structlog
from graphql import FieldNode, GraphQLError
from strawberry.extensions import MaskErrors

from signals.errors import (
    InvalidArgument,
    InvalidCursor,
    LimitExceeded,
    SociographError,
    Unavailable,
)

log = structlog.get_logger()

CODES: dict[type[BaseException], str] = {
    Unavailable: "UNAVAILABLE",
    LimitExceeded: "LIMIT_EXCEEDED",
    InvalidCursor: "INVALID_CURSOR",
    InvalidArgument: "INVALID_ARGUMENT",
}
UNEXPECTED = "Something went wrong on our side. It is logged; if it happens again, tell the operators when it did."
INTERNAL = "INTERNAL"


def cause(error: GraphQLError) -> BaseException:
    """What was raised first."""
    found: BaseException = error
    while isinstance(found, GraphQLError) and found.original_error is not None:
        found = found.original_error
    return found


def is_ours(error: GraphQLError) -> bool:
    """Whether the error is told in our own words: it was raised by our code, not by GraphQL about the request."""
    return not isinstance(cause(error), GraphQLError)


def log_unexpected(errors: list[GraphQLError]) -> None:
    """Log what callers are not told, by the names of the schema: aliases and operations are the caller's words."""
    for error in errors:
        raised = cause(error)
        if is_ours(error) and not isinstance(raised, SociographError):
            log.error("unexpected error", field=_field(error), exc_info=raised)


def _field(error: GraphQLError) -> str | None:
    """The field that failed, as the schema calls it."""
    node = error.nodes[0] if error.nodes else None
    return node.name.value if isinstance(node, FieldNode) else None


class TellErrors(MaskErrors):
    """Tells errors with a code, and masks the unexpected ones."""

    def __init__(self) -> None:
        super().__init__(is_ours, UNEXPECTED)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """The error as callers read it."""
        raised = cause(error)
        code = CODES.get(type(raised), INTERNAL)
        return GraphQLError(
            UNEXPECTED if code == INTERNAL else str(raised),
            nodes=error.nodes,
            source=error.source,
            positions=error.positions,
            path=error.path,
            extensions={"code": code},
        )
