"""Things pointed at: content, and anything else."""

from __future__ import annotations

from typing import Any, NewType, cast

import strawberry
from graphql import GraphQLEnumType, GraphQLID, GraphQLInputField, GraphQLInputObjectType, GraphQLNonNull
from strawberry.types.scalar import ScalarDefinition

from schema.ingest import as_sent
from signals import events

ContentRef = NewType("ContentRef", dict[str, str])
"""The input of this name: ``type`` and ``id``. GraphQL checks it and Strawberry hands it on as it is, like a scalar: a
feed's candidates come by the hundred, and to make an object of each in between takes longer than to look at it."""


def ref_of(given: ContentRef) -> events.ContentRef:
    """The reference inside."""
    return events.ContentRef(given["type"], given["id"])


def content_ref(types: GraphQLEnumType) -> ScalarDefinition:
    """What GraphQL makes of ContentRef, where ``types`` are the types of content."""
    description = "A piece of content, by its type and the caller's own id."
    fields = {
        "type": GraphQLInputField(GraphQLNonNull(types), description="What it is."),
        "id": GraphQLInputField(
            GraphQLNonNull(GraphQLID), description="The caller's id, unique within the type; 1 to 128 characters."
        ),
    }
    return ScalarDefinition(
        name="ContentRef",
        description=description,
        specified_by_url=None,
        serialize=None,
        parse_value=None,
        parse_literal=None,
        implementation=cast("Any", GraphQLInputObjectType("ContentRef", fields, description=description)),
    )


@as_sent
@strawberry.input(description="Anything an activity may be about that is no content: a project, an email, a sketch.")
class EntityRef:
    type: str = strawberry.field(description="Any type in snake_case, such as `project`; at most 64 characters.")
    id: strawberry.ID = strawberry.field(description="The caller's id, unique within the type; 1 to 128 characters.")
