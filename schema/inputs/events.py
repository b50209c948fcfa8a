"""What is recorded, as callers send it. The limits are kept by ``signals.intake``."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from schema.enums import ActivityType, ContentInteractionType, DeviceType, SocialInteractionType
from schema.ingest import as_sent
from schema.inputs.references import ContentRef, EntityRef


@as_sent
@strawberry.input(description="What the client runs on, as far as it says.")
class DeviceInput:
    type: DeviceType | None = strawberry.field(description="The kind of device.")
    browser: str | None = strawberry.field(description="Such as `Firefox`.")
    browser_version: str | None = strawberry.field(description="Such as `131.0`.")
    os: str | None = strawberry.field(description="Such as `Android 15`.")
    platform: str | None = strawberry.field(description="Such as `web`, `ios`, `backend`.")
    app_version: str | None = strawberry.field(description="The version of the client app.")


@strawberry.input
class Common:
    """The fields that every event input takes."""

    id: strawberry.ID | None = strawberry.field(
        description=(
            "Unique for ever, 1 to 128 characters, given by the client so that a retry is known for one. Left out, the "
            "event gets a UUIDv7, and sending it again records another event."
        )
    )
    occurred_at: datetime | None = strawberry.field(
        description="When it happened, by the client's clock. Left out: when the server received it."
    )
    sent_at: datetime | None = strawberry.field(
        description="When the client sent it, by the same clock; lets the server correct `occurredAt`."
    )
    session_id: strawberry.ID | None = strawberry.field(description="The client's session, 1 to 128 characters.")
    device: DeviceInput | None = strawberry.field(description="What the client runs on.")
    country: str | None = strawberry.field(description="Where the user is, such as `DE`; at most 64 characters.")
    time_zone: str | None = strawberry.field(description="The user's IANA time zone, such as `Europe/Berlin`.")
    duration_ms: int | None = strawberry.field(description="How long it took, in milliseconds.")
    metadata: JSON | None = strawberry.field(
        description=(
            "What else is to be kept with the event; at most 4 KiB. What looks like personal data, such as a key "
            "`email` anywhere in it, is refused or hashed, as the deployment has set."
        )
    )
    context: JSON | None = strawberry.field(
        description="The situation it happened in; at most 4 KiB, and guarded as `metadata` is."
    )


@as_sent
@strawberry.input(description="Somebody did something with a piece of content.")
class ContentInteractionInput(Common):
    user_id: strawberry.ID = strawberry.field(description="Who did it.")
    interaction: ContentInteractionType = strawberry.field(description="What was done.")
    content: ContentRef = strawberry.field(description="With what.")
    scroll_depth: float | None = strawberry.field(description="How far it was scrolled, in percent, 0 to 100.")
    reaction: str | None = strawberry.field(description="Which reaction, for REACT; at most 64 characters.")
    position: int | None = strawberry.field(description="At which place of a list it was shown; the first is 0.")
    impression_id: strawberry.ID | None = strawberry.field(
        description="The impression that led to it, as the one who showed the content named it."
    )


@as_sent
@strawberry.input(description="Somebody did something towards another user.")
class SocialInteractionInput(Common):
    user_id: strawberry.ID = strawberry.field(description="Who did it.")
    interaction: SocialInteractionType = strawberry.field(description="What was done.")
    target_user_id: strawberry.ID = strawberry.field(description="Towards whom.")
    content: ContentRef | None = strawberry.field(
        description="What it was about: the comment that mentions, the message that was read."
    )


@as_sent
@strawberry.input(description="Somebody looked at a user's profile.")
class ProfileVisitInput(Common):
    visitor_id: strawberry.ID = strawberry.field(description="Who looked.")
    profile_user_id: strawberry.ID = strawberry.field(description="Whose profile.")
    source: str | None = strawberry.field(description="What led there, such as `search`; at most 256 characters.")


@as_sent
@strawberry.input(description="Somebody did something in the product.")
class ActivityInput(Common):
    user_id: strawberry.ID = strawberry.field(description="Who did it.")
    activity: ActivityType = strawberry.field(description="What was done; CUSTOM for what is not in the list.")
    category: str | None = strawberry.field(
        description="For CUSTOM, in snake_case, at most 64 characters: `category:action` is the event's type."
    )
    action: str | None = strawberry.field(description="For CUSTOM, in snake_case, at most 64 characters.")
    entity: EntityRef | None = strawberry.field(description="What it was about.")
    points: float | None = strawberry.field(description="What it earned.")


@as_sent
@strawberry.input(one_of=True, description="One event of a batch: exactly one of the four.")
class EventInput:
    content: ContentInteractionInput | None = strawberry.field(description="Something done with content.")
    social: SocialInteractionInput | None = strawberry.field(description="Something done towards another user.")
    profile_visit: ProfileVisitInput | None = strawberry.field(description="A look at a profile.")
    activity: ActivityInput | None = strawberry.field(description="Something done in the product.")


@as_sent
@strawberry.input(description="What ranking needs to know about a piece of content. What is left out stays as it is.")
class RegisterContentInput:
    content: ContentRef = strawberry.field(description="Which.")
    author_id: strawberry.ID | None = strawberry.field(description="Who made it.")
    created_at: datetime | None = strawberry.field(description="When it was made.")
    tags: list[str] | None = strawberry.field(description="At most 64 of at most 64 characters; they replace the old.")
    language: str | None = strawberry.field(description="A BCP 47 tag, such as `de` or `pt-BR`.")
