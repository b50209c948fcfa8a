"""The enums of the API. Those of what can be recorded are made from the vocabulary, a deployment's rows included.

Inside, an enum value is its name, a plain ``str``: each enum is a NewType in annotations, and ``enums`` says what
GraphQL makes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NewType, cast

from graphql import GraphQLEnumType, GraphQLEnumValue
from strawberry.types.scalar import ScalarDefinition

from signals.events import Face
from signals.feed import DISCOVER, HOME, Feature
from signals.inputs import DEVICE_TYPES
from signals.outcomes import RefusedBecause as Reason
from signals.people import ConnectionStatus as Status
from signals.sources import CO_ACTION, TIES, TRENDING
from signals.top_content import By
from signals.vocabulary import Behaviour, Term, Vocabulary

ContentType = NewType("ContentType", str)
ContentInteractionType = NewType("ContentInteractionType", str)
SocialInteractionType = NewType("SocialInteractionType", str)
ActivityType = NewType("ActivityType", str)
DeviceType = NewType("DeviceType", str)
ConnectionStatus = NewType("ConnectionStatus", str)
FeedFeature = NewType("FeedFeature", str)
FeedPreset = NewType("FeedPreset", str)
HiddenBecause = NewType("HiddenBecause", str)
RefusedBecause = NewType("RefusedBecause", str)
AuditKind = NewType("AuditKind", str)
TieKind = NewType("TieKind", str)
StepKind = NewType("StepKind", str)
CandidateSource = NewType("CandidateSource", str)
DayStatus = NewType("DayStatus", str)
NotificationKind = NewType("NotificationKind", str)
AchievementKind = NewType("AchievementKind", str)
Granularity = NewType("Granularity", str)
TopContentBy = NewType("TopContentBy", str)
TrendGroup = NewType("TrendGroup", str)
Role = NewType("Role", str)

DEVICES = {
    "DESKTOP": "A desktop or laptop computer.",
    "MOBILE": "A phone.",
    "TABLET": "A tablet.",
    "OTHER": "Anything else: a television, a watch, a console, a server.",
}
STATUSES = {
    Status.REQUESTED: "Asked for, and not answered yet.",
    Status.ACCEPTED: "Connected.",
    Status.DECLINED: "The one who was asked said no.",
    Status.CANCELLED: "The one who asked took it back.",
    Status.REMOVED: "Was connected; either one ended it.",
}
FEATURES = {
    Feature.POPULARITY: "`popularity`.",
    Feature.TREND: "`trend` and `rising`.",
    Feature.RATES: "`rates`.",
    Feature.MINE: "`seen`, `lastSeenAt`, `myInteractions`, `hidden` and `hiddenBecause`.",
    Feature.AUTHOR_AFFINITY: "`authorAffinity`.",
    Feature.SOCIAL_PROOF: "`socialProof`.",
    Feature.CO_ACTION: "`coAction`.",
    Feature.SCORE: "`score`, `contributions` and `because`, with all that the preset weighs.",
}
PRESETS = {
    HOME: "What is close to the viewer: people and tastes they know, popular and fresh.",
    DISCOVER: "What the viewer would not come across otherwise: taste and trend before acquaintance.",
}
REASONS = {
    "HIDDEN": "The viewer hid it, not too long ago.",
    "REPORTED": "The viewer reported it.",
    "AUTHOR_BLOCKED": "The viewer has blocked its author.",
    "BLOCKED_BY_AUTHOR": "Its author has blocked the viewer.",
    "AUTHOR_MUTED": "The viewer muted its author, not too long ago.",
}
REFUSED_BECAUSE = {
    Reason.NOT_ALLOWED: "The caller may not record for this user.",
    Reason.NO_CONSENT: "The user has not agreed to being recorded, or no longer does.",
    Reason.ERASED: "A user of the event was erased, and may not be recorded again.",
}
AUDIT_KINDS = {
    "ACT": "Something that only admins may do. It is written down before it is done; that it succeeded is not said.",
    "READ": "Something about people was read, or something that only admins may read.",
    "LOST": "More was read than could be written down: `count` entries are missing.",
}
ROLES = {
    "CLIENT": "An app in somebody's hands: records as that user and reads what is theirs.",
    "SERVICE": "A back end: records for anyone, reads signals and people.",
    "ANALYST": "Reads aggregates, and nothing about a single person.",
    "ADMIN": "May do everything.",
}
TIE_KINDS = {
    "CONNECTED": "The viewer is connected with them.",
    "FOLLOWS": "The viewer follows them.",
    "TALKS": "They deal with each other otherwise.",
}
STEP_KINDS = {
    "CONNECTED": "The two are connected.",
    "FOLLOWS": "The first follows the second.",
    "FOLLOWED_BY": "The second follows the first.",
    "INTERACTED": "There were events of positive weight between them.",
}
DAY_STATUSES = {
    "NONE": "Nothing counts towards the goal.",
    "PARTIAL": "Something does, and not yet enough.",
    "COMPLETE": "The goal is reached.",
}
NOTIFICATION_KINDS = {
    "MILESTONE": "So many days in a row, for the first time.",
    "REMINDER": "The streak runs, it is late in the day, and nothing is done yet.",
    "STREAK_BROKEN": "A streak of two days or more is over.",
}
SOURCES = {
    TIES: "The viewer's ties engaged with it.",
    CO_ACTION: "People of the same taste engaged with it.",
    TRENDING: "Many people turn to it now.",
}

ACHIEVEMENT_KINDS = {
    "COUNT": "Events of certain types or categories.",
    "STREAK": "The longest streak, in days.",
    "POINTS": "Points earned.",
    "DISTINCT": "Different entities, contents or values of a metadata key.",
}
GRANULARITIES = {
    "HOUR": "From one full hour of the local clock to the next.",
    "DAY": "A local date, with its 23, 24 or 25 hours.",
    "WEEK": "An ISO week, which begins on Monday.",
    "MONTH": "A calendar month.",
}
TREND_GROUPS = {
    "TYPE": "By type, such as `post:like`.",
    "CATEGORY": "By category, such as `post`.",
    "CONTENT_TYPE": "By the type of the content an event names; `none` where it names none.",
    "COUNTRY": "By country; `unknown` where nobody told.",
    "DEVICE_TYPE": "By type of device; `unknown` where nobody told.",
    "NONE": "All together, as `all`.",
}
TOP_BY = {
    By.EVENTS: "How many events.",
    By.UNIQUE_USERS: "How many users they are from.",
    By.VIEWS: "`views`.",
    By.LIKES: "`likes`.",
    By.COMMENTS: "`comments`.",
    By.SHARES: "`shares`.",
    By.SAVES: "`saves`.",
    By.TIME_SPENT: "`timeSpentMs`.",
    By.SCORE: "`score`: each event by its weight.",
    By.ENGAGEMENT_RATE: "`engagementRate`: likes and more per view.",
}


def enums(vocabulary: Vocabulary) -> dict[object, ScalarDefinition]:
    """What each enum's NewType is in a schema with this vocabulary."""
    return {
        ContentType: _enum("ContentType", "What a piece of content is.", _content_types(vocabulary)),
        ContentInteractionType: _enum(
            "ContentInteractionType",
            "What somebody did with a piece of content.",
            _names(vocabulary, Face.CONTENT),
        ),
        SocialInteractionType: _enum(
            "SocialInteractionType", "What somebody did towards another user.", _names(vocabulary, Face.SOCIAL)
        ),
        ActivityType: _enum("ActivityType", "What somebody did in the product.", _names(vocabulary, Face.ACTIVITY)),
        DeviceType: _enum("DeviceType", "The kind of device.", {name: DEVICES[name] for name in DEVICE_TYPES}),
        ConnectionStatus: _enum(
            "ConnectionStatus", "Where a connection stands.", {status.value: STATUSES[status] for status in Status}
        ),
        FeedFeature: _enum(
            "FeedFeature", "What can be computed for a candidate.", {f.value: FEATURES[f] for f in Feature}
        ),
        FeedPreset: _enum("FeedPreset", "What the default score is after.", PRESETS),
        HiddenBecause: _enum("HiddenBecause", "Why a viewer is not to see a candidate.", REASONS),
        AuditKind: _enum("AuditKind", "What an entry of the audit log tells of.", AUDIT_KINDS),
        RefusedBecause: _enum(
            "RefusedBecause",
            "Why an event that is right may not be recorded.",
            {reason.value: REFUSED_BECAUSE[reason] for reason in Reason},
        ),
        Role: _enum("Role", "What a caller may do.", ROLES),
        TieKind: _enum("TieKind", "How a viewer deals with somebody.", TIE_KINDS),
        StepKind: _enum("StepKind", "What stands between two people.", STEP_KINDS),
        AchievementKind: _enum("AchievementKind", "What an achievement counts.", ACHIEVEMENT_KINDS),
        Granularity: _enum("Granularity", "How long a bucket is.", GRANULARITIES),
        TopContentBy: _enum(
            "TopContentBy", "What contents are sorted by.", {by.value: text for by, text in TOP_BY.items()}
        ),
        TrendGroup: _enum("TrendGroup", "What makes a series.", TREND_GROUPS),
        DayStatus: _enum("DayStatus", "How far a date came towards the goal of the day.", DAY_STATUSES),
        NotificationKind: _enum("NotificationKind", "Why somebody is told something.", NOTIFICATION_KINDS),
        CandidateSource: _enum("CandidateSource", "Where a recommended content was found.", SOURCES),
    }


def _enum(name: str, description: str, values: Mapping[str, str]) -> ScalarDefinition:
    # Strawberry's own enums are Python classes, fixed at import, while these depend on a deployment's table. A scalar
    # definition may bring its GraphQL type along, and graphql-core's enum type takes any names at any time.
    enum = GraphQLEnumType(
        name,
        {value: GraphQLEnumValue(value, description=text) for value, text in values.items()},
        description=description,
    )
    return ScalarDefinition(
        name=name,
        description=description,
        specified_by_url=None,
        serialize=None,
        parse_value=None,
        parse_literal=None,
        implementation=cast("Any", enum),
    )


def _content_types(vocabulary: Vocabulary) -> dict[str, str]:
    return {name: f"Its interactions are of the category `{name.lower()}`." for name in vocabulary.content_types}


def _names(vocabulary: Vocabulary, face: Face) -> dict[str, str]:
    return {name: _meaning(vocabulary.term(face, name)) for name in vocabulary.names(face)}


def _meaning(term: Term) -> str:
    """What a row says, for the caller who chooses between rows."""
    if term.name == "CUSTOM":
        return "Anything else: `category` and `action` say what."
    recorded = f"Recorded as `{term.category or '<content type>'}:{term.action}`."
    if not term.on:
        return f"Takes {term.state} back. {recorded}"
    return f"{_adding_up(term)} {recorded} Weight {term.weight:g}."


def _adding_up(term: Term) -> str:
    match term.behaviour:
        case Behaviour.STATE:
            return "On or off: the latest decides, doing it twice is once."
        case Behaviour.CONNECTION:
            return "A step in the life of a connection."
        case _:
            return "Each one counts."
