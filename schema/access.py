"""What an operation needs leave for, in one role: found once for a document, in one walk over all that it selects.

A field counts wherever it stands: under another name, in a fragment, below ``@skip``. What the walk cannot settle are
the arguments: whether the ids in them are the caller's own is asked for each request.
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
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    get_named_type,
)

from schema.given import Source, source
from schema.permissions import Must, Permissions, Rule
from schema.principal import Role

MOST = 5
"""Problems that a refusal tells."""
META = "__"
"""What the schema says about itself is everybody's."""
SESSION = "sessionId"
"""Names a session, not a person."""

Fielded: TypeAlias = GraphQLObjectType | GraphQLInterfaceType


@dataclass(frozen=True, slots=True)
class Problem:
    """A field that may not be had, and why."""

    coordinate: str
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """What must be in an argument, whose ids come from ``source``."""

    coordinate: str
    role: Role
    path: str
    must: Must
    source: Source

    def problem(self, own: str | None, variables: Mapping[str, Any]) -> Problem | None:
        """For a caller who is the user ``own``, if any."""
        ids = self.source.of(variables)
        if not ids:
            held = self.must is not Must.OWN
        else:
            held = self.must is not Must.ABSENT and bool(own) and all(id == own for id in ids)
        return None if held else Problem(self.coordinate, self._message)

    @property
    def _message(self) -> str:
        needed = {
            Must.OWN: f"only where `{self.path}` is your own user id",
            Must.OWN_OR_ABSENT: f"only without `{self.path}`, or where it is your own user id",
            Must.ABSENT: f"only without `{self.path}`",
        }
        return f"{self.coordinate}: as {self.role} you may ask this {needed[self.must]}."


@dataclass(frozen=True, slots=True)
class Access:
    """``problems``: what is refused whatever the arguments are; ``checks``: what depends on them."""

    problems: tuple[Problem, ...]
    checks: tuple[Check, ...]

    def refused(self, own: str | None, variables: Mapping[str, Any]) -> list[Problem]:
        """What the caller may not have of it; empty where the operation may run."""
        if self.problems:
            return list(self.problems[:MOST])
        found = (check.problem(own, variables) for check in self.checks)
        return [problem for problem in found if problem is not None][:MOST]


def operation_of(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation that runs, the first without a name; None where execution will say that there is no such."""
    operations = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return next((o for o in operations if name is None or (o.name is not None and o.name.value == name)), None)


def access(
    schema: GraphQLSchema,
    permissions: Permissions,
    role: Role,
    document: DocumentNode,
    operation: OperationDefinitionNode,
) -> Access:
    """What an operation of a valid document needs."""
    root = schema.get_root_type(operation.operation)
    walk = Walk(schema, permissions, role, document, operation)
    if root is not None:
        walk.into(root, operation.selection_set, own=False)
    return walk.access()


class Walk:
    """``been``: the fields it came through. ``people``: where these take people's ids from."""

    def __init__(
        self,
        schema: GraphQLSchema,
        permissions: Permissions,
        role: Role,
        document: DocumentNode,
        operation: OperationDefinitionNode,
    ) -> None:
        self._schema = schema
        self._permissions = permissions
        self._role = role
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._usual = {
            node.variable.name.value: node.default_value
            for node in operation.variable_definitions or ()
            if node.default_value is not None
        }
        self._gone_through: set[tuple[int, str, bool]] = set()
        self._problems: dict[Problem, None] = {}
        self._checks: list[Check] = []
        self.been: dict[str, None] = {}
        self.people: list[Source] = []

    def access(self) -> Access:
        """What is needed for all it came through."""
        return Access(tuple(self._problems), tuple(self._checks))

    def into(self, parent: GraphQLNamedType, selections: SelectionSetNode, *, own: bool) -> None:
        """Through a selection on an object of ``parent`` that is, or is not, the caller's; once."""
        here = (id(selections), parent.name, own)
        if here in self._gone_through:
            return
        self._gone_through.add(here)
        for node in selections.selections:
            if isinstance(node, FieldNode):
                self.field(parent, node, own=own)
            elif isinstance(node, InlineFragmentNode | FragmentSpreadNode):
                self.into(*self._fragment(parent, node), own=own)

    def fields(
        self, parent: GraphQLNamedType, selections: SelectionSetNode
    ) -> Iterator[tuple[GraphQLNamedType, FieldNode]]:
        """The fields of a selection, those of its fragments with the types that these are on."""
        here = (id(selections), parent.name, False)
        if here in self._gone_through:
            return
        self._gone_through.add(here)
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield parent, node
            elif isinstance(node, InlineFragmentNode | FragmentSpreadNode):
                yield from self.fields(*self._fragment(parent, node))

    def _fragment(
        self, parent: GraphQLNamedType, node: InlineFragmentNode | FragmentSpreadNode
    ) -> tuple[GraphQLNamedType, SelectionSetNode]:
        found = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        condition = found.type_condition
        kind = None if condition is None else self._schema.get_type(condition.name.value)
        return kind or parent, found.selection_set

    def field(self, parent: GraphQLNamedType, node: FieldNode, *, own: bool) -> None:
        """Through a field and all below it."""
        if node.name.value.startswith(META) or not isinstance(parent, Fielded):
            return
        coordinate = f"{parent.name}.{node.name.value}"
        rule = self._permissions.rules.get(coordinate, {}).get(self._role)
        if rule is None or (rule.if_own and not own):
            self._problems[Problem(coordinate, self._why(coordinate, rule))] = None
            return
        self._note(coordinate, rule, node)
        if node.selection_set is not None:
            owned = rule.makes_own or (own and coordinate in self._permissions.same)
            self.into(get_named_type(parent.fields[node.name.value].type), node.selection_set, own=owned)

    def _note(self, coordinate: str, rule: Rule, node: FieldNode) -> None:
        self.been[coordinate] = None
        given: dict[str, ValueNode] = {each.name.value: each.value for each in node.arguments or ()}
        ids = {path: self._ids(path, given) for path in self._permissions.people.get(coordinate, ())}
        self.people += [found for path, found in ids.items() if not path.endswith(SESSION)]
        self._checks += [Check(coordinate, self._role, path, must, ids[path]) for path, must in rule.where]

    def _ids(self, path: str, given: Mapping[str, ValueNode]) -> Source:
        name, *fields = path.split(".")
        return source(given.get(name), tuple(fields), self._usual)

    def _why(self, coordinate: str, rule: Rule | None) -> str:
        if rule is not None:
            return f"{coordinate}: as {self._role} you may read this of yourself only, below `user` with your own id."
        roles = self._permissions.roles(coordinate)
        if not roles:
            return f"{coordinate}: nobody may have this; it has no entry in permissions.toml."
        return f"{coordinate}: this needs the role {' or '.join(roles)}; yours is {self._role}."
