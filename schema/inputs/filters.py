"""What reads can be narrowed by."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.inputs.references import ContentRef, ref_of
from signals import events


def _strings(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


@strawberry.input(description="Which events; every field given narrows, an empty list matches nothing.")
class EventFilter:
    user_id: strawberry.ID | None = strawberry.field(description="Those of this user.")
    types: list[str] | None = strawberry.field(description="Any of these types, such as `post:like`; at most 100.")
    categories: list[str] | None = strawberry.field(description="Any of these categories, such as `post`; at most 100.")
    actions: list[str] | None = strawberry.field(description="Any of these actions, such as `like`; at most 100.")
    content: ContentRef | None = strawberry.field(description="Those about this piece of content.")
    target_user_id: strawberry.ID | None = strawberry.field(description="Those towards this user.")
    session_id: strawberry.ID | None = strawberry.field(description="Those of this session.")
    since: datetime | None = strawberry.field(description="Those that occurred at this time or later.")
    until: datetime | None = strawberry.field(description="Those that occurred before this time.")

    def value(self) -> events.EventFilter:
        """The filter inside."""
        return events.EventFilter(
            user_id=self.user_id,
            types=_strings(self.types),
            categories=_strings(self.categories),
            actions=_strings(self.actions),
            content=ref_of(self.content) if self.content else None,
            target_user_id=self.target_user_id,
            session_id=self.session_id,
            since=self.since,
            until=self.until,
        )
