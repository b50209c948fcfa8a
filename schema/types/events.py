"""Events, as they were recorded. A ``signals.events.Event`` stands for each of the four types."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry
from strawberry import Parent
from strawberry.scalars import JSON

from schema.enums import ActivityType, ContentInteractionType, DeviceType, SocialInteractionType
from schema.fields import field
from schema.types.contents import Content
from schema.types.people import User
from signals import events as values
from signals import people
from signals.events import Face

TYPE_NAMES = {
    Face.CONTENT: "ContentInteraction",
    Face.SOCIAL: "SocialInteraction",
    Face.PROFILE: "ProfileVisit",
    Face.ACTIVITY: "Activity",
}


@strawberry.type(description="What the client said it runs on.")
class Device:
    type: DeviceType | None = strawberry.field(description="The kind of device.")
    browser: str | None = strawberry.field(description="Such as `Firefox`.")
    browser_version: str | None = strawberry.field(description="Such as `131.0`.")
    os: str | None = strawberry.field(description="Such as `Android 15`.")
    platform: str | None = strawberry.field(description="Such as `web`, `ios`, `backend`.")
    app_version: str | None = strawberry.field(description="The version of the client app.")


@strawberry.type(description="Anything an activity may be about that is no content.")
class Entity:
    type: str = strawberry.field(description="Its type in snake_case, such as `project`.")
    id: strawberry.ID = strawberry.field(description="The caller's id, unique within the type.")


@strawberry.interface(description="One thing that somebody did.")
class Event:
    id: strawberry.ID = strawberry.field(description="Unique for ever.")
    type: str = strawberry.field(description="`category:action`, such as `post:like`, `social:follow`, `auth:login`.")
    category: str = strawberry.field(
        description="For content the content type in lower case, else `social`, `profile` or the activity's category."
    )
    action: str = strawberry.field(description="What was done, in lower case: `like`, `follow`, `login`.")
    occurred_at: datetime = strawberry.field(
        description="When it happened by the server's clock: corrected by `sentAt`, never later than received."
    )
    received_at: datetime = strawberry.field(description="When the server received it first.")
    reported_at: datetime | None = strawberry.field(
        description="When it happened as the client said; null where the client did not."
    )
    sent_at: datetime | None = strawberry.field(description="When the client sent it, by the client's clock.")
    session_id: strawberry.ID | None = strawberry.field(description="The client's session.")
    device: Device | None = strawberry.field(description="What the client ran on.")
    country: str | None = strawberry.field(description="Where the user was.")
    time_zone: str | None = strawberry.field(description="The user's IANA time zone.")
    duration_ms: int | None = strawberry.field(description="How long it took, in milliseconds.")
    metadata: JSON | None = strawberry.field(description="What else was kept with it.")
    context: JSON | None = strawberry.field(description="The situation it happened in.")
    retracted: bool = strawberry.field(description="Whether it was taken back; then it counts nowhere.")
    retracted_at: datetime | None = strawberry.field(description="When it was taken back.")
    retract_reason: str | None = strawberry.field(description="Why it was taken back, as far as somebody said.")
    expired_at: datetime | None = strawberry.field(
        description=(
            "When it was kept long enough: what it carried is gone (metadata, context, device, what else no figure is "
            "made of), and no list shows it."
        )
    )

    @field(graphql_type=User, description="Who did it.")
    @staticmethod
    def user(root: Parent[values.Event]) -> people.User:
        return people.User(root.user_id)

    @classmethod
    def resolve_type(cls, value: values.Event, *_: Any) -> str:
        """The name of the type that ``value`` is."""
        return TYPE_NAMES[value.face]


def _target(root: Parent[values.Event]) -> people.User:
    return people.User(root.target_user_id or "")


@strawberry.type(description="Somebody did something with a piece of content.")
class ContentInteraction(Event):
    name: ContentInteractionType = strawberry.field(name="interaction", description="What was done.")
    content: Content = strawberry.field(description="With what.")
    scroll_depth: float | None = strawberry.field(description="How far it was scrolled, in percent.")
    reaction: str | None = strawberry.field(description="Which reaction.")
    position: int | None = strawberry.field(description="At which place of a list it was shown; the first is 0.")
    impression_id: strawberry.ID | None = strawberry.field(description="The impression that led to it.")

    @classmethod
    def is_type_of(cls, value: values.Event, *_: Any) -> bool:
        """Whether ``value`` is one."""
        return value.face is Face.CONTENT


@strawberry.type(description="Somebody did something towards another user.")
class SocialInteraction(Event):
    name: SocialInteractionType = strawberry.field(name="interaction", description="What was done.")
    content: Content | None = strawberry.field(description="What it was about.")
    target_user = strawberry.field(resolver=_target, graphql_type=User, description="Towards whom.")

    @classmethod
    def is_type_of(cls, value: values.Event, *_: Any) -> bool:
        """Whether ``value`` is one."""
        return value.face is Face.SOCIAL


@strawberry.type(description="Somebody looked at a user's profile. `user` is the visitor.")
class ProfileVisit(Event):
    source: str | None = strawberry.field(description="What led there.")
    profile_user = strawberry.field(resolver=_target, graphql_type=User, description="Whose profile.")

    @classmethod
    def is_type_of(cls, value: values.Event, *_: Any) -> bool:
        """Whether ``value`` is one."""
        return value.face is Face.PROFILE


@strawberry.type(description="Somebody did something in the product.")
class Activity(Event):
    name: ActivityType = strawberry.field(name="activity", description="What was done.")
    entity: Entity | None = strawberry.field(description="What it was about.")
    points: float | None = strawberry.field(description="What it earned.")

    @classmethod
    def is_type_of(cls, value: values.Event, *_: Any) -> bool:
        """Whether ``value`` is one."""
        return value.face is Face.ACTIVITY
