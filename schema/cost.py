"""How deep, wide and large an operation is, found before it runs, in one walk that ends where there is too much of it.

Its cost is what it may answer at most: one for each field of each object, lists multiplied. A document is compiled
once; a request only fills its variables in. The size of a list is, in this order: its own
``first`` or ``limit``; the length of a list it is given (``userIds``); what an argument of its name further up says
(``candidates``, ``witnesses``); ``first`` of the page it stands in (``edges``); else ``UNSIZED``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

PAGED = ("first", "limit")
UNSIZED = 5
"""Items of a list that nothing says the size of: contributions, counts by type."""
MOST_FIELDS = 5000
"""Fields of an operation with its fragments filled in, however few it is written with."""

Fielded: TypeAlias = GraphQLObjectType | GraphQLInterfaceType


@dataclass(frozen=True, slots=True)
class Size:
    """How many: ``count``, or what the variable says; the length, where that is a list. ``listed``: it is to be one."""

    count: int
    variable: str | None = None
    listed: bool = False

    def of(self, variables: Mapping[str, Any]) -> int:
        value = variables.get(self.variable, self.count) if self.variable is not None else self.count
        if isinstance(value, list):
            return len(value)
        return max(0, value) if isinstance(value, int) else self.count


ONE = Size(1)
Sizes: TypeAlias = Mapping[str, Size]


@dataclass(frozen=True, slots=True)
class Cost:
    """``size`` objects with ``fields`` fields each, and what hangs below these."""

    size: Size
    fields: int
    below: tuple[Cost, ...]

    def of(self, variables: Mapping[str, Any]) -> int:
        """For a request's variables."""
        return self.size.of(variables) * (self.fields + sum(part.of(variables) for part in self.below))


@dataclass(frozen=True, slots=True)
class Shape:
    """``depth``: fields within fields; ``aliases``: fields with another name than their own; introspection not counted.

    ``cost`` is None where there are more than MOST_FIELDS; depth and aliases are then those of what was walked.
    ``calls``: how many things each field of the first level does: one, or in a mutation as many as its list is long.
    """

    depth: int
    aliases: int
    cost: Cost | None
    calls: tuple[Size, ...] = ()

    def calls_of(self, variables: Mapping[str, Any]) -> int:
        """How many things the operation does, for a request's variables."""
        return sum(max(1, size.of(variables)) for size in self.calls)


class _TooLarge(Exception):
    """There are more than MOST_FIELDS."""


def shape(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> Shape:
    """Of an operation of a valid document."""
    operation = next(
        node
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
        and (operation_name is None or (node.name is not None and node.name.value == operation_name))
    )
    root = schema.get_root_type(operation.operation)
    walk = _Walk(schema, document, operation)
    try:
        cost = None if root is None else walk.cost(root, operation.selection_set, ONE, {}, 1)
    except _TooLarge:
        cost = None
    calls = () if root is None else tuple(walk.calls(root, operation))
    return Shape(walk.depth, walk.aliases, cost, calls)


class _Walk:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults = {
            node.variable.name.value: _count(node.default_value)
            for node in operation.variable_definitions or ()
            if node.default_value is not None
        }
        self._fields_seen = 0
        self.depth = 0
        self.aliases = 0

    def cost(self, parent: Fielded, selections: SelectionSetNode, size: Size, known: Sizes, depth: int) -> Cost:
        fields, below = 0, []
        for owner, node in self._fields(parent, selections, set()):
            fields += 1
            self._count(node, depth)
            definition = owner.fields.get(node.name.value)
            if definition is not None and node.selection_set is not None:
                below.append(self._below(definition, node, node.selection_set, known, depth + 1))
        return Cost(size, fields, tuple(below))

    def calls(self, root: Fielded, operation: OperationDefinitionNode) -> Iterator[Size]:
        """See ``Shape``."""
        for owner, node in self._fields(root, operation.selection_set, set()):
            definition = owner.fields.get(node.name.value)
            changes = operation.operation is OperationType.MUTATION
            sizes = self._sizes(definition, node) if definition is not None and changes else {}
            yield next((size for size in sizes.values() if size.listed), ONE)

    def _count(self, node: FieldNode, depth: int) -> None:
        self._fields_seen += 1
        if self._fields_seen > MOST_FIELDS:
            raise _TooLarge
        self.depth = max(self.depth, depth)
        self.aliases += node.alias is not None

    def _below(
        self, definition: GraphQLField, node: FieldNode, selections: SelectionSetNode, known: Sizes, depth: int
    ) -> Cost:
        own = self._sizes(definition, node)
        size, handed = ONE, {**known, **own}
        if _is_list(definition.type):
            size = _size(node.name.value, own, known)
            for name in PAGED:
                handed.pop(name, None)
        kind = get_named_type(definition.type)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            return self.cost(kind, selections, size, handed, depth)
        return Cost(size, 0, tuple(self._of_members(selections, handed, depth)))

    def _of_members(self, selections: SelectionSetNode, known: Sizes, depth: int) -> Iterator[Cost]:
        """The members of a union: all that are asked for, since any may come."""
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode | FragmentSpreadNode):
                member, inner = self._fragment(node)
                if isinstance(member, GraphQLObjectType | GraphQLInterfaceType):
                    yield self.cost(member, inner, ONE, known, depth)

    def _fragment(self, node: InlineFragmentNode | FragmentSpreadNode) -> tuple[object, SelectionSetNode]:
        found = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        condition = found.type_condition
        return (None if condition is None else self._schema.get_type(condition.name.value)), found.selection_set

    def _fields(
        self, parent: Fielded, selections: SelectionSetNode, spread: set[str]
    ) -> Iterator[tuple[Fielded, FieldNode]]:
        """The fields with the type that has them; a fragment that comes again adds none."""
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield parent, node
                continue
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in spread:
                    continue
                spread.add(node.name.value)
            if isinstance(node, InlineFragmentNode | FragmentSpreadNode):
                member, inner = self._fragment(node)
                owner = member if isinstance(member, GraphQLObjectType | GraphQLInterfaceType) else parent
                yield from self._fields(owner, inner, spread)

    def _sizes(self, definition: GraphQLField, node: FieldNode) -> dict[str, Size]:
        """What the field's arguments say about sizes, by argument."""
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        sizes = {name: self._given(given.get(name), argument) for name, argument in definition.args.items()}
        return {name: size for name, size in sizes.items() if size is not None}

    def _given(self, value: ValueNode | None, argument: GraphQLArgument) -> Size | None:
        listed, usual = _is_list(argument.type), _usual(argument)
        if not isinstance(value, VariableNode):
            count = usual if value is None else _count(value)
            return None if count is None else Size(count, listed=listed)
        start = self._defaults.get(value.name.value) or usual or UNSIZED
        return Size(start, value.name.value, listed)


def _size(name: str, own: Sizes, known: Sizes) -> Size:
    paged = next((own[each] for each in PAGED if each in own), None)
    listed = next((size for size in own.values() if size.listed), None)
    page = next((known[each] for each in PAGED if each in known), None)
    return paged or known.get(name) or listed or page or Size(UNSIZED)


def _usual(argument: GraphQLArgument) -> int | None:
    value = argument.default_value
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _count(value: ValueNode | None) -> int | None:
    if isinstance(value, IntValueNode):
        return int(value.value)
    return len(value.values) if isinstance(value, ListValueNode) else None


def _is_list(kind: GraphQLInputType | GraphQLOutputType) -> bool:
    return is_list_type(kind.of_type if is_non_null_type(kind) else kind)
