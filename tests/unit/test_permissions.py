"""The table is whole, says what it means, and lets nobody come to a person whom they may not see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_composite_type,
)

from schema.permissions import Must, Permissions, Rule, standard
from schema.principal import Role
from signals.errors import StartupError
from tests.unit.surface import SCHEMA

TABLE = standard()
CORE = SCHEMA._schema
FIELDED = {
    name: kind
    for name, kind in CORE.type_map.items()
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
}
FIELDS = {f"{name}.{field}": found for name, kind in FIELDED.items() for field, found in kind.fields.items()}
PERSON = re.compile(r"(user|viewer|visitor|author|target|owner|from|to|session|person|subject)Ids?$", re.IGNORECASE)
OF_ONE_PERSON = {"User", "Session", "Event", "Activity", "ContentInteraction", "ProfileVisit", "SocialInteraction"}
UNCHECKED = {"Mutation.registerContent"}
"""Names an author, and is neither read nor any client's."""
FREE = {
    "Query.affinities": {"userIds"},
    "Query.pathBetween": {"toId"},
    "Query.events": {"filter.targetUserId", "filter.sessionId"},
    "Query.activitySummary": {"filter.targetUserId", "filter.sessionId"},
    "Query.engagementTrends": {"filter.targetUserId", "filter.sessionId"},
}
"""Arguments in which a client may name others, since another one holds the client's own id."""


def test_every_field_has_an_entry() -> None:
    assert sorted(set(FIELDS) - set(TABLE.rules)) == []


def test_no_entry_is_stale() -> None:
    assert sorted(set(TABLE.rules) - set(FIELDS)) == []
    assert sorted(TABLE.same - set(FIELDS)) == []
    assert sorted(set(TABLE.people) - set(FIELDS)) == []


def test_admins_may_do_everything() -> None:
    assert [c for c, rules in TABLE.rules.items() if rules.get(Role.ADMIN) != Rule()] == []


@pytest.mark.parametrize("name", [name for name, kind in FIELDED.items() if isinstance(kind, GraphQLInterfaceType)])
def test_what_implements_an_interface_is_as_free_as_it(name: str) -> None:
    for kind in FIELDED.values():
        if isinstance(kind, GraphQLObjectType) and FIELDED[name] in kind.interfaces:
            for field in FIELDED[name].fields:
                assert TABLE.rules.get(f"{kind.name}.{field}") == TABLE.rules.get(f"{name}.{field}")
                assert (f"{kind.name}.{field}" in TABLE.same) == (f"{name}.{field}" in TABLE.same)


def paths(name: str, argument: GraphQLArgument | GraphQLInputField) -> Iterator[tuple[str, object]]:
    """The argument and the fields of its input object, with their defaults."""
    yield name, argument.default_value
    kind = get_named_type(argument.type)
    if isinstance(kind, GraphQLInputObjectType):
        for inner, field in kind.fields.items():
            yield from paths(f"{name}.{inner}", field)


ARGUMENTS = {
    coordinate: {path: usual for name, a in field.args.items() for path, usual in paths(name, a)}
    for coordinate, field in FIELDS.items()
    if field.args
}


@pytest.mark.parametrize("coordinate", sorted(ARGUMENTS))
def test_every_argument_that_names_a_person_is_known(coordinate: str) -> None:
    by_itself = any(rule.as_itself for rule in TABLE.rules.get(coordinate, {}).values())
    found = {path for path in ARGUMENTS[coordinate] if PERSON.search(path)}
    if coordinate == "Query.user":
        found |= {"id"}
    if coordinate not in UNCHECKED and (not by_itself or coordinate in TABLE.people):
        assert set(TABLE.people.get(coordinate, ())) == found
        assert all(ARGUMENTS[coordinate][path] in (Undefined, None) for path in found), "a default names nobody"


@pytest.mark.parametrize("coordinate", sorted(TABLE.people))
def test_a_client_names_itself_and_an_analyst_nobody(coordinate: str) -> None:
    rules, people = TABLE.rules[coordinate], set(TABLE.people[coordinate])
    if (client := rules.get(Role.CLIENT)) and not client.as_itself and not client.if_own:
        assert people - {path for path, _ in client.where} == FREE.get(coordinate, set())
        free = people & FREE.get(coordinate, set())
        assert not free or Must.OWN in {must for path, must in client.where if path not in free}
    if analyst := rules.get(Role.ANALYST):
        assert dict(analyst.where) == dict.fromkeys(people, Must.ABSENT)


@pytest.mark.parametrize("coordinate", sorted(c for c in FIELDS if c.startswith("Mutation.")))
def test_a_client_records_as_itself_and_an_analyst_changes_nothing(coordinate: str) -> None:
    assert Role.ANALYST not in TABLE.rules.get(coordinate, {})
    client = TABLE.rules.get(coordinate, {}).get(Role.CLIENT)
    assert client is None or client.as_itself or client.makes_own


def within(coordinate: str) -> list[GraphQLNamedType]:
    """The types of objects that a field answers, members of unions one by one, types of an interface with it."""
    kind = get_named_type(FIELDS[coordinate].type)
    if isinstance(kind, GraphQLInterfaceType):
        return [kind, *CORE.get_possible_types(kind)]
    return list(kind.types) if isinstance(kind, GraphQLUnionType) else [kind] if is_composite_type(kind) else []


def reached(role: Role) -> set[tuple[str, bool]]:
    """Every field that some operation of the role can select, and whether of an object of the caller's own."""
    found: set[tuple[str, bool]] = set()
    ways = [("Query", False), ("Mutation", False)]
    while ways:
        name, own = ways.pop()
        for coordinate in (f"{name}.{field}" for field in FIELDED[name].fields):
            rule = TABLE.rules.get(coordinate, {}).get(role)
            if rule is not None and (own or not rule.if_own) and (coordinate, own) not in found:
                found.add((coordinate, own))
                owned = rule.makes_own or (own and coordinate in TABLE.same)
                ways += [(kind.name, owned) for kind in within(coordinate)]
    return found


def test_an_analyst_comes_to_no_single_person() -> None:
    kinds = {coordinate.split(".")[0] for coordinate, _ in reached(Role.ANALYST)}
    assert not kinds & (OF_ONE_PERSON | {"Witness", "Affinity", "Connection", "SocialProof", "EventConnection"})
    assert {"EngagementTrends", "Engagement", "ActiveDate", "TopContent", "ClickThrough"} <= kinds


def test_a_client_reads_ids_of_others_and_all_of_itself() -> None:
    found = reached(Role.CLIENT)
    assert {c for c, own in found if not own and c.split(".")[0] in OF_ONE_PERSON} == {"User.id"}
    assert {c for c, own in found if own and c.startswith("User.")} == {c for c in FIELDS if c.startswith("User.")}


@pytest.mark.parametrize("role", [Role.CLIENT, Role.ANALYST])
def test_what_a_client_or_an_analyst_may_can_be_reached(role: Role) -> None:
    found = {coordinate for coordinate, _ in reached(role)}
    assert sorted({c for c, rules in TABLE.rules.items() if role in rules} - found) == [], "strike it out"


@pytest.mark.parametrize(
    "said",
    [
        "everyone",
        "client; guest",
        "client if mine",
        "client where id is mine",
        "client where name is own",
        "client unless id is own",
        "",
    ],
)
def test_words_that_mean_nothing_are_refused(said: str, tmp_path: Path) -> None:
    file = tmp_path / "permissions.toml"
    file.write_text(f'[people]\n"Query.user" = ["id"]\n[Query]\nuser = "{said}"\n')
    with pytest.raises(StartupError, match=r"Query\.user"):
        Permissions.load(file)
