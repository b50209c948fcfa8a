"""What a request has in an argument, found once for a document: then only its variables are looked at.

An id counts as the text that the field gets for it. What cannot be told apart surely is ``UNREADABLE``, which is equal
to nobody's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

UNREADABLE: tuple[object, ...] = (object(),)
"""Given, but no id."""

Given: TypeAlias = tuple[object, ...]
"""The ids that are given: one, those of a list, or none."""


@dataclass(frozen=True, slots=True)
class Constant:
    """What stands in the document."""

    ids: Given = ()

    def of(self, _: Mapping[str, Any]) -> Given:
        return self.ids


@dataclass(frozen=True, slots=True)
class Variable:
    """What a variable holds at a path of input fields; ``usual``, where the request does not give it."""

    name: str
    path: tuple[str, ...]
    usual: Given

    def of(self, variables: Mapping[str, Any]) -> Given:
        if self.name not in variables:
            return self.usual
        value = variables[self.name]
        for key in self.path:
            if value is None:
                return ()
            if not isinstance(value, dict):
                return UNREADABLE
            value = value.get(key)
        return _ids(value)


@dataclass(frozen=True, slots=True)
class Several:
    """A list in the document with variables in it."""

    items: tuple[Source, ...]

    def of(self, variables: Mapping[str, Any]) -> Given:
        return tuple(id for item in self.items for id in item.of(variables))


Source: TypeAlias = Constant | Variable | Several


def source(node: ValueNode | None, path: tuple[str, ...], usual: Mapping[str, ValueNode]) -> Source:
    """Where the ids at ``path`` in an argument come from. ``usual``: the defaults of the operation's variables."""
    if node is None or isinstance(node, NullValueNode):
        return Constant()
    if isinstance(node, VariableNode):
        default = source(usual.get(node.name.value), path, {})
        return Variable(node.name.value, path, default.of({}))
    if path:
        return _field(node, path, usual)
    if isinstance(node, ListValueNode):
        return Several(tuple(source(item, (), usual) for item in node.values))
    return Constant((node.value,) if isinstance(node, StringValueNode | IntValueNode) else UNREADABLE)


def _field(node: ValueNode, path: tuple[str, ...], usual: Mapping[str, ValueNode]) -> Source:
    if not isinstance(node, ObjectValueNode):
        return Constant(UNREADABLE)
    found = next((field.value for field in node.fields if field.name.value == path[0]), None)
    return source(found, path[1:], usual)


def _ids(value: object) -> Given:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, int) and not isinstance(value, bool):
        return (str(value),)
    return tuple(id for item in value for id in _ids(item)) if isinstance(value, list) else UNREADABLE
