"""What a request costs of its caller's allowance: a token for each thing it does.

A request takes its first token before its body is read. What it costs beyond is known once it was found valid: a token
for every further field of its first level, and in a mutation for every further item of the list that the field is
given. So a batch costs as much as its events one by one, and nothing is won by many fields in one request.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from schema.context import Context
from schema.limits import shape_of
from schema.rate_limits import RateLimited


class ChargeOperations(SchemaExtension):
    """Takes what an operation costs beyond its first token. Stands behind what validates and limits."""

    def on_validate(self) -> Iterator[None]:
        """After the document was found valid and not too large."""
        execution = self.execution_context
        caller = execution.context
        if not execution.pre_execution_errors and isinstance(caller, Context):
            found = shape_of(execution)
            try:
                caller.allowance.take(found.calls_of(execution.variables or {}) if found else 1, taken=1)
            except RateLimited as error:
                execution.pre_execution_errors = [
                    GraphQLError(error.reason, extensions={"code": error.code, **error.said})
                ]
        yield
