"""Lists of plain values, completed by a function that is made for the selection instead of field by field.

A ranking answer has a thousand rows of fifty fields, all of them attributes of values that are there already. To
resolve and complete each by itself, as the executor does, takes longer than everything else together. So where all that
is selected below a list is plain, one function is made of it and mapped over the list. Where anything is not plain, or
goes wrong, the executor does it in its own way: the answer, its errors among it, is the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final, TypeAlias

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLString,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from signals.limits import INT_MAX

Complete: TypeAlias = Callable[[Any], Any]
"""From a value to what stands for it in the answer. Raises where the value does not fit."""

TYPENAME: Final = "__typename"


class NotPlain(Exception):
    """Something selected has to be resolved by the executor."""


class PlainLists(StrawberryGraphQLCoreExecutionContext):
    """Completes lists of plain values at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made: dict[int, tuple[Any, Complete | None]] = {}

    def complete_list_value(
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_details_list: Any,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """As the executor does, or at once."""
        complete = self._completion(return_type, field_details_list) if isinstance(result, list | tuple) else None
        if complete is not None:
            try:
                return complete(result)
            except Exception:  # noqa: BLE001, S110 - the executor meets it again, and tells where
                pass
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def _completion(self, type: GraphQLList[GraphQLOutputType], selected: Any) -> Complete | None:
        """The function for this selection; None where it is not plain. Made once per request."""
        known = self._made.get(id(selected))
        if known is None:
            try:
                known = selected, self._inner(type, selected)
            except NotPlain:
                known = selected, None
            self._made[id(selected)] = known
        return known[1]

    def _value(self, type: GraphQLOutputType, selected: Any) -> Complete:
        if is_non_null_type(type):
            return self._inner(type.of_type, selected)
        return _nullable(self._inner(type, selected))

    def _inner(self, type: GraphQLOutputType, selected: Any) -> Complete:
        """For values that are there: None does not fit."""
        if is_leaf_type(type):
            return _leaf(type)
        if is_list_type(type):
            item = self._value(type.of_type, selected)
            return lambda values: [item(value) for value in values]
        if is_object_type(type) and type.is_type_of is None:
            return self._object(type, selected)
        raise NotPlain

    def _object(self, type: GraphQLObjectType, selected: Any) -> Complete:
        fields, deferred, _ = self.collect_subfields(type, selected)
        if deferred:
            raise NotPlain
        parts = [(name, *self._field(type, details)) for name, details in fields.items()]

        def complete(value: Any) -> dict[str, Any]:
            if value is None:
                raise TypeError
            return {name: complete(read(value)) for name, read, complete in parts}

        return complete

    def _field(self, type: GraphQLObjectType, selected: Any) -> tuple[Complete, Complete]:
        """How to read the field off its object, and how to complete what was read."""
        name = selected[0].node.name.value
        if name == TYPENAME:
            return (lambda _: type.name), str
        field = type.fields[name]
        return _reader(field), self._value(field.type, selected)


def _reader(field: GraphQLField) -> Complete:
    """An attribute, or a resolver that takes nothing but its parent."""
    definition: StrawberryField = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    if definition.is_basic_field:
        return attrgetter(definition.python_name)
    resolver = definition.base_resolver
    alone = resolver is not None and not resolver.is_async and not definition.extensions
    if resolver is None or not alone or list(resolver.signature.parameters) != ["root"]:
        raise NotPlain
    function: Any = resolver.wrapped_func
    read: Complete = function.__func__ if isinstance(function, staticmethod) else function
    return read


def _nullable(complete: Complete) -> Complete:
    return lambda value: None if value is None else complete(value)


def _leaf(type: GraphQLLeafType) -> Complete:
    """A scalar or enum; for the commonest values without the executor's detours."""
    coerce = type.coerce_output_value

    def other(value: Any) -> Any:
        if value is None:
            raise TypeError
        return coerce(value)

    if type is GraphQLFloat:
        return lambda v: v if v.__class__ is float and math.isfinite(v) else other(v)
    if type is GraphQLInt:
        return lambda v: v if v.__class__ is int and -INT_MAX <= v <= INT_MAX else other(v)
    if type is GraphQLString or type is GraphQLID:
        return lambda v: v if v.__class__ is str else other(v)
    if type is GraphQLBoolean:
        return lambda v: v if v is True or v is False else other(v)
    return other
