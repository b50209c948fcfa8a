"""Recording's way in: event inputs reach ``signals.intake`` as they were sent. docs/adr/0002-event-inputs.md says why.

The schema types them in full, and a document is validated against those types. Only the values of variables are not
coerced by them: a thousand nested inputs cost too much that way, and one bad event would refuse the whole batch.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Set
from dataclasses import replace
from typing import Any, TypeVar

from graphql import (
    DefinitionNode,
    DocumentNode,
    GraphQLEnumType,
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
        cls,
        schema: GraphQLSchema,
        document: DocumentNode,
        root_value: Any = None,
        context_value: Any = None,
        raw_variable_values: dict[str, Any] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> list[GraphQLError] | Executor[Any]:
        """As graphql-core does, from a document that declares those variables as JSON."""
        relaxed = untyped(document, sound(schema, raw_variable_values or {}))
        return super().build(schema, relaxed, root_value, context_value, raw_variable_values, *args, **kwargs)


def sound(schema: GraphQLSchema, variables: Mapping[str, Any]) -> frozenset[str]:
    """The variables that hold lists of references to content with nothing to object to: coercing one by one what a
    glance finds right would be a tenth of the work on a page of candidates."""
    kinds = schema.get_type("ContentType")
    names = kinds.values.keys() if isinstance(kinds, GraphQLEnumType) else ()
    return frozenset(name for name, value in variables.items() if type(value) is list and _are_refs(value, names))


def _are_refs(values: list[Any], names: Container[str]) -> bool:
    return all(
        type(value) is dict
        and len(value) == 2
        and type(value.get("id")) is str
        and type(value.get("type")) is str
        and value["type"] in names
        for value in values
    )


def untyped(document: DocumentNode, sound: Set[str] = frozenset()) -> DocumentNode:
    """The document with its event inputs' variables declared as JSON, and so the ``sound`` ones that are declared as
    lists of references; the same one where it has none."""
    if not any(_left(v, sound) for d in _operations(document) for v in d.variable_definitions or ()):
        return document
    return replace(document, definitions=tuple(_relaxed(d, sound) for d in document.definitions))


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]


def _relaxed(definition: DefinitionNode, sound: Set[str]) -> DefinitionNode:
    if not isinstance(definition, OperationDefinitionNode):
        return definition
    variables = (_relaxed_variable(variable, sound) for variable in definition.variable_definitions or ())
    return replace(definition, variable_definitions=tuple(variables))


def _relaxed_variable(variable: VariableDefinitionNode, sound: Set[str]) -> VariableDefinitionNode:
    if _is_as_sent(variable.type):
        return replace(variable, type=_json(variable.type))
    return replace(variable, type=UNTYPED) if _left(variable, sound) else variable


def _left(variable: VariableDefinitionNode, sound: Set[str]) -> bool:
    """Whether the executor need not look at it."""
    return _is_as_sent(variable.type) or (variable.variable.name.value in sound and _lists_refs(variable.type))


def _lists_refs(node: TypeNode) -> bool:
    inner = node.type if isinstance(node, NonNullTypeNode) else node
    if not isinstance(inner, ListTypeNode):
        return False
    item = inner.type.type if isinstance(inner.type, NonNullTypeNode) else inner.type
    return isinstance(item, NamedTypeNode) and item.name.value == "ContentRef"


def _is_as_sent(node: TypeNode) -> bool:
    if isinstance(node, ListTypeNode | NonNullTypeNode):
        return _is_as_sent(node.type)
    return isinstance(node, NamedTypeNode) and node.name.value in AS_SENT


def _json(node: TypeNode) -> TypeNode:
    """The same lists of JSON. Null may stand anywhere: inside it is a bad event, outside the argument refuses it."""
    if isinstance(node, NonNullTypeNode):
        return _json(node.type)
    return ListTypeNode(type=_json(node.type)) if isinstance(node, ListTypeNode) else UNTYPED
