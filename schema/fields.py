"""Fields that are computed, each with a description for the caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.types.field import StrawberryField


def field(
    description: str, graphql_type: Any = None, name: str | None = None
) -> Callable[[Callable[..., Any]], StrawberryField]:
    """Make a resolver a field. ``graphql_type``: what callers see where the resolver gives a value of ``signals``."""

    def made(resolver: Callable[..., Any]) -> StrawberryField:
        return strawberry.field(resolver, name=name, description=description, graphql_type=graphql_type)

    return made
