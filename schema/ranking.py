"""What a feed-ranking service asks: one round trip each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

import resolvers.affinities
import resolvers.clicks
import resolvers.feed
import resolvers.paths
import resolvers.recommending
import resolvers.suggesting
import resolvers.trending
from schema.arguments import AsOf, First, KnownAt, OfType, Viewer, Witnesses, given
from schema.context import Info
from schema.enums import FeedFeature, FeedPreset
from schema.fields import field
from schema.inputs.references import ContentRef, ref_of
from schema.selection import counted, named, selects, worded
from schema.selection import features as selected_features
from schema.types.clicks import ClickThrough
from schema.types.feed import FeedSignals
from schema.types.paths import SocialPath
from schema.types.ranking import Affinity, RecommendedContent, SuggestedUser, TrendingContent
from signals import ranked as values
from signals.feed import HOME, Feature

Unset = strawberry.UNSET
HOME_PRESET = FeedPreset(HOME)


@strawberry.type
class Ranking:
    """Reads for ranking; ``schema.query.Query`` has them all."""

    @field(
        graphql_type=FeedSignals,
        description=(
            "What ranking needs to know of up to 1000 candidates for one viewer. One row per candidate in the order "
            "asked; a candidate that nobody ever saw gets zeros. Only what is selected is computed."
        ),
    )
    async def feed_signals(
        self,
        info: Info,
        viewer_id: Viewer,
        candidates: Annotated[list[ContentRef], strawberry.argument(description="Up to 1000; repeats are allowed.")],
        as_of: AsOf = Unset,
        known_at: KnownAt = Unset,
        witnesses: Witnesses = 3,
        budget_ms: Annotated[
            int | None,
            strawberry.argument(
                description=(
                    "Milliseconds that the answer may take, 1 to 60000. What does not fit is left out and named in "
                    "`dropped`. Default: all of it, however long it takes."
                )
            ),
        ] = Unset,
        preset: Annotated[
            FeedPreset | None, strawberry.argument(description="What the default score is after.")
        ] = HOME_PRESET,
        features: Annotated[
            list[FeedFeature] | None,
            strawberry.argument(description="What to compute; the rest is 0. Default: what the selected fields need."),
        ] = Unset,
    ) -> values.FeedSignals:
        chosen = given(features)
        asked = selected_features(info) if chosen is None else frozenset(map(Feature, chosen))
        return await resolvers.feed.feed_signals(
            await info.context.seen_by(viewer_id, as_of, known_at),
            viewer_id,
            list(map(ref_of, candidates)),
            features=asked,
            preset=preset,
            witnesses=witnesses,
            budget_ms=given(budget_ms),
            counted=counted(info),
            named=named(info),
            words=worded(info),
        )

    @field(
        graphql_type=list[Affinity],
        description="How close the viewer is to each of up to 1000 users, in the order asked; 0 to unknown ones.",
    )
    async def affinities(
        self,
        info: Info,
        viewer_id: Viewer,
        user_ids: Annotated[list[strawberry.ID], strawberry.argument(description="Up to 1000; repeats are allowed.")],
        as_of: AsOf = Unset,
        known_at: KnownAt = Unset,
        witnesses: Witnesses = 3,
    ) -> list[values.Affinity]:
        return await resolvers.affinities.affinities(
            await info.context.seen_by(viewer_id, as_of, known_at),
            viewer_id,
            user_ids,
            witnesses,
            scored=selects(info, "score", "contributions"),
        )

    @field(
        graphql_type=list[SuggestedUser],
        description=(
            "Whom the viewer may want to know: partners of partners, people with contents in common, and who turned to "
            "the viewer without an answer; nobody they know, blocked or were declined by. Best first."
        ),
    )
    async def suggested_users(
        self, info: Info, viewer_id: Viewer, first: First = 20, as_of: AsOf = Unset, known_at: KnownAt = Unset
    ) -> list[values.SuggestedUser]:
        here = await info.context.seen_by(viewer_id, as_of, known_at)
        return await resolvers.suggesting.suggested(here, viewer_id, first)

    @field(
        graphql_type=list[RecommendedContent],
        description=(
            "Contents that the viewer has not seen, hidden or made and may like, best first; no author fills the list."
        ),
    )
    async def recommended_content(
        self,
        info: Info,
        viewer_id: Viewer,
        first: First = 50,
        content_type: OfType = Unset,
        as_of: AsOf = Unset,
        known_at: KnownAt = Unset,
    ) -> list[values.RecommendedContent]:
        here = await info.context.seen_by(viewer_id, as_of, known_at)
        return await resolvers.recommending.recommended(here, viewer_id, first, given(content_type))

    @field(
        graphql_type=list[TrendingContent],
        description="What is catching on, most first: with everybody, or among a viewer's latest 256 ties.",
    )
    async def trending(
        self,
        info: Info,
        first: First = 50,
        content_type: OfType = Unset,
        viewer_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Among whose ties; default: with everybody.")
        ] = Unset,
        as_of: AsOf = Unset,
        known_at: KnownAt = Unset,
    ) -> list[values.TrendingContent]:
        context, viewer = info.context, given(viewer_id)
        here = context.standpoint(as_of, known_at)
        if viewer is not None:
            here = await context.seen_by(viewer, as_of, known_at)
        return await resolvers.trending.trending(here, first, given(content_type), viewer, least=context.least)

    @field(
        graphql_type=SocialPath | None,
        description=(
            "A shortest way from one user to another over people who deal with each other or are connected; null where "
            "there is none. No step crosses a block."
        ),
    )
    async def path_between(
        self,
        info: Info,
        from_id: Annotated[strawberry.ID, strawberry.argument(description="Where it begins.")],
        to_id: Annotated[strawberry.ID, strawberry.argument(description="Where it ends.")],
        max_hops: Annotated[int | None, strawberry.argument(description="How many steps at most, 1 to 6.")] = 4,
        as_of: AsOf = Unset,
        known_at: KnownAt = Unset,
    ) -> values.SocialPath | None:
        here = await info.context.seen_by(from_id, as_of, known_at)
        return await resolvers.paths.path_between(here, from_id, to_id, max_hops)

    @field(
        graphql_type=ClickThrough,
        description="How often what was shown was clicked: impressions, and interactions that name them.",
    )
    async def click_through(
        self,
        info: Info,
        since: Annotated[datetime, strawberry.argument(description="Impressions at this time or later.")],
        until: Annotated[datetime, strawberry.argument(description="Impressions before this time.")],
        content_type: OfType = Unset,
        as_of: AsOf = Unset,
        known_at: KnownAt = Unset,
    ) -> values.ClickThrough:
        context, cut = info.context, info.context.standpoint(as_of, known_at).cut
        return await resolvers.clicks.click_through(
            context.impressions, since, until, given(content_type), cut, least=context.least
        )
