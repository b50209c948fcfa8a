"""Sessions of everybody or of one user."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

import resolvers.sessions
from schema.arguments import First
from schema.context import Info
from schema.fields import field
from schema.types.sessions import Session
from signals.sessions import Outline


@strawberry.input(description="Which sessions; every field given narrows.")
class SessionFilter:
    user_id: strawberry.ID | None = strawberry.field(description="Those that this user began.")
    since: datetime | None = strawberry.field(
        description="Those that began at this time or later; default: any time, without `userId` a day before `until`."
    )
    until: datetime | None = strawberry.field(description="Those that began before this time; default: now.")


@strawberry.type
class Sittings:
    """Reads of sessions; ``schema.query.Query`` has them all."""

    @field(
        graphql_type=list[Session],
        description=(
            "Sessions, the latest to begin first, equal times by id descending. Without `userId` those of everybody, "
            "of 7 days at most. A session that began in the window has all of its events, later ones too."
        ),
    )
    async def sessions(
        self,
        info: Info,
        filter: Annotated[
            SessionFilter | None, strawberry.argument(description="Which; default: everybody's of the last day.")
        ] = strawberry.UNSET,
        first: First = 50,
    ) -> list[Outline]:
        asked = filter or SessionFilter(user_id=None, since=None, until=None)
        sessions, now = info.context.sessions, info.context.received_at
        if asked.user_id is None:
            return await resolvers.sessions.of_everybody(sessions, asked.since, asked.until, first, now)
        return await resolvers.sessions.of_user(sessions, asked.user_id, asked.since, asked.until, first, now)
