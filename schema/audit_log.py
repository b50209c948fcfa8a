"""Reading the audit log: values of ``signals.audit`` stand for the types, AuditPage for AuditLog."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import Parent

import resolvers.auditing
from schema.arguments import First, given
from schema.context import Info
from schema.enums import AuditKind
from schema.fields import field
from schema.pagination import Edge, Page, PageInfo
from signals import audit as values

Unset = strawberry.UNSET


@strawberry.type(
    description=(
        "Something that was done by an admin or a service: an administrative act, or a read about people. Equal ones "
        "of one second, for a service of one minute, are one entry."
    )
)
class AuditEntry:
    id: strawberry.ID = strawberry.field(description="Its own.")
    at: datetime = strawberry.field(description="When it was done; for a service when the minute began.")
    count: int = strawberry.field(description="How often; for `LOST` how many entries.")

    @field(graphql_type=AuditKind, description="What it tells of.")
    @staticmethod
    def kind(root: Parent[values.AuditEntry]) -> values.AuditKind:
        return root.deed.kind

    @field(description="Who did it: an API key, a token's subject, or `local` where nobody is told from another.")
    @staticmethod
    def principal(root: Parent[values.AuditEntry]) -> str:
        return root.deed.principal

    @field(description="In which role.")
    @staticmethod
    def role(root: Parent[values.AuditEntry]) -> str:
        return root.deed.role

    @field(description="The name of the operation, as far as it had one; not of a service.")
    @staticmethod
    def operation(root: Parent[values.AuditEntry]) -> str | None:
        return root.deed.operation

    @field(description="What was asked, such as `Query.user`, and of users what; at most 50.")
    @staticmethod
    def fields(root: Parent[values.AuditEntry]) -> list[str]:
        return list(root.deed.fields)

    @field(
        graphql_type=list[strawberry.ID],
        description=(
            "The users that it named, at most 100; who was erased is named by a key that says nothing of the id. Empty "
            "for a service."
        ),
    )
    @staticmethod
    def subjects(root: Parent[values.AuditEntry]) -> list[str]:
        return list(root.deed.subjects)

    @field(description="How many users it named.")
    @staticmethod
    def people(root: Parent[values.AuditEntry]) -> int:
        return root.deed.people


@strawberry.type(description="An entry at its place in the log.")
class AuditEdge:
    cursor: str = strawberry.field(description="Its place: `after` this cursor the log goes on.")
    node: AuditEntry = strawberry.field(description="The entry.")


@strawberry.type(description="A page of the audit log, newest first; equal times by id, descending.")
class AuditLog:
    @field(graphql_type=list[AuditEdge], description="The entries of this page.")
    @staticmethod
    def edges(root: Parent[values.AuditPage]) -> list[Edge[values.AuditEntry]]:
        return list(map(Edge, root.cursors, root.entries))

    @field(graphql_type=PageInfo, description="Where the page ends.")
    @staticmethod
    def page_info(root: Parent[values.AuditPage]) -> Page:
        return Page.of(root.cursors, has_next=root.has_next)


@strawberry.type
class Auditing:
    """Reads of the audit log; ``schema.query.Query`` has them all."""

    @field(
        graphql_type=AuditLog,
        description=(
            "What admins and services did that has to be accounted for, newest first. Reads come into the log within "
            "seconds, those of services when their minute is over."
        ),
    )
    async def audit_log(
        self,
        info: Info,
        since: Annotated[
            datetime | None, strawberry.argument(description="From then on; default: 30 days before `until`.")
        ] = Unset,
        until: Annotated[datetime | None, strawberry.argument(description="Before this time; default: now.")] = Unset,
        principal: Annotated[str | None, strawberry.argument(description="Only of this one.")] = Unset,
        user_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Only what named this user, who may have been erased since."),
        ] = Unset,
        first: First = 50,
        after: Annotated[
            str | None, strawberry.argument(description="Go on after this cursor; default: begin with the newest.")
        ] = Unset,
    ) -> values.AuditPage:
        return await resolvers.auditing.page(
            info.context.auditor.store,
            given(since),
            given(until),
            given(principal),
            given(user_id),
            first,
            given(after) or None,
            info.context.received_at,
        )
