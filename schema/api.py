"""The schema, built for a vocabulary."""

from __future__ import annotations

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema.audit import AuditOperations
from schema.charging import ChargeOperations
from schema.documents import DocumentCache
from schema.dropping import TellDropped
from schema.enums import ContentType, enums
from schema.errors import TellErrors, log_unexpected
from schema.ingest import IngestExecutor
from schema.inputs.references import ContentRef, content_ref
from schema.limits import Limits, after_validation, before_validation
from schema.mutation import Mutation
from schema.permitting import PermitOperations
from schema.query import Query
from schema.scalars import SCALARS
from schema.types.events import Activity, ContentInteraction, ProfileVisit, SocialInteraction
from signals.vocabulary import Vocabulary


class Schema(strawberry.Schema):
    """Logs unexpected errors whole, before they are masked."""

    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002 -- what the caller calls its operation
    ) -> None:
        """See ``schema.errors``."""
        log_unexpected(errors)


def build_schema(vocabulary: Vocabulary, limits: Limits = Limits()) -> strawberry.Schema:  # noqa: B008 -- frozen
    """The schema with the enums of ``vocabulary``; requests stay within ``limits``.

    They are executed with a ``schema.context.Context``.
    """
    scalars: dict[object, Any] = {**SCALARS, **enums(vocabulary)}
    scalars[ContentRef] = content_ref(scalars[ContentType].implementation)
    return Schema(
        query=Query,
        mutation=Mutation,
        types=[ContentInteraction, SocialInteraction, ProfileVisit, Activity],
        extensions=[
            TellErrors,
            before_validation(limits),
            DocumentCache,
            after_validation(limits),
            ChargeOperations,
            PermitOperations,
            AuditOperations,
            TellDropped,
        ],
        execution_context_class=IngestExecutor,
        config=StrawberryConfig(scalar_map=scalars),
    )
