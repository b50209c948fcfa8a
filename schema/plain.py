"""Lists of plain values, completed by a function that is made for the selection instead of field by field.

A ranking answer has a thousand rows of fifty fields, all of them attributes of values that are there already. To
resolve and complete each by itself, as the executor does, takes longer than everything else together. So where all that
is selected below a list is plain, one function is made of it and called with the list. It goes a field at a time: all
values of a field are read and checked together, which the interpreter's own loops do many times faster than ours. Where
anything is not plain, or goes wrong, the executor does it in its own way: the answer, its errors among it, is the same.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from operator import attrgetter
from types import NoneType
from typing import Any, Final, TypeAlias

from cachetools import LRUCache
from graphql import (
    FieldNode,
    GraphQLBoolean,
    GraphQLEnumType,
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
    is_specified_scalar_type,
)
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from signals.limits import INT_MAX

Values: TypeAlias = Sequence[Any]
Complete: TypeAlias = Callable[[Values], Values]
"""From values to what stands for each of them in the answer. Raises where one does not fit."""
Read: TypeAlias = Callable[[Any], Any]
"""From an object to the value of a field."""

TYPENAME: Final = "__typename"


MADE: Final[MutableMapping[tuple[int, int], tuple[object, FieldNode, Complete | None]]] = LRUCache(maxsize=256)
"""By the identities of a type and of a document's field, which are kept with it."""


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
                return list(complete(result))
            except Exception:  # noqa: BLE001, S110 - the executor meets it again, and tells where
                pass
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    def _completion(self, type: GraphQLList[GraphQLOutputType], selected: Any) -> Complete | None:
        """The function for this selection; None where it is not plain. Made once per request, or once for all."""
        known = self._made.get(id(selected))
        if known is None:
            known = self._made[id(selected)] = selected, self._remembered(type, selected)
        return known[1]

    def _remembered(self, type: GraphQLList[GraphQLOutputType], selected: Any) -> Complete | None:
        """The same function for every request that runs this document, where its variables decide nothing."""
        node: FieldNode = selected[0].node
        known = MADE.get((id(type), id(node)))
        if known is None:
            known = type, node, self._make(type, selected)
            if len(selected) == 1 and _unconditional(node):
                MADE[id(type), id(node)] = known
        return known[2]

    def _make(self, type: GraphQLList[GraphQLOutputType], selected: Any) -> Complete | None:
        try:
            return self._values(type.of_type, selected)
        except NotPlain:
            return None

    def _values(self, type: GraphQLOutputType, selected: Any) -> Complete:
        if is_non_null_type(type):
            return self._there(type.of_type, selected)
        return _nullable(self._there(type, selected))

    def _there(self, type: GraphQLOutputType, selected: Any) -> Complete:
        """For values that are there: None does not fit."""
        if is_leaf_type(type):
            return _leaf(type)
        if is_list_type(type):
            return _lists(self._values(type.of_type, selected))
        if is_object_type(type) and type.is_type_of is None:
            return self._objects(type, selected)
        raise NotPlain

    def _objects(self, type: GraphQLObjectType, selected: Any) -> Complete:
        fields, deferred, _ = self.collect_subfields(type, selected)
        if deferred:
            raise NotPlain
        made = _maker(tuple(fields))
        parts = [self._field(type, details) for details in fields.values()]

        def complete(values: Values) -> Values:
            if NoneType in set(map(builtins.type, values)):
                raise TypeError
            columns = [complete(list(map(read, values))) for read, complete in parts]
            return list(map(made, *columns))

        return complete

    def _field(self, type: GraphQLObjectType, selected: Any) -> tuple[Read, Complete]:
        """How to read the field off its object, and how to complete what was read."""
        name = selected[0].node.name.value
        if name == TYPENAME:
            return (lambda _: type.name), list
        field = type.fields[name]
        return _reader(field), self._values(field.type, selected)


def _unconditional(node: FieldNode) -> bool:
    """Whether all that is selected stands in the field itself and is always wanted."""
    selected = node.selection_set.selections if node.selection_set else ()
    return not node.directives and all(isinstance(one, FieldNode) and _unconditional(one) for one in selected)


@lru_cache(maxsize=256)
def _maker(names: tuple[str, ...]) -> Callable[..., dict[str, Any]]:
    """From values to the object that has them under these names.

    As source, because an interpreter makes ``{"a": x, "b": y}`` three times as fast as it makes a dict of two lists.
    The names come from a document that was parsed: letters, digits and underscores.
    """
    values = [f"v{number}" for number in range(len(names))]
    items = ", ".join(f"{name!r}: {value}" for name, value in zip(names, values, strict=True))
    made: Callable[..., dict[str, Any]] = eval(f"lambda {', '.join(values)}: {{{items}}}", {})  # noqa: S307
    return made


def _reader(field: GraphQLField) -> Read:
    """An attribute, or a resolver that takes nothing but its parent."""
    definition: StrawberryField | None = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if definition is None:  # introspection
        raise NotPlain
    if definition.is_basic_field:
        return attrgetter(definition.python_name)
    resolver = definition.base_resolver
    alone = resolver is not None and not resolver.is_async and not definition.extensions
    if resolver is None or not alone or list(resolver.signature.parameters) != ["root"]:
        raise NotPlain
    function: Any = resolver.wrapped_func
    read: Read = function.__func__ if isinstance(function, staticmethod) else function
    return read


def _nullable(complete: Complete) -> Complete:
    def completed(values: Values) -> Values:
        if NoneType not in set(map(type, values)):
            return complete(values)
        there = iter(complete([value for value in values if value is not None]))
        return [None if value is None else next(there) for value in values]

    return completed


def _lists(complete: Complete) -> Complete:
    """All items of all lists at once."""

    def completed(values: Values) -> Values:
        if not set(map(type, values)) <= {list, tuple}:
            raise TypeError
        items = iter(complete(list(chain.from_iterable(values))))
        return [list(islice(items, length)) for length in map(len, values)]

    return completed


def _leaf(leaf: GraphQLLeafType) -> Complete:
    """A scalar or enum; for the commonest values without the executor's detours."""
    coerce = leaf.coerce_output_value

    def coerced(values: Values) -> Values:
        if NoneType in set(map(type, values)):
            raise TypeError
        return list(map(coerce, values))

    def few(values: Values) -> Values:
        different = list(set(values))
        table = dict(zip(different, coerced(different), strict=True))
        return [table[value] for value in values]

    def shared(values: Values) -> Values:
        """The same object, such as the time that many series have a bucket at, is coerced once."""
        different = dict(zip(map(id, values), values, strict=True))
        if 2 * len(different) > len(values):
            return coerced(values)
        table = dict(zip(different, coerced(list(different.values())), strict=True))
        return [table[id(value)] for value in values]

    if isinstance(leaf, GraphQLEnumType):
        return few
    fits = FITS.get(leaf.name) if is_specified_scalar_type(leaf) else None
    return shared if fits is None else lambda values: values if fits(values) else coerced(values)


def _finite(values: Values) -> bool:
    return set(map(type, values)) <= {float} and math.isfinite(sum(values))


def _int32(values: Values) -> bool:
    return set(map(type, values)) <= {int} and (not values or (min(values) >= -INT_MAX and max(values) <= INT_MAX))


def _text(values: Values) -> bool:
    return set(map(type, values)) <= {str}


def _truth(values: Values) -> bool:
    return set(map(type, values)) <= {bool}


FITS: Final[Mapping[str, Callable[[Values], bool]]] = {
    GraphQLFloat.name: _finite,
    GraphQLInt.name: _int32,
    GraphQLString.name: _text,
    GraphQLID.name: _text,
    GraphQLBoolean.name: _truth,
}
"""Whether all values are what the scalar answers as they are; else it is asked for each."""
