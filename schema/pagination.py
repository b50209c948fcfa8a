"""Pages of events, with a cursor beside each. A ``signals.events.EventPage`` stands for EventConnection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

import strawberry
from strawberry import Parent

from schema.fields import field
from schema.types.events import Event
from signals import events as values

T = TypeVar("T")


class Edge(NamedTuple, Generic[T]):
    """What is at a place in a list, and the cursor of the place."""

    cursor: str
    node: T


class Page(NamedTuple):
    """Whether a page is followed by another, and where it ends."""

    has_next_page: bool
    end_cursor: str | None

    @classmethod
    def of(cls, cursors: Sequence[str], *, has_next: bool) -> Page:
        """Of the cursors on a page."""
        return cls(has_next, cursors[-1] if cursors else None)


@strawberry.type(description="An event at its place in a list.")
class EventEdge:
    cursor: str = strawberry.field(description="Its place: `after` this cursor the list goes on.")
    node: Event = strawberry.field(description="The event.")


@strawberry.type(description="Where a page ends.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    end_cursor: str | None = strawberry.field(
        description="Give it as `after` for the next page; null on an empty page."
    )


@strawberry.type(description="A page of events, newest first; equal times by id, descending.")
class EventConnection:
    @field(graphql_type=list[EventEdge], description="The events of this page.")
    @staticmethod
    def edges(root: Parent[values.EventPage]) -> list[Edge[values.Event]]:
        return list(map(Edge, root.cursors, root.events))

    @field(graphql_type=PageInfo, description="Where the page ends.")
    @staticmethod
    def page_info(root: Parent[values.EventPage]) -> Page:
        return Page.of(root.cursors, has_next=root.has_next)
