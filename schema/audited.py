"""What of an operation goes into the audit log, found once for a document.

What only admins may do is an act. A read is about people where an analyst, who may read nothing about a single person,
would be refused it. Events that are recorded tell of themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode

from schema.access import Access, Walk
from schema.given import Source
from schema.permissions import Permissions
from schema.principal import Role
from signals.audit import FIELDS, SUBJECTS
from signals.checks import identifier
from signals.forms import Wrong

ADMIN_ONLY = [Role.ADMIN]
PERSON = "User."
ID = "User.id"
"""Tells nothing of a user that was not known by then."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of the first level. ``below``: what it asks of users. ``analyst``: what one would need for it."""

    coordinate: str
    below: tuple[str, ...]
    people: tuple[Source, ...]
    analyst: Access


@dataclass(frozen=True, slots=True)
class Audited:
    """Fields of the first level: ``acts`` and ``administrative`` reads, which only admins may; ``others``."""

    name: str | None
    acts: tuple[Asked, ...] = ()
    administrative: tuple[Asked, ...] = ()
    others: tuple[Asked, ...] = ()

    def about_people(self, variables: Mapping[str, Any]) -> list[Asked]:
        """Those of the others that concern people in a request with these variables."""
        return [asked for asked in self.others if asked.analyst.refused(None, variables)]


NOTHING = Audited(None)


def audited(
    schema: GraphQLSchema, permissions: Permissions, document: DocumentNode, operation: OperationDefinitionNode
) -> Audited:
    """What of an operation of a valid document is to be accounted for."""
    acts, administrative, others = [], [], []
    for asked in _asked(schema, permissions, document, operation):
        if asked.coordinate in permissions.recording:
            continue
        if permissions.roles(asked.coordinate) != ADMIN_ONLY:
            others.append(asked)
        elif operation.operation.value == "mutation":
            acts.append(asked)
        else:
            administrative.append(asked)
    name = None if operation.name is None else operation.name.value
    return Audited(name, tuple(acts), tuple(administrative), tuple(others))


def fields_of(asked: list[Asked]) -> tuple[str, ...]:
    """What an entry names."""
    named = [field for each in asked for field in (each.coordinate, *each.below)]
    return tuple(dict.fromkeys(named))[:FIELDS]


def subjects_of(asked: list[Asked], variables: Mapping[str, Any]) -> tuple[tuple[str, ...], int]:
    """The people whom arguments name, at most 100 of them, and how many there are."""
    ids = {id: None for each in asked for found in each.people for id in found.of(variables) if _could_be(id)}
    return tuple(map(str, ids))[:SUBJECTS], len(ids)


def _could_be(id: object) -> bool:
    """Whether somebody could have this id."""
    try:
        identifier(id)
    except Wrong:
        return False
    return True


def _asked(
    schema: GraphQLSchema, permissions: Permissions, document: DocumentNode, operation: OperationDefinitionNode
) -> Iterator[Asked]:
    root = schema.get_root_type(operation.operation)
    if root is None:
        return
    everything = Walk(schema, permissions, Role.ADMIN, document, operation)
    for parent, node in everything.fields(root, operation.selection_set):
        whole = Walk(schema, permissions, Role.ADMIN, document, operation)
        whole.field(parent, node, own=False)
        analyst = Walk(schema, permissions, Role.ANALYST, document, operation)
        analyst.field(parent, node, own=False)
        if whole.been:
            below = tuple(field for field in whole.been if field.startswith(PERSON) and field != ID)
            yield Asked(f"{parent.name}.{node.name.value}", below, tuple(whole.people), analyst.access())
