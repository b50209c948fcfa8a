"""How many of a kind."""

from __future__ import annotations

from collections.abc import Iterable

import strawberry


@strawberry.type(description="How many events of one kind.")
class TypeCount:
    type: str = strawberry.field(description="The kind: an event type such as `post:like`, or a category.")
    count: int = strawberry.field(description="How many events.")


def counts(pairs: Iterable[tuple[str, int]]) -> list[TypeCount]:
    """The pairs as a list of type counts, in the same order."""
    return [TypeCount(type=type, count=count) for type, count in pairs]
