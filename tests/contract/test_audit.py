"""The audit log in the graph, on every engine."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.audit import SPAN_MS, AuditStore, spans
from graph.driver import Database
from graph.standings import Standings
from signals.audit import AuditEntry, AuditFilter, AuditKind, AuditPage, Deed
from signals.errors import InvalidCursor
from tests import engines
from tests.factories import RECEIVED

EXAMPLES = int(os.environ.get("SOCIOGRAPH_TEST_EXAMPLES", "6"))
"""How many histories each test tries; a few are enough for every day."""

DAY = timedelta(days=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
EVER = AuditFilter(LONG_AGO, RECEIVED + 400 * DAY)


def entry(id: str, at: datetime = RECEIVED, *subjects: str, principal: str = "key:a", **deed: Any) -> AuditEntry:
    said: dict[str, Any] = {
        "kind": AuditKind.READ,
        "role": "admin",
        "fields": ("Query.user",),
        "people": len(subjects),
    } | deed
    return AuditEntry(id, at, Deed(principal=principal, subjects=subjects, **said), 3)


async def everything(store: AuditStore, filter: AuditFilter, size: int) -> list[AuditEntry]:
    """All pages."""
    found: list[AuditEntry] = []
    page = AuditPage((), (), has_next=True)
    while page.has_next:
        page = await store.entries(filter, size, page.cursors[-1] if page.cursors else None)
        assert len(page.entries) == size or not page.has_next
        found += page.entries
    return found


async def test_an_entry_is_kept_as_it_was_written(database: Database) -> None:
    store = AuditStore(database, Standings(database))
    whole = entry("1", RECEIVED, "ann", "bob", operation="Look", fields=("Query.user", "User.streak"), people=200)
    bare = entry("2", RECEIVED, kind=AuditKind.ACT, fields=())
    await store.add_entries([whole, bare])
    await store.add_entries([entry("1", RECEIVED, "somebody else")])
    assert (await store.entries(EVER, 10, None)).entries == (bare, whole)


async def test_an_empty_log_has_an_empty_page(database: Database) -> None:
    store = AuditStore(database, Standings(database))
    assert await store.entries(EVER, 10, None) == AuditPage((), (), has_next=False)
    assert await store.forget("ann", RECEIVED) == 0
    await store.add_entries([])


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    ages=st.lists(st.integers(0, 3000), max_size=12),
    size=st.integers(1, 5),
    since=st.integers(0, 3100),
    principal=st.sampled_from([None, "key:a", "key:b"]),
    user=st.sampled_from([None, "ann", "bob"]),
)
async def test_pages_have_what_was_asked_for_newest_first(
    database: Database, ages: list[int], size: int, since: int, principal: str | None, user: str | None
) -> None:
    await engines.wipe(database)
    store = AuditStore(database, Standings(database))
    entries = [
        entry(
            f"{n:02}", RECEIVED - timedelta(hours=age), *(["ann", "bob"][: age % 3]), principal=f"key:{'ab'[age % 2]}"
        )
        for n, age in enumerate(ages)
    ]
    await store.add_entries(entries)
    start = RECEIVED - timedelta(hours=since)
    expected = [
        one
        for one in sorted(entries, key=lambda one: (one.at, one.id), reverse=True)
        if start <= one.at < RECEIVED
        and principal in (None, one.deed.principal)
        and (user is None or user in one.deed.subjects)
    ]
    assert await everything(store, AuditFilter(start, RECEIVED, principal, user), size) == expected


async def test_who_is_erased_is_named_by_a_key(database: Database) -> None:
    standings = Standings(database)
    store = AuditStore(database, standings)
    old, new = entry("1", RECEIVED - 100 * DAY, "ann"), entry("2", RECEIVED, "bob", "ann", "cem")
    await store.add_entries([old, new, entry("3", RECEIVED, "bob")])
    async with database.transaction() as transaction:
        await standings.erase(transaction, "ann", RECEIVED)
    await store.add_entries([entry("4", RECEIVED, "ann", "bob")])

    assert await store.forget("ann", RECEIVED + DAY) == 2
    assert await store.forget("ann", RECEIVED + DAY) == 0

    key = (await standings.keys()).of("ann")
    found = {one.id: one.deed.subjects for one in (await store.entries(EVER, 10, None)).entries}
    assert found == {"1": (key,), "2": ("bob", key, "cem"), "3": ("bob",), "4": (key, "bob")}
    about = AuditFilter(EVER.since, EVER.until, user_id="ann")
    assert [one.id for one in (await store.entries(about, 10, None)).entries] == ["4", "2", "1"]


async def test_many_entries_are_written_in_parts(database: Database) -> None:
    store = AuditStore(database, Standings(database))
    await store.add_entries([entry(f"{n:04}", RECEIVED, "ann") for n in range(1201)])
    assert len(await everything(store, EVER, 500)) == 1201
    assert await store.forget("ann", RECEIVED + DAY) == 1201
    assert len(await everything(store, AuditFilter(EVER.since, EVER.until, user_id="ann"), 500)) == 1201


async def test_a_cursor_of_somebody_else_is_refused(database: Database) -> None:
    with pytest.raises(InvalidCursor):
        await AuditStore(database, Standings(database)).entries(EVER, 10, "garbage")


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_spans_go_back_to_the_beginning_without_a_gap(since: int, until: int) -> None:
    found = list(spans(since, until))
    if since > until:
        assert found == []
        return
    assert (found[0][1], found[-1][0]) == (until, since)
    assert all(later[0] == earlier[1] for later, earlier in pairwise(found))
    assert found[0][1] - found[0][0] <= SPAN_MS
    assert len(found) < 30
