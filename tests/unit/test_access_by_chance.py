"""Whatever a client asks, no read that it causes is about somebody else: random operations against ports that look."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)
from structlog.testing import capture_logs

from schema.permissions import standard
from schema.principal import Principal, Role
from signals.content import Content
from signals.events import ContentRef, EventPage
from signals.people import Connection, ConnectionStatus, ProfileVisitor, SocialRelation
from tests.factories import RECEIVED, did, met, visited
from tests.unit.surface import SCHEMA, Ports, ask

# Where a field fails that must not be null, the fields beside it are dropped, and with them what was to be awaited.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine '.*_async_resolver' was never awaited:RuntimeWarning")

ANN = Principal("user:ann", Role.CLIENT, "ann")
CORE = SCHEMA._schema
SAMPLES = {"String": '"UTC"', "ID": '"1"', "Int": "1", "Boolean": "true", "Date": '"2026-03-30"', "Float": "1"}
SINGLE = {"recent", "connections", "connection", "visitors", "relation", "conversation", "relation_to", "sequence",
          "moments", "changed", "zone_before", "received", "sessions"}  # fmt: skip
"""Reads whose first argument is whom they are about."""
MANY = {"diary", "seen", "standings"}
"""Reads whose first argument lists whom they are about."""
NEVER = {"event", "session", "retract", "register", "held_about", "erase", "create_key", "revoke_key", "restore"}


class Writer:
    """Writes operations by chance: mostly of what a client may, now and then of what it may not."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def query(self) -> str:
        return f"query {self._selection('Query', 5, own=False)}"

    def _selection(self, name: str, depth: int, *, own: bool) -> str:
        kind = CORE.type_map[name]
        if isinstance(kind, GraphQLUnionType):
            return "{ __typename }"
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        fields = [f for f in kind.fields if self._may(f"{name}.{f}", own=own)]
        chosen = self._chance.sample(fields, min(len(fields), self._chance.randint(1, 4)))
        parts = [self._field(name, field, kind.fields[field], depth, n, own=own) for n, field in enumerate(chosen)]
        if isinstance(kind, GraphQLInterfaceType) and depth > 1:
            member = self._chance.choice(CORE.get_possible_types(kind)).name
            parts.append(f"... on {member} {self._selection(member, depth - 1, own=own)}")
        return "{ __typename " + " ".join(filter(None, parts)) + " }"

    def _may(self, coordinate: str, *, own: bool) -> bool:
        rule = standard().rules.get(coordinate, {}).get(Role.CLIENT)
        return (rule is not None and (own or not rule.if_own)) or self._chance.random() < 0.02

    def _field(self, parent: str, name: str, field: GraphQLField, depth: int, n: int, *, own: bool) -> str:
        kind = get_named_type(field.type)
        composite = isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
        if composite and depth == 0:
            return ""
        coordinate = f"{parent}.{name}"
        arguments = ", ".join(self._arguments(field.args, "", set(standard().people.get(coordinate, ()))))
        rule = standard().rules.get(coordinate, {}).get(Role.CLIENT)
        owned = (rule is not None and rule.makes_own) or (own and coordinate in standard().same)
        below = self._selection(kind.name, depth - 1, own=owned) if composite else ""
        return f"{self._chance.choice('abc')}{n}{parent}: {name}{f'({arguments})' if arguments else ''} {below}"

    def _arguments(self, given: Any, before: str, people: set[str]) -> Iterator[str]:
        for name, argument in given.items():
            path = f"{before}{name}"
            required = is_required_argument if not before else is_required_input_field
            leads = any(person == path or person.startswith(f"{path}.") for person in people)
            if required(argument) or (leads and self._chance.random() < 0.7):
                yield f"{name}: {self._value(name, argument.type, path, people)}"

    def _value(self, name: str, kind: Any, path: str, people: set[str]) -> str:
        listed, named = is_list_type(kind.of_type if is_non_null_type(kind) else kind), get_named_type(kind)
        if path in people:
            who = '"bob"' if self._chance.random() < 0.08 else '"ann"'
            return f"[{who}]" if listed else who
        if listed:
            return "[]"
        if is_enum_type(named):
            return str(next(iter(named.values)))
        if isinstance(named, GraphQLInputObjectType):
            return "{" + ", ".join(self._arguments(named.fields, f"{path}.", people)) + "}"
        if named.name == "DateTime":
            return '"2026-03-31T00:00:00Z"' if name == "until" else '"2026-03-30T00:00:00Z"'
        return SAMPLES[named.name]


CONNECTION = Connection(
    user_id="ann",
    other_id="bob",
    status=ConnectionStatus.ACCEPTED,
    requested_by="bob",
    since=RECEIVED,
    response_ms=None,
)


def world() -> Ports:
    """Ann deals with Bob, who wrote the post that she likes."""
    post = ContentRef("POST", "1")
    events = (met("FOLLOW", "ann", "bob"), visited("ann", "bob"), did("LIKE", "ann", post))
    relation = SocialRelation(user_id="ann", other_id="bob", states=(), first_at=RECEIVED, last_at=RECEIVED, by_type=())
    return Ports(
        page=EventPage(events, tuple(event.id for event in events), has_next=False),
        known={
            "connections": [CONNECTION],
            "connection": CONNECTION,
            "visitors": [ProfileVisitor(user_id="bob", visits=1, last_visit_at=RECEIVED - timedelta(days=1))],
            "relation": relation,
            post.key: Content(ref=post, author_id="bob"),
        },
    )


def strangers(ports: Ports) -> list[tuple[Any, ...]]:
    """Reads that are about somebody else."""
    found = []
    for call in ports.calls:
        name, first = call[0], call[1] if len(call) > 1 else None
        alone = name in SINGLE and first != "ann"
        several = name in MANY and set(first or ()) - {"ann"}
        page = name == "events" and first is not None and first.user_id != "ann"
        if alone or several or page or name in NEVER:
            found.append(call)
    return found


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """These ports know so little that many answers fail; the tracebacks would take most of the time."""
    with capture_logs():
        yield
    gc.collect()  # what was dropped is complained of here, and not in another test


@pytest.mark.parametrize("seed", range(20))
async def test_no_operation_of_a_client_reads_somebody_else(seed: int) -> None:
    for n in range(10):
        ports, query = world(), Writer(1000 * seed + n).query()
        answer = await ask(ports, query, principal=ANN)
        assert not any("Syntax" in error.message for error in answer.errors), query
        assert strangers(ports) == [], query
        if "FORBIDDEN" in answer.codes():
            assert ports.calls == []


async def test_operations_by_chance_try_both() -> None:
    """Many run and read, and many are refused: else the test above would say nothing."""
    refused, read = 0, set()
    for seed in range(150):
        ports = world()
        answer = await ask(ports, Writer(seed).query(), principal=ANN)
        refused += "FORBIDDEN" in answer.codes()
        read |= {call[0] for call in ports.calls}
    assert 15 < refused < 140
    assert len(read & (SINGLE | MANY | {"events"})) > 4, read
    everybody = world()
    await ask(everybody, '{ user(id: "bob") { recentActivity { id } } event(id: 1) { id } }')
    assert {call[0] for call in strangers(everybody)} >= {"recent", "event"}
