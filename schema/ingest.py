"""Recording's way in: event inputs reach ``signals.intake`` as they were sent. docs/adr/0002-event-inputs.md says why.

The schema types them in full, and a document is validated against those types. Only the values of variables are not
coerced by them: a thousand nested inputs cost too much that way, and one bad event would refuse the whole batch.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from graphql import (
    DefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    TypeNode,
    VariableDefinitionNode,
)
from graphql.execution import Executor
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from schema.plain import PlainLists

T = TypeVar("T")

AS_SENT = {"ContentInteractionType", "SocialInteractionType", "ActivityType", "DeviceType"}
"""Names of the types whose variables are left to the gate: these enums and the inputs marked with ``as_sent``."""
UNTYPED = NamedTypeNode(name=NameNode(value="JSON"))


def as_sent(cls: type[T]) -> type[T]:
    """Mark an input type: resolvers get its values as JSON-like dicts with the caller's keys, and check them."""
    definition = get_object_definition(cls, strict=True)
    definition.from_input = _keep
    AS_SENT.add(definition.name)
    return cls


def _keep(_cls: type, value: Any, _context: InputContext) -> Any:
    return value


class IngestExecutor(PlainLists):
    """Executes an operation whose event inputs in variables are not coerced."""

    @classmethod
    def build(
        cls, schema: GraphQLSchema, document: DocumentNode, *args: Any, **kwargs: Any
    ) -> list[GraphQLError] | Executor[Any]:
        """As graphql-core does, from a document that declares those variables as JSON."""
        return super().build(schema, untyped(document), *args, **kwargs)


def untyped(document: DocumentNode) -> DocumentNode:
    """The document with its event inputs' variables declared as JSON; the same one where it has none."""
    if not any(_is_as_sent(v.type) for d in _operations(document) for v in d.variable_definitions or ()):
        return document
    return replace(document, definitions=tuple(_relaxed(d) for d in document.definitions))


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]


def _relaxed(definition: DefinitionNode) -> DefinitionNode:
    if not isinstance(definition, OperationDefinitionNode):
        return definition
    return replace(
        definition, variable_definitions=tuple(map(_relaxed_variable, definition.variable_definitions or ()))
    )


def _relaxed_variable(variable: VariableDefinitionNode) -> VariableDefinitionNode:
    return replace(variable, type=_json(variable.type)) if _is_as_sent(variable.type) else variable


def _is_as_sent(node: TypeNode) -> bool:
    if isinstance(node, ListTypeNode | NonNullTypeNode):
        return _is_as_sent(node.type)
    return isinstance(node, NamedTypeNode) and node.name.value in AS_SENT


def _json(node: TypeNode) -> TypeNode:
    """The same lists of JSON. Null may stand anywhere: inside it is a bad event, outside the argument refuses it."""
    if isinstance(node, NonNullTypeNode):
        return _json(node.type)
    return ListTypeNode(type=_json(node.type)) if isinstance(node, ListTypeNode) else UNTYPED
