"""What admins and services do is accounted for; what cannot be written down is not done, and no read waits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from resolvers.auditing import Auditor, page
from schema.principal import LOCAL, Principal, Role
from signals.audit import AuditEntry, AuditFilter, AuditKind, AuditPage, Deed
from signals.errors import InvalidArgument, LimitExceeded, Unavailable
from tests.factories import RECEIVED
from tests.unit.surface import SCHEMA, Answer, Ports, context_of

ROOT = Principal("user:root", Role.ADMIN, "root")
RANKER = Principal("key:ranker", Role.SERVICE)
CONTENT = ("Query.content",)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass
class Log:
    """A log in memory. ``failure``: what stands in the way of writing."""

    entries_: list[AuditEntry] = field(default_factory=list)
    failure: Exception | None = None
    tries: int = 0

    async def add_entries(self, entries: Sequence[AuditEntry]) -> None:
        self.tries += 1
        if self.failure:
            raise self.failure
        known = {entry.id for entry in self.entries_}
        self.entries_ += [entry for entry in entries if entry.id not in known]

    async def entries(self, filter: AuditFilter, first: int, after: str | None) -> AuditPage:
        shown = self.entries_[:first]
        return AuditPage(tuple(shown), tuple(entry.id for entry in shown), has_next=after is None and bool(filter))

    def told(self) -> list[tuple[str, tuple[str, ...], tuple[str, ...], int]]:
        """Kinds, fields, subjects and counts."""
        return [(e.deed.kind, e.deed.fields, e.deed.subjects, e.count) for e in self.entries_]


class Clock:
    now = RECEIVED

    def __call__(self) -> datetime:
        return self.now


def deed(n: int = 0, **given: Any) -> Deed:
    return Deed(AuditKind.READ, f"key:{n}", "admin", ("Query.user",), **given)


async def done(
    query: str, caller: Principal, log: Log | None = None, ports: Ports | None = None, **variables: Any
) -> tuple[Log, Answer]:
    """What the log holds after an operation, with the sums of services."""
    log = log or Log()
    auditor = Auditor(lambda: log, lambda: RECEIVED)
    context = replace(context_of(ports or Ports(), caller), auditor=auditor)
    result = await SCHEMA.execute(query, variables, context_value=context)
    if log.failure is None:
        await auditor.flush(everything=True)
    return log, Answer(result.data, result.errors or [])


ACT = 'mutation Fire { revokeApiKey(id: "abc") { id } }'


@pytest.mark.parametrize("caller", [ROOT, LOCAL])
async def test_an_act_is_written_down_before_it_is_done(caller: Principal) -> None:
    ports, log = Ports(), Log()

    async def revoke_key(id: str, at: datetime) -> None:
        assert [entry.deed.kind for entry in log.entries_] == [AuditKind.ACT]

    ports.revoke_key = revoke_key  # type: ignore[method-assign]
    log, answer = await done(ACT, caller, log, ports)
    assert not answer.errors
    [entry] = log.entries_
    assert entry.at == RECEIVED
    assert entry.deed == Deed(AuditKind.ACT, caller.id, "admin", ("Mutation.revokeApiKey",), "Fire")


async def test_what_cannot_be_written_down_is_not_done() -> None:
    ports = Ports()
    _, answer = await done(ACT, ROOT, Log(failure=Unavailable()), ports)
    assert answer.codes() == ["UNAVAILABLE"]
    assert answer.data is None
    assert "nothing was done" in answer.errors[0].message
    assert ports.calls == []


@pytest.mark.parametrize(
    ("query", "fields", "subjects"),
    [
        ('{ user(id: "bob") { id } }', ("Query.user",), ("bob",)),
        (
            'query($u: [ID!]!) { affinities(viewerId: "ann", userIds: $u) { user { streak { current } } } }',
            ("Query.affinities", "User.streak"),
            ("ann", "bob", "cem"),
        ),
        (
            '{ user(id: "bob") { relationTo(userId: "cem") { states } } }',
            ("Query.user", "User.relationTo"),
            ("bob", "cem"),
        ),
        ('{ content(ref: {type: POST, id: 1}) { relationOf(userId: "bob") { states } } }', CONTENT, ("bob",)),
        ("{ content(ref: {type: POST, id: 1}) { author { id } } }", CONTENT, ()),
        ("{ events { edges { node { id } } } }", ("Query.events",), ()),
        ("{ event(id: 1) { id } session(id: 1) { id } }", ("Query.event", "Query.session"), ()),
        (
            "{ a: event(id: 1) { id } ...f } fragment f on Query { session(id: 1) { id } }",
            ("Query.event", "Query.session"),
            (),
        ),
        ('{ trending(viewerId: "bob") { score } }', ("Query.trending",), ("bob",)),
        ("{ apiKeys { id } }", ("Query.apiKeys",), ()),
        ('mutation { retract(eventId: "e") { __typename } }', ("Mutation.retract",), ()),
    ],
)
async def test_reads_of_admins_are_noted_one_by_one(
    query: str, fields: tuple[str, ...], subjects: tuple[str, ...]
) -> None:
    log, _ = await done(query, ROOT, u=["bob", "cem", "ann", "", "half \ud83d", "x" * 200])
    assert [(kind, set(named), about, n) for kind, named, about, n in log.told()] == [
        ("READ", set(fields), subjects, 1)
    ]
    assert log.entries_[0].deed.people == len(subjects)


@pytest.mark.parametrize(
    "query",
    [
        "{ trending { score content { engagement { likes } } } populationHabits { reply } }",
        "{ activitySummary { totalEvents } }",
        "{ __typename __schema { types { name } } }",
        'mutation { trackActivity(input: {userId: "bob", activity: LOGIN}) { __typename } }',
        "mutation { registerContent(input: {content: {type: POST, id: 1}}) { __typename } }",
    ],
)
@pytest.mark.parametrize("caller", [ROOT, RANKER, LOCAL])
async def test_aggregates_and_what_is_recorded_are_nobodys_secrets(query: str, caller: Principal) -> None:
    log, answer = await done(query, caller)
    assert "FORBIDDEN" not in answer.codes()
    assert log.entries_ == []


async def test_reads_while_nobody_is_told_from_another_are_not_noted() -> None:
    assert (await done('{ user(id: "bob") { id } }', LOCAL))[0].entries_ == []
    assert [e.deed.fields for e in (await done("{ apiKeys { id } }", LOCAL))[0].entries_] == [("Query.apiKeys",)]


@pytest.mark.parametrize("role", [Role.CLIENT, Role.ANALYST])
async def test_who_reads_nothing_of_others_is_not_noted(role: Role) -> None:
    caller = Principal("user:ann", role, "ann")
    for query in ('{ user(id: "ann") { id } }', '{ user(id: "bob") { id } }', "{ trending { score } }"):
        assert (await done(query, caller))[0].entries_ == []


async def test_what_is_refused_is_not_noted() -> None:
    log, answer = await done('mutation { createApiKey(name: "x", role: ADMIN) { key } }', RANKER)
    assert answer.codes() == ["FORBIDDEN"]
    assert log.entries_ == []


async def test_reads_of_a_service_are_summed_by_field_and_minute() -> None:
    log, clock = Log(), Clock()
    auditor = Auditor(lambda: log, clock)
    context = replace(context_of(Ports(), RANKER), auditor=auditor)
    query = "query Feed($v: ID!) { feedSignals(viewerId: $v, candidates: []) { asOf } user(id: $v) { id } }"
    for n in range(50):
        at = RECEIVED + (MINUTE if n >= 30 else timedelta())
        context = replace(context, received_at=at)
        await SCHEMA.execute(query, {"v": f"user-{n}"}, context_value=context)
    await auditor.flush()
    assert log.entries_ == []
    clock.now = RECEIVED + MINUTE
    await auditor.flush()
    assert sorted(log.told()) == [
        ("READ", ("Query.feedSignals",), (), 30),
        ("READ", ("Query.user",), (), 30),
    ]
    assert {entry.at for entry in log.entries_} == {RECEIVED}
    clock.now = RECEIVED + 2 * MINUTE
    await auditor.flush()
    assert [entry.count for entry in log.entries_] == [30, 30, 20, 20]


async def test_equal_reads_of_a_second_are_one_entry() -> None:
    log = Log()
    auditor = Auditor(lambda: log, lambda: RECEIVED)
    for n in range(3):
        auditor.note(deed(), RECEIVED + timedelta(milliseconds=n))
    auditor.note(deed(), RECEIVED + SECOND)
    auditor.note(deed(1), RECEIVED)
    await auditor.flush()
    assert [(entry.at, entry.deed.principal, entry.count) for entry in log.entries_] == [
        (RECEIVED, "key:0", 3),
        (RECEIVED + SECOND, "key:0", 1),
        (RECEIVED, "key:1", 1),
    ]


async def test_what_has_no_room_is_counted_and_the_log_says_so() -> None:
    log = Log()
    auditor = Auditor(lambda: log, lambda: RECEIVED, capacity=5)
    for n in range(8):
        auditor.note(deed(n % 7), RECEIVED)
    auditor.sum(deed(9), RECEIVED)
    assert auditor.waiting == 5
    await auditor.flush()
    lost = [entry for entry in log.entries_ if entry.deed.kind is AuditKind.LOST]
    assert [(entry.count, entry.deed.principal) for entry in lost] == [(3, "sociograph")]
    assert sum(entry.count for entry in log.entries_) == 9


async def test_what_cannot_be_written_now_is_written_later_and_once() -> None:
    log = Log(failure=Unavailable())
    auditor = Auditor(lambda: log, lambda: RECEIVED, capacity=5)
    auditor.note(deed(1), RECEIVED)
    await auditor.flush()
    assert (log.entries_, auditor.waiting) == ([], 1)
    auditor.note(deed(2), RECEIVED)
    log.failure = None
    await auditor.flush()
    await auditor.flush()
    assert [entry.deed.principal for entry in log.entries_] == ["key:1", "key:2"]
    assert auditor.waiting == 0


async def test_a_write_that_was_cut_off_is_repeated_with_the_same_ids() -> None:
    log = Log()
    started = asyncio.Event()

    async def slowly(entries: Sequence[AuditEntry]) -> None:
        log.entries_ += entries
        started.set()
        await asyncio.sleep(60)

    log.add_entries = slowly  # type: ignore[method-assign]
    auditor = Auditor(lambda: log, lambda: RECEIVED)
    auditor.note(deed(), RECEIVED)
    task = asyncio.create_task(auditor.flush())
    await started.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    del log.add_entries
    await auditor.stop()
    assert len(log.entries_) == 1


async def test_the_end_writes_everything_and_a_database_that_is_gone_does_not_hold_it_up() -> None:
    log = Log()
    auditor = Auditor(lambda: log, lambda: RECEIVED)
    await auditor.start()
    auditor.sum(deed(), RECEIVED)
    await auditor.stop()
    assert len(log.entries_) == 1

    gone = Log(failure=Unavailable())
    auditor = Auditor(lambda: gone, lambda: RECEIVED)
    await auditor.start()
    auditor.note(deed(), RECEIVED)
    async with asyncio.timeout(3):
        await auditor.stop()


async def test_it_is_written_by_itself_within_seconds() -> None:
    log = Log()
    auditor = Auditor(lambda: log, lambda: RECEIVED)
    await auditor.start()
    auditor.note(deed(), RECEIVED)
    for _ in range(60):
        await asyncio.sleep(0.1)
        if log.entries_:
            break
    await auditor.stop()
    assert len(log.entries_) == 1


async def test_a_page_of_the_log() -> None:
    asked = {"since": None, "until": None, "principal": None, "user_id": None, "first": 5, "after": None}
    log = Log([AuditEntry("1", RECEIVED, deed())])
    assert (await page(log, **asked, now=RECEIVED)).entries == tuple(log.entries_)  # type: ignore[arg-type]
    for wrong, error in (
        ({"since": RECEIVED, "until": RECEIVED}, InvalidArgument),
        ({"user_id": " "}, InvalidArgument),
        ({"first": 501}, LimitExceeded),
    ):
        with pytest.raises(error):
            await page(log, **(asked | wrong), now=RECEIVED)


async def test_the_log_is_read_as_it_was_written() -> None:
    log = Log([AuditEntry("1", RECEIVED, deed(operation="Look", subjects=("bob",), people=7), 3)])
    _, answer = await done(
        "{ auditLog { edges { node { id at kind principal role operation fields subjects people count } } "
        "pageInfo { hasNextPage endCursor } } }",
        ROOT,
        log,
    )
    assert answer.data is not None, answer.errors
    assert answer.data["auditLog"] == {
        "edges": [
            {
                "node": {
                    "id": "1",
                    "at": "2026-03-31T12:00:00.000Z",
                    "kind": "READ",
                    "principal": "key:0",
                    "role": "admin",
                    "operation": "Look",
                    "fields": ["Query.user"],
                    "subjects": ["bob"],
                    "people": 7,
                    "count": 3,
                }
            }
        ],
        "pageInfo": {"hasNextPage": True, "endCursor": "1"},
    }
