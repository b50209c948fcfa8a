"""Things pointed at: content, and anything else."""

from __future__ import annotations

import strawberry

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


@as_sent
@strawberry.input(description="Anything an activity may be about that is no content: a project, an email, a sketch.")
class EntityRef:
    type: str = strawberry.field(description="Any type in snake_case, such as `project`; at most 64 characters.")
    id: strawberry.ID = strawberry.field(description="The caller's id, unique within the type; 1 to 128 characters.")
