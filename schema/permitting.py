"""Refuses operations that the caller has no leave for, before anything of them runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, GraphQLSchema
from strawberry.extensions import SchemaExtension

from schema.access import Access, Problem, access, operation_of
from schema.documents import KEPT, LONGEST, Text
from schema.permissions import standard
from schema.principal import NOBODY, Principal, Role

CODE = "FORBIDDEN"
NOTHING = Access((), ())


class PermitOperations(SchemaExtension):
    """Stands behind what validates and what limits."""

    def on_validate(self) -> Iterator[None]:
        """After the document was found valid and small enough."""
        context = self.execution_context
        if not context.pre_execution_errors and context.graphql_document is not None:
            principal: Principal = getattr(context.context, "principal", NOBODY)
            needed = _needed(
                context.schema._schema,
                context.query or "",
                context.graphql_document,
                context._provided_operation_name,
                principal.role,
            )
            problems = needed.refused(principal.user_id, context.variables or {})
            context.pre_execution_errors = [forbidden(problem) for problem in problems]
        yield


def forbidden(problem: Problem) -> GraphQLError:
    """As callers read it."""
    return GraphQLError(problem.message, extensions={"code": CODE, "field": problem.coordinate})


def may_record(principal: Principal) -> str | None:
    """The only user that a principal may record; None: anybody. Who is no user may record nobody, whose id is empty."""
    return None if principal.role in (Role.SERVICE, Role.ADMIN) else principal.user_id or ""


def _needed(schema: GraphQLSchema, text: str, document: DocumentNode, name: str | None, role: Role) -> Access:
    """Of texts that come again, found once for each role."""
    if len(text) <= LONGEST:
        return _known(schema, Text(text, document), name, role)
    return _found(schema, document, name, role)


@lru_cache(maxsize=len(Role) * KEPT)
def _known(schema: GraphQLSchema, text: Text, name: str | None, role: Role) -> Access:
    return _found(schema, text.document, name, role)


def _found(schema: GraphQLSchema, document: DocumentNode, name: str | None, role: Role) -> Access:
    operation = operation_of(document, name)
    return NOTHING if operation is None else access(schema, standard(), role, document, operation)
