"""How much one request may ask for: tokens before it is parsed, depth, aliases and cost before it is executed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
)
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from schema.cost import MOST_FIELDS, Shape, shape
from schema.documents import KEPT, LONGEST, Text

CODE = "LIMIT_EXCEEDED"
MOST_REPEATED = 50
"""Fields that stand in a selection set again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """See ``schema.settings``."""

    tokens: int = 20_000
    depth: int = 15
    aliases: int = 100
    cost: int = 500_000

    def problem(self, found: Shape, variables: Mapping[str, Any]) -> str | None:
        """What is too much, and what to do about it; None where nothing is."""
        if found.cost is None:
            return f"The operation has more than {MOST_FIELDS} fields; ask for less at once."
        if found.depth > self.depth:
            return (
                f"The operation is {found.depth} levels deep; at most {self.depth} are answered. Ask in two requests."
            )
        if found.aliases > self.aliases:
            return f"The operation has {found.aliases} aliases; at most {self.aliases} are answered. Ask in parts."
        if (cost := found.cost.of(variables)) > self.cost:
            return (
                f"The operation may answer {cost} values, lists within lists multiplied; at most {self.cost} are. "
                "Lower `first`, or ask for fewer fields."
            )
        return None


class LimitDocuments(SchemaExtension):
    """Refuses texts whose parsing or validation would take long. Stands before what validates."""

    limits = Limits()

    def on_operation(self) -> Iterator[None]:
        """A text with too many tokens is not parsed to its end."""
        self.execution_context.parse_options["max_tokens"] = self.limits.tokens
        yield

    def on_validate(self) -> Iterator[None]:
        """Validation compares the fields of one name with each other, all with all."""
        document = self.execution_context.graphql_document
        if document is not None and repeated(document) > MOST_REPEATED:
            self.execution_context.pre_execution_errors = [
                refused("The document asks for the same fields again and again.")
            ]
        yield


class LimitOperations(SchemaExtension):
    """Refuses valid operations that are too much. Stands behind what validates."""

    limits = Limits()

    def on_validate(self) -> Iterator[None]:
        """After the document was found valid."""
        context = self.execution_context
        if not context.pre_execution_errors and context.graphql_document is not None:
            error = self._error(context, context.graphql_document)
            context.pre_execution_errors = [] if error is None else [error]
        yield

    def _error(self, context: ExecutionContext, document: DocumentNode) -> GraphQLError | None:
        name, names = context._provided_operation_name, _operations(document)
        if name is None and len(names) > 1:
            return GraphQLError(f"Say by operationName which to run: {', '.join(names)}.")
        if name is not None and name not in names:
            return None  # execution says so
        found = _shape(context.schema._schema, context.query or "", document, name)
        problem = self.limits.problem(found, context.variables or {})
        return None if problem is None else refused(problem)


def shape_of(context: ExecutionContext) -> Shape | None:
    """Of the operation that a valid request runs; None where there is none of its name."""
    document, name = context.graphql_document, context._provided_operation_name
    if document is None or (name is not None and name not in _operations(document)):
        return None
    return _shape(context.schema._schema, context.query or "", document, name)


def refused(problem: str) -> GraphQLError:
    return GraphQLError(problem, extensions={"code": CODE})


def repeated(document: DocumentNode) -> int:
    """Fields that a selection set has more than once under one name, inline fragments taken into it."""
    found, sets = 0, [d.selection_set for d in document.definitions if isinstance(d, ExecutableDefinitionNode)]
    while sets:
        names: set[str] = set()
        inline = [sets.pop()]
        while inline:
            for node in inline.pop().selections:
                if isinstance(node, InlineFragmentNode):
                    inline.append(node.selection_set)
                elif isinstance(node, FieldNode):
                    name = (node.alias or node.name).value
                    found += name in names
                    names.add(name)
                    if node.selection_set is not None:
                        sets.append(node.selection_set)
    return found


def before_validation(limits: Limits) -> type[SchemaExtension]:
    """The extension for a schema, before what validates."""
    return type("LimitDocuments", (LimitDocuments,), {"limits": limits})


def after_validation(limits: Limits) -> type[SchemaExtension]:
    """The extension for a schema, behind what validates."""
    return type("LimitOperations", (LimitOperations,), {"limits": limits})


def _operations(document: DocumentNode) -> list[str]:
    """The names of the operations, empty where one has none."""
    operations = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return ["" if node.name is None else node.name.value for node in operations]


def _shape(schema: GraphQLSchema, text: str, document: DocumentNode, name: str | None) -> Shape:
    """Of texts that come again, found once."""
    return _known(schema, Text(text, document), name) if len(text) <= LONGEST else shape(schema, document, name)


@lru_cache(maxsize=KEPT)
def _known(schema: GraphQLSchema, text: Text, name: str | None) -> Shape:
    return shape(schema, text.document, name)
