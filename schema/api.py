"""The schema, built for a vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.enums import enums
from schema.errors import TellErrors, log_unexpected
from schema.ingest import IngestExecutor
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.types.events import Activity, ContentInteraction, ProfileVisit, SocialInteraction
from signals.vocabulary import Vocabulary

CACHED_LENGTH = 8192
"""Characters of a query text that is worth keeping; a longer one holds its values and does not come again."""


class ShortParserCache(ParserCache):
    """Keeps parsed documents, but no long ones: their memory is not bounded by their number."""

    def on_parse(self) -> Iterator[None]:
        return super().on_parse() if _is_short(self.execution_context) else iter((None,))


class ShortValidationCache(ValidationCache):
    """Keeps what validation said, but not about long documents."""

    def on_validate(self) -> Iterator[None]:
        return super().on_validate() if _is_short(self.execution_context) else iter((None,))


def _is_short(context: ExecutionContext) -> bool:
    return len(context.query or "") <= CACHED_LENGTH


class Schema(strawberry.Schema):
    """Logs unexpected errors whole, before they are masked."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """See ``schema.errors``."""
        log_unexpected(errors, execution_context.operation_name if execution_context else None)


def build_schema(vocabulary: Vocabulary) -> strawberry.Schema:
    """The schema with the enums of ``vocabulary``. Requests are executed with a ``schema.context.Context``."""
    scalars: dict[object, Any] = {**SCALARS, **enums(vocabulary)}
    return Schema(
        query=Query,
        mutation=Mutation,
        types=[ContentInteraction, SocialInteraction, ProfileVisit, Activity],
        extensions=[TellErrors, ShortParserCache, ShortValidationCache],
        execution_context_class=IngestExecutor,
        config=StrawberryConfig(scalar_map=scalars),
    )
