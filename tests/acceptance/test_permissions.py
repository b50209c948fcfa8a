"""Who may do what, tried over HTTP: every field that takes a person, one by one, asked by another."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import pytest
import pytest_asyncio
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

from schema.permissions import Must, standard
from schema.principal import Role
from tests.acceptance.conftest import BATCH, Client, served
from tests.unit.surface import SCHEMA

SECRET = "a secret of this test that is long enough for HS256"  # noqa: S105 (opens nothing)
UNLIMITED = "client=none service=none analyst=none admin=none"
TABLE = standard()
TYPES = {
    name: kind
    for name, kind in SCHEMA._schema.type_map.items()
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
}
SAMPLES = {"String": '"UTC"', "ID": '"x"', "Int": "1", "Boolean": "true", "JSON": "{}", "Date": '"2026-03-01"'}
CONTENT = '{type: POST, id: "1"}'


@dataclass(frozen=True)
class Callers:
    """The same server, called by each."""

    ann: Client
    bob: Client
    service: Client
    analyst: Client
    admin: Client


def token(subject: str, role: str) -> str:
    return jwt.encode({"sub": subject, "role": role, "exp": time.time() + 3600}, SECRET, "HS256")


@asynccontextmanager
async def called(url: str, subject: str, role: str) -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {token(subject, role)}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30.0) as http:
        yield Client(http)


@pytest_asyncio.fixture(scope="module")
async def callers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Callers]:
    data = tmp_path_factory.mktemp("permissions")
    async with (
        served(data=data, jwt_secret=SECRET, rate_limits=UNLIMITED, write_deadline=20.0) as nobody,
        AsyncExitStack() as stack,
    ):
        await nobody.until_ready()
        url = str(nobody.http.base_url)
        names = [("ann", "client"), ("bob", "client"), ("ranker", "service"), ("eva", "analyst"), ("root", "admin")]
        found = Callers(*[await stack.enter_async_context(called(url, *name)) for name in names])
        tracked = await found.service.track_batch(*EVENTS)
        assert tracked["tracked"] == len(EVENTS), tracked
        yield found


def like(id: str, user: str, post: str = "1") -> dict[str, Any]:
    return {"content": {"id": id, "userId": user, "interaction": "LIKE", "content": {"type": "POST", "id": post}}}


EVENTS = [
    like("ann-1", "ann"),
    like("bob-1", "bob"),
    {"activity": {"id": "ann-s", "userId": "ann", "activity": "LOGIN", "sessionId": "shared"}},
    {"activity": {"id": "bob-s", "userId": "bob", "activity": "SEARCH", "sessionId": "shared", "metadata": {"q": "x"}}},
    {"social": {"id": "bob-f", "userId": "bob", "interaction": "FOLLOW", "targetUserId": "ann"}},
]


def sample(name: str, kind: Any, paths: dict[str, str], path: str) -> str:
    """A value for an argument or an input field; ``paths``: what is to stand where."""
    if path in paths:
        return f"[{paths[path]}]" if is_list_type(kind.of_type if is_non_null_type(kind) else kind) else paths[path]
    named = get_named_type(kind)
    if is_list_type(kind.of_type if is_non_null_type(kind) else kind):
        return "[]"
    if is_enum_type(named):
        return str(next(iter(named.values)))
    if isinstance(named, GraphQLInputObjectType):
        inner = ", ".join(filled(named.fields, paths, f"{path}.", is_required_input_field))
        return f"{{{inner}}}"
    if named.name == "DateTime":
        return '"2026-03-02T00:00:00Z"' if name == "until" else '"2026-03-01T00:00:00Z"'
    return SAMPLES[named.name]


def filled(
    given: dict[str, GraphQLArgument] | dict[str, GraphQLInputField], paths: dict[str, str], before: str, required: Any
) -> Iterator[str]:
    """The arguments that are needed, and those that lead to ``paths``."""
    for name, argument in given.items():
        path = f"{before}{name}"
        if required(argument) or any(wanted == path or wanted.startswith(f"{path}.") for wanted in paths):
            yield f"{name}: {sample(name, argument.type, paths, path)}"


def operation(coordinate: str, paths: dict[str, str], owner: str) -> str:
    """A document that asks for one field with these values in its arguments."""
    kind, _, name = coordinate.partition(".")
    field: GraphQLField = TYPES[kind].fields[name]
    given = ", ".join(filled(field.args, paths, "", is_required_argument))
    asked = name + (f"({given})" if given else "")
    asked += " { __typename }" if is_composite_type(get_named_type(field.type)) else ""
    if kind in ("Query", "Mutation"):
        return f"{kind.lower()} {{ {asked} }}"
    inside = {"User": f"user(id: {owner})", "Content": f"content(ref: {CONTENT})"}[kind]
    return f"query {{ {inside} {{ {asked} }} }}"


def forbidden(answer: dict[str, Any]) -> list[str]:
    """The fields that were refused; nothing is answered beside."""
    found = [e["extensions"]["field"] for e in answer.get("errors", []) if e["extensions"].get("code") == "FORBIDDEN"]
    assert not found or answer.get("data") is None
    return found


CASES = [(coordinate, path) for coordinate, people in sorted(TABLE.people.items()) for path in people]
ANN, BOB = '"ann"', '"bob"'
ADMINISTRATION = sorted(
    coordinate
    for coordinate, rules in TABLE.rules.items()
    if list(rules) == [Role.ADMIN] and coordinate.startswith(("Query.", "Mutation."))
)


@pytest.mark.parametrize(("coordinate", "path"), CASES)
async def test_nobody_is_read_by_another(callers: Callers, coordinate: str, path: str) -> None:
    """Literally, by a variable, and by a variable's default, under another name and within a fragment."""
    rule = TABLE.rules[coordinate].get(Role.CLIENT)
    must = dict(rule.where) if rule else {}
    own = {one: ANN for one in TABLE.people[coordinate] if must.get(one) is not Must.ABSENT}
    document = operation(coordinate, own, ANN)
    refused = forbidden(await callers.ann.send(document))
    assert bool(refused) == (rule is None), document
    if path not in must and rule is not None:
        return  # another argument holds the caller's own id
    other = operation(coordinate, {**own, path: BOB}, ANN)
    assert coordinate in forbidden(await callers.ann.send(other)), other
    root = other.partition("{")[2].rpartition("}")[0].strip()
    kind = "mutation" if coordinate.startswith("Mutation") else "query"
    for written in (
        f"{kind} {{ x: {root} }}",
        f"{kind} {{ ...f }} fragment f on {kind.title()} {{ {root} }}",
        f"{kind} {{ ... @include(if: true) {{ {root} }} }}",
        f"{kind}($who: ID = {BOB}) {{ {root.replace(BOB, '$who')} }}",
        f"{kind}($no: Boolean = true) {{ ... @skip(if: $no) {{ {root} }} }}",
    ):
        assert coordinate in forbidden(await callers.ann.send(written)), written
    body = json.dumps({"query": f"{kind}($who: ID!) {{ {root.replace(BOB, '$who')} }}", "variables": {"who": "bob"}})
    answer = (await callers.ann.post(body)).json()
    assert coordinate in forbidden(answer) or answer["errors"], answer
    assert answer.get("data") is None


@pytest.mark.parametrize("coordinate", sorted(c for c in TABLE.rules if c.startswith("User.") and c != "User.id"))
async def test_nothing_of_another_is_read_on_the_way(callers: Callers, coordinate: str) -> None:
    """Wherever somebody else stands, they have an id and nothing else."""
    asked = operation(coordinate, dict.fromkeys(TABLE.people.get(coordinate, ()), ANN), BOB)
    asked = asked.partition(f"user(id: {BOB})")[2].strip()[:-1].strip()
    for way in (
        f"user(id: {BOB}) {asked}",
        f"user(id: {ANN}) {{ connections {{ other {asked} }} }}",
        f"user(id: {ANN}) {{ ties {{ user {asked} }} }}",
        f"user(id: {ANN}) {{ profileVisitors {{ user {asked} }} }}",
        f"user(id: {ANN}) {{ recentActivity {{ ... on SocialInteraction {{ targetUser {asked} }} }} }}",
        f"content(ref: {CONTENT}) {{ author {asked} }}",
        f"affinities(viewerId: {ANN}, userIds: [{BOB}]) {{ user {asked} mutualConnections {{ witnesses {asked} }} }}",
        f"suggestedUsers(viewerId: {ANN}) {{ user {asked} socialProof {{ witnesses {asked} }} }}",
        f"feedSignals(viewerId: {ANN}, candidates: []) {{ candidates {{ socialProof {{ witnesses {{ user {asked} }} }} "
        "} }",
        f"events(filter: {{userId: {ANN}}}) {{ edges {{ node {{ ... on ProfileVisit {{ profileUser {asked} }} }} }} }}",
    ):
        answer = await callers.ann.send(f"{{ {way} }}")
        assert set(forbidden(answer)) & {coordinate, "Query.user"}, (way, answer)
    own = operation(coordinate, dict.fromkeys(TABLE.people.get(coordinate, ()), BOB), ANN)
    answer = await callers.ann.send(own)
    assert forbidden(answer) == [], answer


async def test_a_client_reads_itself_and_of_others_the_id(callers: Callers) -> None:
    found = await callers.ann.ask(
        """query Me($me: ID!) {
            user(id: $me) { id streak { current } recentActivity { id user { id points { total } } }
                            ties { user { id } } sessions { id entry { id } } }
            events(filter: {userId: $me}) { edges { node { id user { streak { current } } } } }
            content(ref: {type: POST, id: "1"}) { engagement { likes } relationOf(userId: $me) { states } }
            trending(viewerId: $me) { score }
        }""",
        me="ann",
    )
    for events in (found["user"]["recentActivity"], [edge["node"] for edge in found["events"]["edges"]]):
        ids = {event["id"] for event in events}
        assert {"ann-1", "ann-s"} <= ids
        assert not ids & {"bob-1", "bob-s", "bob-f"}
    assert found["content"]["engagement"]["likes"] == 2
    assert found["user"]["ties"] == [{"user": {"id": "bob"}}]


async def test_a_shared_session_gives_nobody_away(callers: Callers) -> None:
    """Whoever knows a session's id can record into it; what others did in it stays theirs."""
    for part in ("events { id }", "exit { id }"):
        answer = await callers.ann.send(f'{{ user(id: "ann") {{ sessions {{ {part} }} }} }}')
        assert forbidden(answer) == [f"Session.{part.split()[0]}"]
    found = await callers.ann.ask('{ user(id: "ann") { sessions { id entry { id metadata user { id } } } } }')
    assert {one["entry"]["user"]["id"] for one in found["user"]["sessions"]} == {"ann"}
    page = await callers.ann.ask(
        '{ events(filter: {userId: "ann", sessionId: "shared"}) { edges { node { id metadata } } } }'
    )
    assert [edge["node"]["id"] for edge in page["events"]["edges"]] == ["ann-s"]


async def test_an_id_that_is_taken_tells_nothing_of_who_has_it(callers: Callers) -> None:
    theirs = {"id": "bob-s", "userId": "ann", "activity": "SEARCH"}
    mine = {"id": "ann-s", "userId": "ann", "activity": "SEARCH"}
    problem = {"path": ["id"], "message": "is taken; send the event under an id of its own"}
    alone = await callers.ann.track("activity", **theirs)
    assert alone == {"__typename": "InvalidInput", "message": f"id: {problem['message']}", "problems": [problem]}
    batch = await callers.ann.track_batch({"activity": theirs}, {"activity": mine})
    assert [one["__typename"] for one in batch["results"]] == ["InvalidInput", "IdConflict"]
    assert batch["results"][0]["problems"] == [problem | {"path": ["events", "0", "id"]}]
    assert batch["results"][1]["recorded"]["id"] == "ann-s"


async def test_a_client_records_itself_and_the_rest_of_a_batch_goes_on(callers: Callers) -> None:
    batch = [like("mine", "ann", "2"), like("theirs", "bob", "2"), like("mine-too", "ann", "3")]
    found = (await callers.ann.ask(BATCH.replace("invalid overloaded", "invalid refused overloaded"), events=batch))[
        "trackBatch"
    ]
    assert [one["__typename"] for one in found["results"]] == ["Tracked", "Refused", "Tracked"]
    assert (found["tracked"], found["refused"]) == (2, 1)
    assert (await callers.service.ask('{ event(id: "theirs") { id } }'))["event"] is None


@pytest.mark.parametrize(
    ("field", "kind", "given"),
    [
        ("trackContentInteraction", "ContentInteractionInput", like("r1", "bob")["content"]),
        (
            "trackSocialInteraction",
            "SocialInteractionInput",
            {"userId": "bob", "interaction": "FOLLOW", "targetUserId": "ann"},
        ),
        ("trackProfileVisit", "ProfileVisitInput", {"visitorId": "bob", "profileUserId": "ann"}),
        ("trackActivity", "ActivityInput", {"userId": "bob", "activity": "LOGIN"}),
    ],
)
async def test_nobody_records_for_another(callers: Callers, field: str, kind: str, given: dict[str, Any]) -> None:
    mutation = f"mutation T($i: {kind}!) {{ o: {field}(input: $i) {{ __typename ... on Refused {{ reason }} }} }}"
    assert (await callers.ann.ask(mutation, i=given))["o"] == {"__typename": "Refused", "reason": "NOT_ALLOWED"}
    assert (await callers.bob.ask(mutation, i=given))["o"]["__typename"] == "Tracked"
    assert (await callers.service.ask(mutation, i={**given, "id": f"s-{field}"}))["o"]["__typename"] == "Tracked"
    assert forbidden(await callers.analyst.send(mutation, i=given)) == [f"Mutation.{field}"]


async def test_nobody_pings_or_takes_back_for_another(callers: Callers) -> None:
    ping = "mutation($u: ID!) { o: pingActivity(userId: $u) { __typename } }"
    assert (await callers.ann.ask(ping, u="bob"))["o"]["__typename"] == "Refused"
    assert (await callers.ann.ask(ping, u="ann"))["o"]["__typename"] == "Pinged"

    await callers.bob.track_batch(like("bob-keeps", "bob", "9"))
    back = "mutation($e: ID!) { o: retract(eventId: $e) { __typename ... on Retracted { event { metadata } } } }"
    assert (await callers.ann.ask(back, e="bob-keeps"))["o"] == {"__typename": "NotFound"}
    assert (await callers.ann.ask(back, e="nothing"))["o"] == {"__typename": "NotFound"}
    assert not (await callers.service.ask('{ event(id: "bob-keeps") { retracted } }'))["event"]["retracted"]
    assert (await callers.bob.ask(back, e="bob-keeps"))["o"]["__typename"] == "Retracted"


async def test_get_is_asked_as_well(callers: Callers) -> None:
    query = {"query": "query($u: ID!) { user(id: $u) { id } }", "variables": json.dumps({"u": "bob"})}
    headers = {"accept": "application/graphql-response+json"}
    response = await callers.ann.http.get("/graphql", params=query, headers=headers)
    assert forbidden(response.json()) == ["Query.user"]
    assert response.status_code == 400
    query["variables"] = json.dumps({"u": "ann"})
    response = await callers.ann.http.get("/graphql", params=query, headers=headers)
    assert response.json()["data"] == {"user": {"id": "ann"}}


@pytest.mark.parametrize("coordinate", ADMINISTRATION)
async def test_administration_is_for_admins(callers: Callers, coordinate: str) -> None:
    for caller in (callers.ann, callers.service, callers.analyst):
        assert forbidden(await caller.send(operation(coordinate, {}, ANN))) == [coordinate]


async def test_what_an_admin_does_is_accounted_for(callers: Callers) -> None:
    made = await callers.admin.ask(
        'mutation Hire { createApiKey(name: "ranker", role: SERVICE) { key apiKey { id } } }'
    )
    log = "query Look($p: String, $u: ID) { auditLog(principal: $p, userId: $u) { edges { node { kind principal role "
    log += "operation fields subjects people count } } } }"
    entries = [edge["node"] for edge in (await callers.admin.ask(log, p="user:root"))["auditLog"]["edges"]]
    act = next(entry for entry in entries if entry["operation"] == "Hire")
    assert act == {
        "kind": "ACT", "principal": "user:root", "role": "admin", "operation": "Hire",
        "fields": ["Mutation.createApiKey"], "subjects": [], "people": 0, "count": 1,
    }  # fmt: skip
    await callers.admin.ask('query Curious { user(id: "bob") { streak { current } recentActivity { id } } }')
    assert made["createApiKey"]["key"].startswith("sg_")
    for _ in range(50):
        await asyncio.sleep(0.2)
        about = [edge["node"] for edge in (await callers.admin.ask(log, u="bob"))["auditLog"]["edges"]]
        if any(entry["operation"] == "Curious" for entry in about):
            break
    read = next(entry for entry in about if entry["operation"] == "Curious")
    assert read["kind"] == "READ"
    assert read["fields"] == ["Query.user", "User.streak", "User.recentActivity"]
    assert (read["subjects"], read["people"]) == (["bob"], 1)
    assert all("bob" in entry["subjects"] for entry in about)
