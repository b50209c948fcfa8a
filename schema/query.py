"""What can be read."""

from __future__ import annotations

from typing import Annotated

import strawberry

import resolvers.contents
import resolvers.crowds
import resolvers.log
import resolvers.people
import resolvers.sessions
from schema.api_keys import KeyList
from schema.archive import Archiving
from schema.arguments import AsOf, given
from schema.audience import Audience
from schema.audit_log import Auditing
from schema.consent import Asking
from schema.context import Info
from schema.engagement import EVERYTHING, Dashboard, Filter
from schema.erasing import Holding
from schema.fields import field
from schema.inputs.references import ContentRef, ref_of
from schema.pagination import EventConnection
from schema.ranking import Ranking
from schema.sessions import Sittings
from schema.types.contents import Content
from schema.types.events import Event
from schema.types.people import User
from schema.types.population import PopulationHabits
from schema.types.sessions import Session
from signals import events as values
from signals import people
from signals.figures import Figures
from signals.sessions import Outline


@strawberry.type(description="What can be read.")
class Query(Audience, Dashboard, Ranking, Sittings, Asking, Archiving, KeyList, Auditing, Holding):
    @field(graphql_type=Event | None, description="One event by its id, also when it was taken back.")
    async def event(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The event's id.")]
    ) -> values.Event | None:
        return await resolvers.log.event(info.context.events, id)

    @field(
        graphql_type=EventConnection,
        description="Events, newest first; equal times by id, descending. Those taken back are left out.",
    )
    async def events(
        self,
        info: Info,
        filter: Filter = strawberry.UNSET,
        first: Annotated[int | None, strawberry.argument(description="How many at most, 1 to 500.")] = 50,
        after: Annotated[
            str | None, strawberry.argument(description="Go on after this cursor; default: begin with the newest.")
        ] = strawberry.UNSET,
    ) -> values.EventPage:
        return await resolvers.log.page(
            info.context.events, filter.value() if filter else EVERYTHING, first, after or None
        )

    @field(
        graphql_type=Session | None, description="A session, also an inferred one; null when there is none of that id."
    )
    async def session(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The session's id.")]
    ) -> values.Session | Outline | None:
        return await resolvers.sessions.by_id(info.context.events, info.context.sessions, id)

    @field(graphql_type=User | None, description="A user; null when nobody ever saw them.")
    async def user(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The user's id.")]
    ) -> people.User | None:
        return await resolvers.people.user(info.context.people, id)

    @field(graphql_type=Content | None, description="A piece of content; null when nobody ever saw it.")
    async def content(
        self, info: Info, ref: Annotated[ContentRef, strawberry.argument(description="Which.")]
    ) -> values.ContentRef | None:
        known = await resolvers.contents.content(info.context.contents, ref_of(ref))
        return info.context.remember(known)

    @field(
        graphql_type=PopulationHabits | None,
        description="What ranking adapts to. Null: nothing is reckoned yet, and it goes by the built-in figures.",
    )
    async def population_habits(self, info: Info, as_of: AsOf = strawberry.UNSET) -> Figures | None:
        context, by = info.context, given(as_of) or info.context.received_at
        if context.least:
            return await resolvers.crowds.habits(context.population, context.actives, by, context.least)
        return await context.population.figures(by)
