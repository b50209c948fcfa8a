"""The scalars of the API: times, dates and JSON, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import strawberry
from graphql import EnumValueNode, GraphQLError, ListValueNode, ObjectValueNode, ValueNode, value_from_ast_untyped
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

from signals.checks import instant
from signals.forms import Wrong

DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NOT_JSON = frozenset({"NaN", "Infinity"})
"""Names that read like numbers and are none."""


@lru_cache(maxsize=50_000)
def written_time(moment: datetime) -> str:
    """An aware UTC time as the API answers it: 2026-03-01T09:30:00.000Z, always with milliseconds.

    Remembered: feeds show the same latest engagements again and again, and a page has hundreds.
    """
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_time(value: object) -> datetime:
    """The UTC time that a caller means. Raises GraphQLError without an offset and for anything else."""
    try:
        return instant(value)
    except Wrong as wrong:
        raise GraphQLError(f"A DateTime {wrong.problems[0].message}") from None


def read_date(value: object) -> date:
    """The date that a caller means. Raises GraphQLError."""
    if isinstance(value, str) and DATE.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise GraphQLError("A Date must be a date such as 2026-03-01")


def as_given(value: object) -> object:
    """JSON from a variable; its limits are kept by ``signals.intake``."""
    return value


def read_json(node: ValueNode, variables: Mapping[str, Any] | None = None) -> Any:
    """JSON that stands in the query text. Raises GraphQLError for NaN and Infinity."""
    _refuse_non_numbers(node)
    return value_from_ast_untyped(node, dict(variables) if variables else None)


def _refuse_non_numbers(node: ValueNode) -> None:
    if isinstance(node, EnumValueNode) and node.value in NOT_JSON:
        raise GraphQLError(f"JSON has no {node.value}", node)
    if isinstance(node, ListValueNode):
        for value in node.values:
            _refuse_non_numbers(value)
    if isinstance(node, ObjectValueNode):
        for field in node.fields:
            _refuse_non_numbers(field.value)


SCALARS: Mapping[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description=(
            "A moment, as ISO 8601 with an offset: `2026-03-01T09:30:00Z`, `2026-03-01T10:30:00.250+01:00`. A time "
            "without an offset is refused. Kept in milliseconds; answers are in UTC and end in `Z`."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=written_time,
        parse_value=read_time,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A date of a calendar, as ISO 8601: `2026-03-01`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=date.isoformat,
        parse_value=read_date,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description=(
            "Any JSON value, answered as it was given: at most 4 KiB as UTF-8 and 10 levels deep, whole numbers "
            "within 64 bits, no NaN and no Infinity."
        ),
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        parse_value=as_given,
        parse_literal=read_json,
    ),
}
"""By the Python type that stands for them in annotations."""
