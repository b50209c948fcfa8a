"""Query texts that come again are parsed and validated once.

Strawberry's own caches look a document up by hashing its whole tree on every request, and keep long ones as well, whose
memory is not bounded by their number. Here the text is the key, and a long text, which holds its values, is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import ASTValidationRule, DocumentNode, GraphQLError, GraphQLSchema, parse
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document
from strawberry.types import ExecutionContext

KEPT = 256
LONGEST = 8192
"""Characters of a text that is kept."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document by its text: what is found out about it is found once."""

    text: str
    document: DocumentNode

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


@lru_cache(maxsize=KEPT)
def _parsed(text: str, **options: Any) -> DocumentNode:
    return parse(text, **options)


@lru_cache(maxsize=KEPT)
def _validated(
    schema: GraphQLSchema, text: str, rules: tuple[type[ASTValidationRule], ...], **options: Any
) -> list[GraphQLError]:
    return validate_document(schema, _parsed(text, **options), rules)


class DocumentCache(SchemaExtension):
    """Parses and validates short texts once, for all requests of the process."""

    def on_parse(self) -> Iterator[None]:
        """Give the document, where the text is short."""
        context = self.execution_context
        if context.query and len(context.query) <= LONGEST:
            context.graphql_document = _parsed(context.query, **context.parse_options)
        yield

    def on_validate(self) -> Iterator[None]:
        """Give what validation found, unless the request was refused before."""
        context = self.execution_context
        if context.query and context.pre_execution_errors is None:
            context.pre_execution_errors = self._found(context)
        yield

    @staticmethod
    def _found(context: ExecutionContext) -> list[GraphQLError]:
        schema, text, rules = context.schema._schema, context.query or "", context.validation_rules
        if len(text) <= LONGEST or context.graphql_document is None:
            return _validated(schema, text, rules, **context.parse_options)
        return validate_document(schema, context.graphql_document, rules)
