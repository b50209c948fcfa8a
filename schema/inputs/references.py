"""Things pointed at: content, and anything else."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from schema.enums import ContentType
from schema.ingest import as_sent
from signals import events


@strawberry.input(description="A piece of content, by its type and the caller's own id.")
class ContentRef:
    type: ContentType = strawberry.field(description="What it is.")
    id: strawberry.ID = strawberry.field(description="The caller's id, unique within the type; 1 to 128 characters.")

    def value(self) -> events.ContentRef:
        """The reference inside."""
        return events.ContentRef(self.type, self.id)


def _quickly(cls: type[ContentRef], value: Mapping[str, str], _: InputContext) -> ContentRef:
    """As Strawberry does, for what has two strings: a feed's candidates come by the hundred."""
    return cls(type=ContentType(value["type"]), id=strawberry.ID(value["id"]))


get_object_definition(ContentRef, strict=True).from_input = _quickly


@as_sent
@strawberry.input(description="Anything an activity may be about that is no content: a project, an email, a sketch.")
class EntityRef:
    type: str = strawberry.field(description="Any type in snake_case, such as `project`; at most 64 characters.")
    id: strawberry.ID = strawberry.field(description="The caller's id, unique within the type; 1 to 128 characters.")
