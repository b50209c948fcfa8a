"""The schema itself: described throughout, and true to the values and the gate behind it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    introspection_types,
)

from graph import backups
from resolvers import archiving, consenting, pinging
from resolvers.recording import BatchOutcome, Registered
from schema.api import build_schema
from schema.ingest import AS_SENT
from schema.pagination import Edge, Page
from schema.types import feed
from signals import (
    achievements,
    active,
    api_keys,
    audit,
    balance,
    behaviour,
    content,
    contributions,
    daily,
    engagement_score,
    erasure,
    events,
    funnel,
    held,
    notifications,
    outcomes,
    people,
    points,
    ranked,
    retention,
    standing,
    streaks,
    top_content,
    trends,
)
from signals.events import Face
from signals.figures import Figures
from signals.inputs import DEVICE, ENTITY, event_forms, registration_form
from signals.vocabulary import Vocabulary
from tests.factories import VOCABULARY, did
from tests.unit.surface import SCHEMA, Ports, answered

CORE: GraphQLSchema = SCHEMA._schema
OWN = {name: type for name, type in CORE.type_map.items() if name not in introspection_types and type.ast_node is None}

VALUES: dict[str, type] = {
    "Achievement": achievements.Achievement,
    "ArchivePage": archiving.Page,
    "BackupMade": backups.Backup,
    "NotRestored": archiving.NotRestored,
    "Restored": archiving.Restored,
    "ApiKey": api_keys.ApiKey,
    "CreatedApiKey": api_keys.Made,
    "Balance": balance.Balance,
    "BalancePart": balance.Part,
    "Behaviour": behaviour.Behaviour,
    "EngagementContribution": engagement_score.Share,
    "EngagementScore": engagement_score.EngagementScore,
    "EngagementTrends": trends.EngagementTrends,
    "FeatureUse": behaviour.FeatureUse,
    "MeanDuration": behaviour.MeanDuration,
    "Points": points.Points,
    "SessionHabits": behaviour.SessionHabits,
    "TrendBucket": trends.Bucket,
    "TrendSeries": trends.Series,
    "DailyActivity": daily.DailyActivity,
    "Notification": notifications.Notification,
    "Pinged": pinging.Pinged,
    "Streak": streaks.Streak,
    **dict.fromkeys(("ContentInteraction", "SocialInteraction", "ProfileVisit", "Activity"), events.Event),
    "Content": events.ContentRef,
    "Entity": events.EntityRef,
    "Device": events.Device,
    "Session": events.Session,
    "ActivitySummary": events.ActivitySummary,
    "EventConnection": events.EventPage,
    "EventEdge": Edge,
    "PageInfo": Page,
    "Engagement": content.Engagement,
    "FunnelStep": funnel.Step,
    "ContentRelation": content.ContentRelation,
    "User": people.User,
    "Connection": people.Connection,
    "ProfileVisitor": people.ProfileVisitor,
    "SocialRelation": people.SocialRelation,
    "Consent": consenting.Consent,
    "ConsentDeclaration": standing.Declaration,
    "ConsentSet": consenting.ConsentSet,
    "Conversation": people.Conversation,
    "AuditEdge": Edge,
    "AuditEntry": audit.AuditEntry,
    "AuditLog": audit.AuditPage,
    "Expired": retention.Expired,
    "Expiry": retention.Expiry,
    "Tracked": outcomes.Tracked,
    "IdConflict": outcomes.IdConflict,
    "InvalidInput": outcomes.InvalidInput,
    "PopulationHabits": Figures,
    "Problem": outcomes.Problem,
    "Overloaded": outcomes.Overloaded,
    "Refused": outcomes.Refused,
    "Retracted": outcomes.Retracted,
    "NotFound": outcomes.NotFound,
    "Registered": Registered,
    "BatchResult": BatchOutcome,
    "ActiveDate": active.ActiveDate,
    "TopContent": top_content.TopContent,
    "Affinity": ranked.Affinity,
    "CandidateSignals": ranked.CandidateSignals,
    "ClickThrough": ranked.ClickThrough,
    "Contribution": contributions.Contribution,
    "ContributionColumn": feed.Column,
    "FeedColumns": feed.Columns,
    "FeedSignals": ranked.FeedSignals,
    "MutualConnections": ranked.MutualConnections,
    "PathStep": ranked.PathStep,
    "PositionRate": ranked.PositionRate,
    "RateColumns": feed.Rated,
    "Rates": ranked.Rates,
    "RecommendedContent": ranked.RecommendedContent,
    "SocialPath": ranked.SocialPath,
    "SocialProof": ranked.SocialProof,
    "SuggestedUser": ranked.SuggestedUser,
    "TieProof": ranked.TieProof,
    "TrendingContent": ranked.TrendingContent,
    "Witness": ranked.Witness,
    "ErasureCertificate": erasure.Certificate,
    "PersonalData": held.Page,
}


def undescribed() -> list[str]:
    """Everything a caller can meet that says nothing about itself."""
    found = []
    for name, type in OWN.items():
        if name in {"String", "Int", "Float", "Boolean", "ID"}:
            continue
        found += [] if type.description else [name]
        if isinstance(type, GraphQLEnumType):
            found += [f"{name}.{value}" for value, meaning in type.values.items() if not meaning.description]
        if isinstance(type, GraphQLInputObjectType):
            found += [f"{name}.{field}" for field, at in type.fields.items() if not at.description]
        if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
            for field, of in type.fields.items():
                found += [] if of.description else [f"{name}.{field}"]
                found += [f"{name}.{field}({arg})" for arg, at in of.args.items() if not at.description]
    return found


def test_everything_is_described() -> None:
    assert undescribed() == []


@pytest.mark.parametrize("name", VALUES)
def test_every_plain_field_is_an_attribute_of_its_value(name: str) -> None:
    definition = SCHEMA.get_type_by_name(name)
    fields: list[Any] = definition.fields  # type: ignore[union-attr]
    value = VALUES[name]
    missing = [f.python_name for f in fields if f.is_basic_field and not _has(value, f.python_name)]
    assert missing == []


def _has(value: type, name: str) -> bool:
    return hasattr(value, name) or (
        dataclasses.is_dataclass(value) and name in {field.name for field in dataclasses.fields(value)}
    )


def test_every_object_type_has_its_value() -> None:
    objects = {name for name, type in OWN.items() if isinstance(type, GraphQLObjectType)}
    pairs = {"TypeCount", "HourCount", "CategoryPoints", "DayPoints"}
    assert objects - VALUES.keys() == {"Query", "Mutation"} | pairs


def test_inputs_are_what_the_gate_reads() -> None:
    forms = event_forms(VOCABULARY)
    pairs = {
        "ContentInteractionInput": forms[Face.CONTENT],
        "SocialInteractionInput": forms[Face.SOCIAL],
        "ProfileVisitInput": forms[Face.PROFILE],
        "ActivityInput": forms[Face.ACTIVITY],
        "RegisterContentInput": registration_form(VOCABULARY),
        "DeviceInput": DEVICE,
        "EntityRef": ENTITY,
    }
    for name, form in pairs.items():
        type = CORE.type_map[name]
        assert isinstance(type, GraphQLInputObjectType)
        assert set(type.fields) == set(form._fields), name


def test_only_the_ways_in_are_left_to_the_gate() -> None:
    reading = CORE.query_type
    assert reading is not None
    arguments = {get_named_type(arg.type).name for field in reading.fields.values() for arg in field.args.values()}
    assert not arguments & AS_SENT
    assert set(CORE.type_map) >= AS_SENT


def test_enums_are_the_vocabulary() -> None:
    for name, face in (
        ("ContentInteractionType", Face.CONTENT),
        ("SocialInteractionType", Face.SOCIAL),
        ("ActivityType", Face.ACTIVITY),
    ):
        enum = CORE.type_map[name]
        assert isinstance(enum, GraphQLEnumType)
        assert tuple(enum.values) == VOCABULARY.names(face)


async def test_a_deployments_rows_are_typed(tmp_path: Path) -> None:
    extra = tmp_path / "more.toml"
    extra.write_text('content_types = ["POEM"]\n[content]\nRECITE = { weight = 4 }\n[activity]\n', encoding="utf-8")
    built = build_schema(Vocabulary.load(extra))
    core: GraphQLSchema = built._schema
    interactions, kinds = core.type_map["ContentInteractionType"], core.type_map["ContentType"]
    assert isinstance(interactions, GraphQLEnumType)
    assert isinstance(kinds, GraphQLEnumType)
    assert (
        interactions.values["RECITE"].description == "Each one counts. Recorded as `<content type>:recite`. Weight 4."
    )
    assert "POEM" in kinds.values
    assert "RECITE" not in CORE.type_map["ContentInteractionType"].values  # type: ignore[attr-defined]


def test_unions_have_the_members_of_the_contract() -> None:
    def members(name: str) -> list[str]:
        union = CORE.type_map[name]
        assert isinstance(union, GraphQLUnionType)
        return [type.name for type in union.types]

    assert members("TrackResult") == ["Tracked", "IdConflict", "InvalidInput", "Refused", "Overloaded"]
    assert members("RetractResult") == ["Retracted", "NotFound", "InvalidInput", "Overloaded"]
    assert members("ContentResult") == ["Registered", "InvalidInput", "Overloaded"]


async def test_a_value_keeps_its_type_through_a_union() -> None:
    ports = Ports(outcomes={"e": outcomes.Tracked(did("LIKE", "ann", id="e"), duplicate=False)})
    query = """mutation { trackContentInteraction(input: {id: "e", userId: "a", interaction: LIKE,
      content: {type: POST, id: 1}}) { ... on Tracked { event { __typename } } } }"""
    assert (await answered(ports, query))["trackContentInteraction"] == {"event": {"__typename": "ContentInteraction"}}
