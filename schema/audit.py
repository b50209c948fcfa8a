"""Accounts for what admins and services do: before it runs where it is an administrative act, else beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache

from graphql import DocumentNode, GraphQLError, GraphQLSchema
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from schema.access import operation_of
from schema.audited import NOTHING, Asked, Audited, audited, fields_of, subjects_of
from schema.context import Context
from schema.documents import KEPT, LONGEST, Text
from schema.permissions import standard
from schema.principal import LOCAL, Role
from signals.audit import AuditKind, Deed
from signals.errors import Unavailable
from signals.limits import ID_LENGTH

CODE = "UNAVAILABLE"
NOT_DONE = "This could not be written into the audit log, so nothing was done. Try again shortly."
ACCOUNTABLE = (Role.ADMIN, Role.SERVICE)


class AuditOperations(SchemaExtension):
    """Stands behind what permits."""

    async def on_validate(self) -> AsyncIterator[None]:
        """When it is known that the operation may run."""
        execution = self.execution_context
        context, document = execution.context, execution.graphql_document
        if document is None or execution.pre_execution_errors:
            yield
            return
        if isinstance(context, Context) and context.principal.role in ACCOUNTABLE:
            found = _audited(execution, document)
            _note(execution, context, found)
            if found.acts:
                await _act(execution, context, found)
        yield


async def _act(execution: ExecutionContext, context: Context, found: Audited) -> None:
    try:
        await context.auditor.act(
            _deed(execution, context, found, list(found.acts), AuditKind.ACT), context.received_at
        )
    except Unavailable:
        execution.pre_execution_errors = [GraphQLError(NOT_DONE, extensions={"code": CODE})]


def _note(execution: ExecutionContext, context: Context, found: Audited) -> None:
    """Reads. While nobody is told from another, only the administrative ones: the others would all be one's own."""
    reads = list(found.administrative)
    if context.principal != LOCAL and found.others:
        reads += found.about_people(execution.variables or {})
    if not reads:
        return
    if context.principal.role is Role.SERVICE:
        for asked in reads:
            context.auditor.sum(_sum(context, asked), context.received_at)
    else:
        context.auditor.note(_deed(execution, context, found, reads, AuditKind.READ), context.received_at)


def _deed(execution: ExecutionContext, context: Context, found: Audited, asked: list[Asked], kind: AuditKind) -> Deed:
    subjects, people = subjects_of(asked, execution.variables or {})
    return Deed(
        kind=kind,
        principal=_text(context.principal.id),
        role=context.principal.role,
        fields=fields_of(asked),
        operation=found.name[:ID_LENGTH] if found.name else None,
        subjects=subjects,
        people=people,
    )


def _sum(context: Context, asked: Asked) -> Deed:
    return Deed(AuditKind.READ, _text(context.principal.id), context.principal.role, (asked.coordinate,))


def _text(id: str) -> str:
    """What any database can keep."""
    return id[: 2 * ID_LENGTH].encode(errors="replace").decode()


def _audited(execution: ExecutionContext, document: DocumentNode) -> Audited:
    """Of texts that come again, found once."""
    schema, text, name = execution.schema._schema, execution.query or "", execution._provided_operation_name
    if len(text) <= LONGEST:
        return _known(schema, Text(text, document), name)
    return _found(schema, document, name)


@lru_cache(maxsize=KEPT)
def _known(schema: GraphQLSchema, text: Text, name: str | None) -> Audited:
    return _found(schema, text.document, name)


def _found(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Audited:
    operation = operation_of(document, name)
    return NOTHING if operation is None else audited(schema, standard(), document, operation)
