"""What a dashboard asks about the audience: how many people are active, and with what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

import resolvers.crowds
from resolvers.active import active_users, dates_between
from resolvers.arguments import page_size, span, zoned
from resolvers.neighbourhood import scope
from resolvers.top_content import Question, Ranker
from schema.arguments import First, OfType, TimeZone, given
from schema.context import Info
from schema.engagement import Among, Hops
from schema.enums import TopContentBy
from schema.fields import field
from schema.types.active import ActiveDate
from schema.types.top_content import TopContent
from signals import active as active_values
from signals import top_content as values
from signals.top_content import By

Unset = strawberry.UNSET
SCORE = TopContentBy(By.SCORE.value)


@strawberry.type
class Audience:
    """Reads about the audience; ``schema.query.Query`` has them all."""

    @field(
        graphql_type=list[ActiveDate],
        description=(
            "How many people are active: a row for each local date that overlaps the span, oldest first. A date counts "
            "as a whole, and at most 400 are answered at once."
        ),
    )
    async def active_users(
        self,
        info: Info,
        since: Annotated[datetime, strawberry.argument(description="The first date is the one this time is on.")],
        until: Annotated[datetime, strawberry.argument(description="The last date begins before this time.")],
        time_zone: TimeZone = "UTC",
        viewer_id: Among = Unset,
        hops: Hops = 1,
    ) -> list[active_values.ActiveDate]:
        context = info.context
        dates = dates_between(zoned(time_zone), *span(since, until))
        people = await scope(context.neighbourhoods, given(viewer_id), hops)
        return await active_users(context.actives, context.diaries, dates, people, least=context.least)

    @field(
        graphql_type=list[TopContent],
        description="The contents that people do most with in a span of time: most first, equal ones by type and id.",
    )
    async def top_content(
        self,
        info: Info,
        since: Annotated[datetime, strawberry.argument(description="Events at this time or later.")],
        until: Annotated[datetime, strawberry.argument(description="Events before this time.")],
        by: Annotated[TopContentBy | None, strawberry.argument(description="What the list is sorted by.")] = SCORE,
        content_type: OfType = Unset,
        first: First = 50,
        viewer_id: Among = Unset,
        hops: Hops = 1,
    ) -> list[values.TopContent]:
        context, (start, end) = info.context, span(since, until)
        count = page_size("first", first)
        question = Question(
            since=start,
            until=end,
            by=By(by or By.SCORE),
            first=count,
            content_type=given(content_type),
            people=await scope(context.neighbourhoods, given(viewer_id), hops),
        )
        weights = context.weights.engagement_rate
        rows = await Ranker(context.top_contents, context.diaries, context.vocabulary, weights).top(question)
        if not context.least:
            return rows
        return await resolvers.crowds.top(
            context.contents, context.vocabulary, weights, rows, (start, end), question.by, context.least
        )
